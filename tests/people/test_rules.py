"""Who may give which role."""

from uuid import UUID

import pytest

from topline.core.permissions import Group
from topline.people import rules


@pytest.mark.parametrize(
    ("actor", "current", "wanted", "problem"),
    [
        (Group.ADMIN, Group.ADMIN, Group.STAFF, None),
        (Group.ADMIN, None, Group.ADMIN, None),
        (Group.MANAGER, None, Group.MANAGER, None),
        (Group.MANAGER, Group.STAFF, Group.MANAGER, None),
        (Group.MANAGER, Group.STAFF, Group.ADMIN, "group_above_own"),
        (Group.MANAGER, Group.ADMIN, Group.STAFF, "person_above_own"),
        (Group.STAFF, Group.STAFF, Group.STAFF, "grants_nothing"),
        (None, Group.ADMIN, Group.STAFF, None),
    ],
)
def test_nobody_grants_above_the_own_group(
    actor: Group | None, current: Group | None, wanted: Group, problem: str | None
) -> None:
    assert rules.assignment_problem(actor, current, wanted) == problem
    assert problem is None or problem in rules.GRANT_MESSAGES


def test_the_last_admin_stays() -> None:
    one, two, other = UUID(int=1), UUID(int=2), UUID(int=3)
    assert rules.leaves_no_admin([one], [one])
    assert rules.leaves_no_admin([one, two], [two, one])
    assert not rules.leaves_no_admin([one, two], [one])
    assert not rules.leaves_no_admin([one], [other])
    assert not rules.leaves_no_admin([], [other])
