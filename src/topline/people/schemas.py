"""JSON shapes of people and roles."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from topline.people.rules import RoleType
from topline.web.schemas import Input, Output

PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=100, examples=["Mara Sample"])]


class PersonIn(Input):
    """Somebody who works here."""

    name: PersonName
    role_id: UUID
    department_id: UUID
    display_name: Annotated[
        str,
        msgspec.Meta(
            max_length=40, description="On tiles and the wall; empty: the first name", examples=["Mara"]
        ),
    ] = ""
    email: Annotated[str, msgspec.Meta(max_length=254, examples=["mara@example.test"])] | None = None
    staff_number: Annotated[str, msgspec.Meta(max_length=30, examples=["F-017"])] | None = None
    shifts_per_week: Annotated[
        int,
        msgspec.Meta(ge=0, le=14, description="What targets and adoption are worked out from", examples=[5]),
    ] = 5
    wall_opt_out: Annotated[bool, msgspec.Meta(description="Never named on the wall")] = False


class PersonChange(PersonIn):
    """Somebody as they should be from now on."""

    version: Annotated[
        int | None, msgspec.Meta(description="The version that was read; a newer one is a 409")
    ] = None


class PersonOut(Output):
    """Somebody who works here, with the names of role and department."""

    id: UUID
    name: PersonName
    display_name: str
    email: str | None
    staff_number: str | None
    role_id: UUID
    role_name: str
    group: Annotated[str, msgspec.Meta(description="`admin`, `manager` or `staff`", examples=["staff"])]
    department_id: UUID
    department_name: str
    shifts_per_week: int
    wall_opt_out: bool
    active: bool
    version: int


class RoleIn(Input):
    """A new role."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=50, examples=["Night porter"])]
    group: Annotated[
        Literal["admin", "manager", "staff"], msgspec.Meta(description="Decides what the role may do")
    ]
    type: Annotated[RoleType, msgspec.Meta(description="Decides which behaviors are suggested")] = "CUSTOM"


class RolePatch(Input):
    """What to change of a role. The group of a role never changes; make another role instead."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=50)] | None = None
    type: RoleType | None = None
    active: bool | None = None


class RoleOut(Output):
    """A role."""

    id: UUID
    name: str
    group: str
    type: str
    active: bool
    people: Annotated[int, msgspec.Meta(description="Active people who have it", examples=[12])]


class RoleList(Output):
    """Every role of the house."""

    items: list[RoleOut]
