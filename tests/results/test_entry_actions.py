"""A day's entry: saved, closed, adjusted; every state kept; what cannot be is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.results.make import TODAY, YESTERDAY, adjust, close, refused, save, stored, versions
from tests.support.cast import Cast
from topline.audit.models import AuditEvent
from topline.core.transaction import Database
from topline.results import queries
from topline.results.events import DailyEntryChanged
from topline.results.rules import Figures, Share


def test_a_day_is_saved_closed_and_adjusted_and_each_state_is_kept(database: Database, cast: Cast) -> None:
    first = save(database, cast).entry
    assert (first.status, first.version, first.updated_by_name) == ("open", 1, "Mina Manager")
    closed = close(database, cast, 1).entry
    assert (closed.status, closed.version) == ("closed", 2)
    adjusted = adjust(database, cast, 2, revenue_minor=120_000).entry
    assert (adjusted.status, adjusted.version, adjusted.figures.revenue_minor) == ("adjusted", 3, 120_000)
    kept = versions(database, cast)
    assert [(v.version, v.values["status"], v.values["revenue_minor"], v.reason) for v in kept] == [
        (3, "adjusted", 120_000, "Late bill"),
        (2, "closed", 100_000, ""),
        (1, "open", 100_000, ""),
    ]
    assert [v.by_label for v in kept] == ["Milo", "Mina", "Mina"]


def test_every_change_is_in_the_audit_trail_with_before_and_after(database: Database, cast: Cast) -> None:
    save(database, cast)
    save(database, cast, 1, revenue_minor=110_000)
    close(database, cast, 2)
    adjust(database, cast, 3, revenue_minor=90_000)
    with database.read(cast.olga.actor) as tx:
        query = select(AuditEvent.act, AuditEvent.before, AuditEvent.after).order_by(AuditEvent.id)
        found = [row for row in tx.execute(query) if row.act.startswith("daily_entry.")]
    assert [row.act for row in found] == [
        "daily_entry.saved",
        "daily_entry.saved",
        "daily_entry.closed",
        "daily_entry.adjusted",
    ]
    assert found[0].before is None
    assert (found[1].before, found[1].after["revenue_minor"]) == ({"revenue_minor": 100_000}, 110_000)
    assert (found[2].before, found[2].after["status"]) == ({"status": "open"}, "closed")
    assert found[3].before == {"revenue_minor": 110_000, "status": "closed"}
    assert (found[3].after["revenue_minor"], found[3].after["reason"]) == (90_000, "Late bill")


def test_a_closed_day_is_never_saved_over(database: Database, cast: Cast) -> None:
    save(database, cast)
    close(database, cast, 1)
    refused("entry_closed", lambda: save(database, cast, 2, revenue_minor=1))
    refused("entry_closed", lambda: close(database, cast, 2))
    found = stored(database, cast)
    assert found is not None
    assert (found.status, found.version, found.figures.revenue_minor) == ("closed", 2, 100_000)


def test_an_adjustment_needs_a_closed_day_a_reason_and_the_version_seen(
    database: Database, cast: Cast
) -> None:
    refused("not_found", lambda: adjust(database, cast, 1))
    save(database, cast)
    refused("entry_open", lambda: adjust(database, cast, 1, revenue_minor=1))
    close(database, cast, 1)
    assert (
        refused("invalid_input", lambda: adjust(database, cast, 2, "  ", revenue_minor=1)).fields[0].field
        == "reason"
    )
    refused("invalid_input", lambda: adjust(database, cast, 2, "x" * 201, revenue_minor=1))
    refused("conflict", lambda: adjust(database, cast, 1, revenue_minor=1))
    adjust(database, cast, 2, revenue_minor=1)
    again = adjust(database, cast, 3, "And once more", revenue_minor=2).entry
    assert (again.status, again.version) == ("adjusted", 4)


def test_saying_the_same_again_changes_nothing(database: Database, cast: Cast) -> None:
    save(database, cast)
    assert save(database, cast, 1).entry.version == 1
    close(database, cast, 1)
    assert adjust(database, cast, 2).entry.status == "closed"
    assert len(versions(database, cast)) == 2


@pytest.mark.parametrize(
    ("day", "code"),
    [(TODAY + timedelta(days=1), "date_in_future"), (date(1999, 12, 31), "date_too_old")],
)
def test_days_that_cannot_be_are_refused(database: Database, cast: Cast, day: date, code: str) -> None:
    problem = refused("invalid_input", lambda: save(database, cast, day=day))
    assert problem.fields[0].code == code
    assert stored(database, cast, day) is None


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"revenue_minor": -1}, "revenue_minor", "negative"),
        ({"revenue_minor": 10**12 + 1}, "revenue_minor", "too_large"),
        ({"rooms_sold": 51, "rooms_available": 50}, "rooms_sold", "rooms_sold_above_available"),
        ({"notes": "a\x00b"}, "notes", "text_control_character"),
        ({"notes": "x" * 1001}, "notes", "text_too_long"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    database: Database, cast: Cast, wrong: dict[str, Any], field: str, code: str
) -> None:
    problem = refused("invalid_input", lambda: save(database, cast, confirm=True, **wrong))
    assert (problem.fields[0].field, problem.fields[0].code) == (field, code)
    assert stored(database, cast) is None


def test_an_unusual_amount_asks_to_be_confirmed(database: Database, cast: Cast) -> None:
    for back in range(1, 6):
        save(database, cast, day=YESTERDAY - timedelta(days=back))
    problem = refused("needs_confirmation", lambda: save(database, cast, revenue_minor=10_000_000))
    assert [f.code for f in problem.fields] == ["revenue_unusually_high"]
    saved = save(database, cast, revenue_minor=10_000_000, confirm=True)
    assert [f.code for f in saved.findings] == ["revenue_unusually_high"]


def test_shares_of_persons_are_kept_and_their_sum_is_only_a_warning(database: Database, cast: Cast) -> None:
    parts = (Share(cast.fred.id, 30_000, 10), Share(cast.bella.id, 50_000, 20))
    saved = save(database, cast, shares=parts)
    assert {f.code for f in saved.findings} == {"people_sum_below_total"}
    with database.read(cast.mina.actor) as tx:
        found = queries.shares(tx, saved.entry.id)
    assert {(s.name, s.revenue_minor, s.covers) for s in found} == {
        ("Fred Frontdesk", 30_000, 10),
        ("Bella Bartender", 50_000, 20),
    }
    save(database, cast, 1, revenue_minor=101_000)  # says nothing about persons
    with database.read(cast.mina.actor) as tx:
        assert len(queries.shares(tx, saved.entry.id)) == 2
    save(database, cast, 2, revenue_minor=101_000, shares=())
    with database.read(cast.mina.actor) as tx:
        assert queries.shares(tx, saved.entry.id) == []
    assert [len(v.values["people"]) for v in versions(database, cast)] == [0, 2, 2]


def test_shares_are_only_those_of_people_of_the_house(database: Database, cast: Cast) -> None:
    parts = (Share(cast.fred.id, 1, 1), Share(cast.other.staff.id, 1, 1))
    problem = refused("invalid_input", lambda: save(database, cast, shares=parts))
    assert (problem.fields[0].field, problem.fields[0].code) == ("people.1.person_id", "person_unknown")


def test_a_day_without_any_figure_is_neither_entered_nor_closed(database: Database, cast: Cast) -> None:
    refused("invalid_input", lambda: save(database, cast, revenue_minor=None, covers=None))
    save(database, cast, revenue_minor=None, covers=None, notes="Power cut")
    assert refused("invalid_input", lambda: close(database, cast, 1)).fields[0].code == "nothing_entered"


def test_staff_and_the_neighbors_may_not(database: Database, cast: Cast) -> None:
    refused("forbidden", lambda: save(database, cast, who=cast.fred))
    refused("not_found", lambda: save(database, cast, who=cast.other.owner))
    assert stored(database, cast) is None


def test_others_hear_of_it_after_the_commit(database: Database, cast: Cast) -> None:
    heard: list[Any] = []
    database.publish = heard.append
    save(database, cast)
    close(database, cast, 1)
    expected = DailyEntryChanged(cast.organization_id, cast.location_id, YESTERDAY)
    assert heard == [expected, expected]
    refused("entry_closed", lambda: save(database, cast, 2, revenue_minor=1))
    assert len(heard) == 2


def test_the_weekday_before_is_the_last_one_with_an_entry(database: Database, cast: Cast) -> None:
    save(database, cast, day=YESTERDAY - timedelta(weeks=2), revenue_minor=77)
    save(database, cast, day=YESTERDAY - timedelta(days=1))
    with database.read(cast.mina.actor) as tx:
        found = queries.weekday_before(tx, cast.location_id, YESTERDAY)
        assert found is not None
        assert found.figures == Figures(77, covers=40)
        assert queries.weekday_before(tx, cast.location_id, YESTERDAY - timedelta(weeks=4)) is None
