"""The program with every filter by organization taken out of its SQL: what is left between two hotels then?"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import event

from tests.support.apps import Running
from topline.core.transaction import Database

_VALUE: Final = r"(?:\?|%\(\w+\)s(?:::UUID)?)"
_FILTER: Final = re.compile(
    rf"(?P<left>\b\w+\.organization_id|\borganizations\.id) = (?P<value>{_VALUE})(?!\w)"
)


def without_filters(sql: str) -> str:
    """The statement with `people.organization_id = ?` made `? IS NOT NULL`, wherever it stands."""
    return _FILTER.sub(lambda match: f"{match['value']} IS NOT NULL", sql)


@contextmanager
def unfiltered(house: Running) -> Iterator[None]:
    """While it is open, no statement of the program names its hotel."""
    db: Database = house.app.litestar.state.services.db
    engines = {db.reader, db.writer, *([db._single] if db._single else [])}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", _rewrite, retval=True)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", _rewrite)


def _rewrite(_conn: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> tuple[str, Any]:
    return without_filters(sql), parameters
