"""Sixteen at the same moment, over real server processes: no number and no ticket is shared, none is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

import pytest

from server.demo.fill import id_of
from server.demo.hall import WINDOW_SERVICES
from tests.ground.demo_halls import DemoHall
from tests.ground.demo_house import DemoHouse

T = TypeVar("T")

SIXTEEN = range(16)
EACH = 6


def at_once(what: Callable[[int], T]) -> list[T]:
    """Sixteen threads that begin together; what each gave."""
    line = threading.Barrier(len(SIXTEEN))

    def begin(number: int) -> T:
        line.wait(30)
        return what(number)

    with ThreadPoolExecutor(len(SIXTEEN)) as threads:
        return list(threads.map(begin, SIXTEEN))


def served_by(hall: DemoHall, stack: ExitStack) -> list[DemoHouse]:
    """The server process of each of sixteen clients: the two of PostgreSQL take turns."""
    houses = [stack.enter_context(hall.serve()) for _ in range(hall.houses())]
    return [houses[number % len(houses)] for number in SIXTEEN]


@pytest.mark.covers("QUE-901")
def test_sixteen_kiosks_at_once_never_share_a_number(demo_hall: DemoHall) -> None:
    with ExitStack() as stack:
        houses = served_by(demo_hall, stack)
        for window in (4, 11):
            houses[0].open(window)
        kiosks = [houses[0].device("kiosk", zone=number % 2) for number in SIXTEEN]

        def take(number: int) -> list[str]:
            # C and G are served in both zones: all sixteen draw from the same two rows of numbers.
            return [
                houses[number].ticket("CG"[turn % 2], number % 2, token=kiosks[number])["number"]
                for turn in range(EACH)
            ]

        printed = [number for numbers in at_once(take) for number in numbers]
        half = len(SIXTEEN) * EACH // 2
        wanted = [f"{prefix}{serial:03d}" for prefix in "CG" for serial in range(1, half + 1)]
        assert sorted(printed) == wanted, "each number once, without gaps"
        assert sorted(demo_hall.rows("SELECT number FROM ticket")) == [(number,) for number in wanted]
        # In each zone the order of places is one order, although the numbers run through both.
        places = demo_hall.rows("SELECT position FROM ticket")
        assert len(set(places)) == len(places)


@pytest.mark.covers("QUE-904")
def test_sixteen_windows_that_call_at_once_never_share_a_ticket(demo_hall: DemoHall) -> None:
    with ExitStack() as stack:
        houses = served_by(demo_hall, stack)
        for number in SIXTEEN:
            houses[number].open(number + 1)
        issued = {
            houses[0].ticket(prefix, zone=number // 8)["number"]
            for number in SIXTEEN
            for prefix in WINDOW_SERVICES[number][:2]
        }

        def call(number: int) -> list[str]:
            """Everything that this window may call, one after the other, until nobody waits."""
            place = {"window_id": str(id_of("window", number + 1))}
            called: list[str] = []
            while True:
                answer = houses[number].send("queue.call_next", place)
                if answer.status_code == 409:
                    assert answer.json()["code"] == "queue.nobody_waiting"
                    return called
                assert answer.status_code == 200, answer.text
                called.append(answer.json()["ticket"]["number"])
                houses[number].post("queue.finish", {**place, "request_rating": False})

        called = [number for numbers in at_once(call) for number in numbers]
        assert sorted(called) == sorted(issued), "each ticket at one window, none left behind"
        assert demo_hall.rows("SELECT DISTINCT state FROM ticket") == [("finished",)]
        # A display that counts by one misses none: the calls of a zone are numbered without gaps.
        sequences: dict[str, list[int]] = {}
        for zone, sequence in demo_hall.rows("SELECT zone_id, sequence FROM call ORDER BY sequence"):
            sequences.setdefault(str(zone), []).append(sequence)
        assert sum(map(len, sequences.values())) == len(issued)
        assert all(one == list(range(1, len(one) + 1)) for one in sequences.values()) and len(sequences) == 2
