"""Every read of credentials: from a token to an actor, devices, sessions, keys and locks."""

from topline.access.queries.actors import actor_of_token, device_actor
from topline.access.queries.devices import (
    CodeView,
    DeviceView,
    TabletPerson,
    code_use,
    device,
    devices,
    same_tablet,
    tablet_people,
    usable_code,
)
from topline.access.queries.holders import (
    Account,
    PinHolder,
    accounts_of_email,
    own_account,
    pin_holder,
    pin_states,
    rank_of,
)
from topline.access.queries.locks import Lock, locks
from topline.access.queries.pin_intake import (
    BulkLoad,
    LegacyColumn,
    PinSource,
    PlainPin,
    legacy_columns,
    pins_by_pepper,
)
from topline.access.queries.sessions import (
    KeyView,
    SessionView,
    is_set_up,
    keys,
    open_sessions,
    organizations_exist,
    own_session,
    tablet_session,
)

__all__ = [
    "Account",
    "BulkLoad",
    "CodeView",
    "DeviceView",
    "KeyView",
    "LegacyColumn",
    "Lock",
    "PinHolder",
    "PinSource",
    "PlainPin",
    "SessionView",
    "TabletPerson",
    "accounts_of_email",
    "actor_of_token",
    "code_use",
    "device",
    "device_actor",
    "devices",
    "is_set_up",
    "keys",
    "legacy_columns",
    "locks",
    "open_sessions",
    "organizations_exist",
    "own_account",
    "own_session",
    "pin_holder",
    "pin_states",
    "pins_by_pepper",
    "rank_of",
    "same_tablet",
    "tablet_people",
    "tablet_session",
    "usable_code",
]
