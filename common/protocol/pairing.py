"""What a device and the server compute alike while a device joins the hall (contract.md, Access).

The device commits to its nonce before it sees the server's, so that nobody in between can search for nonces that give the
same six digits on both screens: one guess in a million, once. The digits bind both keys, both nonces and the authority
that the device will pin from then on. X25519 (RFC 7748), HKDF (RFC 5869), AES-GCM.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NONCE_BYTES = 32
IV_BYTES = 12


def commitment(nonce: bytes, public_key: bytes) -> str:
    """What the device sends of its nonce before it sees the server's."""
    return hashlib.sha256(b"openhall commitment" + nonce + public_key).hexdigest()


def fits(committed: str, nonce: bytes, public_key: bytes) -> bool:
    """Whether a revealed nonce is the one that was committed to."""
    return hmac.compare_digest(committed, commitment(nonce, public_key))


def digits(*, device_key: bytes, device_nonce: bytes, server_key: bytes, server_nonce: bytes, authority: str) -> str:
    """The six digits that a person compares on both screens."""
    parts = (device_key, device_nonce, server_key, server_nonce, fingerprint(authority))
    hashed = hashlib.sha256(b"openhall digits" + b"".join(len(p).to_bytes(2, "big") + p for p in parts)).digest()
    return f"{int.from_bytes(hashed[:8], 'big') % 1_000_000:06d}"


def fingerprint(authority: str) -> bytes:
    """SHA-256 of a certificate in PEM. Raises ValueError for what is none."""
    return x509.load_pem_x509_certificate(authority.encode()).fingerprint(hashes.SHA256())


def public(key: X25519PrivateKey) -> bytes:
    """The 32 bytes that travel."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


class Shared:
    """The secret that only the two keys' owners know, for one request."""

    def __init__(self, mine: X25519PrivateKey, theirs: bytes, request_id: UUID) -> None:
        """Raises ValueError for a key that is none."""
        secret = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
        made = HKDF(hashes.SHA256(), 64, request_id.bytes, b"openhall enrolment").derive(secret)
        self._proof, self._seal = made[:32], made[32:]

    def proof(self) -> str:
        """Shown by the device when it asks how its request stands."""
        return hmac.new(self._proof, b"openhall proof", hashlib.sha256).hexdigest()

    def proves(self, shown: str) -> bool:
        """Whether the one who asks holds the device's key."""
        return hmac.compare_digest(self.proof(), shown)

    def seal(self, token: str) -> str:
        """A token that only the device can read; hex."""
        iv = secrets.token_bytes(IV_BYTES)
        return (iv + AESGCM(self._seal).encrypt(iv, token.encode(), b"openhall token")).hex()

    def unseal(self, sealed: str) -> str:
        """The token. Raises ValueError when it was sealed for somebody else or altered."""
        raw = bytes.fromhex(sealed)
        try:
            return AESGCM(self._seal).decrypt(raw[:IV_BYTES], raw[IV_BYTES:], b"openhall token").decode()
        except Exception as failure:
            raise ValueError("the sealed token is not for this device") from failure


def code_part(authority: str) -> str:
    """Twelve letters that name an authority in an empty server's one-time code: 60 bits of its fingerprint."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    number = int.from_bytes(fingerprint(authority)[:8], "big") >> 4
    letters = "".join(alphabet[(number >> (5 * place)) & 31] for place in range(12))
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))


def same_code(one: str, other: str) -> bool:
    """Whether two codes are the same as people type them."""
    return hmac.compare_digest(_plain(one), _plain(other))


def names_authority(code: str, authority: str) -> bool:
    """Whether a one-time code such as `1234-5678-ABCD-EFGH-JKLM` names this authority."""
    return hmac.compare_digest(_plain(code)[8:], _plain(code_part(authority)))


def _plain(code: str) -> str:
    """Without what people put between; ASCII, as `compare_digest` wants it."""
    return "".join(c for c in code.upper() if c.isascii() and c.isalnum())
