"""Which column of a results file is which: known layouts, headers in several languages, and a person's choice."""

from dataclasses import dataclass
from typing import Final

from topline.core.errors import FieldError
from topline.core.tabular import (
    DateOrder,
    DecimalSign,
    Field,
    Mapping,
    Preset,
    Table,
    apply_preset,
    check_mapping,
    date_orders,
    decimal_signs,
    find_preset,
    guess_columns,
    sample,
    spellings,
)

#: The fields of a day. Each goes by its own key and by the headers reports use, in English, German, French, Spanish,
#: Italian, Portuguese and Dutch.
DAILY_FIELDS: Final = (
    Field(
        "business_date",
        spellings(
            "business_date, date, business day, stay date, night, day, trading date, datum, geschäftstag, tag",
            "jour, date d'exploitation, fecha, día, data, giorno, dia, dag",
        ),
        required=True,
    ),
    Field(
        "room_revenue",
        spellings(
            "room_revenue, rooms revenue, accommodation revenue, lodging revenue, logis, logisumsatz",
            "zimmerumsatz, übernachtungsumsatz, chiffre d'affaires hébergement, ca hébergement",
            "ingresos habitaciones, ingresos alojamiento, ricavi camere, receita de quartos, kameromzet",
        ),
    ),
    Field(
        "revenue",
        spellings(
            "revenue, total_revenue, total operating revenue, sales, total sales, turnover, umsatz",
            "gesamtumsatz, chiffre d'affaires, ca, ca total, ingresos, ingresos totales, ventas, ricavi",
            "ricavi totali, fatturato, receita, receita total, omzet, totale omzet",
        ),
    ),
    Field(
        "covers",
        spellings(
            "covers, guests served, number of covers, gedecke, couverts, cubiertos, comensales, coperti",
            "couverts servis, talheres, couvert",
        ),
    ),
    Field(
        "rooms_sold",
        spellings(
            "rooms_sold, sold rooms, rooms occupied, occupied rooms, room nights, room nights sold",
            "verkaufte zimmer, zimmer verkauft, belegte zimmer, zimmernächte, chambres vendues",
            "chambres occupées, habitaciones vendidas, habitaciones ocupadas, camere vendute, camere occupate",
            "quartos vendidos, quartos ocupados, verkochte kamers, bezette kamers",
        ),
    ),
    Field(
        "rooms_available",
        spellings(
            "rooms_available, available rooms, room inventory, total rooms, rooms in hotel, capacity",
            "verfügbare zimmer, zimmer verfügbar, zimmer gesamt, chambres disponibles, habitaciones disponibles",
            "camere disponibili, quartos disponíveis, beschikbare kamers",
        ),
    ),
    Field(
        "guests",
        spellings(
            "guests, guests in house, in house guests, persons, gäste, personen, clients, personnes, huéspedes",
            "personas, ospiti, presenze, hóspedes, gasten, personen in huis",
        ),
    ),
    Field(
        "arrivals",
        spellings(
            "arrivals, arrival rooms, check-ins, checkins, anreisen, ankünfte, arrivées, llegadas, arrivi",
            "chegadas, aankomsten",
        ),
    ),
    Field(
        "notes",
        spellings(
            "notes, note, remarks, comment, comments, bemerkung, bemerkungen, notiz, notizen, remarques",
            "commentaires, notas, observaciones, osservazioni, observações, opmerkingen",
        ),
    ),
)
FIGURES: Final = tuple(field.key for field in DAILY_FIELDS if field.key not in {"business_date", "notes"})
MONEY: Final = ("revenue", "room_revenue")

#: The first line of the file that Topline offers as a template.
TEMPLATE_HEADER: Final = (
    *("business_date", "revenue", "room_revenue", "covers"),
    *("rooms_sold", "rooms_available", "guests", "arrivals", "notes"),
)
PRESETS: Final = (
    Preset(
        "topline_daily", "imports.preset.topline_daily", {key: key for key in TEMPLATE_HEADER}, is_exact=True
    ),
    Preset(
        "pms_daily",
        "imports.preset.pms_daily",
        {
            "business_date": "date",
            "rooms_sold": "rooms_sold",
            "guests": "guests",
            "room_revenue": "room_revenue",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What Topline makes of a file before anybody chose anything.

    `unclear_dates` and `unclear_amounts` hold the possibilities where nothing in the file decides between them: a
    person must choose then, and the mapping's own value is only the first of them.
    """

    mapping: Mapping
    preset: str | None
    unclear_dates: tuple[DateOrder, ...]
    unclear_amounts: tuple[DecimalSign, ...]


def propose(table: Table, currency: str) -> Proposal:
    """The mapping that seems right: columns by header, the order of dates and the decimal sign by what is in them.

    Unclear are dates such as 03/04/2026 without one above 12, dates that contradict each other, and amounts such as
    1,200 beside no other. A column without a header that is known is left out.
    """
    preset = find_preset(table.header, PRESETS)
    if preset is not None and preset.is_exact:
        return Proposal(apply_preset(table.header, preset), preset.key, (), ())
    columns = guess_columns(table.header, DAILY_FIELDS)
    if preset is not None:
        # The layout decides; what it does not know is still guessed, where its column is free.
        known = apply_preset(table.header, preset).columns
        taken = set(known.values())
        columns = known | {key: at for key, at in columns.items() if key not in known and at not in taken}
    orders: tuple[DateOrder, ...] = (DateOrder.YMD,)
    if "business_date" in columns:
        orders = date_orders(sample(table, columns["business_date"])) or (DateOrder.DMY, DateOrder.MDY)
    amounts = [cell for key in MONEY if key in columns for cell in sample(table, columns[key])]
    signs = decimal_signs(amounts, currency) or tuple(DecimalSign)
    # Whole amounts without any sign read the same either way, so there is nothing to ask.
    matters = any(isinstance(cell, str) and ("," in cell or "." in cell) for cell in amounts)
    return Proposal(
        Mapping(columns, orders[0], signs[0]),
        preset.key if preset is not None else None,
        orders if len(orders) > 1 else (),
        signs if len(signs) > 1 and matters else (),
    )


def check_daily_mapping(mapping: Mapping, table: Table) -> list[FieldError]:
    """What is wrong with a person's choice; a file must have the date and at least one figure."""
    errors = check_mapping(mapping, DAILY_FIELDS, table.header)
    if not errors and not any(key in mapping.columns for key in FIGURES):
        errors.append(FieldError("columns", "column_missing", "Choose a column for at least one figure."))
    return errors
