"""A demo hall as a process of its own, with a plain client and device tokens; for tests of programs and journeys."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.ground.serving import Answer, Client

TOP = Path(__file__).resolve().parents[2]


class DemoHouse:
    """`openhall-server serve --demo` on one data folder; may be stopped, killed and started again on the same port."""

    def __init__(self, data: Path, *options: str, port: int = 0, database: str | None = None) -> None:
        self.data = data
        self.options = (*options, *(("--database", database) if database else ()))
        self.port = port
        self.process: subprocess.Popen[str] | None = None
        self._tokens: dict[str, str] = {}
        self.start()

    def start(self) -> None:
        """Start it; returns when it is ready."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "server", "serve", "--demo", "--port", str(self.port)),
                *("--data", str(self.data), *self.options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=TOP,
            env={"OPENHALL_ZEROCONF": "loopback", **os.environ},
        )
        assert self.process.stdout is not None
        ready = json.loads(self.process.stdout.readline())
        self.url = str(ready["url"])
        self.port = int(self.url.rsplit(":", 1)[1])
        self.http = Client(self.port)

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

    def send(self, verb: str, body: Any = None, *, who: str = "manager", key: str | None = None) -> Answer:
        """The raw answer to a verb, sent by an account's name or a token."""
        token = who if len(who) > 30 else self.token(who)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid.uuid4().hex}
        return self.http.post(f"/api/{verb.replace('.', '/')}", json=body or {}, headers=headers)

    def post(self, verb: str, body: Any = None, *, who: str = "manager", key: str | None = None) -> Any:
        """The answer to a verb that must succeed."""
        answer = self.send(verb, body, who=who, key=key)
        assert answer.status_code == 200, f"{verb}: {answer.status_code} {answer.text}"
        return answer.json()

    def device(self, kind: str, *, window: int | None = None, zone: int | None = None) -> str:
        """The token of a new device at a window or in a zone of the demo hall."""
        place: dict[str, str] = {"label": f"{kind} of the test"}
        if window is not None:
            place["window_id"] = str(id_of("window", window))
        if zone is not None:
            place["zone_id"] = str(id_of("zone", zone))
        return str(self.post("devices.add", {"kind": kind, **place}, who="admin")["token"])

    def open(self, number: int, who: str = "manager") -> dict[str, str]:
        """Sit down at a window; gives the input of verbs there."""
        place = {"window_id": str(id_of("window", number))}
        self.post("queue.open_window", place, who=who)
        return place

    def ticket(self, prefix: str, zone: int = 0, **more: Any) -> dict[str, Any]:
        """Issue a ticket of a service."""
        body = {"service_id": str(id_of("service", prefix)), "zone_id": str(id_of("zone", zone)), "channel": "staff"}
        return dict(self.post("queue.issue_ticket", {**body, **more})["ticket"])


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled demo hall's data folder, to be copied: filling hashes twenty passwords, a start does not."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    DemoHouse(folder).stop()
    return folder


@pytest.fixture
def house(demo_data: Path, tmp_path: Path) -> Iterator[DemoHouse]:
    """A demo hall's server, a process of its own, for one test. Import it with `demo_data` into a folder's conftest."""
    shutil.copytree(demo_data, tmp_path / "server")
    made = DemoHouse(tmp_path / "server")
    yield made
    made.stop()
