"""Protected values: ciphertext in the database, found by blind indexes, opened for one reader at a time.

Keys lie in the data folder (`vault.keys`), outside the database and part of the backup. A value is sealed with
AES-256-GCM for its place (record type and field), so that it cannot be moved to another column; it begins with its key's
version. A blind index is HMAC-SHA256 under a key derived for that place and purpose: equal values meet, nothing else can
be told. Two purposes: `exact` for the whole normal form, `tail` for its last four characters.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.records.identity import tail
from server.engine.made_once import write_once

FILE = "vault.keys"
NONCE = 12


class VaultBroken(Exception):
    """The keys are not there, or are those of another database."""


class Vault:
    """The keys of one data folder; safe in any thread."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        if not self._path.exists():
            _make(self._path)
        self.read()

    def read(self) -> None:
        """Read the keys anew: another one was added."""
        stored = json.loads(self._path.read_text(encoding="ascii"))
        self._keys = {int(version): bytes.fromhex(key) for version, key in stored["keys"].items()}
        self.current = int(stored["current"])

    @property
    def fingerprint(self) -> str:
        """Tells this vault from another without telling its keys."""
        whole = b"".join(self._keys[v] for v in sorted(self._keys))
        return hashlib.sha256(b"openhall vault" + whole).hexdigest()[:16]

    def seal(self, place: str, value: str) -> bytes:
        """The ciphertext of a value at `record.field`."""
        nonce = secrets.token_bytes(NONCE)
        body = AESGCM(self._derived(self.current, "seal")).encrypt(nonce, value.encode(), place.encode())
        return self.current.to_bytes(2, "big") + nonce + body

    def open(self, place: str, sealed: bytes) -> str:
        """The value; raises VaultBroken for another's ciphertext, another place or an unknown key."""
        sealed = bytes(sealed)
        version = int.from_bytes(sealed[:2], "big")
        if version not in self._keys:
            raise VaultBroken(f"key {version} of the vault is not here")
        nonce, body = sealed[2 : 2 + NONCE], sealed[2 + NONCE :]
        try:
            return AESGCM(self._derived(version, "seal")).decrypt(nonce, body, place.encode()).decode()
        except InvalidTag as failure:
            raise VaultBroken(f"a value of {place} cannot be opened") from failure

    def blind(self, place: str, purpose: str, value: str) -> bytes:
        """The index under which a value is kept now: the key's version, then 16 bytes."""
        return self._blind(self.current, place, purpose, value)

    def blinds(self, place: str, purpose: str, value: str) -> list[bytes]:
        """All indexes under which a value may have been kept, one a key."""
        return [self._blind(version, place, purpose, value) for version in sorted(self._keys)]

    def columns(self, place: str, value: str | None) -> tuple[bytes | None, bytes | None, bytes | None]:
        """Ciphertext, exact index and tail index of a value; nothing of nothing."""
        if value is None:
            return None, None, None
        return self.seal(place, value), self.blind(place, "exact", value), self.blind(place, "tail", tail(value))

    def masked(self, place: str, sealed: bytes | None) -> str | None:
        """What everybody may see of a value: its last four characters, none of a short one."""
        if sealed is None:
            return None
        value = self.open(place, sealed)
        return "••••" + (tail(value) if len(value) > 6 else "")

    def _blind(self, version: int, place: str, purpose: str, value: str) -> bytes:
        key = self._derived(version, f"blind {purpose} {place}")
        return version.to_bytes(2, "big") + hmac.digest(key, value.encode(), "sha256")[:16]

    def _derived(self, version: int, purpose: str) -> bytes:
        return hmac.digest(self._keys[version], purpose.encode(), "sha256")


def add_key(data: Path) -> int:
    """A new key for what is sealed from now on; the older ones still open. Gives its version. Takes hold when a process
    reads its keys anew."""
    path = data / FILE
    stored = json.loads(path.read_text(encoding="ascii"))
    version = max(int(v) for v in stored["keys"]) + 1
    stored["keys"][str(version)] = secrets.token_hex(32)
    stored["current"] = version
    _write(path, stored)
    return version


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_once(path, json.dumps({"current": 1, "keys": {"1": secrets.token_hex(32)}}).encode())


def _write(path: Path, stored: dict[str, object]) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
        json.dump(stored, stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, path)
