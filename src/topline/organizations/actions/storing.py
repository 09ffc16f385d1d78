"""What storing a row with a name of its own has in common."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from topline.core.errors import Problem, not_found
from topline.core.transaction import Write


def store_named(tx: Write, statement: Any) -> None:
    """Insert or update one row. Raises 409 when its name is taken, 404 when there is no such row."""
    try:
        with tx.savepoint():
            touched = tx.change(statement)
    except IntegrityError as error:
        raise Problem("duplicate", "This name is already taken.") from error
    if touched != 1:
        raise not_found("row")
