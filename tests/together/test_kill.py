"""A real server process, killed and started again: what was acknowledged is there, once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.ground.serving import Client

TOP = Path(__file__).resolve().parents[2]


class ServerProcess:
    """`openhall-server serve --demo` on one data folder."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "serve", "--demo", "--port", "0", "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=TOP,
        )
        assert self.process.stdout is not None
        ready = json.loads(self.process.stdout.readline())
        self.client = Client(int(ready["url"].rsplit(":", 1)[1]))
        self.token = ""

    def sign_in(self) -> None:
        """As the hall's manager, who may hold several windows."""
        self.token = self.client.post("/api/sign-in", json={"name": "manager", "password": PASSWORD}).json()["token"]

    def post(self, verb: str, body: Any, key: str | None = None) -> Any:
        """The raw answer to a verb."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(f"/api/{verb.replace('.', '/')}", json=body, headers=headers)

    def stop(self, how: signal.Signals) -> int:
        """Send a signal and wait; gives the exit status."""
        self.process.send_signal(how)
        status = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@pytest.mark.covers("QUE-903")
def test_a_killed_server_has_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    ticket = {"service_id": str(id_of("service", "A")), "zone_id": str(id_of("zone", 0)), "channel": "staff"}
    window = {"window_id": str(id_of("window", 3))}
    acknowledged: dict[str, str] = {}
    unanswered: list[str] = []
    server = ServerProcess(tmp_path)
    server.sign_in()
    assert server.post("queue.open_window", window).status_code == 200

    def issue(served: ServerProcess) -> None:
        for _ in range(200):
            key = uuid.uuid4().hex
            try:
                answer = served.post("queue.issue_ticket", ticket, key)
            except OSError:
                unanswered.append(key)
                return
            except Exception:  # the connection ended inside the answer
                unanswered.append(key)
                return
            assert answer.status_code == 200
            acknowledged[key] = answer.json()["ticket"]["number"]

    threads = [threading.Thread(target=issue, args=(server,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 40:
        threads[0].join(0.01)
    server.stop(signal.SIGKILL)
    for thread in threads:
        thread.join(30)

    server = ServerProcess(tmp_path)
    try:
        server.sign_in()
        # Sent again, an acknowledged key gives its own ticket; an unanswered one gives exactly one.
        for key, number in acknowledged.items():
            assert server.post("queue.issue_ticket", ticket, key).json()["ticket"]["number"] == number
        for key in unanswered:
            first = server.post("queue.issue_ticket", ticket, key).json()["ticket"]["number"]
            assert server.post("queue.issue_ticket", ticket, key).json()["ticket"]["number"] == first
            acknowledged[key] = first
        rows = server.post("queue.waiting", {**window, "limit": 500}).json()
        assert rows["total"] == len(acknowledged)
        assert sorted(acknowledged.values()) == sorted(set(acknowledged.values()))
        # The clerk still sits at the window, and the way goes on.
        assert server.post("queue.call_next", window).json()["ticket"]["number"] == "A001"
    finally:
        assert server.stop(signal.SIGTERM) == 0
    verified = subprocess.run(
        [sys.executable, "-m", "server", "verify", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=TOP,
    )
    assert verified.returncode == 0, verified.stdout
