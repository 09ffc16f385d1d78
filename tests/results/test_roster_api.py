"""Imports of the staff roster: people are added and changed as by hand, and all of it can be taken back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from tests.results.make import House, csv_of, xlsx_of
from topline.people.models import Person

ROSTER = ("staff_number", "name", "display_name", "email", "role", "department", "shifts_per_week")


def row(number: str, name: str, role: str = "Bartender", department: str = "Bar", **more: str) -> list[Any]:
    return [
        number,
        name,
        more.get("shown", ""),
        more.get("email", ""),
        role,
        department,
        more.get("shifts", ""),
    ]


def roster(house: House, *rows: Sequence[Any], who: Any = None, make: Any = csv_of) -> dict[str, Any]:
    answer = house.upload(make(rows, ROSTER), kind="roster", who=who, name="roster.csv")
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def people(house: House) -> list[Any]:
    """Everybody of the house, whatever a roster can say of them."""
    with house.database.read(house.cast.olga.actor) as tx:
        query = select(
            Person.name,
            Person.display_name,
            Person.email,
            Person.staff_number,
            Person.role_id,
            Person.department_id,
            Person.shifts_per_week,
            Person.active,
        ).where(Person.organization_id == house.cast.organization_id)
        return sorted(tx.execute(query), key=lambda person: person.name)


def test_people_are_added_updated_and_taken_back(house: House) -> None:
    found = roster(
        house, row("B-1", "Bo Barback"), row("B-2", "Cy Cellar", shifts="3", email="Cy@House.invalid")
    )
    assert (found["preview"]["ready"], found["counts"]["new"]) == (True, 2)
    before = people(house)
    assert house.commit(found).status_code == 200
    added = {p.name: p for p in people(house)}
    assert (added["Bo Barback"].display_name, added["Bo Barback"].shifts_per_week) == ("Bo", 5)
    assert (added["Cy Cellar"].email, added["Cy Cellar"].shifts_per_week) == ("cy@house.invalid", 3)
    second = roster(
        house, row("b-1", "Bo Barback", shown="Bobby", role="Front desk agent", department="Front desk")
    )
    assert [d["field"] for d in second["preview"]["decisions"]] == ["existing"]
    between = people(house)
    assert house.commit(house.choose(second, existing="overwrite").json()).status_code == 200
    changed = {p.name: p for p in people(house)}["Bo Barback"]
    assert (changed.display_name, changed.role_id, changed.department_id, changed.shifts_per_week) == (
        "Bobby",
        house.cast.front_desk_role_id,
        house.cast.front_desk_id,
        5,
    )
    assert house.undo(second).status_code == 200
    assert people(house) == between
    assert house.undo(found).status_code == 200
    assert [p for p in people(house) if p.active] == before
    assert {p.name for p in people(house) if not p.active} == {"Bo Barback", "Cy Cellar"}


def test_the_same_roster_again_changes_nothing_and_a_leaver_comes_back(house: House) -> None:
    rows = (row("B-1", "Bo Barback"), row("", "Nameless Numberless"))
    house.commit(roster(house, *rows))
    again = roster(house, *rows)
    assert (again["counts"]["unchanged"], again["preview"]["decisions"][0]["code"]) == (
        2,
        "nothing_to_import",
    )
    left = next(p for p in house.call(house.cast.mina, "GET", "/api/users?search=Barback").json()["items"])
    house.call(house.cast.mina, "POST", f"/api/users/{left['id']}/deactivate")
    back = house.choose(roster(house, *rows), existing="overwrite").json()
    assert back["counts"]["changed"] == 1
    assert house.commit(back).status_code == 200
    assert {p.name: p.active for p in people(house)}["Bo Barback"] is True
    assert house.undo(back).status_code == 200
    assert {p.name: p.active for p in people(house)}["Bo Barback"] is False


def test_somebody_is_found_by_e_mail_where_there_is_no_number(house: House) -> None:
    found = roster(house, row("M-7", "Mina M. Manager", "Manager", "Front desk", email="mina@house.invalid"))
    assert found["counts"]["undecided"] == 1
    house.commit(house.choose(found, existing="overwrite").json())
    mina = next(p for p in people(house) if p.email == "mina@house.invalid")
    assert (mina.name, mina.staff_number, mina.display_name) == ("Mina M. Manager", "M-7", "Mina")


def test_unknown_roles_and_departments_are_added_only_when_an_owner_says_so(house: House) -> None:
    rows = (row("P-1", "Pia Pool", "Lifeguard", "Pool"),)
    found = roster(house, *rows)
    codes = {p["code"] for p in found["preview"]["problems"]["items"]}
    assert codes == {"role_unknown", "department_unknown"}
    refused = house.choose(found, create_roles=True, create_departments=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    ready = house.choose(found, who=house.cast.olga, create_roles=True, create_departments=True).json()
    assert (ready["preview"]["new_roles"], ready["preview"]["new_departments"]) == (["Lifeguard"], ["Pool"])
    assert house.commit(ready, who=house.cast.olga).status_code == 200
    roles = house.call(house.cast.olga, "GET", "/api/roles").json()["items"]
    assert [(r["group"], r["type"]) for r in roles if r["name"] == "Lifeguard"] == [("staff", "CUSTOM")]
    assert "Pia Pool" in {p.name for p in people(house)}


def test_nobody_is_raised_above_the_importer(house: House) -> None:
    found = roster(
        house,
        row("X-1", "Ambitious Manager", "Owner", "Bar"),
        row("", "Olga Owner", "Bartender", "Bar", email="olga@house.invalid"),
    )
    codes = [p["code"] for p in found["preview"]["problems"]["items"]]
    assert codes == ["group_above_own", "person_above_own"]
    assert house.commit(found).status_code == 409


def test_a_row_that_could_mean_two_people_is_a_mistake(house: House) -> None:
    house.commit(roster(house, row("B-1", "Bo Barback"), row("B-2", "Cy Cellar", email="cy@house.invalid")))
    found = roster(house, row("B-1", "Who Is This", email="cy@house.invalid"))
    assert [p["code"] for p in found["preview"]["problems"]["items"]] == ["person_ambiguous"]
    twice = roster(house, row("B-2", "Cy Cellar"), row("", "Cy Cellar", email="cy@house.invalid"))
    assert [p["code"] for p in twice["preview"]["problems"]["items"]] == ["person_twice"]


def test_a_formula_for_a_name_is_refused_in_both_kinds_of_file(house: House) -> None:
    evil = row("B-9", "=cmd|'/c calc'!A1")
    found = roster(house, evil)
    assert [(p["row"], p["column"], p["code"]) for p in found["preview"]["problems"]["items"]] == [
        (2, "B", "looks_like_formula")
    ]
    export = house.call(house.cast.mina, "GET", f"/api/imports/{found['id']}/problems").text
    assert ",'=cmd|" in export
    book = roster(house, row("B-9", "@SUM(A1)"), make=xlsx_of)
    assert book["counts"]["bad"] == 1


def test_an_undo_is_refused_when_somebody_was_changed_since(house: House) -> None:
    found = roster(house, row("B-1", "Bo Barback"), row("B-2", "Cy Cellar"))
    house.commit(found)
    items = house.call(house.cast.mina, "GET", "/api/users?search=Cellar").json()["items"]
    body = {"name": "Cy Renamed", "role_id": items[0]["role_id"], "department_id": items[0]["department_id"]}
    assert house.call(house.cast.mina, "PUT", f"/api/users/{items[0]['id']}", json=body).status_code == 200
    refused = house.undo(found).json()
    assert (refused["code"], [e["field"] for e in refused["errors"]]) == ("import_not_undoable", ["rows.3"])
    assert {p.name: p.active for p in people(house)}["Bo Barback"] is True


def test_nothing_is_written_when_one_person_cannot_be(house: House) -> None:
    """A colleague takes the e-mail address between preview and commit: seen again, decided again."""
    found = roster(house, row("B-1", "Bo Barback"), row("B-2", "Cy Cellar", email="new@house.invalid"))
    body = {
        "name": "New Person",
        "email": "new@house.invalid",
        "role_id": str(house.cast.bartender_role_id),
        "department_id": str(house.cast.bar_id),
    }
    assert house.call(house.cast.mina, "POST", "/api/users", json=body).status_code == 201
    before = people(house)
    assert house.commit(found).json()["code"] == "import_blocked"
    assert people(house) == before
