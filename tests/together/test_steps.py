"""The server killed in every step of a ticket's way, and started again: the way goes on as if nothing had happened."""

from __future__ import annotations

import contextlib
import json
import socket
import uuid
from pathlib import Path
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.ground import starter
from tests.ground.demo_halls import DemoHall
from tests.ground.demo_house import DemoHouse

PLACE = {"window_id": str(id_of("window", 3))}
STATES = {
    "queue.issue_ticket": ("waiting", "free"),
    "queue.call_next": ("called", "called"),
    "queue.recall": ("called", "called"),
    "queue.start": ("serving", "serving"),
    "queue.finish": ("finished", "rating"),
    "evaluation.rate": ("finished", "free"),
}
"""The steps, with the ticket's and the window's state after each."""


class Citizen:
    """One ticket's way; every step is said under a key of its own and said again when no answer came."""

    def __init__(self, house: DemoHouse) -> None:
        self.house = house
        self.clerk = house.token("manager")
        self.pad = house.device("pad", window=3)
        self.kiosk = house.device("kiosk", zone=0)
        self.ticket: dict[str, Any] = {}

    def said(self, verb: str) -> tuple[dict[str, Any], str]:
        """The body of a step, and who says it."""
        if verb == "queue.issue_ticket":
            return {"service_id": str(id_of("service", "A")), "channel": "kiosk"}, self.kiosk
        if verb == "evaluation.rate":
            return {"ticket_id": self.ticket["id"], "grade": "satisfied"}, self.pad
        return {**PLACE, "request_rating": True} if verb == "queue.finish" else PLACE, self.clerk

    def begin(self, verb: str, key: str) -> socket.socket:
        """Say a step and do not listen."""
        body, token = self.said(verb)
        raw = json.dumps(body).encode()
        line = socket.create_connection(("127.0.0.1", self.house.port), 10)
        line.sendall(
            f"POST /api/{verb.replace('.', '/')} HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer {token}\r\n"
            f"Idempotency-Key: {key}\r\nContent-Length: {len(raw)}\r\n\r\n".encode()
            + raw
        )
        return line

    def say(self, verb: str, key: str) -> dict[str, Any]:
        """Say a step and take its answer."""
        body, token = self.said(verb)
        return dict(self.house.post(verb, body, key=key, token=token))

    def look(self) -> tuple[str, str]:
        """The ticket's and the window's state, as the programs are told."""
        headers = {"Authorization": f"Bearer {self.clerk}"}
        row = self.house.http.get(f"/api/records/ticket/{self.ticket['id']}", headers=headers).json()
        return row["state"], self.house.post("queue.window", PLACE, token=self.clerk)["state"]


@pytest.mark.covers("QUE-903", "QUE-906")
def test_killed_in_every_step_the_way_goes_on(demo_hall: DemoHall) -> None:
    with demo_hall.serve() as house:
        house.open(3)
        citizen = Citizen(house)
        for step, (verb, states) in enumerate(STATES.items()):
            key = uuid.uuid4().hex
            with citizen.begin(verb, key) as line:
                # Its answer stands in the line, or it dies at whatever it is doing: reading, changing, committing. In
                # turn, and the other way round on the other database: every start costs seconds.
                answered = (step % 2 == 0) == (demo_hall.kind == "sqlite")
                if answered:
                    assert line.recv(12) == b"HTTP/1.1 200"
                house.kill()
                if not answered:
                    with contextlib.suppress(ConnectionResetError):
                        line.recv(1)
            house.start()
            first = citizen.say(verb, key)  # what the program does by itself: the same, under the same key
            if verb == "queue.issue_ticket":
                citizen.ticket = first["ticket"]
            assert citizen.say(verb, key) == first
            assert citizen.look() == states
        assert house.stop() == 0
    assert demo_hall.rows("SELECT number, state, recalls FROM ticket") == [("A001", "finished", 1)]
    assert demo_hall.rows("SELECT grade FROM rating") == [("satisfied",)]
    kinds = [kind for (kind,) in demo_hall.rows("SELECT kind FROM ticket_event ORDER BY at, id")]
    assert kinds == ["issued", "called", "recalled", "started", "finished"], "each change once in its history"
    done = starter.finished(["server", *demo_hall.verify()])
    assert done.returncode == 0, done.stdout


def test_a_server_stopped_in_the_moment_it_is_ready_stops_cleanly(tmp_path: Path) -> None:
    with DemoHouse(tmp_path) as server:
        assert server.stop() == 0
