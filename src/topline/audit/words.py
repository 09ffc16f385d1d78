"""Every act in the hotel's words, by area. A test finds an act that is recorded and has none here."""

from typing import Final

#: Area → act → what it says in a list.
AREAS: Final[dict[str, dict[str, str]]] = {
    "Signing in": {
        "sign_in.opened": "Signed in",
        "sign_in.failed": "Failed to sign in",
        "sign_in.alarm": "Alarm: many failed sign-ins",
        "sign_in.lock_cleared": "Lifted a lock",
        "sign_in.confirmed": "Confirmed who they are",
        "account.not_me": "Said: this was not me",
        "session.signed_out": "Signed out",
        "session.ended": "Ended a session elsewhere",
        "session.ended_all": "Sessions were ended",
        "session.ended_everywhere": "Signed out everywhere",
    },
    "PINs, passwords, second steps and keys": {
        "pin.set": "Gave a PIN",
        "pin.reset": "Gave a new PIN",
        "pin.changed": "Changed the own PIN",
        "pin.disabled": "PIN was switched off",
        "pin.imported": "PIN was taken over",
        "pin.retired": "PIN was retired",
        "password.set": "Set a password",
        "password.changed": "Changed the own password",
        "password_link.made": "Made a link for a new password",
        "password.set_by_link": "Set a new password by a link",
        "factor.added": "Added a second step",
        "factor.renamed": "Renamed a passkey",
        "factor.removed": "Removed a second step",
        "factor.reset": "Reset somebody's second step",
        "factor.codes_renewed": "Renewed the recovery codes",
        "factor.recovery_code_used": "Used a recovery code",
        "api_key.created": "Made an API key",
        "api_key.revoked": "Revoked an API key",
    },
    "Tablets and wall": {
        "device.code_made": "Made a code for a tablet",
        "device.enrolled": "Enrolled a tablet",
        "device.created": "Made a wall display",
        "device.link_renewed": "Renewed a display's link",
        "device.renamed": "Renamed a device",
        "device.revoked": "Revoked a device",
    },
    "People and roles": {
        "person.created": "Added a person",
        "person.changed": "Changed a person",
        "person.deactivated": "Deactivated a person",
        "person.reactivated": "Brought a person back",
        "role.created": "Made a role",
        "role.changed": "Changed a role",
    },
    "Results and money": {
        "daily_entry.saved": "Saved a day",
        "daily_entry.closed": "Closed a day",
        "daily_entry.adjusted": "Adjusted a closed day",
        "daily_entry.imported": "Imported a day",
        "daily_entry.restored": "Restored a day",
        "daily_entry.removed": "Took an imported day back",
        "benchmark.set": "Set a year to compare with",
        "benchmark.removed": "Removed a year to compare with",
    },
    "Files in and out": {
        "import.done": "Did an import",
        "import.undone": "Undid an import",
        "export.made": "Downloaded data",
    },
    "Verification": {
        "log.verified": "Verified a log",
        "log.rejected": "Rejected a log",
        "log.reopened": "Reopened a log",
        "logs.verified": "Verified logs",
        "logs.rejected": "Rejected logs",
        "logs.expired": "Logs expired",
        "logs.verified_by_rule": "Logs were verified by rule",
        "logs.decision_undone": "Took a decision on logs back",
    },
    "Behaviors": {
        "behavior.created": "Made a behavior",
        "behavior.changed": "Changed a behavior",
        "behavior.deactivated": "Deactivated a behavior",
        "behavior.reactivated": "Brought a behavior back",
        "behavior.term_changed": "Changed points or targets",
        "behavior.roles_changed": "Changed who does a behavior",
        "behavior.catalog_installed": "Installed the behaviors to start with",
    },
    "Settings": {
        "organization.created": "Set up the hotel",
        "organization.changed": "Changed settings",
        "location.created": "Added a house",
        "location.changed": "Changed a house",
        "location.closed_on": "Marked a day as closed",
        "location.opened_on": "Marked a day as open",
        "department.created": "Added a department",
        "department.changed": "Changed a department",
    },
    "The trail itself": {
        "audit.personal_part_removed": "Erased personal data from the trail",
    },
}

ACTS: Final = {act: words for acts in AREAS.values() for act, words in acts.items()}


def act_in_words(act: str) -> str:
    """What an act says in a list; one of another release as well as it can be read."""
    return ACTS.get(act) or act.replace("_", " ").replace(".", ": ").capitalize()
