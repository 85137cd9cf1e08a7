"""A large import while the hall works: what its windows notice of it."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import statistics
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from server.demo.fill import id_of
from server.demo.hall import WINDOW_SERVICES
from tests.ground.demo_house import DemoHouse

WINDOWS = 16
PAUSE = 0.5
"""Seconds between two verbs of a window: thirty times as busy as a real one."""


class Working(threading.Thread):
    """One window that issues, calls, starts and finishes, with a pause between, and writes down how long each took."""

    def __init__(self, house: DemoHouse, number: int, over: threading.Event) -> None:
        super().__init__(name=f"window {number}", daemon=True)
        self._house, self._number, self._over = house, number, over
        self._token = house.token()
        self.took: list[tuple[float, float]] = []
        """When, and how many milliseconds."""
        self.failed = 0

    def run(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self._house.port, timeout=30)
        for path, body in self._steps():
            if self._over.wait(PAUSE):
                break
            head = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": uuid.uuid4().hex}
            began = time.perf_counter()
            link.request("POST", path, body, head)
            answer = link.getresponse()
            answer.read()
            self.took.append((began, (time.perf_counter() - began) * 1000))
            self.failed += answer.status != 200
        link.close()

    def _steps(self) -> Iterator[tuple[str, str]]:
        place = self._number - 1
        window = {"window_id": str(id_of("window", self._number))}
        ticket = {
            "service_id": str(id_of("service", WINDOW_SERVICES[place][0])), "zone_id": str(id_of("zone", place // 8)),
            "channel": "staff",
        }  # fmt: skip
        while True:
            yield "/api/queue/issue_ticket", json.dumps(ticket)
            yield "/api/queue/call_next", json.dumps(window)
            yield "/api/queue/start", json.dumps(window)
            yield "/api/queue/finish", json.dumps({**window, "request_rating": False})


def measure(house: DemoHouse, rows: int, seconds: float) -> Iterator[str]:
    """The windows alone, while the file is tried out, and while its rows are taken; before and after it once more."""
    house.post("bench.clear")
    over = threading.Event()
    windows = [Working(house, number, over) for number in range(1, WINDOWS + 1)]
    for one in windows:
        one.start()
    time.sleep(seconds / 4)
    marks = [("before", time.perf_counter())]
    time.sleep(seconds)
    content = "Name,Registration number,Telephone,E-mail\n" + "".join(
        f"Company {n},R-{n:08},+8610{n:08},c{n}@place.org\n" for n in range(rows)
    )
    marks.append(("tried out", time.perf_counter()))
    head = {"Authorization": f"Bearer {house.token('admin')}", "Openhall-Name": quote("bench.csv")}
    sent = house.http.request("POST", "/api/imports?type=company", content.encode(), head)
    assert sent.status_code == 200, sent.text
    run = {"id": sent.json()["id"]}
    read = _until(house, run, "read")
    house.post("imports.check", {**run, "mapping": [one["target"] for one in read["columns"]]}, who="admin")
    checked = _until(house, run, "checked")
    assert (checked["good"], checked["bad"]) == (rows, 0), checked
    marks.append(("taken", time.perf_counter()))
    house.post("imports.take", run, who="admin")
    done = _until(house, run, "done")
    assert done["added"] == rows, done
    marks.append(("after", time.perf_counter()))
    time.sleep(seconds)
    marks.append(("", time.perf_counter()))
    over.set()
    for one in windows:
        one.join(60)
    usual = 0.0
    for (what, begins), (_, ends) in itertools.pairwise(marks):
        took = sorted(ms for one in windows for at, ms in one.took if begins <= at < ends)
        p95 = took[int(len(took) * 0.95)]
        usual = usual or p95
        yield (
            f"{what:10}{ends - begins:9.0f} s{len(took):9d} verbs   p50 {statistics.median(took):7.1f} ms   p95 {p95:7.1f} ms"
            f"   {p95 / usual:5.2f} of before   load {os.getloadavg()[0]:.1f}"
        )
    taken = marks[3][1] - marks[2][1]
    yield f"{rows} rows, {rows / taken:.0f} a second taken; {sum(one.failed for one in windows)} verbs failed"


def _until(house: DemoHouse, run: dict[str, str], state: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = house.post("imports.state", run, who="admin")
        if found["state"] == state:
            return found
        assert found["state"] not in ("failed", "stopped", "undone"), found
        time.sleep(1)
