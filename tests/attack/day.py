"""A day's work under attack: what kiosks, clerks and pads do, each step under a key of its own and said until it is answered."""

from __future__ import annotations

import itertools
import random
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from server.demo.fill import id_of
from server.demo.hall import WINDOW_SERVICES
from tests.ground.demo_house import DemoHouse

KINDS = {
    "queue.issue_ticket": "issued",
    "queue.call_next": "called",
    "queue.start": "started",
    "queue.transfer": "transferred",
    "queue.finish": "finished",
    "evaluation.rate": "rated",
}
"""What each step writes into a ticket's history; a rating is a row of its own."""
GOES_TO = {"A": "C", "B": "C", "C": "G", "D": "G", "G": "C", "E": "C", "F": "G", "H": "J", "J": "H", "K": "L", "L": "K"}
"""Where a ticket is transferred to: a service that several windows of its zone accept."""
AGAIN = ("actions.still_running",)
"""Refusals that mean: the first saying of this step is not over yet."""
NOT_NOW = (
    "queue.nobody_waiting",
    "queue.no_window_open",
    "queue.service_hidden",
    "queue.same_queue",
    "evaluation.not_asked",
    "evaluation.request_over",
)
"""Refusals that a day's work meets by itself."""
GIVE_UP_SECONDS = 120


@dataclass
class Step:
    """Something said to the hall."""

    verb: str
    body: dict[str, Any]
    token: str | None
    key: str
    ticket: str | None
    """The number it is about, where that is known before the answer."""
    answer: Any = None


@dataclass
class Ledger:
    """What was acknowledged, ticket by ticket."""

    steps: list[Step] = field(default_factory=list)
    history: dict[str, list[str]] = field(default_factory=dict)
    """By number, what was acknowledged of a ticket, in order."""
    rated: dict[str, str] = field(default_factory=dict)
    """By number, the grade."""
    pending: dict[str, Step] = field(default_factory=dict)
    """Steps that were said and not answered yet, by key."""

    def note(self, step: Step) -> None:
        """An answer came."""
        self.steps.append(step)
        if step.verb == "evaluation.rate":
            self.rated[str(step.ticket)] = step.body["grade"]
            return
        self.history.setdefault(step.answer["ticket"]["number"], []).append(KINDS[step.verb])

    def counts(self) -> Counter[str]:
        """How many steps of each verb were acknowledged."""
        return Counter(one.verb for one in self.steps)


class Day:
    """So many kiosks and windows at once, each a thread; `at_work()` runs them. Server processes may go and come."""

    def __init__(self, houses: list[DemoHouse], *, kiosks: int, windows: int, seed: int) -> None:
        self.houses = houses
        self.ledger = Ledger()
        self.failures: list[str] = []
        """What was answered that no day's work explains."""
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._given_up = threading.Event()
        self.back = threading.Event()
        """Not set while no server is there: nobody need try then."""
        self.back.set()
        self._seed = seed
        first = houses[0]
        zones = [0, 1] if windows > 3 else [0]
        self._kiosks = [
            (zone, first.device("kiosk", zone=zone)) for _, zone in zip(range(kiosks), itertools.cycle(zones))
        ]
        half = (windows + 1) // 2 if len(zones) == 2 else windows
        numbers = [*range(1, half + 1), *range(9, 9 + windows - half)]
        self._windows = [(number, first.open(number), first.device("pad", window=number)) for number in numbers]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Everybody works until the block ends; then everybody ends the step in hand."""
        work = [
            threading.Thread(target=self._kiosk, args=(number, *one)) for number, one in enumerate(self._kiosks)
        ] + [threading.Thread(target=self._clerk, args=one) for one in self._windows]
        for thread in work:
            thread.start()
        try:
            yield
        except BaseException:
            self._given_up.set()  # nobody answers any more
            self.back.set()
            raise
        finally:
            self._over.set()
            for thread in work:
                thread.join(GIVE_UP_SECONDS)
            self._given_up.set()
        assert not any(thread.is_alive() for thread in work), "somebody was never answered"
        assert not self.failures, self.failures

    def said(self) -> tuple[Ledger, dict[str, Step]]:
        """What is acknowledged at this moment, and what is on its way; both are copies."""
        with self._lock:
            history = {number: list(kinds) for number, kinds in self.ledger.history.items()}
            now = Ledger(list(self.ledger.steps), history, dict(self.ledger.rated))
            return now, dict(self.ledger.pending)

    def _kiosk(self, number: int, zone: int, token: str) -> None:
        chance = random.Random(f"{self._seed} kiosk {number}")
        here = [place for place, *_ in self._windows if (place - 1) // 8 == zone]
        offered = sorted({prefix for place in here for prefix in WINDOW_SERVICES[place - 1]} - {"M"})
        while not self._over.is_set():
            body = {"service_id": str(id_of("service", chance.choice(offered))), "channel": "kiosk"}
            self._say("queue.issue_ticket", body, token=token, house=number)
            self._over.wait(chance.uniform(0, 0.04))

    def _clerk(self, number: int, place: dict[str, str], pad: str) -> None:
        chance = random.Random(f"{self._seed} window {number}")
        while not self._over.is_set():
            called = self._say("queue.call_next", place, house=number)
            if called is None:
                self._over.wait(0.02)
                continue
            ticket = called["ticket"]["number"]
            if chance.random() < 0.8:
                self._say("queue.start", place, ticket=ticket, house=number)
            if chance.random() < 0.2:
                service = str(id_of("service", GOES_TO[ticket[0]]))
                if self._say("queue.transfer", {**place, "service_id": service}, ticket=ticket, house=number):
                    continue
            self._say("queue.finish", {**place, "request_rating": True}, ticket=ticket, house=number)
            grade = chance.choice(["very_satisfied", "satisfied", "fair"])
            about = {"ticket_id": called["ticket"]["id"], "grade": grade}
            self._say("evaluation.rate", about, token=pad, ticket=ticket, house=number)

    def _say(
        self, verb: str, body: dict[str, Any], *, token: str | None = None, ticket: str | None = None, house: int
    ) -> dict[str, Any] | None:
        """Say a step until it is answered, wherever somebody answers; gives nothing when it was refused."""
        step = Step(verb, body, token, uuid.uuid4().hex, ticket)
        with self._lock:
            self.ledger.pending[step.key] = step
        while not self._given_up.is_set():
            try:
                answer = self.houses[house % len(self.houses)].send(verb, body, key=step.key, token=token)
            except (OSError, HTTPException):  # no connection, or it ended inside the answer
                house += 1
                threading.Event().wait(0.02)
                self.back.wait(GIVE_UP_SECONDS)
                continue
            if answer.status_code == 503 or (answer.status_code == 409 and answer.json()["code"] in AGAIN):
                threading.Event().wait(0.05)
                continue
            break
        else:
            return None
        with self._lock:
            del self.ledger.pending[step.key]
            if answer.status_code == 200:
                step.answer = answer.json()
                self.ledger.note(step)
                return dict(step.answer)
            if answer.status_code >= 500 or answer.json()["code"] not in NOT_NOW:
                self.failures.append(f"{verb} {ticket}: {answer.status_code} {answer.text}")
                self._over.set()
        return None
