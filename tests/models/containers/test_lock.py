"""The lock: only the passphrase opens what was sealed, and nothing of it can be changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.containers.lock import SALT, TAG, Lock, WrongKey

LOCK = Lock.of("correct horse", bytes(range(SALT)))


@given(st.binary(max_size=300), st.integers(0, 2**64 - 1))
@settings(max_examples=50, deadline=None)
def test_what_was_sealed_can_be_opened(message: bytes, number: int) -> None:
    sealed = LOCK.seal(number, message)
    assert len(sealed) == len(message) + TAG
    assert LOCK.open(number, sealed) == message


def test_the_key_is_that_of_scrypt() -> None:
    import hashlib

    salt = bytes(range(SALT))
    expected = hashlib.scrypt(
        b"correct horse", salt=salt, n=1 << 15, r=8, p=1, dklen=32, maxmem=1 << 26
    )
    assert LOCK.key == expected


@pytest.mark.parametrize("words", ["Correct horse", "correct horse ", "x"])
def test_another_passphrase_opens_nothing(words: str) -> None:
    with pytest.raises(WrongKey):
        Lock.of(words, LOCK.salt).open(1, LOCK.seal(1, b"the photo"))


def test_nor_the_same_with_another_salt_or_number() -> None:
    sealed = LOCK.seal(1, b"the photo")
    with pytest.raises(WrongKey):
        Lock.of("correct horse", bytes(SALT)).open(1, sealed)
    with pytest.raises(WrongKey):
        LOCK.open(2, sealed)


@pytest.mark.parametrize("place", range(len(b"the photo") + TAG))
def test_a_changed_bit_is_seen(place: int) -> None:
    sealed = bytearray(LOCK.seal(1, b"the photo"))
    sealed[place] ^= 1
    with pytest.raises(WrongKey):
        LOCK.open(1, bytes(sealed))


def test_so_is_a_message_cut_short() -> None:
    with pytest.raises(WrongKey):
        LOCK.open(1, LOCK.seal(1, b"the photo")[:-1])
    with pytest.raises(WrongKey):
        LOCK.open(1, b"")


def test_letters_may_be_typed_in_either_way() -> None:
    composed, decomposed = "schl\u00f6sser", "schlo\u0308sser"
    assert Lock.of(composed, LOCK.salt) == Lock.of(decomposed, LOCK.salt)


def test_every_export_has_a_salt_of_its_own() -> None:
    assert Lock.new("a").salt != Lock.new("a").salt


def test_an_empty_passphrase_is_none() -> None:
    with pytest.raises(ValueError, match="at least one character"):
        Lock.new("")


def test_the_key_is_not_printed() -> None:
    assert LOCK.key.hex() not in repr(LOCK)
    assert repr(LOCK.key) not in repr(LOCK)
