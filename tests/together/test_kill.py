"""A real server process, killed and started again: what was acknowledged is there, once."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from http.client import HTTPException
from pathlib import Path

import pytest

from server.demo.fill import id_of
from tests.ground.demo_house import TOP, DemoHouse


@pytest.mark.covers("QUE-903")
def test_a_killed_server_has_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    ticket = {"service_id": str(id_of("service", "A")), "zone_id": str(id_of("zone", 0)), "channel": "staff"}
    window = {"window_id": str(id_of("window", 3))}
    acknowledged: dict[str, str] = {}
    unanswered: list[str] = []
    with DemoHouse(tmp_path) as server:
        server.post("queue.open_window", window)

        def issue(served: DemoHouse) -> None:
            for _ in range(200):
                key = uuid.uuid4().hex
                try:
                    answer = served.send("queue.issue_ticket", ticket, key=key)
                except (OSError, HTTPException):  # no connection, or it ended inside the answer
                    unanswered.append(key)
                    return
                assert answer.status_code == 200
                acknowledged[key] = answer.json()["ticket"]["number"]

        threads = [threading.Thread(target=issue, args=(server,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 40:
            threads[0].join(0.01)
        server.kill()
        for thread in threads:
            thread.join(30)

        server.start()
        # Sent again, an acknowledged key gives its own ticket; an unanswered one gives exactly one.
        for key, number in acknowledged.items():
            assert server.post("queue.issue_ticket", ticket, key=key)["ticket"]["number"] == number
        for key in unanswered:
            first = server.post("queue.issue_ticket", ticket, key=key)["ticket"]["number"]
            assert server.post("queue.issue_ticket", ticket, key=key)["ticket"]["number"] == first
            acknowledged[key] = first
        rows = server.post("queue.waiting", {**window, "limit": 500})
        assert rows["total"] == len(acknowledged)
        assert sorted(acknowledged.values()) == sorted(set(acknowledged.values()))
        # The clerk still sits at the window, and the way goes on.
        assert server.post("queue.call_next", window)["ticket"]["number"] == "A001"
        assert server.stop() == 0
    verified = subprocess.run(
        [sys.executable, "-m", "server", "verify", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=TOP,
    )
    assert verified.returncode == 0, verified.stdout


def test_a_server_stopped_in_the_moment_it_is_ready_stops_cleanly(tmp_path: Path) -> None:
    with DemoHouse(tmp_path) as server:
        assert server.stop() == 0
