"""What an import of the staff roster would do with each person."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from topline.core.errors import FieldError
from topline.core.permissions import Group
from topline.core.tabular import CellError, RowProblem, Table, column_name, is_blank, read_line
from topline.core.text import fold_for_search
from topline.core.transaction import Read
from topline.organizations.queries import DepartmentView, departments, location, main_location
from topline.people.importing import (
    DEPARTMENT_LENGTH,
    ROLE_LENGTH,
    RosterPerson,
    check_roster_mapping,
    propose_roster,
    read_roster,
)
from topline.people.queries import roles
from topline.people.rules import GRANT_MESSAGES, assignment_problem
from topline.results.options import ImportOptions
from topline.results.queries.imports import ImportView
from topline.results.queries.people import KnownPerson, people_matching
from topline.results.queries.plan import (
    CHANGED,
    NEW,
    SKIPPED,
    UNCHANGED,
    UNDECIDED,
    Plan,
    Reading,
    counted,
    mapping_of,
    plan_of,
    reading_of,
    turned,
    unreadable,
)

USUAL_SHIFTS: Final = 5


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """One person of the roster, who the house knows them as, and what they will be."""

    row: int
    act: str
    person: RosterPerson
    before: KnownPerson | None

    @property
    def comes_back(self) -> bool:
        """Whether somebody who left is named again."""
        return self.before is not None and not self.before.active


def propose_people(table: Table) -> tuple[ImportOptions, str | None]:
    """How the roster seems to be meant, and the key of the known layout it is."""
    mapping, preset = propose_roster(table)
    return ImportOptions(columns=mapping.columns, date_order="ymd", decimal_sign="."), preset


def read_people(tx: Read, view: ImportView, table: Table) -> Reading[RosterPerson]:
    """Every row of the file as a person, or why it is none."""
    mapping = mapping_of(view.options)
    errors = check_roster_mapping(mapping, table)
    if errors:
        return unreadable(table, errors)
    role_names = [role.name for role in roles(tx)]
    department_names = [department.name for department in _departments(tx, view)]
    if view.options.create_roles:
        role_names += _unknown(table, mapping.columns["role"], role_names, ROLE_LENGTH)
    if view.options.create_departments:
        found = _unknown(table, mapping.columns["department"], department_names, DEPARTMENT_LENGTH)
        department_names += found
    outcome = read_roster(
        turned(table, view.options), mapping, roles=role_names, departments=department_names
    )
    return reading_of(table, outcome, view.options)


def plan_people(tx: Read, view: ImportView, reading: Reading[RosterPerson]) -> Plan[PlannedPerson]:
    """What would be done with each person."""
    known = _Known(tx, reading.items)
    group_of = {role.name: Group(role.group) for role in roles(tx)}
    has_department = {department.name for department in _departments(tx, view)}
    rows: list[tuple[str, PlannedPerson]] = []
    problems: list[RowProblem] = []
    met: dict[UUID, int] = {}
    for item in reading.items:
        candidates = known.candidates(item)
        problem = _problem(item, candidates, met)
        before = candidates[0] if candidates else None
        if problem is None:
            problem = _rank_problem(tx, item, before, group_of.get(item.role, Group.STAFF))
        if problem is not None:
            problems.append(_row_problem(item, view.options, *problem))
            continue
        if before is not None:
            met[before.id] = item.row
        act = _act(item, before, view.options)
        rows.append((act, PlannedPerson(item.row, act, item, before)))
    kept = [planned.person for _, planned in rows]
    extras = {
        "new_roles": sorted({p.role for p in kept if p.role not in group_of}),
        "new_departments": sorted({p.department for p in kept if p.department not in has_department}),
    }
    return plan_of(reading, rows, problems, _decisions(rows), extras)


class _Known:
    """The people of the house a roster could mean."""

    def __init__(self, tx: Read, items: tuple[RosterPerson, ...]) -> None:
        found = people_matching(
            tx,
            staff_numbers={i.staff_number for i in items if i.staff_number is not None},
            emails={i.email for i in items if i.email is not None},
            nameless_keys={i.name for i in items if i.staff_number is None and i.email is None},
        )
        self.by_number = {p.staff_number.casefold(): p for p in found if p.staff_number is not None}
        self.by_email = {p.email: p for p in found if p.email is not None}
        self.by_name: dict[str, list[KnownPerson]] = {}
        for person in found:
            if person.staff_number is None and person.email is None:
                self.by_name.setdefault(person.name, []).append(person)

    def candidates(self, item: RosterPerson) -> list[KnownPerson]:
        """Whom the row can mean: by staff number, by e-mail, and by name only where there is neither."""
        found: dict[UUID, KnownPerson] = {}
        if item.staff_number is not None and (person := self.by_number.get(item.staff_number.casefold())):
            found[person.id] = person
        if item.email is not None and (person := self.by_email.get(item.email)):
            found[person.id] = person
        if item.staff_number is None and item.email is None:
            found |= {person.id: person for person in self.by_name.get(item.name, ())}
        return list(found.values())


def _problem(
    item: RosterPerson, candidates: list[KnownPerson], met: dict[UUID, int]
) -> tuple[str, str, str] | None:
    if len(candidates) > 1:
        names = " and ".join(person.name for person in candidates[:2])
        return "staff_number", "person_ambiguous", f"This row could mean {names}."
    if candidates and candidates[0].id in met:
        return "name", "person_twice", f"This is the same person as in row {met[candidates[0].id]}."
    return None


def _rank_problem(
    tx: Read, item: RosterPerson, before: KnownPerson | None, wanted: Group
) -> tuple[str, str, str] | None:
    current = None if before is None else Group(before.group)
    code = assignment_problem(tx.actor.group, current, wanted)
    return None if code is None else ("role", code, GRANT_MESSAGES[code])


def _act(item: RosterPerson, before: KnownPerson | None, options: ImportOptions) -> str:
    if before is None:
        return NEW
    if before.active and merged(item, before) == as_roster(before, item.row):
        return UNCHANGED
    return {"skip": SKIPPED, "overwrite": CHANGED}.get(options.existing, UNDECIDED)


def as_roster(person: KnownPerson, row: int) -> RosterPerson:
    """Somebody the house knows, as a roster would say it."""
    return RosterPerson(
        row,
        person.name,
        person.display_name,
        person.email,
        person.staff_number,
        person.role_name,
        person.department_name,
        person.shifts_per_week,
    )


def merged(item: RosterPerson, before: KnownPerson | None) -> RosterPerson:
    """What the person will be: the file's word where it has one, else what is known, else the usual."""
    if before is None:
        shifts = USUAL_SHIFTS if item.shifts_per_week is None else item.shifts_per_week
        return replace(item, shifts_per_week=shifts)
    old = as_roster(before, item.row)
    told = {
        name: value
        for name in ("display_name", "email", "staff_number", "shifts_per_week")
        if (value := getattr(item, name)) is not None
    }
    return replace(old, name=item.name, role=item.role, department=item.department, **told)


def _decisions(rows: list[tuple[str, PlannedPerson]]) -> list[FieldError]:
    waiting = sum(1 for act, _ in rows if act == UNDECIDED)
    if not waiting:
        return []
    message = f"{counted(waiting, 'known person differs', 'known people differ')}. Update or skip?"
    return [FieldError("existing", "undecided", message)]


def _row_problem(
    item: RosterPerson, options: ImportOptions, field: str, code: str, message: str
) -> RowProblem:
    index = options.columns.get(field)
    return RowProblem(item.row, "" if index is None else column_name(index), field, code, message, item.name)


def _departments(tx: Read, view: ImportView) -> list[DepartmentView]:
    house = main_location(tx) if view.location_id is None else location(tx, view.location_id)
    return departments(tx, location_id=house.id)


def _unknown(table: Table, index: int, known: list[str], length: int) -> list[str]:
    """The names in a column that the house has not, in their first spelling."""
    seen = {fold_for_search(name) for name in known}
    found = []
    for row in table.rows:
        cell = row.cells[index]
        if is_blank(cell):
            continue
        try:
            name = read_line(cell, length)
        except CellError:
            continue
        if fold_for_search(name) not in seen:
            seen.add(fold_for_search(name))
            found.append(name)
    return found
