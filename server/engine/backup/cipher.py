"""Encryption of an archive: scrypt makes the key from a passphrase, AES-256-GCM seals the stream in pieces.

Header: magic, scrypt's cost (log2 n, r, p), salt, nonce prefix, key check. Then pieces of 256 KiB, each with its own tag and
the nonce prefix‖number‖last; the header is authenticated with every piece. So a piece that is altered, moved, left out or cut
off at the end is refused, and a wrong passphrase is told from a damaged archive by the key check.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from common.text import N_
from server.engine.errors import Refused, refusal

WRONG_PASSPHRASE = refusal(
    "backup.wrong_passphrase",
    N_("This passphrase does not open the archive. Nothing was changed; try another one."),
    422,
)
DAMAGED = refusal(
    "backup.damaged",
    N_("The archive is damaged: {where}. Nothing was changed; use another archive or another copy of this one."),
    422,
)
NEEDS_PASSPHRASE = refusal(
    "backup.needs_passphrase",
    N_("The archive is encrypted. Give its passphrase when asked, in a file (--passphrase-file) or in {variable}."),
    422,
)
SHORT_PASSPHRASE = refusal(
    "backup.short_passphrase", N_("A passphrase needs at least {least} characters; a sentence is good."), 422
)

MAGIC = b"openhall-sealed-1\n"
_COST = struct.Struct(">BBB16s7s16s")
HEADER = len(MAGIC) + _COST.size
PIECE = 256 * 1024
TAG = 16
LEAST_PASSPHRASE = 8
LOG_N, R, P = 16, 8, 1
"""64 MB and a quarter of a second for each guess."""
MOST_LOG_N = 20
"""A header that asks for more than a gigabyte was not written by us."""


def is_sealed(start: bytes) -> bool:
    """Whether these first bytes of a file begin an encrypted archive."""
    return start.startswith(MAGIC)


def checked(passphrase: str) -> str:
    """The passphrase if it is long enough to seal with; refuses otherwise."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Refused("backup.short_passphrase", least=LEAST_PASSPHRASE)
    return passphrase


def _keys(passphrase: str, salt: bytes, log_n: int, r: int, p: int) -> tuple[bytes, bytes]:
    made = Scrypt(salt, 64, 1 << log_n, r, p).derive(passphrase.encode())
    return made[:32], hashlib.sha256(made[32:]).digest()[:16]


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


class Sealing(io.RawIOBase):
    """Writes an encrypted stream on top of another; `finish` seals the last piece and leaves the other open."""

    def __init__(self, under: BinaryIO, passphrase: str) -> None:
        self._under = under
        salt, self._prefix = secrets.token_bytes(16), secrets.token_bytes(7)
        key, check = _keys(checked(passphrase), salt, LOG_N, R, P)
        self._cipher = AESGCM(key)
        self._header = MAGIC + _COST.pack(LOG_N, R, P, salt, self._prefix, check)
        self._waiting = bytearray()
        self._number = 0
        under.write(self._header)

    def writable(self) -> bool:
        """It is for writing only."""
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take bytes; whole pieces are sealed at once."""
        self._waiting += content
        # The last piece is known as such only at the end, so one whole piece always waits.
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(content)

    def finish(self) -> None:
        """Seal what is left as the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._under.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), piece, self._header))
        self._number += 1


class Unsealing(io.RawIOBase):
    """Reads an encrypted file at any place. Raises `Refused` for a wrong passphrase or a damaged piece."""

    def __init__(self, under: BinaryIO, passphrase: str) -> None:
        self._under = under
        self._header = under.read(HEADER)
        if len(self._header) < HEADER or not is_sealed(self._header):
            raise Refused("backup.damaged", where="its header is not whole")
        log_n, r, p, salt, self._prefix, check = _COST.unpack(self._header[len(MAGIC) :])
        if not (1 <= log_n <= MOST_LOG_N and 1 <= r <= 16 and 1 <= p <= 4):
            raise Refused("backup.damaged", where="its header is not one of ours")
        key, found = _keys(passphrase, salt, log_n, r, p)
        if found != check:
            raise Refused("backup.wrong_passphrase")
        self._cipher = AESGCM(key)
        body = under.seek(0, os.SEEK_END) - HEADER
        self._pieces = max(1, -(-body // (PIECE + TAG)))
        self._size = body - self._pieces * TAG
        if self._size < 0:
            raise Refused("backup.damaged", where="it was cut off")
        self._place = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """At any place."""
        return True

    def tell(self) -> int:
        """The place in the plain bytes."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the plain bytes."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, target: bytearray) -> int:  # type: ignore[override]
        """Fill `target` from one piece."""
        if self._place >= self._size:
            if self._place == self._size:
                self._piece(self._pieces - 1)  # an empty or exactly filled last piece is checked too
            return 0
        number, offset = divmod(self._place, PIECE)
        part = self._piece(number)[offset : offset + len(target)]
        target[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._under.seek(HEADER + number * (PIECE + TAG))
            sealed = self._under.read(PIECE + TAG)
            last = number == self._pieces - 1
            try:
                plain = self._cipher.decrypt(_nonce(self._prefix, number, last), sealed, self._header)
            except InvalidTag:
                where = (
                    "its end is missing or altered" if last else f"its piece {number + 1} of {self._pieces} was altered"
                )
                raise Refused("backup.damaged", where=where) from None
            self._held = (number, plain)
        return self._held[1]
