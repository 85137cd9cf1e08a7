"""Sixty-four at the same moment, over real server processes: no number and no ticket is shared, none is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

import pytest

from server.demo.fill import id_of
from tests.ground.demo_halls import DemoHall

T = TypeVar("T")

KIOSKS, WINDOWS = 48, 16
EACH = 2
"""Tickets of each kiosk."""


def at_once(count: int, what: Callable[[int], T]) -> list[T]:
    """So many threads that begin together; what each gave."""
    line = threading.Barrier(count)

    def begin(number: int) -> T:
        line.wait(60)
        return what(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


@pytest.mark.covers("QUE-901", "QUE-904")
def test_sixty_four_that_take_and_call_at_once_share_no_number_and_no_ticket(demo_hall: DemoHall) -> None:
    with ExitStack() as stack:
        houses = [stack.enter_context(demo_hall.serve()) for _ in range(demo_hall.houses())]
        served = [houses[number % len(houses)] for number in range(KIOSKS + WINDOWS)]
        for number in range(WINDOWS):
            houses[0].open(number + 1)
        kiosks = [houses[0].device("kiosk", zone=zone) for zone in (0, 1)]
        ended: list[int] = []

        def take(number: int) -> list[str]:
            # C and G are served in both zones: all draw from the same two rows of numbers.
            numbers = []
            for turn in range(EACH):
                ticket = served[number].ticket("CG"[turn % 2], number % 2, token=kiosks[number % 2])
                numbers.append(str(ticket["number"]))
            ended.append(number)
            return numbers

        def call(number: int) -> list[str]:
            """Everything that this window may call, while others take and call, until nobody comes any more."""
            place = {"window_id": str(id_of("window", number + 1))}
            called: list[str] = []
            last = False
            while True:
                over = len(ended) == KIOSKS
                answer = served[KIOSKS + number].send("queue.call_next", place)
                if answer.status_code == 409:
                    assert answer.json()["code"] == "queue.nobody_waiting"
                    if last:
                        return called
                    last = over
                    threading.Event().wait(0.05)
                    continue
                assert answer.status_code == 200, answer.text
                called.append(answer.json()["ticket"]["number"])
                served[KIOSKS + number].post("queue.finish", {**place, "request_rating": False})

        done = at_once(KIOSKS + WINDOWS, lambda number: take(number) if number < KIOSKS else call(number - KIOSKS))
        printed = [number for numbers in done[:KIOSKS] for number in numbers]
        called = [number for numbers in done[KIOSKS:] for number in numbers]
        wanted = [f"{prefix}{serial:03d}" for prefix in "CG" for serial in range(1, KIOSKS * EACH // 2 + 1)]
        assert sorted(printed) == wanted, "each number once, without gaps"
        assert sorted(called) == wanted, "each ticket at one window, none left behind"
        assert sorted(demo_hall.rows("SELECT number, state FROM ticket")) == [(one, "finished") for one in wanted]
        # The order of places is one order, although the numbers run through both zones.
        assert len(set(demo_hall.rows("SELECT position FROM ticket"))) == len(wanted)
        # A display that counts by one misses none: the calls of a zone are numbered without gaps.
        sequences: dict[str, list[int]] = {}
        for zone, sequence in demo_hall.rows("SELECT zone_id, sequence FROM call ORDER BY sequence"):
            sequences.setdefault(str(zone), []).append(sequence)
        assert sum(map(len, sequences.values())) == len(wanted)
        assert all(one == list(range(1, len(one) + 1)) for one in sequences.values())
