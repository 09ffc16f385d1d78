"""What the tables themselves promise: no row joins two hotels, and what grows is found by an index."""

from collections.abc import Iterator

from sqlalchemy import Float, Numeric, Table, UniqueConstraint

from topline.tables import metadata

#: Tables of the installation, not of one hotel.
SHARED = {
    "installation": "which organization was set up first",
    "organizations": "the hotels themselves",
    "sign_in_failures": "failures are counted before anybody knows whose they are",
    "spent_tickets": "random ids of tickets that were used; nothing in them belongs to a hotel",
}
#: Columns that name a row without a foreign key. All are written by the program, never taken from a request.
TOLD = {
    "audit_events.actor_id": "who did it, a person or a device, also when they are gone",
    "audit_events.subject_id": "a row of whatever kind, also when it is gone",
    "audit_seals.event_id": "shows that an event was deleted, which a foreign key would hide",
    "behavior_logs.decided_by": "who decided, taken from the session",
    "behavior_logs.device_id": "the tablet of the session, kept when the tablet is gone",
    "behavior_logs.sign_in_id": "the session itself, kept when sessions are tidied up",
    "daily_entries.updated_by": "who wrote it, taken from the session",
    "decision_batches.created_by": "who decided, taken from the session",
    "devices.created_by": "who made it, taken from the session",
    "devices.department_id": "checked against the house's departments when the code is made",
    "enrollment_codes.created_by": "who made it, taken from the session",
    "enrollment_codes.department_id": "checked against the house's departments when the code is made",
    "enrollment_codes.device_id": "the tablet the code was used for",
    "evidence.created_by": "who took the photo, taken from the session",
    "import_changes.subject_id": "a day or a person, also when the import was undone",
    "imports.created_by": "who uploaded it, taken from the session",
    "imports.location_id": "checked against the house's locations when the file is read",
    "installation.organization_id": "taken before the organization's own row is written",
    "log_events.actor_id": "who did it, also when they are gone",
    "log_events.batch_id": "the bulk decision it came from",
    "password_links.created_by": "who made it, taken from the session",
    "sign_in_refusals.device_id": "the tablet of the request",
    "sign_ins.device_id": "the tablet of the request; a session outlives its tablet in the history",
}
#: Other columns that end alike.
NO_ROW = {
    "audit_events.request_id",
    "authenticators.key_id",
    "log_events.request_id",
    "passkeys.credential_id",
}
#: Foreign keys without an index of their own. Nobody looks these tables through from that side.
NOT_LOOKED_THROUGH = {
    ("api_keys", "people"): "a house has some dozens of keys",
    ("behavior_logs", "behaviors"): "logs are looked for by person, by day and by what waits",
    ("behavior_logs", "locations"): "logs are looked for by person, by day and by what waits",
    ("day_totals", "behaviors"): "totals are added up by day and by person",
    ("devices", "locations"): "a house has some dozens of devices",
    ("enrollment_codes", "locations"): "codes are gone after a day",
    ("people", "roles"): "a house has some hundreds of people",
}


def test_every_table_belongs_to_a_hotel_or_says_why_not() -> None:
    found = {
        table.name for table in metadata.sorted_tables if "organization_id" not in table.primary_key.columns
    }
    assert found == SHARED.keys()


def test_no_foreign_key_leads_into_another_hotel() -> None:
    shared = [
        f"{table.name} -> {key.referred_table.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name not in SHARED and "organization_id" not in key.column_keys
    ]
    assert shared == []


def test_what_names_a_row_points_to_it_or_says_why_not() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(("_id", "_by"))
        and not column.primary_key
        and column.name not in _pointing(table)
    }
    assert found == TOLD.keys() | NO_ROW


def test_deleting_a_row_takes_no_other_with_it() -> None:
    """History stays: somebody who left, a behavior that is off, a tablet that is gone."""
    taking = [
        f"{table.name} -> {key.referred_table.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.ondelete is not None
    ]
    assert taking == []


def test_what_points_to_a_row_is_found_by_an_index_or_says_why_not() -> None:
    found = set()
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            columns = set(key.column_keys)
            if not any(columns <= set(index[: len(columns)]) for index in _indexes(table)):
                found.add((table.name, key.referred_table.name))
    assert found == NOT_LOOKED_THROUGH.keys()


def test_no_column_holds_a_fraction() -> None:
    """Money is whole minor units, shares are basis points: nothing that adds up is a float."""
    fractions = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Float | Numeric)
    ]
    assert fractions == []


def _pointing(table: Table) -> set[str]:
    return {name for key in table.foreign_key_constraints for name in key.column_keys}


def _indexes(table: Table) -> Iterator[list[str]]:
    yield [column.name for column in table.primary_key.columns]
    for index in table.indexes:
        yield [column.name for column in index.columns]
    for unique in table.constraints:
        if isinstance(unique, UniqueConstraint):
            yield [column.name for column in unique.columns]
