"""Signing in: Argon2id at most two at once, and a slow-down that meets the stranger, not the clerk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, bindparam, insert, select

from common.protocol.access import Claim, SignedIn, SignIn
from common.protocol.pairing import same_code
from common.text import N_
from server.engine.access import tokens
from server.engine.actions.work import Work
from server.engine.database.outcome import Outcome
from server.engine.database.schema import sign_in_attempt
from server.engine.database.statements import Prepared
from server.engine.errors import Refused, refusal
from server.engine.ports import Account, ports
from server.engine.principal import HOUSE, Principal

if TYPE_CHECKING:
    from server.engine.engine import Engine

WRONG = refusal("access.wrong_credentials", N_("Name or password is wrong."), 401)
LOCKED = refusal("access.locked", N_("This account is locked. Ask your administrator."), 403)
SLOW = refusal("access.slow_down", N_("Too many attempts. Try again in {seconds} seconds."), 429)
SIGN_IN = refusal("access.sign_in", N_("Please sign in."), 401)
DENIED = refusal("access.denied", N_("You do not have the right to do this."), 403)
CLAIM_WRONG = refusal(
    "access.claim_wrong", N_("This code is not the one that the server shows, or it has been used."), 403
)

FREE_ATTEMPTS = 4
"""Failed attempts from one address within the window that cost nothing: a clerk mistypes."""
WINDOW = timedelta(minutes=15)
LONGEST_SECONDS = 60

hasher = PasswordHasher()
# Verified for names that do not exist, so that the answer takes as long.
_NOBODY = hasher.hash("nobody's password")
_attempts = Prepared(
    select(sign_in_attempt.c.at, sign_in_attempt.c.succeeded, sign_in_attempt.c.name)
    .where(sign_in_attempt.c.address == bindparam("key_address"), sign_in_attempt.c.at > bindparam("since"))
    .order_by(sign_in_attempt.c.id.desc())
    .limit(50)
)
_note = Prepared(insert(sign_in_attempt).inline(), ("name", "address", "at", "succeeded"))


def wait_seconds(failures: list[datetime], now: datetime) -> int:
    """How long an address must still wait after its failures in a row: doubling from one second, 60 at most."""
    beyond = len(failures) - FREE_ATTEMPTS
    if beyond < 0 or not failures:
        return 0
    wait = min(LONGEST_SECONDS, 2**beyond)
    left = (failures[0] + timedelta(seconds=wait) - now).total_seconds()
    return max(0, int(left + 0.999))


class SignInDesk:
    """Signs people in. Hashing runs in two threads of its own: sixty people sign in at 8:55."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._hashing = ThreadPoolExecutor(2, thread_name_prefix="argon2")

    def close(self) -> None:
        """Stop the hashing threads."""
        self._hashing.shutdown(wait=True)

    async def hash_aside(self, function: Callable[..., Any], *values: Any) -> Any:
        """Run what hashes in one of the two threads for it, never in the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._hashing, function, *values)

    async def sign_in(self, request: SignIn, address: str, device: Principal | None) -> SignedIn:
        """A session for a name and password. The failed attempt is kept although the sign-in is refused.

        Attempts are counted by address: an enrolled staff PC is an address of its own, so that a stranger's guesses at a
        clerk's name never lock the clerk out.
        """
        origin = f"device:{device.id}" if device is not None else address
        loop = asyncio.get_running_loop()

        def look() -> tuple[Account | None, int]:
            with self._engine.store.reading() as connection:
                now = self._engine.clock.now()
                return ports.people.account(connection, request.name), _waiting(connection, origin, now)

        account, wait = await loop.run_in_executor(self._engine.readers, look)
        if wait:
            raise Refused("access.slow_down", seconds=wait)
        good = await self.hash_aside(verify_password, account.password_hash if account else _NOBODY, request.password)
        if account is None or not good:
            await self._engine.store.run(self._noting(request.name, origin, False))
            raise Refused("access.wrong_credentials")
        if account.locked:
            raise Refused("access.locked")
        person_id = account.person_id

        def act(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, Principal(person_id, "person", request.name), "access.sign_in")
            work.run(_note, name=request.name[:80], address=origin[:60], at=work.now, succeeded=True)
            token, expires_at = tokens.issue(
                work, "person", person_id, device_id=device.id if device else None, address=address
            )
            work.audit("account", person_id, {"address": [None, address]})
            who = ports.people.person(connection, person_id)
            if who is None:
                work.refuse("access.locked")
            outcome = work.finish()
            outcome.result = SignedIn(
                token=token,
                expires_at=expires_at,
                must_change_password=account.must_change_password,
                person=ports.people.me(connection, who),
            )
            return outcome

        return await self._engine.store.run(act)  # type: ignore[no-any-return]

    async def claim(self, request: Claim, address: str) -> SignedIn:
        """The first administrator of an empty server, by the one-time code that the server printed."""
        loop = asyncio.get_running_loop()

        def look() -> int:
            with self._engine.store.reading() as connection:
                return _waiting(connection, address, self._engine.clock.now())

        wait = await loop.run_in_executor(self._engine.readers, look)
        if wait:
            raise Refused("access.slow_down", seconds=wait)
        code = self._engine.claim_code
        if code is None or not same_code(request.code, code):
            await self._engine.store.run(self._noting("claim", address, False))
            raise Refused("access.claim_wrong")
        hashed = await self.hash_aside(hasher.hash, request.password)

        def act(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, HOUSE, "access.claim")
            person_id = ports.people.claim(work, request.name, hashed, request.full_name)
            # Under the name of the failures before it: whoever mistyped the code may sign in at once.
            work.run(_note, name="claim", address=address[:60], at=work.now, succeeded=True)
            token, expires_at = tokens.issue(work, "person", person_id, address=address)
            who = ports.people.person(connection, person_id)
            assert who is not None
            outcome = work.finish()
            outcome.result = SignedIn(token=token, expires_at=expires_at, person=ports.people.me(connection, who))
            return outcome

        signed: SignedIn = await self._engine.store.run(act)
        self._engine.claim_code = None
        return signed

    async def sign_out(self, who: Principal) -> None:
        """End the session behind this token."""

        def act(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, who, "access.sign_out")
            tokens.end(work, who.token)
            work.audit("account", who.id, {})
            return work.finish()

        await self._engine.store.run(act)
        self._engine.tokens.forget()

    def _noting(self, name: str, origin: str, succeeded: bool) -> Callable[[Connection], Outcome]:
        def act(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, HOUSE, "access.sign_in")
            work.run(_note, name=name[:80], address=origin[:60], at=work.now, succeeded=succeeded)
            return work.finish()

        return act


def _waiting(connection: Connection, origin: str, now: datetime) -> int:
    """A sign-in forgives the failures before it under the same name only: who has an account of his own must not be able
    to guess at another one without end."""
    failures: list[datetime] = []
    forgiven: set[str] = set()
    for row in _attempts.rows(connection, key_address=origin[:60], since=now - WINDOW):
        if row.succeeded:
            forgiven.add(row.name)
        elif row.name not in forgiven:
            failures.append(row.at)
    return wait_seconds(failures, now)


def verify_password(hashed: str, password: str) -> bool:
    """Whether the password is the one behind the hash; about 50 ms of Argon2id."""
    try:
        return hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
