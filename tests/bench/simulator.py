"""Whole days of a hall through the real actions, as fast as they go: an engine in this process, a clock that is moved by
hand, citizens and clerks made of chance with a fixed seed.

After every step the answer is held against a plain model of the queue that knows nothing of the engine: nobody twice,
nobody whose claim is not the best, no number twice, no state that is not allowed. Every so many steps, and at the end, the
engine's own checks of integrity read the database. What each ticket was told at issue is compared with what it waited.
"""

from __future__ import annotations

import heapq
import math
import random
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.engine import make_url

from common.protocol import queue as messages
from server.app import load_modules
from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.declare import ACTIONS
from server.engine.actions.perform import act_of
from server.engine.actions.work import Work
from server.engine.clock import Clock
from server.engine.database.migrations import migrate
from server.engine.database.schema import setting_value
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.integrity import INTEGRITY
from server.engine.principal import Principal
from server.modules.organisation.public import PLAN
from server.modules.organisation.records import Outlet, StaffMember, Window, Zone
from server.modules.organisation.rules import always
from server.modules.queue import rules
from server.modules.queue.public import issue
from server.modules.services.records import Service, WindowService

SPACE = UUID("51000000-0000-4000-8000-000000000051")
OPENS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RIGHTS = frozenset({"queue.issue", "queue.call", "queue.see", "queue.board", "queue.offer"})


class StepClock(Clock):
    """A clock that stands where the simulation put it."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = OPENS - timedelta(hours=1)

    def now(self) -> datetime:
        """Where the simulation stands."""
        return self.moment


@dataclass(frozen=True)
class Shape:
    """What kind of day it is."""

    seed: int = 1
    tickets: int = 2000
    windows: int = 12
    services: int = 6
    hours: float = 9.0
    load: float = 0.85
    """Share of the windows' time that the day's citizens need."""
    green: float = 0.06
    booked: float = 0.08
    no_shows: float = 0.06
    transfers: float = 0.05
    settings: tuple[tuple[str, Any], ...] = ()
    job_seconds: float = 30.0
    check_every: int = 2000
    """Steps between two readings of the whole database."""


@dataclass
class Citizen:
    """A ticket as the model knows it."""

    number: str
    service: UUID
    priority: bool
    place: int
    issued: datetime
    state: str = "waiting"
    told: messages.Issued | None = None
    peers: int | None = None
    """What a moving average would have told."""
    plain: bool = True
    """Neither booked nor transferred: its whole wait was foretold at issue."""
    green: bool = False
    called: datetime | None = None


@dataclass
class Clerk:
    """A window with somebody at it."""

    window: UUID
    zone: UUID
    who: Principal
    order: dict[UUID, int]
    state: str = "closed"
    ticket: UUID | None = None
    run: int = 0
    break_due: bool = False
    paused: datetime | None = None


@dataclass
class Outcome:
    """What a day showed."""

    seed: int = 0
    steps: int = 0
    issued: int = 0
    called: int = 0
    finished: int = 0
    no_shows: int = 0
    transfers: int = 0
    waits: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Seconds that were waited, told by us, told by a moving average, and our 90th percentile."""
    longest: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def error(self) -> tuple[float, float]:
        """The mean error of ours and of the moving average, in seconds."""
        n = max(1, len(self.waits))
        return sum(abs(w[0] - w[1]) for w in self.waits) / n, sum(abs(w[0] - w[2]) for w in self.waits) / n

    def held(self) -> float:
        """How often the 90th percentile held."""
        return sum(w[0] <= w[3] for w in self.waits) / max(1, len(self.waits))


class Broken(AssertionError):
    """An invariant does not hold."""


class Day:
    """One day of one hall."""

    def __init__(self, shape: Shape, folder: Path) -> None:
        load_modules()
        self.shape = shape
        self.chance = random.Random(shape.seed)
        self.clock = StepClock()
        url = make_url(f"sqlite:///{folder / 'day.db'}")
        migrate(url)
        self.engine = Engine(url, folder, self.clock)
        self.engine.open(jobs=False)
        self.events: list[tuple[datetime, int, str, Any]] = []
        self.sequence = 0
        self.model: dict[UUID, Citizen] = {}
        self.lines: dict[tuple[UUID, bool], list[tuple[int, UUID]]] = {}
        self.numbers: set[str] = set()
        self.clerks: dict[UUID, Clerk] = {}
        self.times: dict[UUID, deque[int]] = {}
        self.minutes: dict[UUID, float] = {}
        self.zone = self.outlet = UUID(int=0)
        self.found = Outcome(seed=shape.seed)
        self.policy = rules.Policy(
            dict(shape.settings).get("queue.priority_run", 0), dict(shape.settings).get("queue.longest_wait", 0) * 60
        )

    def id_of(self, *name: object) -> UUID:
        """A fixed id."""
        return uuid5(SPACE, ":".join(map(str, name)))

    # the hall

    def build(self) -> None:
        """Found a hall of so many windows, each accepting a few services."""
        chance, shape = self.chance, self.shape
        self.outlet, self.zone = self.id_of("outlet"), self.id_of("zone")
        services = [self.id_of("service", n) for n in range(shape.services)]
        for service in services:
            self.minutes[service] = chance.choice((4, 6, 8, 10, 14))
            self.times[service] = deque(maxlen=20)
        accepted = {n: {services[n % len(services)]} for n in range(shape.windows)}
        for mine in accepted.values():
            mine.update(chance.sample(services, k=min(len(services), chance.choice((0, 1, 1, 2)))))

        def found(work: Work) -> None:
            work.insert(
                Outlet, id=self.outlet, name={"en": "Hall"}, organisation={"en": "City"}, time_zone="UTC",
                languages=["en"], hours=always(), day_starts="04:00", ticker=[], voice_languages=["en"], main=True,
            )  # fmt: skip
            work.insert(Zone, id=self.zone, outlet_id=self.outlet, name={"en": "Zone"})
            for n, service in enumerate(services):
                work.insert(
                    Service, id=service, name={"en": f"Service {n}"}, prefix=chr(65 + n), place=n, requirements=[],
                    minutes=round(self.minutes[service] * chance.uniform(0.7, 1.4)) or 1,
                )  # fmt: skip
            for n, mine in accepted.items():
                window, person = self.id_of("window", n), self.id_of("person", n)
                work.insert(Window, id=window, outlet_id=self.outlet, zone_id=self.zone, label_text=str(n + 1), place=n)
                work.insert(StaffMember, id=person, name={"en": f"Clerk {n}"}, staff_number=str(n))
                for service in sorted(mine):
                    work.insert(WindowService, window_id=window, service_id=service, rank=1)
                who = Principal(id=person, kind="person", name=f"clerk{n}", permissions=RIGHTS, outlet_id=self.outlet)
                self.clerks[window] = Clerk(window, self.zone, who, dict.fromkeys(sorted(mine), 1))
            for name, value in shape.settings:
                work.connection.execute(
                    setting_value.insert().values(
                        name=name, level="system", value=value, valid_from=OPENS - timedelta(days=9)
                    )
                )
            for topic in ("organisation", "services", "people", "settings"):
                work.notify(topic, "founded")

        self.engine.act("simulator.found", found)
        self.guide = Principal(
            id=self.id_of("person", 0), kind="person", name="guide", permissions=frozenset(PERMISSIONS),
            zone_id=self.zone, outlet_id=self.outlet,
        )  # fmt: skip

    def plan(self) -> None:
        """Lay out the day: citizens in two peaks, clerks with their breaks."""
        chance, shape = self.chance, self.shape
        length = shape.hours * 3600
        need = sum(self._mean(s) + 45 for s in self.minutes) / len(self.minutes)
        # So many citizens as the windows can bear: their number fixes how long services take.
        self.stretch = shape.load * length * shape.windows * 0.9 / (shape.tickets * need)
        for _ in range(shape.tickets):
            peak = chance.random()
            if peak < 0.40:
                at = chance.gauss(0.2, 0.07)
            elif peak < 0.70:
                at = chance.gauss(0.68, 0.08)
            else:
                at = chance.random() * 0.94
            self.at(OPENS + timedelta(seconds=min(0.95, max(0.0, at)) * length), "arrive", None)
        for n, window in enumerate(self.clerks):
            begins = chance.uniform(-600, 300) if chance.random() < 0.75 else chance.uniform(1800, 7200)
            self.at(OPENS + timedelta(seconds=begins), "open", window)
            noon = 0.42 + 0.16 * (n % 4) / 4 + chance.uniform(-0.01, 0.01)
            self.at(OPENS + timedelta(seconds=noon * length), "break", window)
            if chance.random() < 0.3:
                self.at(OPENS + timedelta(seconds=chance.uniform(0.1, 0.9) * length), "break", window)
        self.at(OPENS + timedelta(seconds=self.shape.job_seconds), "jobs", None)

    def _mean(self, service: UUID) -> float:
        return self.minutes[service] * 60

    def at(self, moment: datetime, kind: str, what: Any) -> None:
        """Something will happen."""
        self.sequence += 1
        heapq.heappush(self.events, (moment, self.sequence, kind, what))

    def soon(self, seconds: float, kind: str, what: Any) -> None:
        """Something will happen in so many seconds."""
        self.at(self.clock.moment + timedelta(seconds=seconds), kind, what)

    # doing

    def do(self, verb: str, who: Principal, request: Any) -> Any:
        """One real action, with its key, transaction, audit and notices."""
        action = ACTIONS[verb]
        raw = request.model_dump_json().encode()
        self.found.steps += 1
        key = f"step-{self.found.steps}"
        result = self.engine.store.submit(act_of(self.engine, action, who, request, raw, key)).result()
        return action.output.model_validate_json(result)

    def run(self) -> Outcome:
        """The whole day until the last citizen went."""
        end = OPENS + timedelta(hours=self.shape.hours + 6)
        checked = 0
        while self.events:
            moment, _, kind, what = heapq.heappop(self.events)
            if moment > end:
                break
            self.clock.moment = max(self.clock.moment, moment)
            getattr(self, "on_" + kind)(what)
            if self.found.steps - checked >= self.shape.check_every:
                checked = self.found.steps
                self.verify()
            if kind == "jobs" and not any(k != "jobs" for _, _, k, _ in self.events):
                break
        self.verify()
        self._all_served()
        return self.found

    def close(self) -> None:
        """Stop the engine."""
        self.engine.close()

    # citizens

    def on_arrive(self, _: None) -> None:
        """Somebody takes a ticket, if the service can be had."""
        chance = self.chance
        service = chance.choice(list(self.minutes))
        serving = sum(1 for c in self.clerks.values() if self._works(c) and service in c.order)
        ahead_before = {line: len(held) for line, held in self.lines.items()}
        booked, green = chance.random() < self.shape.booked, chance.random() < self.shape.green
        told: messages.Issued
        try:
            if booked:
                told = self._booked(service)
            else:
                told = self.do(
                    "queue.issue_ticket", self.guide,
                    messages.IssueTicket(
                        service_id=service, zone_id=self.zone, channel="staff",
                        reason="green_channel" if green else None,
                    ),
                )  # fmt: skip
        except Refused as no:
            self._must(
                no.code == "queue.service_hidden" and serving == 0, f"{no.code} {no.facts} with {serving} windows"
            )
            self.soon(600, "arrive", None)
            return
        self._must(serving > 0, "a ticket without a window")
        card = told.ticket
        self._must(card.number not in self.numbers, f"number {card.number} twice")
        self.numbers.add(card.number)
        self._must(card.priority == (green and not booked) or booked, "priority is not as declared")
        ahead = ahead_before.get((service, True), 0)
        if not card.priority:
            ahead += ahead_before.get((service, False), 0)
        self._must(told.ahead == ahead, f"{told.ahead} ahead, not {ahead}")
        times = self.times[service]
        peers = rules.moving_average(ahead, serving, list(times), round(self.minutes[service] * 60))
        self.model[card.id] = Citizen(
            card.number, service, card.priority, 0, self.clock.moment, told=told, peers=peers, plain=not booked,
            green=card.priority,
        )  # fmt: skip
        self._queue(card.id)
        self.found.issued += 1
        self._wake(service)

    def _booked(self, service: UUID) -> messages.Issued:
        """A citizen with an appointment comes up to twenty minutes before its time."""
        since = self.clock.moment + timedelta(seconds=self.chance.uniform(0, 1200))
        self.found.steps += 1

        def take(work: Work) -> messages.Issued:
            zone = PLAN.read(work.connection).zones[self.zone]
            return issue(work, zone, service, channel="kiosk", reason="appointment", priority_from=since)

        told = self.engine.act("appointments.take", take)
        self.at(since, "appointed", told.ticket.id)
        return told

    def on_appointed(self, ticket: UUID) -> None:
        """The appointed time has come: the job gives the priority."""
        self.engine.jobs.run_due()
        citizen = self.model[ticket]
        if citizen.state == "waiting" and not citizen.priority and citizen.plain is False:
            self._leave(ticket)
            citizen.priority = True
            self._queue(ticket)

    def _queue(self, ticket: UUID) -> None:
        citizen = self.model[ticket]
        self.sequence += 1
        citizen.place = self.sequence
        self.lines.setdefault((citizen.service, citizen.priority), []).append((citizen.place, ticket))

    def _leave(self, ticket: UUID) -> None:
        citizen = self.model[ticket]
        self.lines[citizen.service, citizen.priority].remove((citizen.place, ticket))

    # clerks

    def on_open(self, window: UUID) -> None:
        """A clerk sits down."""
        clerk = self.clerks[window]
        view = self.do("queue.open_window", clerk.who, messages.OpenWindow(window_id=window))
        self._must(view.state == "free", f"window opens as {view.state}")
        clerk.state = "free"
        self.soon(2, "next", window)

    def on_break(self, window: UUID) -> None:
        """Time for a break: at once when free, else after the present citizen."""
        clerk = self.clerks[window]
        if clerk.state == "free":
            self._pause(clerk)
        elif clerk.state != "closed":
            clerk.break_due = True

    def _works(self, clerk: Clerk) -> bool:
        """A pause of up to half an hour still counts (note N9)."""
        if clerk.paused is not None and int((self.clock.moment - clerk.paused).total_seconds()) > 1800:
            return False
        return clerk.state != "closed"

    def _open_for(self, service: UUID, zone: UUID) -> bool:
        """Whether a ticket of this zone may go to a service: only where a window is open for it (QUE-920)."""
        able = [c for c in self.clerks.values() if service in c.order]
        return any(self._works(c) for c in [c for c in able if c.zone == zone] or able)

    def _pause(self, clerk: Clerk) -> None:
        clerk.break_due = False
        self.do("queue.pause", clerk.who, messages.Pause(window_id=clerk.window, reason="break"))
        clerk.state, clerk.paused = "paused", self.clock.moment
        self.soon(self.chance.uniform(600, 2100), "resume", clerk.window)

    def on_resume(self, window: UUID) -> None:
        """Back from the break."""
        clerk = self.clerks[window]
        self.do("queue.resume", clerk.who, messages.AtWindow(window_id=window))
        clerk.state, clerk.paused = "free", None
        self.soon(3, "next", window)

    def _wake(self, service: UUID) -> None:
        idle = [c for c in self.clerks.values() if c.state == "free" and service in c.order]
        if idle:
            self.soon(self.chance.uniform(1, 4), "next", self.chance.choice(idle).window)

    def on_next(self, window: UUID) -> None:
        """A free clerk presses next; the answer is held against the model."""
        clerk = self.clerks[window]
        if clerk.state != "free":
            return
        wanted = self._best(clerk)
        try:
            card = self.do("queue.call_next", clerk.who, messages.CallNext(window_id=window)).ticket
        except Refused as no:
            self._must(no.code == "queue.nobody_waiting" and wanted is None, f"{no.code} although {wanted} waits")
            return
        self._must(wanted is not None and card.id == wanted[0], f"{card.number} called, {wanted} has the better claim")
        citizen = self.model[card.id]
        self._must(citizen.state == "waiting", f"{card.number} called while {citizen.state}")
        self._must(card.state == "called" and card.window_id == window, "the card of a call")
        clerk.run = clerk.run + 1 if citizen.priority else 0
        self._leave(card.id)
        citizen.state = "called"
        waited = (self.clock.moment - citizen.issued).total_seconds()
        if citizen.called is None:
            self._waited(citizen, waited)
        citizen.called = self.clock.moment
        clerk.state, clerk.ticket = "called", card.id
        self.found.called += 1
        if self.chance.random() < self.shape.no_shows:
            self.soon(30, "recall", window)
            self.soon(self.chance.uniform(60, 100), "no_show", window)
        else:
            self.soon(self.chance.uniform(10, 40), "start", window)

    def _waited(self, citizen: Citizen, waited: float) -> None:
        kind = "green" if citizen.green else "plain" if citizen.plain else "booked"
        self.found.longest[kind] = max(self.found.longest.get(kind, 0.0), waited)
        told = citizen.told
        if citizen.plain and told is not None and told.estimate_seconds is not None and citizen.peers is not None:
            self.found.waits.append((waited, told.estimate_seconds, citizen.peers, told.estimate_high or 0))

    def _best(self, clerk: Clerk) -> tuple[UUID, str] | None:
        """Who must be next, from the model alone: brute force over everybody who waits for this window."""
        ranked = []
        for service in clerk.order:
            ranked += [(False, place, t) for place, t in self.lines.get((service, True), ())]
            ranked += [(True, place, t) for place, t in self.lines.get((service, False), ())]
        if not ranked:
            return None
        if self.policy.longest_wait:
            # The first of each line: within a line nobody overtakes.
            heads = [min(held) for s in clerk.order for p in (True, False) if (held := self.lines.get((s, p)))]
            overdue = [
                (self.model[t].issued, place, t)
                for place, t in heads
                if int((self.clock.moment - self.model[t].issued).total_seconds()) > self.policy.longest_wait
            ]
            if overdue:
                oldest = min(overdue, key=lambda o: (-int((self.clock.moment - o[0]).total_seconds()), o[1]))
                return oldest[2], self.model[oldest[2]].number
        others = [r for r in ranked if r[0]]
        turn = others and len(others) < len(ranked) and 0 < self.policy.priority_run <= clerk.run
        chosen = min(others if turn else ranked)
        return chosen[2], self.model[chosen[2]].number

    def on_recall(self, window: UUID) -> None:
        """The citizen does not come: call again."""
        self.do("queue.recall", self.clerks[window].who, messages.AtWindow(window_id=window))

    def on_no_show(self, window: UUID) -> None:
        """Nobody came."""
        clerk = self.clerks[window]
        self.do("queue.no_show", clerk.who, messages.AtWindow(window_id=window))
        self._ended(clerk, "no_show")
        self.found.no_shows += 1

    def on_start(self, window: UUID) -> None:
        """The citizen is at the window."""
        clerk = self.clerks[window]
        self.do("queue.start", clerk.who, messages.AtWindow(window_id=window))
        citizen = self._at(clerk)
        citizen.state = "serving"
        mean = self._mean(citizen.service) * self.stretch
        seconds = mean * math.exp(self.chance.gauss(0, 0.5) - 0.125)
        self.soon(max(20, seconds), "finish", (window, self.clock.moment))

    def on_finish(self, what: tuple[UUID, datetime]) -> None:
        """The service ends, or goes on in another queue."""
        window, began = what
        clerk = self.clerks[window]
        citizen = self._at(clerk)
        targets = [s for s in self.minutes if s != citizen.service and self._open_for(s, clerk.zone)]
        if targets and self.chance.random() < self.shape.transfers:
            target, priority = self.chance.choice(targets), self.chance.random() < 0.4
            ticket = clerk.ticket
            request = messages.Transfer(window_id=window, service_id=target, priority=priority)
            self.do("queue.transfer", clerk.who, request)
            self._ended(clerk, "waiting")
            assert ticket is not None
            keeps = not priority or citizen.priority
            place = citizen.place
            citizen.service, citizen.priority, citizen.plain = target, priority, False
            if not keeps:
                citizen.issued = self.clock.moment
                self._queue(ticket)
            else:
                self.lines.setdefault((target, priority), []).append((place, ticket))
            self.found.transfers += 1
            self._wake(target)
            return
        self.do("queue.finish", clerk.who, messages.Finish(window_id=window, request_rating=False))
        self.times[citizen.service].append(int((self.clock.moment - began).total_seconds()))
        self._ended(clerk, "finished")
        self.found.finished += 1

    def _at(self, clerk: Clerk) -> Citizen:
        assert clerk.ticket is not None
        return self.model[clerk.ticket]

    def _ended(self, clerk: Clerk, state: str) -> None:
        self._at(clerk).state = state
        clerk.ticket, clerk.state = None, "free"
        if clerk.break_due:
            self._pause(clerk)
        else:
            self.soon(self.chance.uniform(4, 25), "next", clerk.window)

    # the house

    def on_jobs(self, _: None) -> None:
        """The jobs' thread has its turn."""
        self.engine.jobs.run_due()
        self.soon(self.shape.job_seconds, "jobs", None)

    def verify(self) -> None:
        """The engine's own checks of the queue, over the whole database."""
        with self.engine.store.reading() as connection:
            for check in INTEGRITY.values():
                if check.name.startswith("queue."):
                    for wrong in check.function(connection):
                        raise Broken(f"{check.name}: {wrong}")
            rows = connection.exec_driver_sql("SELECT number, state FROM ticket").all()
        states = {c.number: c.state for c in self.model.values()}
        for number, state in rows:
            self._must(states.get(number) == state, f"{number} is {state}, the model says {states.get(number)}")
        self._must(len(rows) == len(states), f"{len(rows)} tickets, the model has {len(states)}")

    def _all_served(self) -> None:
        left = [c.number for c in self.model.values() if c.state in ("waiting", "called", "serving")]
        self._must(not left, f"still there at the end: {left[:10]}")

    def _must(self, good: bool, what: str) -> None:
        if not good:
            raise Broken(f"seed {self.shape.seed}, step {self.found.steps}, {self.clock.moment:%H:%M:%S}: {what}")


def simulate(shape: Shape) -> Outcome:
    """Run a day in a folder of its own, in memory where the system has one."""
    fast = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="openhall-day-", dir=fast if fast.is_dir() else None) as name:
        day = Day(shape, Path(name))
        began = time.perf_counter()
        try:
            day.build()
            day.plan()
            found = day.run()
        finally:
            day.close()
        found.seconds = time.perf_counter() - began
        return found
