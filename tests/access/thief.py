"""A thief with a copy of the database, who has read the source and knows how Topline hashes a PIN."""

import base64
import hashlib
import hmac
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from uuid import UUID

import bcrypt
from sqlalchemy import make_url

from tests.support.servers import PostgresServer

#: What goes into bcrypt for a person and a PIN.
Input = Callable[[UUID, str], bytes]
EVERY_PIN: Final = tuple(f"{value:04}" for value in range(10_000))
#: As pg_dump writes the rows of a table.
_ROWS: Final = re.compile(
    r"^COPY public\.pins \(([^)]*)\) FROM stdin;\n(.*?)^\\\.$", re.DOTALL | re.MULTILINE
)


def keyed(pepper: bytes) -> Input:
    """As Topline does it, with this pepper."""
    return lambda who, pin: _short(hmac.new(pepper, f"{who}:{pin}".encode(), hashlib.sha256).digest())


def _short(digest: bytes) -> bytes:
    return base64.b64encode(digest)


#: Everything a thief without the pepper can put in its place.
WITHOUT_PEPPER: Final[Mapping[str, Input]] = {
    "the PIN": lambda _who, pin: pin.encode(),
    "person and PIN": lambda who, pin: f"{who}:{pin}".encode(),
    "SHA-256 of person and PIN": lambda who, pin: _short(hashlib.sha256(f"{who}:{pin}".encode()).digest()),
    "HMAC, an empty pepper": keyed(b""),
    "HMAC, another pepper": keyed(b"another pepper of thirty-two bytes"),
}


def dump_of(server: PostgresServer, url: str, to: Path) -> Path:
    """What `pg_dump` says of a PostgreSQL database."""
    whole = server.admin_url(url.rpartition("/")[2])
    subprocess.run(
        [server.programs / "pg_dump", "--dbname", whole, "--file", to], check=True, capture_output=True
    )
    return to


def copy_of(url: str, to: Path) -> Path:
    """The file of a SQLite database with its write-ahead log, as they lie there while the house works."""
    path = Path(str(make_url(url).database))
    shutil.copyfile(path, to)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        shutil.copyfile(log, to.with_name(to.name + "-wal"))
    return to


def hashes_in(stolen: Path) -> dict[UUID, str]:
    """Whose PIN has which hash."""
    if stolen.read_bytes().startswith(b"SQLite format 3"):
        connection = sqlite3.connect(stolen)
        try:
            rows = connection.execute("SELECT person_id, pin_hash FROM pins").fetchall()
        finally:
            connection.close()
        return {UUID(hex=who): stored for who, stored in rows}
    found = _ROWS.search(stolen.read_text())
    assert found is not None
    names = found[1].split(", ")
    who, stored = names.index("person_id"), names.index("pin_hash")
    split = (line.split("\t") for line in found[2].splitlines())
    return {UUID(fields[who]): fields[stored] for fields in split}


def crack(
    made: Input, hashes: Mapping[UUID, str], candidates: Callable[[UUID], Iterable[str]]
) -> dict[UUID, str]:
    """The PINs that bcrypt itself finds among the candidates. Both cores work: bcrypt lets go of the interpreter."""

    def search(who: UUID) -> str | None:
        stored = hashes[who].encode()
        return next((pin for pin in candidates(who) if bcrypt.checkpw(made(who, pin), stored)), None)

    with ThreadPoolExecutor(2) as pool:
        found = zip(hashes, pool.map(search, hashes), strict=True)
        return {who: pin for who, pin in found if pin is not None}
