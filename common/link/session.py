"""How a link finds, proves, joins, stays and comes back: one loop over these steps."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket as sockets
from collections.abc import Callable, Coroutine
from typing import Any

from common.link import trust
from common.link.clock import ServerClock
from common.link.discovery import Discovery, Found
from common.link.enrolment import Enrolment, NotEnrolled
from common.link.facts import send_facts
from common.link.live import Ended, Live
from common.link.outbox import Outbox
from common.link.outcome import Offline, Refusal
from common.link.pace import Pace, longer
from common.link.profile import Profile
from common.link.state import LinkState
from common.link.wire import Wire
from common.protocol.access import Me, SignedIn
from common.protocol.discovery import server_name
from common.protocol.messages import OLDEST_PROTOCOL, PROTOCOL, Health, Message, Nothing
from common.text import _

log = logging.getLogger(__name__)

ENROLS_AS = {"staff": "staff_pc"}
"""How the server calls a program's kind, where it is another word."""

Become = Callable[[LinkState, str], None]


class Session:
    """Who we are to which server. The link shows its properties; all of it runs in the loop's thread."""

    def __init__(
        self,
        kind: str,
        *,
        wire: Wire,
        live: Live,
        clock: ServerClock,
        profile: Profile,
        outbox: Outbox,
        pace: Pace,
        become: Become,
        server: str | None,
        token: str | None,
        label: str | None,
    ) -> None:
        self.kind = kind
        self.health: Health | None = None
        self.me: Me | None = None
        self.digits: str | None = None
        self.person: SignedIn | None = None
        self._wire = wire
        self._live = live
        self._clock = clock
        self._profile = profile
        self._outbox = outbox
        self._pace = pace
        self._become = become
        self._given_url = server
        self._given_token, self._given_authority = _split(token)
        self._label = label or sockets.gethostname()
        self._discovery: Discovery | None = None
        self._chosen: Found | None = None
        self._search = False
        """The last address does not answer: ask the LAN as well."""
        self._stirred = asyncio.Event()
        self._was_there = False
        self._refused: str | None = None
        """A token that the server does not accept."""
        wire.on_unauthorised = self._unauthorised

    # what the link asks of it

    @property
    def found(self) -> list[Found]:
        """Servers seen on the LAN."""
        return self._discovery.found if self._discovery is not None else []

    @property
    def device_token(self) -> str | None:
        """This device's own token."""
        return self._given_token or self._profile.token

    def choose(self, found: Found) -> None:
        """Several servers are there: take this one."""
        self._chosen = found
        self._stirred.set()

    def person_came(self, signed: SignedIn) -> None:
        """Somebody signed in."""
        self.person = signed
        self.me = signed.person
        self._live.forget()
        self._stirred.set()

    def person_left(self) -> str | None:
        """Nobody is signed in any more; gives the ended token."""
        person, self.person = self.person, None
        self.me = None
        self._live.forget()
        self._stirred.set()
        return person.token if person is not None else None

    def hurry(self) -> None:
        """Whatever it waits for: try now."""
        self._refused = None
        self._stirred.set()

    async def trust_by_code(self, code: str) -> None:
        """Pin the authority that an empty server's one-time code names. Raises Offline with a sentence."""
        if not self._wire.encrypted or self._wire.proven:
            return
        pem = (await self._wire.ask("GET", "/api/authority", unproven=True, again=True)).decode()
        if not trust.authority_fits(code, pem):
            raise Offline(
                "the code names another authority",
                sentence=_("This code does not fit this server. Type it exactly as the server's screen shows it."),
            )
        health = await self._ask_health(unproven=True)
        self._pin(pem, health)
        self._profile.belong(health.server_id, url=self._wire.url, authority=pem)

    # its life

    async def run(self) -> None:
        """Until cancelled."""
        pause = self._pace.retry
        try:
            while True:
                try:
                    await self._once()
                    pause = self._pace.retry
                except Offline as why:
                    log.info("no server: %s", why)
                    self._lost(why)
                    await self._wait(pause)
                    pause = longer(pause, self._pace)
                except Refusal as why:
                    log.warning("the server refused the link: %s", why)
                    self._become(LinkState.OFFLINE if self._was_there else LinkState.CONNECTING, why.sentence)
                    await self._wait(self._pace.look)
        finally:
            await self._close_discovery()

    async def _once(self) -> None:
        """From wherever we are to the end of one stay with the server."""
        self._stirred.clear()
        if not await self._find():
            return
        health = await self._ask_health(unproven=not self._wire.proven)
        self._wire.reachable = True
        if not self._fits(health):
            await self._wait(self._pace.look)
            return
        self.health = health
        self._clock.set(health.now, health.speed)
        if not self._wire.proven and not await self._prove(health):
            return
        if not await self._join(health):
            return
        await self._stay()

    async def _find(self) -> bool:
        """Know an address: the given one, else the last one, else what the LAN says."""
        known = self._given_url or self._profile.url
        if self._wire.url is None and known is not None:
            try:
                self._wire.point(known)
            except ValueError as why:
                self._become(LinkState.INCOMPATIBLE, str(why))
                await self._wait(None)
                return False
            if not self._was_there:
                self._become(LinkState.CONNECTING, "")
            return True
        if self._wire.url is not None and not self._search:
            return True
        discovery = await self._open_discovery()
        ours = [f for f in discovery.found if self._profile.server_id in (None, f.server_id)]
        if self._chosen is not None and self._chosen in ours:
            ours = [self._chosen]
        if len(ours) == 1:
            self._wire.point(ours[0].after(self._wire.url))
        if self._wire.url is not None:
            return True  # nobody else seen: the old address once more
        self._become(LinkState.SEARCHING, _("Several halls answer here. Choose yours.") if len(ours) > 1 else "")
        await self._wait(self._pace.look)
        return False

    async def _open_discovery(self) -> Discovery:
        if self._discovery is None:
            self._discovery = Discovery(self._stirred.set)
            try:
                await self._discovery.open()
            except OSError as failure:
                await self._close_discovery()
                raise Offline(str(failure), sentence=_("This device has no network.")) from failure
        return self._discovery

    async def _close_discovery(self) -> None:
        discovery, self._discovery = self._discovery, None
        if discovery is not None:
            await discovery.close()

    def _lost(self, why: Offline) -> None:
        self._wire.reachable = False
        self._search = self._given_url is None
        if self._was_there:
            self._become(LinkState.OFFLINE, why.sentence)
        else:
            self._become(self._state_unreached(), "")

    def _state_unreached(self) -> LinkState:
        return LinkState.CONNECTING if self._given_url is not None else LinkState.SEARCHING

    async def _ask_health(self, *, unproven: bool) -> Health:
        raw = await self._wire.ask("GET", "/api/health", within=self._pace.health, unproven=unproven)
        return Health.model_validate_json(raw)

    def _fits(self, health: Health) -> bool:
        if health.oldest_protocol > PROTOCOL:
            sentence = _("This program is too old for its server. Ask IT to update it.")
        elif health.protocol < OLDEST_PROTOCOL:
            sentence = _("The server is too old for this program. Ask IT to update the server.")
        elif self._profile.server_id not in (None, health.server_id) and self._given_token is None:
            sentence = _("Another hall's server answers at this address.")
        else:
            return True
        self._become(LinkState.INCOMPATIBLE, sentence)
        return False

    async def _prove(self, health: Health) -> bool:
        """TLS whose authority is not known yet: a given or kept one, else by enrolment. Staff of an empty server wait."""
        pem = self._given_authority or self._profile.authority
        if pem is not None:
            self._pin(pem, health)
            return True
        if not health.founded and self.kind == "staff":
            self._become(LinkState.SIGNED_OUT, "")
            await self._wait(self._pace.look)
            return False
        return await self._enrol(health)

    def _pin(self, pem: str, health: Health) -> None:
        self._wire.trust(trust.context(pem), server_name(health.server_id))

    async def _join(self, health: Health) -> bool:
        """Have a token that the server accepts, and know who we are."""
        token = self.person.token if self.person is not None else self.device_token
        if token is None and self.kind != "staff":
            return await self._enrol(health)
        if token is None or (self.kind == "staff" and self.person is None):
            self._was_there = True
            self.me = None
            self._become(LinkState.SIGNED_OUT, self._why_signed_out())
            await self._wait(self._pace.look)
            return False
        self._wire.token = token
        try:
            self.me = Me.model_validate_json(
                await self._wire.ask("POST", "/api/access/me", Nothing(), within=self._pace.health)
            )
        except Refusal as why:
            if why.status != 401:
                raise
            return await self._not_accepted(token)
        return True

    def _why_signed_out(self) -> str:
        return _("Your session has ended. Please sign in again.") if self._refused is not None else ""

    async def _not_accepted(self, token: str) -> bool:
        self._wire.token = None
        if self.person is not None and token == self.person.token:
            self._refused = token
            self.person_left()
        elif token == self._profile.token:
            log.warning("the server does not know this device any more")
            self._profile.forget_token()
        else:
            self._become(LinkState.SIGNED_OUT, _("The server does not accept this device's token."))
            await self._wait(self._pace.look)
        return False

    async def _enrol(self, health: Health) -> bool:
        if not health.founded:
            self._become(LinkState.CONNECTING, _("The hall is not set up yet."))
            await self._wait(self._pace.look)
            return False
        self._become(LinkState.ENROLLING, "")
        try:
            enrolled = await Enrolment(ENROLS_AS.get(self.kind, self.kind), self._label).run(
                self._post, self._show_digits
            )
        except NotEnrolled as why:
            self._show_digits(None)
            self._become(LinkState.ENROLLING, why.sentence)
            await self._wait(self._pace.refused_again)
            return False
        except Refusal as why:
            self._become(LinkState.ENROLLING, why.sentence)
            await self._wait(self._pace.look)
            return False
        self.digits = None
        if self._wire.encrypted:
            self._pin(enrolled.authority, health)
        self._profile.belong(health.server_id, url=self._wire.url, authority=enrolled.authority, token=enrolled.token)
        return False  # once more from the top, now as somebody

    async def _post(self, path: str, message: Message) -> bytes:
        return await self._wire.ask("POST", path, message, again=True, unproven=True)

    def _show_digits(self, digits: str | None) -> None:
        self.digits = digits
        self._become(LinkState.ENROLLING, "")

    async def _stay(self) -> None:
        """Listen and send facts until the socket ends, or until somebody comes or goes."""
        self._search = False
        await self._close_discovery()
        outcome = await _first(
            self._live.run(self._wire, self._ready),
            send_facts(self._wire, self._outbox, self._pace),
            self._stirred.wait(),
        )
        if isinstance(outcome, Ended):
            token = self._wire.token
            if token is not None:
                await self._not_accepted(token)
        elif outcome is not None:
            raise outcome

    def _ready(self) -> None:
        self._was_there = True
        self._refused = None
        assert self.health is not None
        if self.person is None:
            self._profile.belong(self.health.server_id, url=self._wire.url)
        self._become(LinkState.ONLINE, "")

    def _unauthorised(self, token: str) -> None:
        """An ordinary request met 401: look at once whether the session has ended."""
        if token == self._wire.token:
            self._stirred.set()

    async def _wait(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stirred.wait()


async def _first(*steps: Coroutine[Any, Any, Any]) -> Exception | None:
    """Run all until the first ends; the others are cancelled. Gives what it raised, if it raised."""
    tasks = [asyncio.ensure_future(step) for step in steps]
    try:
        done, _left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            why = task.exception()
            if isinstance(why, Exception):
                return why
        return None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _split(token: str | None) -> tuple[str | None, str | None]:
    """A `--token` file: the token, then perhaps the authority's PEM."""
    if token is None:
        return None, None
    head, mark, rest = token.partition("-----BEGIN")
    return head.strip() or None, (mark + rest).strip() + "\n" if mark else None
