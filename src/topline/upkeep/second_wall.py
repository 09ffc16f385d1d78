"""Says at the start of a process when PostgreSQL would show more than a transaction asked for."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from topline.core.row_security import inspect_wall
from topline.core.transaction import Database

log = structlog.get_logger("upkeep")


def warn_if_open(db: Database) -> None:
    """One line in the log with what is wrong and what to do. Nothing is refused: every statement has its own filter."""
    try:
        with db.reader.connect() as connection:
            wall = inspect_wall(connection)
    except SQLAlchemyError:
        return  # readiness tells of a database that does not answer
    if wall is None:
        return
    trouble = wall.trouble or ("" if db.row_security else "TOPLINE_ROW_SECURITY is off")
    if trouble:
        log.warning("row_security_open", trouble=trouble)
