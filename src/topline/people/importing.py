"""The staff roster out of a table. PINs are never read from a file: each person gets a fresh one."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from topline.core.errors import FieldError
from topline.core.tabular import (
    Cell,
    CellError,
    DecimalSign,
    Field,
    Mapping,
    Outcome,
    Preset,
    RowReader,
    Table,
    apply_preset,
    check_mapping,
    find_preset,
    guess_columns,
    read_count,
    read_email,
    read_line,
    read_rows,
    seen_before,
    spellings,
)
from topline.core.text import fold_for_search

NAME_LENGTH: Final = 100
DISPLAY_NAME_LENGTH: Final = 40
ROLE_LENGTH: Final = 50
DEPARTMENT_LENGTH: Final = 100
STAFF_NUMBER_LENGTH: Final = 30
MOST_SHIFTS: Final = 14

ROSTER_FIELDS: Final = (
    Field(
        "staff_number",
        spellings(
            "staff_number, staff no, staff id, employee number, employee no, employee id, personnel number",
            "personalnummer, personalnr, mitarbeiternummer, matricule, numéro de matricule, matricola",
            "número de empleado, nº empleado, legajo, número de funcionário, personeelsnummer",
        ),
    ),
    Field(
        "first_name",
        spellings(
            "first_name, given name, vorname, prénom, nombre de pila, voornaam, primeiro nome",
        ),
    ),
    Field(
        "last_name",
        spellings(
            "last_name, surname, family name, nachname, familienname, nom de famille, apellido, apellidos",
            "cognome, sobrenome, apelido, achternaam",
        ),
    ),
    Field(
        "name",
        spellings(
            "name, full name, employee name, employee, staff name, mitarbeiter, nom complet, nom et prénom, nom",
            "nombre completo, nombre, empleado, nome completo, nome, naam, dipendente",
        ),
    ),
    Field(
        "display_name",
        spellings(
            "display_name, shown name, nickname, preferred name, known as, anzeigename, rufname, surnom, apodo",
            "soprannome, roepnaam",
        ),
    ),
    Field(
        "email",
        spellings(
            "email, e-mail, e-mail address, email address, mail, e-mail-adresse, courriel, correo",
            "correo electrónico, adresse e-mail, posta elettronica",
        ),
    ),
    Field(
        "role",
        spellings(
            "role, position, job title, job, title, rolle, funktion, stelle, fonction, poste, puesto, cargo",
            "rol, ruolo, mansione, função, functie",
        ),
        required=True,
    ),
    Field(
        "department",
        spellings(
            "department, dept, team, division, abteilung, bereich, département, service, departamento, reparto",
            "dipartimento, afdeling",
        ),
        required=True,
    ),
    Field(
        "shifts_per_week",
        spellings(
            "shifts_per_week, shifts, weekly shifts, schichten pro woche, schichten, turnos por semana, turnos",
            "turni settimanali, diensten per week",
        ),
    ),
)
TEMPLATE_HEADER: Final = (
    "staff_number",
    "name",
    "display_name",
    "email",
    "role",
    "department",
    "shifts_per_week",
)
PRESETS: Final = (
    Preset("topline_roster", "imports.preset.topline_roster", {key: key for key in TEMPLATE_HEADER}),
)

#: Every code a row can get, with its meaning, for the reference.
CODES: Final[dict[str, str]] = {
    "missing": "a required cell is empty",
    "row_too_wide": "the row has more cells than the header; usually a separator inside an unquoted text",
    "looks_like_formula": "the text begins like a spreadsheet formula",
    "text_too_long": "the text is too long",
    "text_empty": "nothing in the text can be seen",
    "text_control_character": "the text has characters that cannot be shown",
    "email_invalid": "not an e-mail address",
    "count_invalid": "not a whole number",
    "negative": "below zero",
    "too_large": "more shifts than a week has",
    "role_unknown": "there is no role of that name",
    "department_unknown": "there is no department of that name",
    "duplicate_in_file": "an earlier row is the same person, by staff number, e-mail, or name where neither is given",
}


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """One person of a roster, checked. `role` and `department` are spelled as the house spells them.

    None means the file says nothing about it, so that what is stored of a known person stays.
    """

    row: int
    name: str
    display_name: str | None
    email: str | None
    staff_number: str | None
    role: str
    department: str
    shifts_per_week: int | None


def propose_roster(table: Table) -> tuple[Mapping, str | None]:
    """The mapping that seems right by the headers, and the key of the known layout it is, if it is one."""
    preset = find_preset(table.header, PRESETS)
    if preset is not None:
        return apply_preset(table.header, preset), preset.key
    return Mapping(guess_columns(table.header, ROSTER_FIELDS)), None


def check_roster_mapping(mapping: Mapping, table: Table) -> list[FieldError]:
    """What is wrong with a person's choice; a roster has a name (one column or two), role and department."""
    errors = check_mapping(mapping, ROSTER_FIELDS, table.header)
    if not {"name", "first_name", "last_name"} & set(mapping.columns):
        errors.append(FieldError("columns.name", "column_missing", "Choose a column for the name."))
    return errors


def read_roster(
    table: Table, mapping: Mapping, *, roles: Collection[str], departments: Collection[str]
) -> Outcome[RosterPerson]:
    """Every row as a person, or with every reason why it is none. Check the mapping first.

    `roles` and `departments` are the names the house has; case, accents and blanks do not matter. Somebody listed
    twice (same staff number or e-mail; same name where neither is given) is bad from the second row on.
    """
    role_names = {fold_for_search(name): name for name in roles}
    department_names = {fold_for_search(name): name for name in departments}
    seen: dict[str, int] = {}
    return read_rows(table, mapping, lambda reader: _read(reader, role_names, department_names, seen))


def _read(
    reader: RowReader, roles: dict[str, str], departments: dict[str, str], seen: dict[str, int]
) -> RosterPerson | None:
    name = _name(reader)
    display_name = reader.optional("display_name", lambda cell: read_line(cell, DISPLAY_NAME_LENGTH))
    email = reader.optional("email", read_email)
    staff_number = reader.optional("staff_number", _staff_number)
    role = reader.required("role", lambda cell: _known(cell, ROLE_LENGTH, roles, "role"))
    department = reader.required(
        "department", lambda cell: _known(cell, DEPARTMENT_LENGTH, departments, "department")
    )
    shifts = reader.optional("shifts_per_week", lambda cell: read_count(cell, DecimalSign.POINT, MOST_SHIFTS))
    if staff_number is not None:
        seen_before(reader, seen, "staff_number", f"number:{staff_number.casefold()}", "Listed before")
    if email is not None:
        seen_before(reader, seen, "email", f"email:{email}", "Listed before")
    if name is not None and staff_number is None and email is None:
        seen_before(reader, seen, "name", f"name:{fold_for_search(name)}", "Listed before")
    if reader.problems or name is None or role is None or department is None:
        return None
    return RosterPerson(reader.row.number, name, display_name, email, staff_number, role, department, shifts)


def _name(reader: RowReader) -> str | None:
    """The name from its column, else put together from first and last name."""
    if "name" in reader.mapping.columns:
        return reader.required("name", lambda cell: read_line(cell, NAME_LENGTH))
    parts = [
        reader.optional(key, lambda cell: read_line(cell, NAME_LENGTH)) for key in ("first_name", "last_name")
    ]
    name = " ".join(part for part in parts if part)
    key = "last_name" if "last_name" in reader.mapping.columns else "first_name"
    if not name and not reader.problems:
        reader.problem(key, "missing", "Something must stand here.")
    if len(name) > NAME_LENGTH:
        reader.problem(key, "text_too_long", f"At most {NAME_LENGTH} characters.")
    return name or None


def _staff_number(cell: Cell) -> str:
    """A staff number as text; a spreadsheet's number keeps its digits and gets no fraction."""
    if isinstance(cell, Decimal) and cell < 0:
        raise CellError("negative", "This must not be below zero.")
    return read_line(cell, STAFF_NUMBER_LENGTH)


def _known(cell: Cell, length: int, names: dict[str, str], what: str) -> str:
    """The house's own spelling of a role or department."""
    text = read_line(cell, length)
    found = names.get(fold_for_search(text))
    if found is None:
        raise CellError(f"{what}_unknown", f"There is no {what} of that name.")
    return found
