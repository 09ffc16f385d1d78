"""Every act at the doors: signing in and out, PINs, passwords, devices, keys, locks and the first run."""

from topline.access.actions.chores import note_seen, tidy
from topline.access.actions.confirming import confirm_with_code, confirm_with_password
from topline.access.actions.devices import (
    NewCode,
    NewDevice,
    create_code,
    create_display,
    enroll,
    rename_device,
    renew_display,
    revoke_device,
)
from topline.access.actions.doors import Caller, Doors, must_rank
from topline.access.actions.factors import (
    NewAuthenticator,
    add_authenticator,
    is_factor_required,
    offer_authenticator,
    remove_authenticator,
    renew_recovery_codes,
    reopen_offer,
    reset_factors,
)
from topline.access.actions.keys import NewKey, create_key, revoke_key
from topline.access.actions.locks import clear_lock
from topline.access.actions.not_me import report_not_me
from topline.access.actions.passkey_sign_in import (
    challenge_passkey,
    confirm_with_passkey,
    sign_in_with_passkey,
)
from topline.access.actions.passkeys import (
    REFUSED as PASSKEY_REFUSED,
    Challenge,
    Site,
    add_passkey,
    challenge,
    offer_passkey,
    remove_passkey,
    rename_passkey,
)
from topline.access.actions.password_links import NewLink, make_password_link, use_password_link
from topline.access.actions.passwords import (
    SIGN_IN_REFUSED,
    FactorNeeded,
    change_own_password,
    set_password,
    sign_in_with_password,
    store_password,
)
from topline.access.actions.peppers import authenticators_by_pepper, pins_by_pepper, reseal, retire_pepper
from topline.access.actions.pin_intake import Intake, Unusable, migrate_pins
from topline.access.actions.pin_sign_in import SignedInByPin, sign_in_with_pin
from topline.access.actions.pins import change_own_pin, reset_pin, store_pin
from topline.access.actions.second_step import SignedIn, finish_sign_in, ways_of_ticket
from topline.access.actions.sessions import (
    Opened,
    Seen,
    end_own_session,
    end_sessions,
    open_session,
    sign_out,
    sign_out_everywhere,
)
from topline.access.actions.set_up import TEMPLATE, FirstRun, SetUp, set_up

__all__ = [
    "PASSKEY_REFUSED",
    "SIGN_IN_REFUSED",
    "TEMPLATE",
    "Caller",
    "Challenge",
    "Doors",
    "FactorNeeded",
    "FirstRun",
    "Intake",
    "NewAuthenticator",
    "NewCode",
    "NewDevice",
    "NewKey",
    "NewLink",
    "Opened",
    "Seen",
    "SetUp",
    "SignedIn",
    "SignedInByPin",
    "Site",
    "Unusable",
    "add_authenticator",
    "add_passkey",
    "authenticators_by_pepper",
    "challenge",
    "challenge_passkey",
    "change_own_password",
    "change_own_pin",
    "clear_lock",
    "confirm_with_code",
    "confirm_with_passkey",
    "confirm_with_password",
    "create_code",
    "create_display",
    "create_key",
    "end_own_session",
    "end_sessions",
    "enroll",
    "finish_sign_in",
    "is_factor_required",
    "make_password_link",
    "migrate_pins",
    "must_rank",
    "note_seen",
    "offer_authenticator",
    "offer_passkey",
    "open_session",
    "pins_by_pepper",
    "remove_authenticator",
    "remove_passkey",
    "rename_device",
    "rename_passkey",
    "renew_display",
    "renew_recovery_codes",
    "reopen_offer",
    "report_not_me",
    "reseal",
    "reset_factors",
    "reset_pin",
    "retire_pepper",
    "revoke_device",
    "revoke_key",
    "set_password",
    "set_up",
    "sign_in_with_passkey",
    "sign_in_with_password",
    "sign_in_with_pin",
    "sign_out",
    "sign_out_everywhere",
    "store_password",
    "store_pin",
    "tidy",
    "use_password_link",
    "ways_of_ticket",
]
