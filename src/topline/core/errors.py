"""What can go wrong on purpose: one exception, a stable code, and the fields it is about.

Every refusal Topline makes is a `Problem`. The web turns it into an RFC 9457 document or a page, the command line
into a sentence. The codes are listed in `CODES`, from which `docs/reference/errors.md` is generated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from topline.core.text import TextError

T = TypeVar("T")

CODES: Final[dict[str, tuple[int, str]]] = {
    # code: (HTTP status, title)
    "invalid_input": (400, "Something in the input is not right"),
    "malformed_body": (400, "The request body could not be read"),
    "unauthenticated": (401, "Please sign in"),
    "sign_in_failed": (401, "E-mail or password is not right"),
    "second_factor_required": (401, "Now the second step"),
    "second_factor_wrong": (401, "That code is not right"),
    "ticket_over": (401, "This took too long"),
    "pin_wrong": (401, "That PIN is not right"),
    "device_unknown": (401, "This tablet is not enrolled"),
    "display_unknown": (401, "This display link is not valid"),
    "session_ended": (401, "This session has ended"),
    "forbidden": (403, "You may not do this"),
    "confirmation_needed": (403, "Please confirm that it is you"),
    "password_change_required": (403, "Please choose a new password"),
    "second_factor_setup_required": (403, "Your house requires a second step"),
    "cross_site": (403, "This request came from another site"),
    "pin_disabled": (403, "This PIN is switched off until a manager resets it"),
    "own_log": (403, "Nobody decides about their own logs"),
    "link_over": (404, "This link is over"),
    "not_found": (404, "Not found"),
    "method_not_allowed": (405, "This address does not take that method"),
    "too_slow": (408, "The request did not arrive in time"),
    "conflict": (409, "This was changed in the meantime"),
    "duplicate": (409, "This exists already"),
    "already_set_up": (409, "This installation is already set up"),
    "log_not_undoable": (409, "This log can no longer be undone"),
    "log_not_answerable": (409, "This log cannot be answered"),
    "id_taken": (409, "This id belongs to another log"),
    "already_decided": (409, "This was decided already"),
    "evidence_missing": (409, "A photo is missing"),
    "batch_not_undoable": (409, "This decision can no longer be undone"),
    "entry_closed": (409, "This day is closed"),
    "entry_open": (409, "This day is still open"),
    "needs_confirmation": (409, "Please confirm what looks unusual"),
    "import_blocked": (409, "This import is not ready"),
    "import_not_undoable": (409, "This import can no longer be undone"),
    "in_use": (409, "This is still in use"),
    "last_factor": (409, "The last second factor cannot be removed"),
    "last_owner": (409, "The last owner cannot be removed"),
    "too_large": (413, "This is too large"),
    "unsupported_media": (415, "This kind of content is not accepted"),
    "enrollment_code_invalid": (422, "That code is not valid"),
    "known_devices_only": (429, "Only known devices get in right now"),
    "pin_paused": (429, "Too many wrong PINs"),
    "too_many_requests": (429, "Too many requests"),
    "too_many_sign_ins": (429, "Too many failed sign-ins"),
    "server_error": (500, "Something went wrong on our side"),
    "unavailable": (503, "Topline is not ready"),
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field's complaint. `field` is the name as the client sent it, dotted for nesting (`logs.3.amount_minor`)."""

    field: str
    code: str
    message: str


class Problem(Exception):
    """A refusal with a stable code. Raising it undoes the transaction of the request.

    `detail` is a sentence a person can act on; it never carries a stack, SQL or a secret. `current` is what stands
    there now, as JSON values, where a change came too late: nothing typed has to be lost over it. `go_on` is what to go
    on with, where this is a step and not the end.
    """

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        fields: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
        current: dict[str, Any] | None = None,
        go_on: dict[str, Any] | None = None,
    ) -> None:
        status, title = CODES[code]
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail or title + "."
        self.fields = fields
        self.retry_after = retry_after
        self.current = current
        self.go_on = go_on
        super().__init__(f"{code}: {self.detail}")


def invalid(field: str, code: str, message: str) -> Problem:
    """A 400 about one field."""
    return Problem("invalid_input", message, fields=(FieldError(field, code, message),))


def about(field: str, clean: Callable[..., T], *values: Any) -> T:
    """What `clean(*values)` makes of a text; when it refuses, a 400 that names the field."""
    try:
        return clean(*values)
    except TextError as error:
        raise invalid(field, error.code, str(error)) from error


def invalid_fields(fields: list[FieldError]) -> Problem:
    """A 400 about several fields; `fields` must not be empty."""
    return Problem("invalid_input", fields[0].message, fields=tuple(fields))


def not_found(what: str) -> Problem:
    """A 404. Also the answer for another tenant's row: its existence is not confirmed."""
    return Problem("not_found", f"There is no such {what}.")
