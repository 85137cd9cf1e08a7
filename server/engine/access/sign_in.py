"""Signing in: Argon2id at most two at once, and a slow-down that meets the stranger, not the clerk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, bindparam, insert, select

from common.protocol.access import Claim, ShortSignIn, SignedIn, SignedOut, SignIn, SignInWays
from common.protocol.pairing import same_code
from common.text import N_
from server.engine.access import directory, tokens
from server.engine.access.proofs import card_indexes, proof_of_code
from server.engine.access.provider_desk import ProviderDesk
from server.engine.actions.perform import take_locks
from server.engine.actions.work import Work
from server.engine.database.outcome import Outcome
from server.engine.database.schema import sign_in_attempt
from server.engine.database.statements import Prepared
from server.engine.errors import Refused, refusal
from server.engine.ports import Account, Proof, ports
from server.engine.principal import HOUSE, Principal

if TYPE_CHECKING:
    from server.engine.engine import Engine

log = logging.getLogger(__name__)

WRONG = refusal("access.wrong_credentials", N_("Name or password is wrong."), 401)
LOCKED = refusal("access.locked", N_("This account is locked. Ask your administrator."), 403)
CODE_NEEDED = refusal("access.code_needed", N_("Type the code that your phone shows."), 403)
CODE_WRONG = refusal(
    "access.code_wrong", N_("This code does not fit, or it was used. Type the code that your phone shows now."), 403
)
SHORT_ELSEWHERE = refusal("access.short_elsewhere", N_("Card and PIN serve at the hall's own PCs only."), 403)
_SHORT = ("staff_pc", "kiosk")
"""Where card and PIN serve: at staff's own PCs, and at kiosks for customer-service ticketing (QUE-045)."""
SHORT_OFF = refusal("access.short_off", N_("Your hall does not use this. Sign in with your password."), 403)
PASSWORD_FIRST = refusal(
    "access.password_first", N_("Sign in with your password once today; then card or PIN will do."), 403
)
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
# Verified for names that do not exist, so that the answer takes as long: the hash of no password, with the hasher's own cost.
_NOBODY = (
    f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}$" + "A" * 22 + "$" + "A" * 43
)
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
        self._outside = ThreadPoolExecutor(4, thread_name_prefix="directory")
        self.providers = ProviderDesk(engine, self._outside, self._begin, self._patience, self._failed_at)

    def close(self) -> None:
        """Stop the hashing threads."""
        self._hashing.shutdown(wait=True)
        self._outside.shutdown(wait=True)

    async def hash_aside(self, function: Callable[..., Any], *values: Any) -> Any:
        """Run what hashes in one of the two threads for it, never in the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._hashing, function, *values)

    async def sign_in(self, request: SignIn, address: str, device: Principal | None) -> SignedIn:
        """A session for a name and password. The failed attempt is kept although the sign-in is refused.

        Attempts are counted by address: an enrolled staff PC is an address of its own, so that a stranger's guesses at a
        clerk's name never lock the clerk out.
        """
        engine, origin = self._engine, _origin(address, device)
        account = await self._looked_up(origin, lambda connection: ports.people.account(connection, request.name))
        if account is None or account.directory:
            account = await self._from_outside(account, request, origin)
        elif not await self.hash_aside(verify_password, account.password_hash, request.password):
            await self._failed(request.name, origin, "access.wrong_credentials")
        if account.locked:
            raise Refused("access.locked")
        if account.second_factor is not None and not request.code:
            raise Refused("access.code_needed")
        proof = proof_of_code(account, request.code, engine.vault, engine.clock.now())
        if proof is None:
            await self._failed(request.name, origin, "access.code_wrong")
        return await self._begin(account, proof, address, device)

    async def short(self, request: ShortSignIn, address: str, device: Principal | None) -> SignedIn:
        """A session for a card or a PIN at one of the hall's own PCs, where the person's hall allows it and the password
        was given on this business day already."""
        engine, origin = self._engine, _origin(address, device)
        if device is None or device.device_kind not in _SHORT:
            raise Refused("access.short_elsewhere")
        by = "card" if request.card else "pin"
        indexes = card_indexes(engine.vault, request.card) if by == "card" else []

        def find(connection: Connection) -> Account | None:
            if by == "card":
                return ports.people.account_of_card(connection, indexes)
            return ports.people.account(connection, request.name)

        account = await self._looked_up(origin, find)
        good = account is not None
        if by == "pin":
            kept = account.pin_hash if account is not None and account.pin_hash else _NOBODY
            good = await self.hash_aside(verify_password, kept, request.pin)
        if account is None or not good:
            await self._failed(request.name or "card", origin, "access.wrong_credentials")
        if account.locked:
            raise Refused("access.locked")
        person_id, given = account.person_id, account.password_at

        def allowed(connection: Connection) -> tuple[str, bool]:
            now, place = engine.clock.now(), engine.main_place(connection)
            today = given is not None and place is not None and place.business_day(given) == place.business_day(now)
            return ports.people.short_ways(connection, person_id, now), today

        ways, today = await engine.read(allowed)
        if by not in ways.split("_or_"):
            raise Refused("access.short_off")
        if not today or account.must_change_password:
            raise Refused("access.password_first")
        return await self._begin(account, Proof(password=False), address, device)

    async def ways(self, device: Principal | None) -> SignInWays:
        """How one may sign in at this PC beside name and password."""
        providers = await self.providers.offers()
        if device is None or device.device_kind not in _SHORT:
            return SignInWays(providers=providers)
        now = self._engine.clock.now()
        ways = (await self._engine.read(lambda c: ports.people.short_ways(c, None, now))).split("_or_")
        return SignInWays(card="card" in ways, pin="pin" in ways, providers=providers)

    async def _from_outside(self, account: Account | None, request: SignIn, origin: str) -> Account:
        """The account of somebody whose password the directory checks. Names that nobody knows take as long as others."""
        asked = await self._engine.read(
            lambda c: directory.directory_of(Work(c, self._engine, HOUSE, "access.sign_in"))
        )
        outsider = None
        if asked is None:
            await self.hash_aside(verify_password, _NOBODY, request.password)
        else:
            try:
                outsider = await asyncio.get_running_loop().run_in_executor(
                    self._outside, directory.ask, asked, self._engine.data, request.name, request.password
                )
            except directory.Away as failure:
                log.warning("the directory does not answer: %s", failure)
                raise Refused("access.directory_away") from failure
        if outsider is None:
            await self._failed(request.name, origin, "access.wrong_credentials")
        proved = outsider

        def admit(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, HOUSE, "access.admit")
            take_locks(connection, [f"access:{proved.provider}:{proved.subject}"])
            known = ports.people.admit(work, proved)
            outcome = work.finish()
            outcome.result = known
            return outcome

        known: Account | None = await self._engine.store.run(admit)
        if known is None:
            raise Refused("access.directory_unknown")
        return known

    async def _looked_up(self, origin: str, find: Callable[[Connection], Account | None]) -> Account | None:
        """The account that is asked for; refuses an address that must still wait."""

        def look(connection: Connection) -> tuple[Account | None, int]:
            return find(connection), _waiting(connection, origin, self._engine.clock.now())

        account, wait = await self._engine.read(look)
        if wait:
            raise Refused("access.slow_down", seconds=wait)
        return account

    async def _failed(self, name: str, origin: str, code: str) -> NoReturn:
        await self._engine.store.run(self._noting(name, origin, False))
        raise Refused(code)

    async def _patience(self, address: str, device: Principal | None) -> None:
        await self._looked_up(_origin(address, device), lambda _connection: None)

    async def _failed_at(self, name: str, address: str, device: Principal | None, code: str) -> NoReturn:
        await self._failed(name, _origin(address, device), code)

    async def _begin(
        self, account: Account, proof: Proof, address: str, device: Principal | None,
        kept: Callable[[Work, bytes], None] | None = None,
    ) -> SignedIn:  # fmt: skip
        """The session of somebody who has proved himself; `kept` writes by what, in the same transaction."""
        origin, person_id = _origin(address, device), account.person_id

        def act(connection: Connection) -> Outcome:
            by = Principal(person_id, "person", account.name, address=address[:60])
            work = Work(connection, self._engine, by, "access.sign_in")
            if not ports.people.proved(work, account.account_id, proof):
                work.refuse("access.code_wrong")
            work.run(_note, name=account.name[:80], address=origin[:60], at=work.now, succeeded=True)
            token, expires_at = tokens.issue(
                work, "person", person_id, device_id=device.id if device else None, address=address
            )
            if kept is not None:
                kept(work, tokens.digest(token))
            work.audit("account", person_id, {"address": [None, address]})
            who = ports.people.person(connection, person_id, work.now)
            if who is None:
                work.refuse("access.locked")
            outcome = work.finish()
            outcome.result = SignedIn(
                token=token,
                expires_at=expires_at,
                must_change_password=who.pending == "password",
                must_set_second_factor=who.pending == "second_factor",
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
            who = ports.people.person(connection, person_id, work.now)
            assert who is not None
            outcome = work.finish()
            outcome.result = SignedIn(token=token, expires_at=expires_at, person=ports.people.me(connection, who))
            return outcome

        signed: SignedIn = await self._engine.store.run(act)
        self._engine.claim_code = None
        return signed

    async def sign_out(self, who: Principal) -> SignedOut:
        """End the session behind this token; tells where to sign out as well."""

        def act(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, who, "access.sign_out")
            tokens.end(work, who.token)
            work.audit("account", who.id, {})
            return work.finish()

        await self._engine.store.run(act)
        self._engine.tokens.forget()
        return SignedOut(leave=await self.providers.leave(who.token))

    def _noting(self, name: str, origin: str, succeeded: bool) -> Callable[[Connection], Outcome]:
        def act(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, HOUSE, "access.sign_in")
            work.run(_note, name=name[:80], address=origin[:60], at=work.now, succeeded=succeeded)
            return work.finish()

        return act


def _origin(address: str, device: Principal | None) -> str:
    return f"device:{device.id}" if device is not None else address


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
