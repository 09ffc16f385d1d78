"""The words people read: English in the source, other languages as gettext catalogs in `web/locale/<language>`.

Templates write `{{ _("Sign in") }}`. The components every page shares name their few words by key, from `KIT`.
"""

import gettext
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "locale"

KIT: Final = {
    "ui.are_you_sure": "Are you sure?",
    "ui.back_to_start": "Back to the start",
    "ui.cancel": "Cancel",
    "ui.change_theme": "Light or dark",
    "ui.close": "Close",
    "ui.confirm": "Confirm",
    "ui.day": "Day",
    "ui.delete_digit": "Delete the last digit",
    "ui.demo_banner": "Demo hotel with invented people. Nothing here is real but 72 days of rooms, guests and revenue.",
    "ui.digits_typed": "Digits typed:",
    "ui.download": "Download",
    "ui.failed": "That did not work, and nothing was changed. Please try again.",
    "ui.from": "From",
    "ui.keypad": "Digits",
    "ui.go_on": "now",
    "ui.load_more": "Show more",
    "ui.loading": "Loading",
    "ui.main_navigation": "Main",
    "ui.more": "More",
    "ui.my_account": "My account",
    "ui.no_answer": "No answer from Topline. Please check the connection and try again.",
    "ui.offline": "No connection. What you see may be out of date.",
    "ui.one_less": "One less",
    "ui.one_more": "One more",
    "ui.optional": "optional",
    "ui.product": "Topline",
    "ui.request_id": "If you ask for help, name this:",
    "ui.select_all": "Select all rows",
    "ui.selection": "What to do with the selection",
    "ui.show_password": "Show the password",
    "ui.show_table": "Show as table",
    "ui.sign_out": "Sign out",
    "ui.skip": "Skip to the content",
    "ui.to": "To",
    "ui.try_again": "Try again",
    "ui.undo": "Undo",
    "ui.uploading": "Sending the file",
    "ui.wait": "You can go on in",
    "ui.wall_stale": "No connection to Topline. The numbers are from before.",
}


@lru_cache(maxsize=32)
def words_for(locale: str) -> gettext.NullTranslations:
    """The catalog for `pt-PT`, else for `pt`, else English."""
    name = locale.replace("-", "_")
    return gettext.translation("topline", FOLDER, languages=[name, name.split("_")[0]], fallback=True)


def kit_words(locale: str) -> Callable[[str], str]:
    """From a component's key to the word. Raises KeyError for one that is not in `KIT`."""
    words = words_for(locale)
    return lambda key: words.gettext(KIT[key])
