"""Joining the hall: the device's side of the six digits."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from common.protocol import pairing
from common.protocol.access import EnrolAsk, EnrolBegin, EnrolOffer, EnrolReveal, EnrolState
from common.protocol.messages import Message
from common.text import _

ASK_SECONDS = 1.0
"""How often the device asks whether somebody has decided."""

Post = Callable[[str, Message], Awaitable[bytes]]


class NotEnrolled(Exception):
    """It did not come to it; `sentence` says why, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Enrolled:
    """The device belongs to the hall."""

    token: str
    authority: str
    """PEM of the hall's certificate authority, which the digits have proven."""


class Enrolment:
    """One try: its key and nonce are made anew each time, and serve once."""

    def __init__(self, kind: str, label: str) -> None:
        self._kind = kind
        self._label = label[:80]
        self._key = X25519PrivateKey.generate()
        self._nonce = secrets.token_bytes(pairing.NONCE_BYTES)

    async def run(self, post: Post, on_digits: Callable[[str | None], None]) -> Enrolled:
        """Until somebody accepts. Raises NotEnrolled, Refusal or Offline."""
        mine = pairing.public(self._key)
        begin = EnrolBegin(
            kind=self._kind,
            label=self._label,
            public_key=mine.hex(),
            commitment=pairing.commitment(self._nonce, mine),
        )
        offer = EnrolOffer.model_validate_json(await post("/api/enrol/begin", begin))
        try:
            theirs, nonce = bytes.fromhex(offer.public_key), bytes.fromhex(offer.nonce)
            shared = pairing.Shared(self._key, theirs, offer.request_id)
            digits = pairing.digits(
                device_key=mine,
                device_nonce=self._nonce,
                server_key=theirs,
                server_nonce=nonce,
                authority=offer.authority,
            )
        except ValueError as why:
            raise NotEnrolled(_("The server's answer cannot be read.")) from why
        await post("/api/enrol/reveal", EnrolReveal(request_id=offer.request_id, nonce=self._nonce.hex()))
        on_digits(digits)
        asking = EnrolAsk(request_id=offer.request_id, proof=shared.proof())
        while True:
            state = EnrolState.model_validate_json(await post("/api/enrol/state", asking))
            if state.state == "accepted" and state.token is not None:
                return Enrolled(_unsealed(shared, state.token), offer.authority)
            if state.state == "refused":
                raise NotEnrolled(_("This device was refused. Ask the hall's administrator."))
            if state.state == "lapsed":
                raise NotEnrolled(_("Nobody compared the digits in time. Please try again."))
            await asyncio.sleep(ASK_SECONDS)


def _unsealed(shared: pairing.Shared, sealed: str) -> str:
    try:
        return shared.unseal(sealed)
    except ValueError as why:
        raise NotEnrolled(_("The server's answer cannot be read.")) from why
