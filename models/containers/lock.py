"""The lock of an export: a passphrase without which nothing of the original can be had.

A container with a lock seals each of its messages, the header's as well as every tile's, with
AES-256 in CCM mode (NIST SP 800-38C; tags of 8 bytes). The key comes from the passphrase, in
Unicode's form NFKC as UTF-8, and the export's own random salt by scrypt (RFC 7914; n = 2^15,
r = 8, p = 1). As no two exports have the same key, the nonce can say which message it is.
"""

from __future__ import annotations

import os
import unicodedata
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.problems import Problem, WrongPassphrase

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM

SALT = 16
"""Bytes of the salt, which is stored as it is."""

TAG = 8
"""Bytes by which a sealed message is longer."""

LOCKED = 0x80
"""Added to the 8 bits of a layout's number in the watermark of a locked container."""

HEAD = 0
"""Number of the sealed message that has to be read first; what the others have is up to the kind of
container."""

IS_LOCKED = Problem("locked")
"""Why a locked container cannot be read without its passphrase."""

_CRC = 4
_NONCE = 11  # leaves messages of up to 2^32 bytes
_KEY, _COST, _BLOCK, _PARALLEL = 32, 1 << 15, 8, 1


@dataclass(frozen=True)
class Sealed:
    """A head that is sealed, with what else is told before it is opened.

    Attributes:
        salt: of the lock.
        told: a few bytes that are not sealed.
        sealed: the head.
    """

    salt: bytes
    told: bytes
    sealed: bytes

    def pack(self) -> bytes:
        """As bytes, `size_of_sealed` of them, with a CRC-32 by which they are known to be intact
        without the passphrase."""
        data = self.salt + self.told + self.sealed
        return data + zlib.crc32(data).to_bytes(_CRC, "little")

    @staticmethod
    def unpack(data: bytes, told: int = 0) -> Sealed | None:
        """Back from bytes, of which so many are told; None where they are damaged."""
        body, crc = data[:-_CRC], data[-_CRC:]
        if len(body) < SALT + told + TAG or zlib.crc32(body).to_bytes(_CRC, "little") != crc:
            return None
        first = SALT + told
        return Sealed(body[:SALT], body[SALT:first], body[first:])

    def opened(self, passphrase: str) -> tuple[Lock, bytes]:
        """The lock, and the head. Raises WrongPassphrase."""
        try:
            lock = Lock.of(passphrase, self.salt)
            return lock, lock.open(HEAD, self.sealed)
        except (WrongKey, ValueError):
            raise WrongPassphrase(Problem("wrong-passphrase")) from None


def size_of_sealed(head: int, told: int = 0) -> int:
    """Bytes of a sealed head, of one of so many bytes."""
    return SALT + told + head + TAG + _CRC


class WrongKey(Exception):
    """A message was not sealed with this key, or was changed since."""


@dataclass(frozen=True)
class Lock:
    """A passphrase's key for one export.

    Attributes:
        salt: 16 bytes that belong to the export.
        key: 32 bytes.
    """

    salt: bytes
    key: bytes

    def __repr__(self) -> str:
        return f"Lock(salt={self.salt.hex()})"

    @staticmethod
    def new(passphrase: str) -> Lock:
        """The lock of a new export, with a salt of its own. Raises ValueError for an empty one."""
        return Lock.of(passphrase, os.urandom(SALT))

    @staticmethod
    def of(passphrase: str, salt: bytes) -> Lock:
        """The lock of an export with that salt. Raises ValueError for an empty passphrase."""
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        if not passphrase:
            raise ValueError("a passphrase has at least one character")
        words = unicodedata.normalize("NFKC", passphrase).encode()
        derived = Scrypt(salt=salt, length=_KEY, n=_COST, r=_BLOCK, p=_PARALLEL).derive(words)
        return Lock(salt, derived)

    def seal(self, number: int, message: bytes) -> bytes:
        """A message, sealed: `TAG` bytes longer.

        Args:
            number: of the message in its export, 0..2^64 - 1; no two that are published with one
                key may have the same.
        """
        return self._cipher().encrypt(number.to_bytes(_NONCE, "little"), message, None)

    def open(self, number: int, sealed: bytes) -> bytes:
        """What was sealed as that number. Raises WrongKey."""
        from cryptography.exceptions import InvalidTag

        if len(sealed) < TAG:
            raise WrongKey
        try:
            return self._cipher().decrypt(number.to_bytes(_NONCE, "little"), sealed, None)
        except InvalidTag:
            raise WrongKey from None

    def _cipher(self) -> AESCCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESCCM

        return AESCCM(self.key, tag_length=TAG)
