"""Exceptions from the house rules. Each says why; each must still be needed."""

from tests.house.repo import Allowed

ALLOWED: tuple[Allowed, ...] = ()
