"""Cable: a proxy between programs and server that cuts, stalls and half-closes, while a kiosk, a counter, a pad and a display
go on over their own links; then what they were told is compared with what is there."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from common.link import Link, LinkState, Pace
from common.link.outcome import Offline, Refusal
from common.link.verbs import new_key
from common.protocol.evaluation import PadAt, PadView, Rate
from common.protocol.messages import Message, Notice
from common.protocol.queue import AtWindow, Called, CallNext, Finish, Issued, IssueTicket, OpenWindow, WindowView
from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.attack.compare import lost_or_doubled, untold
from tests.attack.day import AGAIN, Ledger
from tests.attack.kill import ZONES, Lost
from tests.ground.demo_halls import DemoHall
from tests.ground.relay import Relay

M = TypeVar("M", bound=Message)

FAULTS = (
    "before",
    "in the request",
    "after",
    "in the answer",
    "stall",
    "stalled answer",
    "half to server",
    "half to program",
)
"""Cut before a request passes, within it, after it, within its answer; held up on either way; closed on one way only."""
WINDOW = 3
PATIENCE = 2.0
"""Seconds until a program's request counts as unanswered; a stall may last longer."""
LONGEST_STALL = 3.0
PACE = Pace(retry=0.03, retry_most=0.2, look=0.2, silence=7, health=2)
SETTLED_SECONDS = 40.0


class Cable(Relay):
    """A relay with faults: each planned one meets the next request that passes."""

    def __init__(self, to: int, chance: random.Random, longest_stall: float) -> None:
        super().__init__(to)
        self.planned: list[str] = []
        self.done: Counter[str] = Counter()
        self._chance = chance
        self._longest_stall = longest_stall

    def _both_ways(
        self,
        near: asyncio.StreamReader,
        onward: asyncio.StreamWriter,
        far: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> tuple[Coroutine[Any, Any, None], Coroutine[Any, Any, None]]:
        faults: list[str] = []
        """What the next answer on this connection meets."""
        return self._forth(near, onward, faults), self._back(far, back, faults)

    async def _forth(self, near: asyncio.StreamReader, onward: asyncio.StreamWriter, faults: list[str]) -> None:
        while piece := await _read(near):
            fault = self.planned.pop(0) if self.planned else ""
            self.done[fault] += 1
            if fault == "before":
                return
            if fault == "in the request":
                onward.write(piece[: self._chance.randrange(1, len(piece))])
                await onward.drain()
                await asyncio.sleep(0.01)  # it arrives, before the line breaks
                return
            if fault == "stall":
                await asyncio.sleep(self._chance.uniform(0.1, self._longest_stall))
            elif fault != "half to server":
                faults += [fault] if fault else []
            onward.write(piece)
            await onward.drain()
            if fault == "half to server":
                onward.write_eof()
                await asyncio.sleep(self._chance.uniform(0.1, self._longest_stall))
                return

    async def _back(self, far: asyncio.StreamReader, back: asyncio.StreamWriter, faults: list[str]) -> None:
        while piece := await _read(far):
            fault = faults.pop(0) if faults else ""
            if fault == "after":
                return
            if fault == "in the answer":
                back.write(piece[: self._chance.randrange(1, len(piece))])
                await back.drain()
                await asyncio.sleep(0.01)
                return
            if fault == "half to program":
                back.write_eof()
                await asyncio.sleep(self._chance.uniform(0.1, self._longest_stall))
                return
            if fault == "stalled answer":
                await asyncio.sleep(self._chance.uniform(0.1, self._longest_stall))
            back.write(piece)
            await back.drain()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(1 << 16)
    except OSError:
        return b""


@dataclass
class Report:
    """What an attack did and found."""

    seed: int
    cuts: Counter[str] = field(default_factory=Counter)
    issued: int = 0
    finished: int = 0
    rated: int = 0
    again: int = 0
    """Requests that a program's user had to say again under the same key, since no answer came in time."""
    heard: int = 0
    seconds: float = 0

    def lines(self) -> Iterator[str]:
        """For people."""
        told = ", ".join(f"{count} {name}" for name, count in sorted(self.cuts.items()) if name)
        yield f"seed {self.seed}: {sum(c for n, c in self.cuts.items() if n)} faults in {self.seconds:.0f} s ({told})"
        yield (
            f"{self.issued} tickets taken, {self.finished} served, {self.rated} rated; {self.again} times no answer in "
            f"{PATIENCE:g} s; {self.heard} notices heard, none missed, none doubled"
        )


class Programs:
    """Kiosk, counter, pad and display as far as they speak with the server: each its link, through the cable."""

    def __init__(self, kiosk: Link, counter: Link, pad: Link, display: Link) -> None:
        self.kiosk, self.counter, self.pad, self.display = kiosk, counter, pad, display
        self.ledger = Ledger()
        self.over = False
        self.again = 0
        self.heard: list[Notice | None] = []
        self.refused: list[str] = []
        self._asked = asyncio.Event()

    def listen(self) -> None:
        """Begin to hear."""
        for topic in ZONES:
            self.display.watch(topic, self.heard.append)
        for topic in (f"evaluation.window.{id_of('window', WINDOW)}", f"queue.window.{id_of('window', WINDOW)}"):
            self.pad.watch(topic, lambda _: self._asked.set())

    async def open(self) -> None:
        """The clerk opens the window: before that nobody gets a number for it."""
        await self._say(self.counter, "queue.open_window", OpenWindow(window_id=id_of("window", WINDOW)), WindowView)

    async def take(self) -> None:
        """Citizens at the kiosk, one after the other."""
        service = id_of("service", "A")
        while not self.over:
            got = await self._say(self.kiosk, "queue.issue_ticket", IssueTicket(service_id=service), Issued)
            if got is not None:
                self.ledger.history.setdefault(got.ticket.number, []).append("issued")
            await asyncio.sleep(0.02)

    async def serve(self) -> None:
        """The clerk: each ticket called, begun, finished."""
        place = id_of("window", WINDOW)
        while not self.over:
            called = await self._say(self.counter, "queue.call_next", CallNext(window_id=place), Called)
            if called is None or called.ticket is None:
                await asyncio.sleep(0.03)
                continue
            history = self.ledger.history.setdefault(called.ticket.number, [])
            history.append("called")
            for verb, message in (("start", AtWindow(window_id=place)), ("finish", Finish(window_id=place))):
                if await self._say(self.counter, f"queue.{verb}", message, Called) is not None:
                    history.append("started" if verb == "start" else "finished")

    async def rate(self) -> None:
        """The citizen at the pad, whenever the pad is told that it asks; kept as a fact, as the program does."""
        rated: set[UUID] = set()
        while not self.over:
            await self._asked.wait()
            self._asked.clear()
            try:
                view = await self.pad.read("evaluation.pad", PadAt(), PadView, timeout=PATIENCE)
            except (Offline, Refusal):
                self._asked.set()
                await asyncio.sleep(0.02)
                continue
            if view.request is None or view.request.ticket_id in rated:
                continue
            fact = UUID(new_key())
            rate = Rate(
                ticket_id=view.request.ticket_id,
                grade="satisfied",
                fact_id=fact,
                rated_at=max(self.pad.now(), view.request.asked_at),
            )
            self.pad.outbox.put("evaluation.rate", rate, fact)
            rated.add(view.request.ticket_id)
            self.ledger.rated[view.request.number] = "satisfied"

    async def _say(self, link: Link, verb: str, message: Message, answer: type[M]) -> M | None:
        """One press: said again under its key until it is answered; gives nothing when it was refused."""
        key = new_key()
        while True:
            try:
                return await link.act(verb, message, answer, key=key, timeout=PATIENCE)
            except Offline:
                self.again += 1
                await asyncio.sleep(0.02)
            except Refusal as no:
                if no.code in AGAIN or no.status == 503:
                    await asyncio.sleep(0.05)
                    continue
                if no.code not in ("queue.nobody_waiting", "queue.rating_awaited"):
                    self.refused.append(f"{verb}: {no}")
                return None


def attack(
    hall: DemoHall,
    folder: Path,
    *,
    cuts: int,
    seed: int,
    seconds: float = float("inf"),
    longest_stall: float = LONGEST_STALL,
    rated: int = 0,
    at: str | None = "monday",
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """So many faults, and so many ratings, or for so many seconds; raises Lost with what was lost or doubled."""
    with hall.serve(at=at) as house:
        tokens = {
            "kiosk": house.device("kiosk", zone=0),
            "pad": house.device("pad", window=WINDOW),
            "led": house.device("led", zone=0),
        }
        report = asyncio.run(_attack(hall, house.port, tokens, folder, cuts, rated, seed, seconds, longest_stall, say))
        assert house.stop() == 0
    return report


async def _attack(
    hall: DemoHall,
    port: int,
    tokens: dict[str, str],
    folder: Path,
    cuts: int,
    rated: int,
    seed: int,
    seconds: float,
    longest_stall: float,
    say: Callable[[str], None],
) -> Report:
    report, chance, began = Report(seed), random.Random(seed), time.monotonic()
    async with AsyncExitStack() as stack:
        cable = await stack.enter_async_context(Cable(port, random.Random(seed + 1), longest_stall))

        async def link(kind: str) -> Link:
            made = Link(kind, profile=folder / kind, server=cable.url, token=tokens.get(kind), pace=PACE)
            stack.push_async_callback(made.stop)
            await made.start()
            return made

        programs = Programs(*[await link(kind) for kind in ("kiosk", "staff", "pad", "led")])
        programs.listen()
        await _until(lambda: programs.counter.state is LinkState.SIGNED_OUT, "the counter finds its server")
        await programs.counter.sign_in("anna", PASSWORD)
        every = (programs.kiosk, programs.counter, programs.pad, programs.display)
        await _until(lambda: all(one.online for one in every) and len(programs.heard) >= len(ZONES), "all are online")
        await programs.open()
        begun = _last(hall)
        work = [asyncio.create_task(one()) for one in (programs.take, programs.serve, programs.rate)]
        told = 0

        def going_on() -> bool:
            few = sum(cable.done.values()) - cable.done[""] < cuts or len(programs.ledger.rated) < rated
            return few and time.monotonic() - began < seconds

        while going_on():
            await asyncio.sleep(chance.uniform(0.02, 0.25))
            if len(cable.planned) < 2:
                cable.planned.append(chance.choice(FAULTS))
            if chance.random() < 0.05:
                await cable.cut()
                cable.done["all at once"] += 1
            _look(work, programs)
            count = sum(cable.done.values()) - cable.done[""]
            if count - told >= 50:
                told = count
                say(f"{count} faults, {len(programs.ledger.history)} tickets, {time.monotonic() - began:.0f} s")
        cable.planned.clear()
        programs.over = True
        programs._asked.set()
        await asyncio.wait_for(asyncio.gather(*work), SETTLED_SECONDS)
        _look(work, programs)
        await _until(lambda: programs.pad.outbox.waiting == 0, "the pad's facts have come")
        refused = [one.problem.code for one in programs.pad.outbox.refused]
        if refused:
            raise Lost(f"seed {seed}: facts of the pad were refused: {refused}")
        await _until(lambda: not hall.rows("SELECT 1 FROM notice_outbox LIMIT 1"), "all notices are numbered")
        wanted = [
            (n, kind)
            for n, kind in hall.rows(
                f"SELECT number, kind FROM notice WHERE topic IN {ZONES} AND number > {begun} ORDER BY number"
            )
        ]

        def heard() -> list[tuple[int, str]]:
            return [(one.n, one.kind) for one in programs.heard if one is not None and one.n > begun]

        await _until(lambda: len(heard()) >= len(wanted), "the display has heard all")
        if heard() != wanted:
            raise Lost(f"seed {seed}: heard {len(heard())} notices of {len(wanted)}, or in another order")
        if programs.heard.count(None) != len(ZONES):
            raise Lost(f"seed {seed}: the display was told to begin anew")
        wrong = [*lost_or_doubled(hall.rows, programs.ledger, {}), *untold(hall.rows)]
        if wrong:
            raise Lost(f"seed {seed}: {'; '.join(wrong[:10])} ({len(wrong)})")
        report.cuts, report.again, report.heard = cable.done, programs.again, len(wanted)
        report.issued = len(programs.ledger.history)
        report.finished = sum("finished" in one for one in programs.ledger.history.values())
        report.rated = len(programs.ledger.rated)
        report.seconds = time.monotonic() - began
        return report


def _look(work: list[asyncio.Task[None]], programs: Programs) -> None:
    for task in work:
        if task.done() and (failure := task.exception()) is not None:
            raise failure
    if programs.refused:
        raise Lost(f"refused: {programs.refused[:5]}")


def _last(hall: DemoHall) -> int:
    return int(hall.rows("SELECT coalesce(max(number), 0) FROM notice")[0][0])


async def _until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SETTLED_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise Lost(f"in vain: {what}")
        await asyncio.sleep(0.02)
