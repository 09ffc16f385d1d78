"""How numbers, money and moments are written, in the hotel's language, currency and zone."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from topline.core.money import format_money, format_money_whole


@dataclass(frozen=True, slots=True)
class Formats:
    """Formatting for one organization. Instants are shown in the location's zone."""

    locale: str
    currency: str
    zone: str

    def money(self, amount_minor: int | None) -> str:
        """An amount with its currency sign; an en dash where there is none."""
        return "–" if amount_minor is None else format_money(amount_minor, self.currency, self.locale, True)

    def money_whole(self, amount_minor: int | None) -> str:
        """An amount for a glance, in whole units of the currency: `$14,860`; an en dash where there is none."""
        if amount_minor is None:
            return "–"
        return format_money_whole(amount_minor, self.currency, self.locale)

    def number(self, value: int | float | None) -> str:
        """A number with separators; an en dash where there is none."""
        return "–" if value is None else str(format_decimal(value, locale=self._babel()))

    def percent(self, basis_points: int | None, digits: int = 0) -> str:
        """Basis points as a percentage: 9250 → `92 %`."""
        if basis_points is None:
            return "–"
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return f"{format_decimal(basis_points / 100, format=pattern, locale=self._babel())} %"

    def date(self, value: date | None, style: str = "medium") -> str:
        """A business date. Styles: short, medium, long, full, or a CLDR pattern such as `EEEE d MMMM`."""
        return "–" if value is None else str(format_date(value, format=style, locale=self._babel()))

    def time(self, value: datetime | None) -> str:
        """The local clock time, `14:05`."""
        if value is None:
            return "–"
        return str(format_time(value, format="HH:mm", tzinfo=ZoneInfo(self.zone), locale=self._babel()))

    def datetime(self, value: datetime | None) -> str:
        """Local date and time."""
        if value is None:
            return "–"
        return str(
            format_datetime(value, format="d MMM, HH:mm", tzinfo=ZoneInfo(self.zone), locale=self._babel())
        )

    def _babel(self) -> Locale:
        return Locale.parse(self.locale.replace("-", "_"))
