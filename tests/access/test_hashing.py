"""Hashing: what is stored tells nothing without the pepper, and old hashes still open."""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import bcrypt
import pytest
from argon2 import PasswordHasher

from topline.access import hashing
from topline.access.hashing import Hasher, HashingBusy, PepperMissing

ANA, BEN = UUID(int=1), UUID(int=2)
OLD, NEW = b"old pepper, long enough to be one" * 2, b"new pepper, long enough to be one" * 2
CHEAP = 4


@pytest.fixture
def hasher() -> Iterator[Hasher]:
    made = Hasher({1: OLD, 2: NEW}, 2, CHEAP, 2)
    yield made
    made.close()


def test_a_pin_opens_for_its_person_only(hasher: Hasher) -> None:
    stored, version = hasher.hash_pin(ANA, "8317")
    assert version == 2
    assert hashing.is_pin_hash(stored)
    assert "8317" not in stored
    assert hasher.verify_pin(ANA, "8317", stored, version)
    assert not hasher.verify_pin(ANA, "8318", stored, version)
    assert not hasher.verify_pin(BEN, "8317", stored, version)


def test_the_hash_alone_does_not_give_the_pin_away(hasher: Hasher) -> None:
    """A thief with the algorithm but another pepper finds nothing; with the pepper the same search finds it."""
    stored, _ = hasher.hash_pin(ANA, "0042")
    guesses = [f"{number:04}" for number in range(60)]
    thief = Hasher({2: b"a guess at the pepper, long enough"}, 2, CHEAP, 1)
    assert [pin for pin in guesses if thief.verify_pin(ANA, pin, stored, 2)] == []
    assert [pin for pin in guesses if hasher.verify_pin(ANA, pin, stored, 2)] == ["0042"]
    thief.close()


def test_a_hash_of_the_old_pepper_opens_and_asks_to_be_renewed(hasher: Hasher) -> None:
    before = Hasher({1: OLD}, 1, CHEAP, 1)
    stored, version = before.hash_pin(ANA, "8317")
    before.close()
    assert hasher.verify_pin(ANA, "8317", stored, version)
    assert hasher.pin_needs_rehash(stored, version)
    renewed, newer = hasher.hash_pin(ANA, "8317")
    assert not hasher.pin_needs_rehash(renewed, newer)


def test_another_cost_asks_to_be_renewed(hasher: Hasher) -> None:
    dearer = Hasher({2: NEW}, 2, CHEAP + 1, 1)
    stored, version = dearer.hash_pin(ANA, "8317")
    dearer.close()
    assert hasher.pin_needs_rehash(stored, version)


def test_a_missing_pepper_is_the_operators_mistake_not_a_wrong_pin(hasher: Hasher) -> None:
    stored, _ = hasher.hash_pin(ANA, "8317")
    with pytest.raises(PepperMissing, match="version 7"):
        hasher.verify_pin(ANA, "8317", stored, 7)
    with pytest.raises(PepperMissing, match="version 3"):
        Hasher({1: OLD}, 3, CHEAP, 1)


@pytest.mark.parametrize(
    "stored", ["", "8317", "$2b$04$short", "not a hash at all", "ü" * 60, "$2b$04$" + "\x00" * 53]
)
def test_a_value_that_is_no_hash_opens_for_nobody(hasher: Hasher, stored: str) -> None:
    assert not hasher.verify_pin(ANA, "8317", stored, 2)


def test_the_setup_is_checked() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Hasher({1: b"short"}, 1, CHEAP, 1)
    with pytest.raises(ValueError, match="one thread or two"):
        Hasher({1: OLD}, 1, CHEAP, 3)


def test_a_password_opens_however_the_keyboard_composed_it(hasher: Hasher) -> None:
    stored = hasher.hash_password("café-lantern-9")
    assert stored.startswith("$argon2id$")
    assert hasher.verify_password("cafe\u0301-lantern-9", stored) == (True, False)
    assert hasher.verify_password("cafe-lantern-9", stored) == (False, False)


def test_a_weaker_argon2_hash_asks_to_be_renewed(hasher: Hasher) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("vexing lantern")
    assert hasher.verify_password("vexing lantern", weak) == (True, True)
    assert hasher.verify_password("another", weak) == (False, False)


@pytest.mark.parametrize("prefix", [b"2a", b"2b", b"2y"])
def test_a_bcrypt_hash_of_the_earlier_prototype_opens_and_asks_to_be_renewed(
    hasher: Hasher, prefix: bytes
) -> None:
    stored = (
        bcrypt.hashpw(b"vexing lantern", bcrypt.gensalt(CHEAP))
        .replace(b"$2b$", b"$" + prefix + b"$")
        .decode()
    )
    assert hasher.verify_password("vexing lantern", stored) == (True, True)
    assert hasher.verify_password("wrong", stored) == (False, False)


def test_a_long_legacy_password_opens_although_the_library_now_refuses_its_length(hasher: Hasher) -> None:
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(CHEAP)).decode()
    assert hasher.verify_password("x" * 100, stored) == (True, True)


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken", "$2b$broken", "ü"])
def test_a_damaged_password_hash_opens_for_nobody(hasher: Hasher, stored: str) -> None:
    assert hasher.verify_password("plain", stored) == (False, False)


def test_tokens_are_hashed_to_32_bytes() -> None:
    assert hashing.hash_token("tl_key_x") == hashlib.sha256(b"tl_key_x").digest()
    assert len(hashing.hash_token("\udcff")) == 32


def test_an_unknown_person_costs_one_hash_in_the_pool(
    hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[int] = []
    threads: set[str] = set()
    real = bcrypt.hashpw

    def counting(password: bytes, salt: bytes) -> bytes:
        costs.append(int(salt[4:6]))
        threads.add(threading.current_thread().name)
        return real(password, salt)

    monkeypatch.setattr(bcrypt, "hashpw", counting)
    hasher.verify_nobody()
    hasher.verify_no_password()
    assert costs == [CHEAP]
    assert all(name.startswith("hashing") for name in threads)


def test_never_more_than_the_given_threads_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()
    real = bcrypt.hashpw

    def watched(password: bytes, salt: bytes) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return real(password, salt)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(bcrypt, "hashpw", watched)
    hasher = Hasher({1: OLD}, 1, CHEAP, 2)
    with ThreadPoolExecutor(12) as callers:
        hashes = list(callers.map(lambda number: hasher.hash_pin(UUID(int=number), "8317")[0], range(40)))
    hasher.close()
    assert len(set(hashes)) == 40
    assert most <= 2


def test_a_queue_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_WAITING", 1)
    hasher = Hasher({1: OLD}, 1, CHEAP, 1)
    started, release = threading.Event(), threading.Event()

    def slow(password: bytes, salt: bytes) -> bytes:
        started.set()
        release.wait(5)
        return b"$2b$04$" + b"a" * 53

    monkeypatch.setattr(bcrypt, "hashpw", slow)
    with ThreadPoolExecutor(1) as callers:
        first = callers.submit(hasher.hash_pin, ANA, "8317")
        assert started.wait(5)
        with pytest.raises(HashingBusy):
            hasher.hash_pin(BEN, "8317")
        release.set()
        assert first.result()[1] == 1
    hasher.hash_pin(BEN, "8317")
    hasher.close()
