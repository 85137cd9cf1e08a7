"""The way through the person's own browser and back: a page is opened, and the browser comes back to this very PC.

The address is a loopback one over plain HTTP, as RFC 8252 has it for programs: nothing of it leaves the PC, no certificate is
needed, and Windows asks nobody for leave. It is served in a thread of its own, not in Qt's loop, whose sockets could not be tried
on Windows; it answers one path, once, and stops.
"""

from __future__ import annotations

import asyncio
import html
import logging
import threading
import webbrowser
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

log = logging.getLogger(__name__)

PATH = "/signed-in"
LONGEST = 8000
"""Characters of the address that comes back."""
PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>Openhall</title>
<body style="font:18px sans-serif;margin:15% auto;max-width:30em;text-align:center"><p>{words}</p></body></html>"""


class PortTaken(Exception):
    """The port at which the browser should come back is used by another program of this PC."""


@dataclass(frozen=True)
class Brought:
    """What the browser brought back."""

    state: str
    code: str = ""
    issuer: str = ""
    error: str = ""


class BrowserReturn:
    """Waits at a loopback address for a browser. `words` stand on the page that the person then sees."""

    def __init__(self, port: int, words: str, language: str) -> None:
        direction = "rtl" if language == "fa" else "ltr"
        self._page = PAGE.format(language=language, direction=direction, words=html.escape(words)).encode()
        self._loop = asyncio.get_running_loop()
        self._state = ""
        self._brought: asyncio.Future[Brought] = self._loop.create_future()
        try:
            self._server = _Quiet(("127.0.0.1", port), _handler(self))
        except OSError as failure:
            raise PortTaken(str(failure)) from failure
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="browser return", daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """Where the browser is to come back to."""
        return f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def expect(self, state: str) -> None:
        """From now on listen to what comes with this very state; to be called before the page opens."""
        self._state = state

    async def wait(self, seconds: float) -> Brought:
        """What the browser brings back. Raises TimeoutError."""
        return await asyncio.wait_for(asyncio.shield(self._brought), seconds)

    async def close(self) -> None:
        """Nobody is waited for any more."""
        await self._loop.run_in_executor(None, self._server.shutdown)
        self._server.server_close()
        self._brought.cancel()

    def came(self, path: str) -> bytes | None:
        """A request from the browser, in the server's thread; gives the page, or nothing where it is none of ours."""
        parts = urlsplit(path[:LONGEST])
        facts = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != PATH or not self._state or facts.get("state") != self._state:
            return None
        brought = Brought(
            self._state, facts.get("code", ""), facts.get("iss", ""), facts.get("error", "")[:200]
        )  # fmt: skip
        self._loop.call_soon_threadsafe(self._take, brought)
        return self._page

    def _take(self, brought: Brought) -> None:
        if not self._brought.done():
            self._brought.set_result(brought)


async def open_browser(address: str) -> bool:
    """Open a page in the person's own browser; false where there is none. Only what is a web address is handed on."""
    if urlsplit(address).scheme not in ("https", "http"):
        return False
    try:
        return await asyncio.get_running_loop().run_in_executor(None, webbrowser.open, address)
    except (OSError, webbrowser.Error) as failure:
        log.warning("no browser opens: %s", failure)
        return False


class _Quiet(HTTPServer):
    # Windows would let a second program take the same port otherwise.
    allow_reuse_address = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.info("a browser went away while it was answered")


def _handler(waiting: BrowserReturn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            page = waiting.came(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(page or b"")))
            self.end_headers()
            self.wfile.write(page or b"")

        def log_message(self, format: str, *arguments: Any) -> None:
            """The address holds a code: it stands in no log."""

    return Handler
