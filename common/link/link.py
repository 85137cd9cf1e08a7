"""The link of one program to its server.

Everything runs in the event loop's thread; every callback is called there, between two steps of the loop, never inside
the call that caused it (except `on_state`'s and the outbox's, which may come from within `stop` or `put`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from common.link.cache import Cache
from common.link.clock import ServerClock
from common.link.discovery import Found
from common.link.live import Live
from common.link.outbox import Outbox
from common.link.outcome import Offline, Refusal
from common.link.pace import Pace
from common.link.profile import Profile
from common.link.records import Records
from common.link.session import Session
from common.link.state import LinkState
from common.link.verbs import new_key, verb_path
from common.link.wire import Wire
from common.protocol.access import (
    AtProvider,
    BeginAtProvider,
    Claim,
    FinishAtProvider,
    Me,
    ShortSignIn,
    SignedIn,
    SignedOut,
    SignIn,
    SignInWays,
)
from common.protocol.messages import Health, Message, Nothing, Notice

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)

REPORT_SECONDS = 120.0
"""A report or file may take this long; an answer to anything else comes at once or not at all."""


class Link:
    """One program's way to its server: finds it, proves itself, keeps the session, hears notices, keeps facts.

    `kind` is `staff`, `kiosk`, `pad` or `led`. `profile` is a folder of this program alone (made when missing). `server`
    is a URL that replaces discovery; plain `http` is refused beyond loopback. `token` is the text of a `--token` file: a
    token, optionally followed by the PEM of the hall's certificate authority; it replaces enrolment. `language` is the
    reader's, sent with every request. Make it in the loop's thread; nothing happens before `start`.
    """

    def __init__(
        self,
        kind: str,
        *,
        profile: Path,
        server: str | None = None,
        token: str | None = None,
        language: str = "en",
        version: str = "0.1.0",
        label: str | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.kind = kind
        self.version = version
        self.pace = pace or Pace()
        self.profile = Profile(profile)
        self.restart: Callable[[], None] | None = None
        """Ends the program and starts it anew, where it can do so; heartbeats call it when the console wants it."""
        self._clock = ServerClock()
        self.cache = Cache(self.profile.folder / "cache", self.now)
        self.outbox = Outbox(self.profile.folder / "outbox.sqlite3", self.now)
        self.records = Records(self)
        """Lists, forms and changes of records."""
        self.since: datetime = self._clock.now()
        """Since when the link is in its state, by the server's clock (QUE-931); by this machine's until it is known."""
        self.sentence = ""
        """Why the link is not online, in the reader's language; empty where the state says all."""
        self._state = LinkState.SEARCHING
        self._on_state: list[Callable[[LinkState], None]] = []
        self._wire = Wire(kind, version, language, self.pace)
        self._live = Live(self._clock, self.pace)
        self._session = Session(
            kind,
            wire=self._wire,
            live=self._live,
            clock=self._clock,
            profile=self.profile,
            outbox=self.outbox,
            pace=self.pace,
            become=self._become,
            server=server,
            token=token,
            label=label,
        )
        self._task: asyncio.Task[None] | None = None

    # what is

    @property
    def state(self) -> LinkState:
        """What the link is doing now."""
        return self._state

    @property
    def online(self) -> bool:
        """Signed in and listening live."""
        return self._state is LinkState.ONLINE

    @property
    def asking(self) -> int:
        """How many questions to the server wait for their answer."""
        return self._wire.asking

    @property
    def health(self) -> Health | None:
        """What the server last said of itself; kept while offline."""
        return self._session.health

    @property
    def me(self) -> Me | None:
        """The person signed in, else this device; kept while offline, nothing when signed out."""
        return self._session.me

    @property
    def digits(self) -> str | None:
        """While enrolling: the six digits to be compared with those on the console."""
        return self._session.digits

    @property
    def server(self) -> str | None:
        """The server's URL, once known."""
        return self._wire.url

    @property
    def found(self) -> list[Found]:
        """The servers seen on the LAN; empty with `--server`."""
        return self._session.found

    @property
    def language(self) -> str:
        """The reader's language, sent with every request; may be set at any time."""
        return self._wire.language

    @language.setter
    def language(self, code: str) -> None:
        self._wire.language = code

    def now(self) -> datetime:
        """The server's time, at the server's speed; goes on while offline and never steps back. UTC."""
        return self._clock.now()

    def on_state(self, callback: Callable[[LinkState], None]) -> Callable[[], None]:
        """Call `callback(state)` when the state, its sentence, the digits or `me` change; gives the way to stop it."""
        self._on_state.append(callback)
        return lambda: self._on_state.remove(callback) if callback in self._on_state else None

    # life

    async def start(self) -> None:
        """Begin; returns at once. The link then finds, joins and rejoins by itself until `stop`."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._session.run(), name=f"link {self.kind}")
            self._task.add_done_callback(_report_end)

    async def stop(self) -> None:
        """End the link; what waits in the outbox stays there for the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        await self._wire.close()
        self.outbox.close()

    # asking

    async def act(
        self, verb: str, message: Message, answer: type[M], *, key: str | None = None, timeout: float = 8
    ) -> M:
        """Do `verb` (as `queue.call_next`) once; sends an Idempotency-Key and repeats the same key after a cut.

        Raises Refusal (nothing was changed) or, after `timeout` seconds, Offline (it may have happened: to ask again pass
        the same `key`, made with `new_key`).
        """
        got = await self._wire.ask("POST", verb_path(verb), message, key=key or new_key(), within=timeout)
        return answer.model_validate_json(got)

    async def read(self, verb: str, message: Message, answer: type[M], *, timeout: float = 8) -> M:
        """Read a view (as `queue.board`). Raises Refusal or Offline."""
        got = await self._wire.ask("POST", verb_path(verb), message, within=timeout, again=True)
        return answer.model_validate_json(got)

    async def request(
        self, method: str, path: str, *, json: dict[str, Any] | None = None, key: str | None = None, timeout: float = 8
    ) -> Any:
        """Any address of the API, JSON both ways. A change (POST, PATCH, DELETE of records) wants a `key`."""
        again = key is not None or method == "GET" or path.endswith("/query")
        got = await self._wire.ask(method, path, json, key=key, within=timeout, again=again)
        return self._wire.loads(got)

    async def fetch_file(self, file_id: UUID | str) -> bytes:
        """The content of a stored file."""
        return await self._wire.ask("GET", f"/api/files/{file_id}", within=REPORT_SECONDS, again=True)

    async def send_file(self, name: str, content: bytes, *, public: bool = False) -> Any:
        """Put a file into the store under an ASCII name; gives `{"id"}`. A `public` picture may be seen by all."""
        got = await self._wire.ask(
            "POST", "/api/files?public=1" if public else "/api/files", content, within=REPORT_SECONDS, again=True, headers={
                "Openhall-Name": name, "Content-Type": "application/octet-stream",
            },
        )  # fmt: skip
        return self._wire.loads(got)

    async def exported(self, export_id: UUID) -> bytes:
        """The file of one's own export, once it is done."""
        return await self._wire.ask("GET", f"/api/exports/{export_id}", within=REPORT_SECONDS, again=True)

    async def send_import(self, kind: str, name: str, content: bytes) -> bytes:
        """Send a file to be imported into a kind of record; gives its `ImportState` as JSON. Nothing is changed by it."""
        return await self._wire.ask(
            "POST", f"/api/imports?type={kind}", content, within=REPORT_SECONDS, again=True, headers={
                "Openhall-Name": quote(name), "Content-Type": "application/octet-stream",
            },
        )  # fmt: skip

    async def sheet(self, path: str) -> bytes:
        """An Excel file of imports: `template/{kind}`, or `{id}/rows` with what is wrong with them."""
        return await self._wire.ask("GET", f"/api/imports/{path}", within=REPORT_SECONDS, again=True)

    async def report(self, name: str, parameters: dict[str, Any], format: str = "json") -> bytes:
        """A report as a file: `json`, `xlsx`, `csv` or `pdf`."""
        body = {**parameters, "format": format}
        return await self._wire.ask("POST", f"/api/reports/{name}", body, within=REPORT_SECONDS, again=True)

    # who

    async def sign_in(self, name: str, password: str, code: str = "") -> SignedIn:
        """Sign a person in on top of this device; `state` becomes online when the live socket is up again.

        Where the answer says that something must come first (another password, codes of a phone), nobody has come yet: do
        it with `ask_as`, then `enter`.
        """
        return await self._sign_in("/api/sign-in", SignIn(name=name, password=password, code=code))

    async def sign_in_short(self, *, name: str = "", pin: str = "", card: str = "") -> SignedIn:
        """Sign a person in by card, or name and PIN, where `sign_in_ways` offers it."""
        return await self._sign_in("/api/sign-in/short", ShortSignIn(name=name, pin=pin, card=card))

    async def sign_in_ways(self) -> SignInWays:
        """How one may sign in at this PC beside name and password."""
        got = await self._wire.ask("GET", "/api/sign-in/ways", token=self._session.device_token, again=True)
        return SignInWays.model_validate_json(got)

    async def begin_at_provider(self, provider: str, redirect: str) -> AtProvider:
        """The page of an identity provider for the person's browser, which then comes back to `redirect`."""
        asked = BeginAtProvider(provider=provider, redirect=redirect)
        path = "/api/sign-in/provider/begin"
        got = await self._wire.ask("POST", path, asked, token=self._session.device_token, within=15)
        return AtProvider.model_validate_json(got)

    async def finish_at_provider(self, finished: FinishAtProvider) -> SignedIn:
        """Sign a person in by what the browser brought back."""
        return await self._sign_in("/api/sign-in/provider/finish", finished, within=30)

    async def ask_as(
        self, signed: SignedIn, verb: str, message: Message, answer: type[M], *, key: str | None = None
    ) -> M:
        """Do a verb as somebody who is not, or not yet, signed in at this program. Raises Refusal or Offline."""
        got = await self._wire.ask("POST", verb_path(verb), message, token=signed.token, key=key or new_key())
        return answer.model_validate_json(got)

    async def prove(self, *, name: str = "", pin: str = "", card: str = "") -> SignedIn:
        """Who stands here, by card, or by name and PIN: for a few verbs with `ask_as`, until `dismiss`. The program stays
        signed in as its device. Raises Refusal or Offline."""
        asked = ShortSignIn(name=name, pin=pin, card=card)
        got = await self._wire.ask("POST", "/api/sign-in/short", asked, token=self._session.device_token, within=8)
        return SignedIn.model_validate_json(got)

    async def dismiss(self, signed: SignedIn) -> None:
        """End what `prove` began, also when the server cannot hear of it: it lapses by itself."""
        try:
            await self._wire.ask("POST", "/api/sign-out", Nothing(), token=signed.token, within=3)
        except (Refusal, Offline) as why:
            log.info("the server did not hear of the sign-out: %s", why)

    def enter(self, signed: SignedIn) -> None:
        """A sign-in is finished: the person has come."""
        self._session.person_came(signed)

    async def _sign_in(self, path: str, message: Message, within: float = 8) -> SignedIn:
        got = await self._wire.ask("POST", path, message, token=self._session.device_token, within=within)
        signed = SignedIn.model_validate_json(got)
        if not signed.must_change_password and not signed.must_set_second_factor:
            self.enter(signed)
        return signed

    async def sign_out(self) -> str:
        """End the person's session, also when the server cannot hear of it. Gives the page at which the person signs out at
        an identity provider as well; empty where there is none."""
        token = self._session.person_left()
        if token is None:
            return ""
        try:
            got = await self._wire.ask("POST", "/api/sign-out", Nothing(), token=token, within=8)
        except (Refusal, Offline) as why:
            log.info("the server did not hear of the sign-out: %s", why)
            return ""
        return SignedOut.model_validate_json(got).leave

    async def claim(self, claim: Claim) -> SignedIn:
        """Make the first administrator of an empty server (`health.founded` is false) and sign him in.

        Beyond loopback the one-time code also names the hall's certificate authority, which is checked before anything
        secret is sent; a wrong one raises Offline with a sentence.
        """
        await self._session.trust_by_code(claim.code)
        got = await self._wire.ask("POST", "/api/claim", claim, within=8)
        signed = SignedIn.model_validate_json(got)
        self._session.person_came(signed)
        return signed

    def choose(self, found: Found) -> None:
        """Several halls answer on the LAN: take this one, for this start and, once joined, for ever."""
        self._session.choose(found)

    def hurry(self) -> None:
        """Whatever the link waits for (a refused enrolment, a server that is gone): try now."""
        self._session.hurry()

    # hearing

    def watch(self, topic: str, callback: Callable[[Notice | None], None]) -> Callable[[], None]:
        """Hear of `topic` and everything below it; gives the way to stop.

        `callback(None)` means: read everything anew. It comes first of all, as soon as the topic is heard (so no reading
        before it is needed), and again when notices may have been missed. No notice is lost between it and the next ones.
        """
        return self._live.watch(topic, callback)

    # of the session

    def _become(self, state: LinkState, sentence: str = "") -> None:
        """Called by the session: take a state and tell the callbacks, if anything changed."""
        if state is not self._state:
            log.info("link %s: %s%s", self.kind, state.value, f" ({sentence})" if sentence else "")
            self.since = self.now()
        self._state = state
        self.sentence = sentence
        for callback in list(self._on_state):
            callback(state)


def _report_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("the link ended", exc_info=task.exception())
