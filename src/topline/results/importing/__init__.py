"""Daily results out of a table: which column is which, and rows that are typed or say what is wrong with them."""

from topline.results.importing.daily import CODES, DailyRow, read_daily
from topline.results.importing.mapping import (
    DAILY_FIELDS,
    PRESETS,
    TEMPLATE_HEADER,
    Proposal,
    check_daily_mapping,
    propose,
)

__all__ = [
    "CODES",
    "DAILY_FIELDS",
    "PRESETS",
    "TEMPLATE_HEADER",
    "DailyRow",
    "Proposal",
    "check_daily_mapping",
    "propose",
    "read_daily",
]
