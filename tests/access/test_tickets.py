"""Tickets between two steps: signed, for one purpose, for a while; and what seals an authenticator's secret."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from topline.access.sealing import Seal, SealBroken, Sealed
from topline.access.tickets import Tickets
from topline.core.ids import new_id
from topline.core.peppers import Peppers

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LIFE = timedelta(minutes=10)
OLD, NEW, FOREIGN = b"o" * 32, b"n" * 32, b"f" * 32
FRED, BELLA = UUID(int=1), UUID(int=2)


def tickets(*keys: bytes) -> Tickets:
    return Tickets(lambda: keys)


def test_a_ticket_says_what_was_written_on_it() -> None:
    person = new_id()
    read = tickets(NEW).read("a", tickets(NEW).issue("a", NOW, LIFE, person=str(person)), NOW)
    assert read is not None
    assert (read.uuid("person"), read.ends_at) == (person, NOW + LIFE)


def test_no_two_tickets_are_alike() -> None:
    issued = {tickets(NEW).issue("a", NOW, LIFE) for _ in range(50)}
    read = [tickets(NEW).read("a", text, NOW) for text in issued]
    assert len({ticket.id for ticket in read if ticket}) == 50


def test_it_is_over_when_its_time_is_up() -> None:
    text = tickets(NEW).issue("a", NOW, LIFE)
    assert tickets(NEW).read("a", text, NOW + LIFE - timedelta(seconds=1)) is not None
    assert tickets(NEW).read("a", text, NOW + LIFE) is None


def test_it_serves_one_purpose() -> None:
    assert tickets(NEW).read("b", tickets(NEW).issue("a", NOW, LIFE), NOW) is None


@pytest.mark.parametrize("text", ["", "nonsense", "e30.x", "a.b.c", "é", "x" * 5000])
def test_what_is_no_ticket_counts_nothing(text: str) -> None:
    assert tickets(NEW).read("a", text, NOW) is None


def test_an_altered_ticket_counts_nothing() -> None:
    text = tickets(NEW).issue("a", NOW, LIFE, person="x")
    for place in range(0, len(text), 7):
        other = "A" if text[place] != "A" else "B"
        assert tickets(NEW).read("a", text[:place] + other + text[place + 1 :], NOW) is None


def test_a_key_can_be_replaced_while_tickets_are_on_their_way() -> None:
    before = tickets(OLD).issue("a", NOW, LIFE)
    both = tickets(NEW, OLD)
    assert both.read("a", before, NOW) is not None
    assert tickets(NEW).read("a", both.issue("a", NOW, LIFE), NOW) is not None
    assert tickets(NEW).read("a", before, NOW) is None
    assert both.read("a", tickets(FOREIGN).issue("a", NOW, LIFE), NOW) is None


def test_the_keys_are_asked_for_each_time() -> None:
    present = [OLD]
    living = Tickets(lambda: present)
    text = living.issue("a", NOW, LIFE)
    present[:] = [NEW]
    assert living.read("a", text, NOW) is None


def test_a_short_key_signs_nothing() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        tickets(b"short").issue("a", NOW, LIFE)


def seal(*peppers: bytes) -> Seal:
    """With these versions, the current one first; the oldest is version 1."""
    versions = {OLD: 1, NEW: 2}
    return Seal(lambda: Peppers({versions[pepper]: pepper for pepper in peppers}, versions[peppers[0]]))


def test_what_was_sealed_can_be_opened() -> None:
    sealed = seal(NEW).close(FRED, b"secret")
    assert "secret" not in sealed.text
    assert seal(NEW).open(FRED, sealed) == b"secret"
    assert seal(NEW).close(FRED, b"secret") != sealed


def test_it_opens_for_its_person_only() -> None:
    with pytest.raises(SealBroken):
        seal(NEW).open(BELLA, seal(NEW).close(FRED, b"secret"))


def test_without_its_pepper_it_stays_closed() -> None:
    sealed = seal(OLD).close(FRED, b"secret")
    with pytest.raises(SealBroken):
        seal(NEW).open(FRED, sealed)
    assert seal(NEW, OLD).open(FRED, sealed) == b"secret"
    assert seal(NEW, OLD).is_stale(sealed)
    assert not seal(OLD, NEW).is_stale(sealed)


@pytest.mark.parametrize("text", ["", "AAAA", "é", "not base64!"])
def test_what_is_damaged_stays_closed(text: str) -> None:
    with pytest.raises(SealBroken):
        seal(NEW).open(FRED, Sealed(text, seal(NEW).close(FRED, b"x").key_id))
