"""Who the fuzzer is: one role of a furnished hotel at a real server, with credentials that are made anew when lost.

A fuzzer that signs out, revokes its own tablet or gives its own role away would from then on only see 401. So whoever
lost what the role may do moves into a new hotel.
"""

import os
from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from uuid import UUID

import httpx

from tests.factories import key_of, session_of
from tests.support.cast import Who
from tests.support.databases import LookingDatabase
from tests.support.furnished import Furnished, furnish
from tests.support.hotel import Hotel, Member
from topline.core.clock import SystemClock
from topline.core.transaction import Database

ROLES: Final = ("anonymous", "staff", "manager", "owner", "key", "tablet", "display")
#: Where the hooks find the server and the role; they run in the fuzzer's process.
SETTINGS: Final = ("FUZZ_URL", "FUZZ_DATABASE_URL", "FUZZ_ROLE")


@dataclass
class Remote:
    """A server in another process and the database under it."""

    url: str
    database: Database

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        return httpx.request(method, self.url + path, headers=headers, timeout=30, **more)


@dataclass(frozen=True)
class Credentials:
    """What a request of the role carries."""

    cookies: dict[str, str]
    bearer: str = ""

    @property
    def tokens(self) -> list[str]:
        return [*self.cookies.values(), *([self.bearer] if self.bearer else [])]


class Guest:
    """One role in a hotel of its own."""

    def __init__(self, remote: Remote, role: str) -> None:
        self._remote = remote
        self._names = count(1)
        self.role = role
        self.hotels = 0
        self.move()

    @classmethod
    def of_environment(cls) -> "Guest":
        url, database_url, role = (os.environ[name] for name in SETTINGS)
        return cls(Remote(url, LookingDatabase(database_url, SystemClock(), pool_size=1)), role)

    def move(self) -> None:
        """Into a new hotel, with new credentials."""
        self.hotels += 1
        name = f"Fuzzed {self.role} {os.getpid()} {next(self._names)}"
        self.things: Furnished = furnish(self._remote, name)
        self.credentials = self._sign_in(self.things.hotel)

    @property
    def ids(self) -> dict[str, UUID]:
        """An id of each thing there is, by the name a path or a body calls it."""
        return self.things.ids

    def _sign_in(self, hotel: Hotel) -> Credentials:
        database = self._remote.database
        tablet = {"topline_device": hotel.tablet.token}
        match self.role:
            case "anonymous":
                return Credentials({})
            case "tablet":
                return Credentials(tablet)
            case "display":
                return Credentials({"topline_display": hotel.display.token})
            case "key":
                return Credentials({}, key_of(database, _who(hotel, hotel.max)))
            case "staff":
                return Credentials({"topline_session": hotel.sam.token, **tablet})
        member = {"manager": hotel.max, "owner": hotel.olive}[self.role]
        return Credentials({"topline_session": session_of(database, _who(hotel, member))})


def _who(hotel: Hotel, member: Member) -> Who:
    group = member.actor.group
    assert group is not None
    place = (member.role_id, member.department_id)
    return Who(hotel.organization_id, member.id, member.name, member.name, None, group, *place)
