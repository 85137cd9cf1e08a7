"""A day at the demo hall, sixty times as fast, with all its programs open, kept as pictures for people to look at.

    python -m tests.bench.day_in_pictures [--folder F] [--begins 2026-03-02T08:00] [--hours 8] [--every 10]

Kiosk, workbench, pad, central display and window strip stand on a virtual screen; Anna works at window 3 and citizens touch
kiosk and pad, all by mouse and keys. The other windows are served, and most tickets taken, over HTTP, so that the hall is
full. Nothing is judged: look at the pictures. What programs said and what failed stands beside them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from common.link.driving import Driven, NotSeen
from common.protocol.messages import LANGUAGES
from server.demo import hall
from server.demo.fill import id_of
from server.demo.show.places import arrange
from server.demo.show.programs import PROGRAMS, WINDOW, Programs
from server.demo.show.screen import VirtualScreen
from tests.ground.serving import Answer, Client

SPEED = 60
PEAKS = ((10.0, 1.1), (14.8, 1.0))
"""Hours at which most people come, and how widely around them."""
AN_HOUR = 100
"""Tickets an hour at a peak."""
CLERKS = [account for account, role, _ in hall.STAFF if role == "clerk"]
MINUTES = {one.prefix: one.minutes for one in hall.SERVICES}
GRADES = ("very_satisfied", "very_satisfied", "satisfied", "fair")


class Day:
    """The hall's people; every thread ends with `over`."""

    def __init__(self, programs: Programs, begins: datetime, seed: int) -> None:
        self._client = Client(int(programs.url.rsplit(":", 1)[1]))
        self._tokens: dict[str, str] = {}
        self._begins, self._started = begins, time.monotonic()
        self._seed = seed
        self.over = threading.Event()
        self.counts: Counter[str] = Counter()
        self.odd: list[str] = []
        """What nobody expected."""

    def now(self) -> datetime:
        """The hall's time."""
        return self._begins + timedelta(seconds=(time.monotonic() - self._started) * SPEED)

    def rest(self, minutes: float) -> bool:
        """Let minutes of the hall pass; says whether the day is over."""
        return self.over.wait(minutes * 60 / SPEED)

    def rush(self) -> float:
        """How many come an hour now."""
        hour = self.now().hour + self.now().minute / 60
        return AN_HOUR * max(0.12, *(math.exp(-(((hour - peak) / wide) ** 2)) for peak, wide in PEAKS))

    def send(self, who: str, verb: str, body: dict[str, Any]) -> Answer:
        """A verb of an account."""
        if who not in self._tokens:
            signed = self._client.post("/api/sign-in", json={"name": who, "password": hall.PASSWORD})
            self._tokens[who] = signed.json()["token"]
        headers = {"Authorization": f"Bearer {self._tokens[who]}", "Idempotency-Key": uuid.uuid4().hex}
        answer = self._client.post(f"/api/{verb.replace('.', '/')}", json=body, headers=headers)
        self.counts[verb if answer.status_code == 200 else f"{verb}: {answer.json()['code']}"] += 1
        return answer

    def citizens(self) -> None:
        """Tickets of both zones, given at the desk: the kiosk on the screen is touched by others."""
        chance = random.Random(f"{self._seed} citizens")
        while not self.rest(chance.expovariate(1) * 60 / self.rush()):
            zone = chance.randrange(2)
            prefix = chance.choice([one.prefix for one in hall.SERVICES if zone in one.zones])
            body = {
                "service_id": str(id_of("service", prefix)),
                "zone_id": str(id_of("zone", zone)),
                "channel": "staff",
            }
            self.send("guide", "queue.issue_ticket", body)

    def clerk(self, number: int, account: str) -> None:
        """A window: call, begin, serve, finish; a pause at noon."""
        chance = random.Random(f"{self._seed} {account}")
        place = {"window_id": str(id_of("window", number))}
        noon = 12 + (number % 3) * 0.6
        self.rest(chance.uniform(0, 12))
        self.send(account, "queue.open_window", place)
        rested = False
        while not self.over.is_set():
            hour = self.now().hour + self.now().minute / 60
            if not rested and hour >= noon:
                rested = True
                self.send(account, "queue.pause", {**place, "reason": "break"})
                self.rest(35)
                self.send(account, "queue.resume", place)
            called = self.send(account, "queue.call_next", place)
            if called.status_code != 200:
                self.rest(0.7)
                continue
            prefix = called.json()["ticket"]["number"][0]
            self.rest(chance.uniform(0.3, 1.2))
            if chance.random() < 0.05:
                for _ in range(3):
                    self.send(account, "queue.recall", place)
                    self.rest(0.7)
                if self.send(account, "queue.no_show", place).status_code == 200:
                    continue
            self.send(account, "queue.start", place)
            self.rest(MINUTES[prefix] * chance.uniform(0.4, 1.5))
            self.send(account, "queue.finish", {**place, "request_rating": False})

    def anna(self, staff: Driven, pad: Driven) -> None:
        """Window 3, by keys at the workbench and touches at its pad."""
        chance = random.Random(f"{self._seed} anna")
        while not self.over.is_set():
            staff.key("F2")
            self.rest(0.5)
            if (
                self.send("manager", "queue.window", {"window_id": str(id_of("window", WINDOW))}).json()["state"]
                != "called"
            ):
                self.rest(1)  # nobody waits, or the rating is still awaited
                continue
            self.rest(chance.uniform(0.5, 1.5))
            staff.key("F5")
            if self.rest(chance.uniform(4, 11)):
                return
            staff.key("F4")
            if self._seen(lambda: pad.wait(name="rating_question", seconds=3)) and chance.random() < 0.8:
                self.rest(chance.uniform(0.2, 1))
                grade = f"grade_{chance.choice(GRADES)}"
                self._seen(lambda grade=grade: pad.press(grade))  # type: ignore[misc]
                self.counts["pad: rated"] += 1

    def at_kiosk(self, kiosk: Driven) -> None:
        """A citizen at the kiosk every few minutes: a service, a ticket, and away."""
        chance = random.Random(f"{self._seed} kiosk")
        offered = [one.prefix for one in hall.SERVICES if 0 in one.zones and not one.hours]
        while not self.rest(chance.expovariate(1) * 240 / self.rush()):
            prefix = chance.choice(offered)
            if not self._seen(lambda prefix=prefix: kiosk.press(f"service_{prefix}")):  # type: ignore[misc]
                continue
            self.rest(0.5)
            self._seen(lambda: kiosk.press("take"))
            if self._seen(lambda: kiosk.wait(name="ticket_number", seconds=5)):
                self.counts["kiosk: tickets"] += 1
            self.rest(2)
            self._seen(lambda: kiosk.press("done"))
            self.rest(1)

    def _seen(self, look: Callable[[], Any]) -> bool:
        try:
            look()
        except NotSeen as why:
            if not self.over.is_set():
                self.odd.append(f"{self.now():%H:%M} {why}")
            return False
        return True


def _opened(programs: Programs, screen: VirtualScreen, sockets: Path, language: str) -> dict[str, Driven]:
    """The five programs, each in its place, each with its driver."""
    places = arrange(screen.space, frame=0)
    for name in PROGRAMS:
        options = ["--driver", str(sockets / name), "--geometry", places[name].option, "--dpi", "96"]
        if name == "kiosk":
            options += ["--printer", f"file:{programs.folder / 'paper.escpos'}"]
        programs.start(name, *options, "--language", language)
    return {name: Driven(sockets / name, patience=90) for name in PROGRAMS}


def _begin_work(day: Day, staff: Driven) -> None:
    """Anna signs in at the workbench and opens her window, by mouse and keys."""
    staff.wait(name="sign_in", seconds=60)
    staff.type("name", "anna")
    staff.key("Return")
    staff.type("password", hall.PASSWORD)
    staff.key("Return")
    row = f"windows_table[{WINDOW - 1},0]"
    staff.wait(name=row, seconds=30)
    staff.press(row)
    staff.press("open_window")
    staff.wait(name="strip_ticket", seconds=30)


def run(folder: Path, begins: datetime, hours: float, every: float, language: str, seed: int) -> int:
    """Let the day pass; gives how many odd things were seen."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory(prefix="openhall-") as sockets,
        VirtualScreen() as screen,
        Programs(folder, screen.environment) as programs,
    ):
        programs.start_server("--clock", f"{begins:%Y-%m-%dT%H:%M}x{SPEED}")
        day = Day(programs, begins, seed)
        # Half a minute of the hall is half a second here: too little for a hand.
        for name, value in (("evaluation.wait_seconds", 300), ("queue.anti_repeat", 1)):
            day.send("admin", "settings.set", {"name": name, "value": value})
        programs.make_tokens(PROGRAMS)
        driven = _opened(programs, screen, Path(sockets), language)
        _begin_work(day, driven["staff"])
        others = [number for number in range(1, 17) if number != WINDOW]
        work = [threading.Thread(target=day.citizens)]
        work += [
            threading.Thread(target=day.clerk, args=one)
            for one in zip(others, (name for name in CLERKS if name != "anna"), strict=False)
        ]
        work += [
            threading.Thread(target=day.anna, args=(driven["staff"], driven["pad"])),
            threading.Thread(target=day.at_kiosk, args=(driven["kiosk"],)),
        ]
        end = begins + timedelta(hours=hours)
        for thread in work:
            thread.start()
        try:
            for turn in itertools.count(1):
                due = begins + timedelta(minutes=every * turn)
                if due < day.now():
                    continue  # it took the programs until now to stand
                if due > end or day.over.wait(max(0.0, (due - day.now()).total_seconds() / SPEED)):
                    break
                screen.picture().save(pictures / f"{day.now():%H%M}.png", compress_level=1)
                print(
                    f"{day.now():%H:%M}  {sum(day.counts.values())} verbs, alive: {', '.join(programs.alive())}",
                    flush=True,
                )
        finally:
            day.over.set()
            for thread in work:
                thread.join(60)
            for one in driven.values():
                one.close()
        ended = programs.end(*PROGRAMS)
        for name in [*PROGRAMS, "server"]:
            words = programs.words(name).read_text("utf-8", "replace")
            if ended.get(name, 0) != 0 or "Traceback" in words or "ERROR" in words:
                day.odd.append(f"{name}: status {ended.get(name)}, {words[-800:]}")
    (folder / "day.json").write_text(json.dumps({"counts": dict(day.counts), "odd": day.odd}, indent=1), "utf-8")
    for verb, count in sorted(day.counts.items()):
        print(f"{count:6d}  {verb}")
    print(*day.odd, sep="\n")
    print(f"The pictures lie in {pictures}")
    return len(day.odd)


def main() -> int:
    """Let a day pass."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.day_in_pictures", description=__doc__)
    options.add_argument("--folder", type=Path, help="else a new temporary one, which is named")
    options.add_argument("--begins", type=datetime.fromisoformat, default=datetime(2026, 3, 2, 8, 0))
    options.add_argument("--hours", type=float, default=8)
    options.add_argument("--every", type=float, default=10, help="minutes of the hall between two pictures")
    options.add_argument("--language", choices=LANGUAGES, default="en")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="openhall-day-"))
    print(f"The pictures are kept in {folder / 'pictures'}", flush=True)
    run(folder, chosen.begins, chosen.hours, chosen.every, chosen.language, chosen.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
