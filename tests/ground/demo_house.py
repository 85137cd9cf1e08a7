"""A demo hall as a process of its own, with a plain client and device tokens; for tests of programs and for the bench."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from common.protocol.discovery import NOBODY, WHERE_VARIABLE
from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.ground import moment
from tests.ground.once import once
from tests.ground.serving import Answer, Client
from tests.ground.starter import Started, start

TOP = Path(__file__).resolve().parents[2]


class DemoHouse:
    """`openhall-server serve --demo` on one data folder; may be stopped, killed and started again on the same port.

    `demo=False` leaves the hall empty. `at` names a moment (`moment.py`), else the suite's. `with` stops it, however the
    block ends. It announces itself to nobody unless `environment` says otherwise.
    """

    PROGRAM = "server"

    def __init__(
        self,
        data: Path,
        *options: str,
        environment: dict[str, str] | None = None,
        demo: bool = True,
        at: str | None = None,
    ) -> None:
        begins = moment.given(at) if demo else None
        self.clock = moment.ServerClock(begins) if begins is not None else None
        self.data = data
        self.demo = demo
        self.options = options
        self.environment = {WHERE_VARIABLE: NOBODY, **(environment or {})}
        self.port = 0
        self.url = ""
        self.process: Started | subprocess.Popen[str] | None = None
        self._tokens: dict[str, str] = {}
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it; returns when it is ready. Raises RuntimeError with the server's words when it does not start."""
        self.data.mkdir(exist_ok=True)
        with self.log.open("a") as log:
            self.process = start(
                [
                    *(self.PROGRAM, "serve", *(("--demo",) if self.demo else ())),
                    *("--port", str(self.port), "--data", str(self.data)),
                    *(("--clock", self.clock.option()) if self.clock is not None else ()),
                    *self.options,
                ],
                {**os.environ, **self.environment},
                stderr=log,
                piped=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError(self.log.read_text())
        ready = json.loads(line)
        self.url = str(ready["url"])
        self.port = int(self.url.rsplit(":", 1)[1])
        self.http = Client(self.port)

    @property
    def log(self) -> Path:
        """What the server says on standard error."""
        return self.data / "server.log"

    def claim_code(self) -> str:
        """The one-time code of an empty server, from its log."""
        return self.log.read_text().rsplit("one-time code ", 1)[1].split()[0]

    def https(self, path: str, *, trusted: ssl.SSLContext | None = None, name: str | None = None) -> Answer:
        """A GET over TLS; without `trusted` whoever answers is believed."""
        believing = ssl.create_default_context()
        believing.check_hostname = False
        believing.verify_mode = ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", self.port), 10) as plain,
            (trusted or believing).wrap_socket(plain, server_hostname=name) as wrapped,
        ):
            connection = http.client.HTTPConnection("127.0.0.1", self.port)
            connection.sock = wrapped
            connection.request("GET", path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), dict(answer.getheaders()))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; gives the exit status."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(how)
        status = process.wait(20)
        assert process.stdout is not None
        process.stdout.close()
        return status

    def kill(self) -> None:
        """As a power cut."""
        self.stop(signal.SIGKILL)

    def token(self, name: str = "manager") -> str:
        """A demo account's session; signed in once."""
        if name not in self._tokens:
            answer = self.http.post("/api/sign-in", json={"name": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self._tokens[name] = answer.json()["token"]
        return self._tokens[name]

    def send(
        self,
        verb: str,
        body: Any = None,
        *,
        who: str = "manager",
        key: str | None = None,
        token: str | None = None,
    ) -> Answer:
        """The raw answer to a verb, sent by an account's name, or by a device with its token."""
        headers = {"Authorization": f"Bearer {token or self.token(who)}", "Idempotency-Key": key or uuid.uuid4().hex}
        return self.http.post(f"/api/{verb.replace('.', '/')}", json=body or {}, headers=headers)

    def post(
        self,
        verb: str,
        body: Any = None,
        *,
        who: str = "manager",
        key: str | None = None,
        token: str | None = None,
    ) -> Any:
        """The answer to a verb that must succeed."""
        answer = self.send(verb, body, who=who, key=key, token=token)
        assert answer.status_code == 200, f"{verb}: {answer.status_code} {answer.text}"
        return answer.json()

    def open(self, number: int, who: str = "manager") -> dict[str, str]:
        """Sit down at a window; gives the input of verbs there."""
        place = {"window_id": str(id_of("window", number))}
        self.post("queue.open_window", place, who=who)
        return place

    def device(self, kind: str, *, window: int | None = None, zone: int | None = None) -> str:
        """The token of a new device at a window or in a zone of the demo hall."""
        place: dict[str, str] = {"label": f"{kind} of the test"}
        if window is not None:
            place["window_id"] = str(id_of("window", window))
        if zone is not None:
            place["zone_id"] = str(id_of("zone", zone))
        return str(self.post("devices.add", {"kind": kind, **place}, who="admin")["token"])

    def ticket(self, prefix: str, zone: int = 0, *, token: str | None = None, **more: Any) -> dict[str, Any]:
        """A ticket of a service, issued by the manager, or by the kiosk whose token this is."""
        channel = "staff" if token is None else "kiosk"
        body = {"service_id": str(id_of("service", prefix)), "zone_id": str(id_of("zone", zone)), "channel": channel}
        return dict(self.post("queue.issue_ticket", {**body, **more}, token=token)["ticket"])


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled demo hall's data folder, to be copied: filling it takes seconds, a start does not. Made once for all
    processes of a run."""
    folder = once(tmp_path_factory, "demo", lambda made: DemoHouse(made / "data", *moment.the_day_before()).stop())
    return folder / "data"


@pytest.fixture
def house(demo_data: Path, tmp_path: Path) -> Iterator[DemoHouse]:
    """A demo hall's server, a process of its own, for one test."""
    shutil.copytree(demo_data, tmp_path / "server")
    with DemoHouse(tmp_path / "server") as made:
        yield made
