"""Signing in through an identity provider: the person proves himself on the provider's page, in his own browser.

The program asks the server to begin, opens the page, and waits at a loopback address for the browser to come back; the server
alone speaks to the provider and alone has the hall's secret. The browser never meets the hall's server, so that the hall's own
authority need not be in it (RFC 8252). Each begun sign-in serves once, within ten minutes, and only the program that began it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, insert, select, update

from common.protocol.access import AtProvider, BeginAtProvider, FinishAtProvider, ProviderOffer, SignedIn
from common.text import N_
from common.text.words import pick
from server.engine.access import openid
from server.engine.access.openid import Begun, Client, OpenId, Proved, claim_of
from server.engine.access.proofs import proof_of_code
from server.engine.actions.perform import take_locks
from server.engine.actions.work import Work
from server.engine.database.outcome import Outcome
from server.engine.database.schema import provider_sign_in
from server.engine.database.statements import Prepared
from server.engine.errors import Refused, refusal
from server.engine.ports import Account, Outsider, Provider, ports
from server.engine.principal import HOUSE, Principal
from server.engine.vault import VaultBroken

if TYPE_CHECKING:
    from server.engine.engine import Engine

log = logging.getLogger(__name__)
T = TypeVar("T")

GONE = refusal("access.provider_gone", N_("This way of signing in is not offered any more. Choose another."), 404)
AWAY = refusal(
    "access.provider_away",
    N_("{provider} does not answer. Try again, or sign in with name and password."),
    503,
)
WRONG = refusal(
    "access.provider_wrong",
    N_(
        "{provider} answered in a way that this hall does not believe. Try again; if it stays so, tell your administrator."
    ),
    502,
)
CLOCK = refusal(
    "access.provider_clock",
    N_("The clocks of this server and of {provider} differ by more than a minute. Tell your administrator."),
    502,
)
CANCELLED = refusal(
    "access.provider_cancelled", N_("You were not signed in at {provider}. Try again, or choose another way."), 403
)
OVER = refusal("access.provider_over", N_("This sign-in was finished already, or it took too long. Begin again."), 403)
UNKNOWN = refusal(
    "access.provider_unknown",
    N_("{provider} knows you, but this hall does not yet. Your administrator sees now that you wait to be let in."),
    403,
)
PASSWORD = refusal(
    "access.provider_password",
    N_("Your account waits for a password of your own. Sign in with name and password once; then {provider} will do."),
    403,
)
RETURN = refusal(
    "access.provider_return",
    N_("{provider} is not set up to send people back to this program. Tell your administrator."),
    422,
)

LASTS = timedelta(minutes=10)
SECRET = "identity_provider.client_secret"
"""Where the vault keeps what a provider knows this hall by."""
_BEGUN = "provider_sign_in.begun"
_TOKEN = "provider_sign_in.token"
RETURN_PATH = "/signed-in"

_insert = Prepared(insert(provider_sign_in).inline(), ("state", "ticket", "provider", "sealed", "begun_at"))
_find = Prepared(select(provider_sign_in).where(provider_sign_in.c.state == bindparam("key_state")))
_use = Prepared(
    update(provider_sign_in)
    .where(provider_sign_in.c.state == bindparam("key_state"), provider_sign_in.c.used_at.is_(None))
    .values(used_at=bindparam("moment", type_=provider_sign_in.c.used_at.type))
)
_keep = Prepared(
    update(provider_sign_in)
    .where(provider_sign_in.c.state == bindparam("key_state"))
    .values(
        account_id=bindparam("account", type_=provider_sign_in.c.account_id.type),
        session=bindparam("session_hash", type_=provider_sign_in.c.session.type),
        sealed=bindparam("sealed_token", type_=provider_sign_in.c.sealed.type),
    )
)
_of_session = Prepared(
    select(provider_sign_in.c.state, provider_sign_in.c.provider, provider_sign_in.c.sealed).where(
        provider_sign_in.c.session == bindparam("key_session")
    )
)


class ProviderDesk:
    """Begins and finishes sign-ins through providers. `begin_session` makes the session of whoever was proved."""

    def __init__(
        self, engine: Engine, outside: Any, begin_session: Callable[..., Any], patience: Callable[..., Any],
        failed: Callable[..., Any],
    ) -> None:  # fmt: skip
        self._engine, self._outside = engine, outside
        self._begin_session, self._patience, self._failed = begin_session, patience, failed
        self.openid = OpenId(engine.data)

    async def offers(self) -> list[ProviderOffer]:
        """What stands on the window for signing in."""
        found = await self._engine.read(ports.people.providers)
        return [ProviderOffer(code=one.code, name=one.names, symbol=one.symbol, port=one.port) for one in found]

    async def begin(self, request: BeginAtProvider, language: str) -> AtProvider:
        """The way to a provider's page."""
        provider = await self._provider(request.provider)
        if not may_return(provider, request.redirect):
            raise Refused("access.provider_return", provider=_named(provider))
        state, ticket = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(48), request.redirect)
        address = await self._ask(provider, self.openid.way, self._client(provider), begun, state, language)
        sealed = self._engine.vault.seal(_BEGUN, json.dumps([begun.nonce, begun.verifier, begun.redirect]))

        def act(work: Work) -> None:
            work.run(
                _insert, state=_digest(state), ticket=_digest(ticket), provider=provider.code, sealed=sealed,
                begun_at=work.now,
            )  # fmt: skip

        now = self._engine.clock.now()
        await self._act(act)
        return AtProvider(address=address, state=state, ticket=ticket, expires_at=now + LASTS)

    async def finish(self, request: FinishAtProvider, address: str, device: Principal | None) -> SignedIn:
        """A session for whoever came back from the provider's page."""
        engine, state = self._engine, _digest(request.state)
        row = await engine.read(lambda c: _find.first(c, key_state=state))
        if row is None or not hmac.compare_digest(row.ticket, _digest(request.ticket)):
            raise Refused("access.provider_over")
        if row.begun_at + LASTS <= engine.clock.now() or row.session is not None:
            raise Refused("access.provider_over")
        provider = await self._provider(row.provider)
        if row.account_id is not None and request.code:
            # The provider has proved the person already; what was missing is the code of the phone.
            await self._patience(address, device)
            account = await engine.read(lambda c: ports.people.account_of(c, row.account_id))
            return await self._enter(provider, account, request, row.sealed, address, device, fresh=False)
        if not await self._act(lambda work: bool(work.run(_use, key_state=state, moment=work.now))):
            raise Refused("access.provider_over")
        if request.error or not request.answer:
            log.info("no sign-in at %s: %s", provider.code, request.error[:100])
            declined = request.error in (
                "access_denied",
                "login_required",
                "interaction_required",
                "consent_required",
                "",
            )
            code = "access.provider_cancelled" if declined else "access.provider_wrong"
            raise Refused(code, provider=_named(provider))
        if request.issuer and request.issuer != provider.issuer:
            raise Refused("access.provider_wrong", provider=_named(provider))  # RFC 9207: another provider's answer
        begun = Begun(*json.loads(self._opened(provider, _BEGUN, row.sealed)))
        wanted = tuple(v for v in provider.claims.values() if v)
        proved = await self._ask(
            provider, self.openid.prove, self._client(provider), begun, request.answer,
            engine.clock.now().timestamp(), wanted,
        )  # fmt: skip
        account = await self._admit(provider, outsider_of(provider, proved))
        if account is None:
            raise Refused("access.provider_unknown", provider=_named(provider))
        sealed = engine.vault.seal(_TOKEN, proved.token)
        return await self._enter(provider, account, request, sealed, address, device, fresh=True)

    async def _enter(
        self, provider: Provider, account: Account | None, request: FinishAtProvider, sealed: bytes, address: str,
        device: Principal | None, *, fresh: bool,
    ) -> SignedIn:  # fmt: skip
        engine, state = self._engine, _digest(request.state)
        if account is None:
            raise Refused("access.provider_over")
        if account.locked:
            raise Refused("access.locked")
        if account.must_change_password:
            raise Refused("access.provider_password", provider=_named(provider))
        proof = proof_of_code(account, request.code, engine.vault, engine.clock.now())
        if proof is None and not request.code:
            if fresh:
                found = account.account_id

                def keep(work: Work) -> None:
                    work.run(_keep, key_state=state, account=found, session_hash=None, sealed_token=sealed)

                await self._act(keep)
            raise Refused("access.code_needed")
        if proof is None:
            await self._failed(account.name, address, device, "access.code_wrong")
            raise AssertionError("refused above")

        def kept(work: Work, session: bytes) -> None:
            work.run(_keep, key_state=state, account=account.account_id, session_hash=session, sealed_token=sealed)

        signed: SignedIn = await self._begin_session(account, proof, address, device, kept)
        return signed

    async def leave(self, session: bytes) -> str:
        """Where somebody signs out at the provider as well, if the session came from one that wants that."""
        row = await self._engine.read(lambda c: _of_session.first(c, key_session=session)) if session else None
        if row is None:
            return ""
        try:
            provider = await self._provider(row.provider)
            if not provider.leaves_too:
                return ""
            token = self._engine.vault.open(_TOKEN, row.sealed)
            address: str = await self._ask(provider, self.openid.leaving, self._client(provider), token)
        except (Refused, VaultBroken) as failure:
            log.warning("no way to sign out at %s: %s", row.provider, failure)
            return ""
        return address

    # inside

    async def _provider(self, code: str) -> Provider:
        found = await self._engine.read(ports.people.providers)
        provider = next((one for one in found if one.code == code), None)
        if provider is None:
            raise Refused("access.provider_gone")
        return provider

    def _client(self, provider: Provider) -> Client:
        secret = self._opened(provider, SECRET, bytes.fromhex(provider.secret)) if provider.secret else ""
        return Client(provider.issuer, provider.client_id, secret, provider.scopes, provider.asks_anew)

    def _opened(self, provider: Provider, place: str, sealed: bytes) -> str:
        try:
            return self._engine.vault.open(place, sealed)
        except VaultBroken as failure:
            log.error("what is kept of %s cannot be opened: %s", provider.code, failure)
            raise Refused("access.provider_wrong", provider=_named(provider)) from failure

    async def _ask(self, provider: Provider, function: Callable[..., T], *values: Any) -> T:
        """Speak to a provider outside of the loop; what goes wrong there becomes a sentence."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._outside, function, *values)
        except openid.Away as failure:
            code, why = "access.provider_away", failure
        except openid.Clocks as failure:
            code, why = "access.provider_clock", failure  # type: ignore[assignment]
        except openid.Declined as failure:
            code, why = "access.provider_over", failure  # type: ignore[assignment]
        except openid.Unbelievable as failure:
            code, why = "access.provider_wrong", failure  # type: ignore[assignment]
        log.warning("signing in through %s: %s", provider.code, why)
        raise Refused(code, provider=_named(provider)) from why

    async def _admit(self, provider: Provider, outsider: Outsider) -> Account | None:
        def admit(work: Work) -> Account | None:
            take_locks(work.connection, [f"access:{outsider.provider}:{outsider.subject}"])
            return ports.people.admit(work, outsider)

        return await self._act(admit, "access.admit")

    async def _act(self, function: Callable[[Work], T], name: str = "access.provider") -> T:
        def run(connection: Connection) -> Outcome:
            work = Work(connection, self._engine, HOUSE, name)
            result = function(work)
            outcome = work.finish()
            outcome.result = result
            return outcome

        return await self._engine.store.run(run)  # type: ignore[no-any-return]


def may_return(provider: Provider, redirect: str) -> bool:
    """Whether people may come back to this address: the program's own on its PC, or the portal's as it was entered."""
    if provider.web_return and redirect == provider.web_return:
        return True
    try:
        parts = urlsplit(redirect)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username) and parts.path == RETURN_PATH
    good = parts.scheme == "http" and parts.hostname == "127.0.0.1" and plain and port is not None
    return good and provider.port in (0, port)


def outsider_of(provider: Provider, proved: Proved) -> Outsider:
    """Whom a provider has proved, in the words of this hall. A mail address that the provider did not check names nobody."""

    def said(what: str) -> str:
        return claim_of(proved.claims, provider.claims.get(what) or "") or ""

    mail = said("mail") if proved.claims.get("email_verified") is not False else ""
    checked = proved.claims.get("email_verified") in (True, "true") or provider.claims.get("mail") != "email"
    match = provider.match if provider.match != "mail" or checked else "nobody"
    name = said("name")
    return Outsider(
        provider=provider.code, subject=proved.subject, name=name[:80] or mail[:80] or proved.subject[:80],
        full_name=said("full_name") or name or mail or proved.subject, mail=mail[:200], role=provider.role,
        number=said("number"), match=match,
    )  # fmt: skip


def _named(provider: Provider) -> str:
    return pick(provider.names) or provider.code


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()
