"""A real server process, killed again and again under load: what was acknowledged is there, once, and nothing else."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import uuid
from collections import Counter
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.ground.demo_house import TOP, DemoHouse

KILLS = 8
"""With those of `test_steps.py` twenty: in issue, call, start, finish and rating."""
BETWEEN = 25
"""Acknowledged steps before the next one."""


class Day:
    """What citizens and clerks do, each step under a key of its own and said again until it is answered."""

    def __init__(self, house: DemoHouse) -> None:
        self.house = house
        self.acknowledged: list[tuple[str, dict[str, Any], str | None, str, Any]] = []
        """Verb, body, token, key and answer."""
        self.back = threading.Event()
        self.over = threading.Event()
        self.back.set()

    def say(self, verb: str, body: dict[str, Any], token: str | None = None) -> dict[str, Any] | None:
        """The answer to a step; nothing when it was refused."""
        key = uuid.uuid4().hex
        while True:
            self.back.wait(60)
            try:
                answer = self.house.send(verb, body, key=key, token=token)
            except (OSError, HTTPException):  # no connection, or it ended inside the answer
                self.over.wait(0.02)
                continue
            if answer.status_code == 503:
                continue
            if answer.status_code != 200:
                assert answer.json()["code"] in ("queue.nobody_waiting", "evaluation.not_asked"), answer.text
                return None
            self.acknowledged.append((verb, body, token, key, answer.json()))
            return dict(answer.json())

    def take(self) -> None:
        """A kiosk."""
        body = {"service_id": str(id_of("service", "A")), "zone_id": str(id_of("zone", 0)), "channel": "staff"}
        while not self.over.is_set():
            self.say("queue.issue_ticket", body)
            self.over.wait(0.01)

    def serve(self, place: dict[str, str], pad: str) -> None:
        """A clerk and the citizens at the pad."""
        while not self.over.is_set():
            called = self.say("queue.call_next", place)
            if called is not None:
                self.say("queue.start", place)
                self.say("queue.finish", {**place, "request_rating": True})
                self.say("evaluation.rate", {"ticket_id": called["ticket"]["id"], "grade": "satisfied"}, pad)


@pytest.mark.covers("QUE-903")
def test_a_server_killed_again_and_again_has_lost_nothing_and_doubled_nothing(tmp_path: Path) -> None:
    with DemoHouse(tmp_path) as house:
        day = Day(house)
        windows = [(house.open(number), house.device("pad", window=number)) for number in (1, 2, 3)]
        work = [threading.Thread(target=day.take) for _ in range(2)]
        work += [threading.Thread(target=day.serve, args=one) for one in windows]
        for thread in work:
            thread.start()
        try:
            for _ in range(KILLS):
                enough = len(day.acknowledged) + BETWEEN
                while len(day.acknowledged) < enough:
                    assert any(thread.is_alive() for thread in work), "everybody has given up"
                    day.over.wait(0.005)
                day.back.clear()
                house.kill()
                house.start()
                day.back.set()
        finally:
            day.over.set()
            for thread in work:
                thread.join(60)
        # Said again, each key gives the answer that it gave.
        for verb, body, token, key, answer in day.acknowledged[-40:]:
            assert house.post(verb, body, key=key, token=token) == answer
        assert house.stop() == 0

    done = Counter(verb for verb, *_ in day.acknowledged)
    numbers = [answer["ticket"]["number"] for verb, *_, answer in day.acknowledged if verb == "queue.issue_ticket"]
    calls = [answer["ticket"]["number"] for verb, *_, answer in day.acknowledged if verb == "queue.call_next"]
    assert sorted(numbers) == [f"A{serial:03d}" for serial in range(1, len(numbers) + 1)], "no double, no gap"
    assert len(set(calls)) == len(calls), "nobody is called twice"
    with closing(sqlite3.connect(f"file:{tmp_path / 'openhall.db'}?mode=ro", uri=True)) as database:

        def rows(query: str) -> list[Any]:
            return [row[0] if len(row) == 1 else tuple(row) for row in database.execute(query)]

        assert sorted(rows("SELECT number FROM ticket")) == sorted(numbers)
        assert rows("SELECT count(*) FROM call") == [done["queue.call_next"]] == [len(calls)]
        assert rows("SELECT count(*) FROM ticket WHERE finished_at IS NOT NULL") == [done["queue.finish"]]
        assert rows("SELECT count(*) FROM rating WHERE grade = 'satisfied'") == [done["evaluation.rate"]]
        # A display that hears the notices from the first on ends with what the tables hold.
        states = {"issued": "waiting", "called": "called", "started": "serving", "finished": "finished"}
        heard: dict[str, str] = {}
        for ticket, kind in rows(
            "SELECT json_extract(ids, '$.ticket'), kind FROM notice WHERE topic LIKE 'queue.zone.%' ORDER BY number"
        ):
            if kind in states:
                assert states[kind] != heard.get(ticket), f"{kind} was told twice"
                heard[ticket] = states[kind]
        held = {str(uuid.UUID(bytes=bytes(one))): state for one, state in rows("SELECT id, state FROM ticket")}
        assert heard == held
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
