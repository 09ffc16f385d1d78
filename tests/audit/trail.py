"""What the tests of the chain share."""

from tests.support.hotel import Hotel
from topline.audit.rules import Head
from topline.audit.verify import Report, verify
from topline.core.transaction import Database

#: Links of the fixture `trail`.
LINKS = 6


def check(database: Database, hotel: Hotel, *noted: Head) -> Report:
    with database.read(hotel.olive.actor) as tx:
        return verify(tx, noted)
