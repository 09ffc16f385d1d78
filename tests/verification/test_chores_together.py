"""Every process has the chores: at the same moment they do the work once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from tests.support.hotel import Hotel
from tests.verification.make import make_logs, statuses
from topline.core.transaction import Database
from topline.logbook.models import LogEvent
from topline.verification.chores import expire_everywhere

PROCESSES = 4
LOGS = 40


def test_logs_expire_once_however_many_processes_look(database: Database, hotel: Hotel) -> None:
    ids = make_logs(database, hotel, hotel.sam, LOGS, at=database.clock.now() - timedelta(days=8))
    ready = threading.Barrier(PROCESSES)

    def process(_: int) -> int:
        other = Database(database.url, database.clock, pool_size=2)
        try:
            ready.wait()
            return expire_everywhere(other)
        finally:
            other.close()

    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(process, range(PROCESSES)))
    assert set(statuses(database, ids)) == {"expired"}
    with database.read(hotel.olive.actor) as tx:
        entries = tx.execute(select(func.count()).select_from(LogEvent).where(LogEvent.act == "expired"))
        assert entries.scalar_one() == LOGS
