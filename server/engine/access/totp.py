"""Codes of a phone: time-based one-time passwords (RFC 6238 over RFC 4226), six digits of SHA-1 every thirty seconds."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""Steps before and after the present one that count as well: a phone's clock is a little off."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A key of 160 bits as base32, as authenticator programs take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_of(moment: datetime) -> int:
    """The number of the step of time that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The code of a step. Raises ValueError when the key is no base32."""
    try:
        key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    except binascii.Error as failure:
        raise ValueError("the key is no base32") from failure
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    begin = digest[-1] & 15
    number = int.from_bytes(digest[begin : begin + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The step whose code this is, within the drift; nothing when it is none of these."""
    now = step_of(moment)
    given = code.replace(" ", "")
    for step in (now, *(now + n for away in range(1, DRIFT + 1) for n in (-away, away))):
        if hmac.compare_digest(code_of(secret, step).encode(), given.encode()):
            return step
    return None


def uri(secret: str, issuer: str, name: str) -> str:
    """What a phone reads from the QR code."""
    label = quote(f"{issuer}:{name}", safe="")
    return (
        f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}&digits={DIGITS}&period={STEP_SECONDS}"
    )


def recovery_codes() -> list[str]:
    """Codes for the day without the phone: 50 bits each, easily read and typed."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]


def recovery_form(code: str) -> str:
    """A recovery code as it is compared."""
    return "".join(c for c in code.lower() if c.isalnum())
