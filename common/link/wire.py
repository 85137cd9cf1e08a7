"""Requests to one server: headers, time limits, repeats with the same key, refusals."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
from pydantic import ValidationError

from common.link.outcome import Offline, Refusal
from common.link.pace import Pace, longer
from common.protocol.messages import PROTOCOL, Message, Problem
from common.text import _

GONE = (502, 503, 504)
"""Somebody else answered for the server, or it is going down: as good as no answer."""


class Wire:
    """One program's connections. Everything runs in the loop's thread.

    A secret goes only over `http` on loopback or over TLS whose authority is pinned (`trust`).
    """

    def __init__(self, kind: str, version: str, language: str, pace: Pace) -> None:
        self.language = language
        self.url: str | None = None
        self.token: str | None = None
        self.reachable = True
        """The session's word: while it is false nothing is repeated, an answer is not to be expected."""
        self.on_unauthorised: Callable[[str], None] = lambda _token: None
        self.asking = 0
        """How many questions wait for their answer."""
        self._client = f"{kind}/{version}/{PROTOCOL}"
        self._pace = pace
        self._http: aiohttp.ClientSession | None = None
        self._trust: ssl.SSLContext | None = None
        self._server_name: str | None = None

    def point(self, url: str) -> None:
        """Speak to this address from now on. Raises ValueError for plain HTTP beyond loopback."""
        url = url.rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(_("{address} is no server's address.").format(address=url))
        if parts.scheme == "http" and not loopback(parts.hostname):
            raise ValueError(
                _("{address} is not encrypted; beyond this machine only https is used.").format(address=url)
            )
        self.url = url

    def trust(self, context: ssl.SSLContext, server_name: str) -> None:
        """Accept only a server with this name whose certificate `context` accepts."""
        self._trust, self._server_name = context, server_name

    @property
    def encrypted(self) -> bool:
        """The address asks for TLS."""
        return bool(self.url and self.url.startswith("https"))

    @property
    def proven(self) -> bool:
        """Secrets may be sent."""
        return self.url is not None and (not self.encrypted or self._trust is not None)

    async def ask(
        self,
        method: str,
        path: str,
        body: Message | dict[str, Any] | bytes | None = None,
        *,
        key: str | None = None,
        token: str | None = None,
        within: float = 8.0,
        again: bool = False,
        unproven: bool = False,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """Ask and give the answer's bytes. With a key, or when `again`, it is repeated after a cut until time is up.

        `unproven` allows an answer from a server whose certificate is not known yet; then no token is sent.
        Raises Refusal or Offline.
        """
        if self.url is None:
            raise Offline("no server known")
        if not unproven and not self.proven:
            raise Offline("the server is not proven", sentence=_("This device has not joined the hall yet."))
        data = _encoded(body)
        token = None if unproven else token or self.token
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        pause = self._pace.retry
        self.asking += 1
        try:
            while True:
                try:
                    async with asyncio.timeout_at(end):
                        return await self._once(method, path, data, key, token, unproven, headers or {})
                except TimeoutError as late:
                    raise Offline(f"no answer within {within:g} s") from late
                except (aiohttp.ClientError, OSError) as failure:
                    if not (key or again) or not self.reachable or loop.time() + pause >= end:
                        raise Offline(str(failure)) from failure
                await asyncio.sleep(pause)
                pause = longer(pause, self._pace)
        finally:
            self.asking -= 1

    async def live(self, path: str) -> aiohttp.ClientWebSocketResponse:
        """Open the live socket. Raises Offline."""
        if not self.proven or self.token is None:
            raise Offline("nobody is signed in")
        try:
            async with asyncio.timeout(self._pace.health):
                return await self._session().ws_connect(
                    f"{self.url}{path}",
                    headers=self._headers(self.token),
                    max_msg_size=1 << 20,
                    ssl=self._ssl(False),
                    server_hostname=self._server_name if self.encrypted else None,
                )
        except (aiohttp.ClientError, OSError, TimeoutError) as failure:
            raise Offline(f"live: {failure}") from failure

    @staticmethod
    def loads(raw: bytes) -> Any:
        """JSON, or nothing."""
        return orjson.loads(raw) if raw else None

    async def close(self) -> None:
        """Close all connections."""
        session, self._http = self._http, None
        if session is not None:
            await session.close()

    async def _once(
        self,
        method: str,
        path: str,
        data: bytes | None,
        key: str | None,
        token: str | None,
        unproven: bool,
        more: dict[str, str],
    ) -> bytes:
        headers = self._headers(token)
        if data is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        headers.update(more)
        async with self._session().request(
            method,
            f"{self.url}{path}",
            data=data,
            headers=headers,
            ssl=self._ssl(unproven),
            server_hostname=self._server_name if self.encrypted and self._trust is not None else None,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            if answer.status < 300:
                return content
            problem = _problem(content)
            if problem is None:
                if answer.status in GONE:
                    raise aiohttp.ClientPayloadError(f"status {answer.status}")
                problem = Problem(
                    status=answer.status,
                    code="request.failed",
                    detail=_("The server gave no answer that can be read."),
                )
            if answer.status == 401 and token is not None and problem.code != "access.wrong_credentials":
                self.on_unauthorised(token)
            raise Refusal(problem)

    def _headers(self, token: str | None) -> dict[str, str]:
        headers = {"Openhall-Client": self._client, "Accept-Language": self.language}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return headers

    def _ssl(self, unproven: bool) -> ssl.SSLContext | bool:
        if not self.encrypted:
            return True
        if self._trust is not None:
            return self._trust
        return not unproven

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            # aiohttp sets TCP_NODELAY itself and writes head and body of a small request at once.
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=20, keepalive_timeout=30),
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._http


def loopback(host: str) -> bool:
    """This machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _encoded(body: Message | dict[str, Any] | bytes | None) -> bytes | None:
    if isinstance(body, Message):
        return body.model_dump_json().encode()
    if isinstance(body, bytes) or body is None:
        return body
    return orjson.dumps(body)


def _problem(content: bytes) -> Problem | None:
    try:
        return Problem.model_validate_json(content)
    except ValidationError:
        return None
