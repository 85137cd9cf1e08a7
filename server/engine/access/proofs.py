"""What proves that somebody is who he says, beside the password: a phone's code, a recovery code, a card, a PIN."""

from __future__ import annotations

from datetime import datetime

from server.engine.access import totp
from server.engine.ports import Account, Proof
from server.engine.vault import Vault

CODES = "account.second_factor"
"""Where the vault keeps the keys of phones' codes."""
RECOVERY = "account.recovery"
CARD = "account.card"


def proof_of_code(account: Account, code: str, vault: Vault, now: datetime) -> Proof | None:
    """The proof behind a code of the phone or a recovery code; nothing when it is neither."""
    if account.second_factor is None:
        return Proof()
    secret = vault.open(CODES, bytes.fromhex(account.second_factor))
    step = totp.matching_step(secret, code, now)
    if step is not None:
        return Proof(step=step)
    indexes = {one.hex() for one in vault.blinds(RECOVERY, "exact", totp.recovery_form(code))}
    kept = next((one for one in account.recovery if one in indexes), None)
    return Proof(recovery=kept) if kept is not None else None


def card_form(number: str) -> str:
    """A card's number as readers of different makes give it."""
    return "".join(c for c in number.upper() if c.isalnum())


def card_indexes(vault: Vault, number: str) -> list[str]:
    """All indexes under which a card may be kept."""
    return [one.hex() for one in vault.blinds(CARD, "exact", card_form(number))]
