"""Joining the hall: the server's side of the six digits (contract.md, Access).

A request lives for five minutes and serves once. What it holds is worth nothing to a thief of the database: the keys'
shared secret is computed anew from the authority's own key, and the token lies there sealed for the device alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from common.protocol import pairing
from common.protocol.access import EnrolAsk, EnrolBegin, EnrolOffer, EnrolReveal, EnrolState, PendingDevice
from common.protocol.messages import Nothing
from common.text import N_
from server.engine.access import tokens
from server.engine.actions.work import Work
from server.engine.database.outcome import Outcome
from server.engine.database.schema import enrolment
from server.engine.database.statements import Prepared
from server.engine.database.types import new_id
from server.engine.errors import Refused, refusal
from server.engine.principal import HOUSE

if TYPE_CHECKING:
    from server.engine.engine import Engine

UNKNOWN = refusal("access.enrolment_unknown", N_("This device does not ask any more. Start its enrolment again."), 404)
OVER = refusal("access.enrolment_over", N_("The time for this device is over. It shows new digits."))
WRONG = refusal("access.enrolment_wrong", N_("This device could not prove itself. It shows new digits."), 403)
BUSY = refusal("access.enrolment_busy", N_("Too many devices ask at once. Try again in a few minutes."), 429)

LIFE = timedelta(minutes=5)
MOST_OPEN = 100
MOST_OF_ADDRESS = 20
"""Devices behind one address (a test bench, a router) that may ask at the same time."""
KINDS = ("kiosk", "pad", "led", "staff_pc", "pc")

_undecided = or_(enrolment.c.state == "begun", enrolment.c.state == "revealed")
_insert = Prepared(insert(enrolment).inline(), tuple(c.name for c in enrolment.c))
_find = Prepared(select(enrolment).where(enrolment.c.id == bindparam("key_id")))
_open = Prepared(
    select(enrolment)
    .where(enrolment.c.expires_at > bindparam("moment", type_=enrolment.c.expires_at.type))
    .order_by(enrolment.c.asked_at)
)
_count = Prepared(
    select(enrolment.c.address).where(
        enrolment.c.expires_at > bindparam("moment", type_=enrolment.c.expires_at.type),
        _undecided,
    )
)
_reveal = Prepared(
    update(enrolment)
    .where(enrolment.c.id == bindparam("key_id"), enrolment.c.state == "begun")
    .values(state="revealed", device_nonce=bindparam("nonce"))
)
_settle = Prepared(
    update(enrolment)
    .where(enrolment.c.id == bindparam("key_id"), _undecided)
    .values(state=bindparam("new_state"), sealed_token=bindparam("sealed"))
)


class EnrolmentDesk:
    """The addresses that a device without a token may ask."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def begin(self, request: EnrolBegin, address: str) -> EnrolOffer:
        """A device asks: it gets the authority, the server's key for this request, and a nonce."""
        try:
            device_key, committed = bytes.fromhex(request.public_key), request.commitment.lower()
            good = request.kind in KINDS and len(device_key) == 32 and len(bytes.fromhex(committed)) == 32
        except ValueError:
            good = False
        if not good:
            raise Refused("access.enrolment_wrong")
        request_id, nonce = new_id(), secrets.token_bytes(pairing.NONCE_BYTES)

        def act(work: Work) -> EnrolOffer:
            standing = [row.address for row in work.rows(_count, moment=work.now)]
            if len(standing) >= MOST_OPEN or standing.count(address[:60]) >= MOST_OF_ADDRESS:
                work.refuse("access.enrolment_busy")
            expires_at = work.now + LIFE
            work.run(
                _insert,
                id=request_id,
                kind=request.kind,
                name=request.label,
                address=address[:60],
                device_key=device_key,
                commitment=committed,
                server_nonce=nonce,
                device_nonce=None,
                state="begun",
                asked_at=work.now,
                expires_at=expires_at,
                sealed_token=None,
            )
            authority = self._engine.authority
            return EnrolOffer(
                request_id=request_id,
                authority=authority.pem,
                public_key=pairing.public(authority.request_key(request_id)).hex(),
                nonce=nonce.hex(),
                expires_at=expires_at,
            )

        return await self._run(act)  # type: ignore[no-any-return]

    async def reveal(self, request: EnrolReveal) -> Nothing:
        """The device's nonce; one that does not fit its commitment ends the request."""

        def act(work: Work) -> bool:
            row = _alive(work, request.request_id)
            nonce = _bytes(request.nonce)
            if not pairing.fits(row.commitment, nonce, bytes(row.device_key)):
                work.run(_settle, key_id=row.id, new_state="refused", sealed=None)
                return False
            if row.state == "begun":
                work.run(_reveal, key_id=row.id, nonce=nonce)
                work.notify("devices", "asks", request=row.id)
            return True

        if not await self._run(act):
            raise Refused("access.enrolment_wrong")
        return Nothing()

    async def state(self, request: EnrolAsk) -> EnrolState:
        """How a request stands; with the sealed token once somebody has accepted."""

        def look(connection: Connection) -> EnrolState:
            work = Work(connection, self._engine, HOUSE, "access.enrol")
            row = work.first(_find, key_id=request.request_id)
            if row is None:
                return EnrolState(request_id=request.request_id, state="lapsed")
            if not _shared(work, row).proves(request.proof):
                work.refuse("access.enrolment_wrong")
            lapsed = work.now >= row.expires_at
            return EnrolState(
                request_id=row.id,
                state="lapsed" if lapsed else row.state,
                token=row.sealed_token if row.state == "accepted" and not lapsed else None,
            )

        return await self._engine.read(look)

    async def _run(self, function: Callable[[Work], Any]) -> Any:
        def act(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, HOUSE, "access.enrol")
            result = function(work)
            outcome = work.finish()
            outcome.result = result
            return outcome

        return await self._engine.store.run(act)


def pending(work: Work) -> list[PendingDevice]:
    """The devices whose digits wait to be compared, oldest first."""
    return [
        PendingDevice(
            request_id=row.id,
            kind=row.kind,
            label=row.name,
            digits=_digits(work, row),
            address=row.address,
            asked_at=row.asked_at,
            expires_at=row.expires_at,
        )
        for row in work.rows(_open, moment=work.now)
        if row.state == "revealed"
    ]


def asking(work: Work, request_id: UUID, digits: str) -> Any:
    """The request that somebody compares; refuses one that is over, or other digits than it has."""
    row = _alive(work, request_id)
    if row.state != "revealed":
        work.refuse("access.enrolment_over")
    if _digits(work, row) != digits:
        work.refuse("access.enrolment_wrong")
    return row


def accept(work: Work, row: Any, device_id: UUID) -> None:
    """Give the device its token, sealed for its key."""
    token, _ = tokens.issue(work, "device", device_id, address=row.address)
    if work.run(_settle, key_id=row.id, new_state="accepted", sealed=_shared(work, row).seal(token)) != 1:
        work.refuse("access.enrolment_over")  # somebody else decided in the same moment
    work.notify("devices", "accepted", request=row.id)


def refuse(work: Work, request_id: UUID) -> None:
    """Send a device away; it may ask again."""
    row = _alive(work, request_id)
    if work.run(_settle, key_id=row.id, new_state="refused", sealed=None) != 1:
        work.refuse("access.enrolment_over")
    work.audit("enrolment", row.id, {"kind": [None, row.kind], "name": [None, row.name], "state": [None, "refused"]})
    work.notify("devices", "refused", request=row.id)


def _alive(work: Work, request_id: UUID) -> Any:
    row = work.first(_find, key_id=request_id)
    if row is None:
        work.refuse("access.enrolment_unknown")
    if work.now >= row.expires_at or row.state in ("accepted", "refused"):
        work.refuse("access.enrolment_over")
    return row


def _shared(work: Work, row: Any) -> pairing.Shared:
    return pairing.Shared(work.engine.authority.request_key(row.id), bytes(row.device_key), row.id)


def _digits(work: Work, row: Any) -> str:
    authority = work.engine.authority
    return pairing.digits(
        device_key=bytes(row.device_key),
        device_nonce=bytes(row.device_nonce),
        server_key=pairing.public(authority.request_key(row.id)),
        server_nonce=bytes(row.server_nonce),
        authority=authority.pem,
    )


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
