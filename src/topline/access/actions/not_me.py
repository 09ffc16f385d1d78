"""Somebody sees a sign-in that was not theirs."""

import structlog
from sqlalchemy import update

from topline.access.actions.doors import must_be_at_browser
from topline.access.actions.passwords import end_links
from topline.access.actions.sessions import end_sessions
from topline.access.models import ApiKey, Password
from topline.audit.actions import record
from topline.core.transaction import Write

log = structlog.get_logger("access")


def report_not_me(tx: Write) -> None:
    """End every other session, key and link of the caller, and ask for a new password before anything else.

    Not behind a confirmation: whoever finds a stranger in their account must be quick, and nothing here helps a
    stranger. Leaves an audit event and the operator's alarm.
    """
    must_be_at_browser(tx.actor)
    person_id = tx.actor.person()
    sessions = end_sessions(tx, person_id, "not_me", keep=tx.actor.credential_id)
    keys = tx.change(
        update(ApiKey)
        .where(
            ApiKey.organization_id == tx.organization_id,
            ApiKey.person_id == person_id,
            ApiKey.revoked_at.is_(None),
        )
        .values(revoked_at=tx.now)
    )
    end_links(tx, person_id, "not_me")
    tx.change(
        update(Password)
        .where(Password.organization_id == tx.organization_id, Password.person_id == person_id)
        .values(must_change=True)
    )
    record(tx, "account.not_me", "person", person_id, after={"sessions": sessions, "api_keys": keys})
    log.warning("sign_in_alarm", organization=str(tx.organization_id), person=str(person_id), by="not me")
