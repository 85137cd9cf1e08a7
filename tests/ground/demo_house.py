"""A demo hall as a process of its own, with a plain client; for tests of real processes and for the bench."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any, Self

from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.ground.serving import Answer, Client

TOP = Path(__file__).resolve().parents[2]


class DemoHouse:
    """`openhall-server serve --demo` on one data folder; may be stopped, killed and started again on the same port.

    `with` stops it, however the block ends.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self._tokens: dict[str, str] = {}
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it; returns when it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "serve", "--demo", "--port", str(self.port), "--data", str(self.data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=TOP,
        )
        assert self.process.stdout is not None
        ready = json.loads(self.process.stdout.readline())
        self.port = int(str(ready["url"]).rsplit(":", 1)[1])
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
        """The raw answer to a verb, sent by an account's name."""
        headers = {"Authorization": f"Bearer {self.token(who)}", "Idempotency-Key": key or uuid.uuid4().hex}
        return self.http.post(f"/api/{verb.replace('.', '/')}", json=body or {}, headers=headers)

    def post(self, verb: str, body: Any = None, *, who: str = "manager", key: str | None = None) -> Any:
        """The answer to a verb that must succeed."""
        answer = self.send(verb, body, who=who, key=key)
        assert answer.status_code == 200, f"{verb}: {answer.status_code} {answer.text}"
        return answer.json()

    def open(self, number: int, who: str = "manager") -> dict[str, str]:
        """Sit down at a window; gives the input of verbs there."""
        place = {"window_id": str(id_of("window", number))}
        self.post("queue.open_window", place, who=who)
        return place
