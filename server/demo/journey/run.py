"""The journey: every program started in each language, the way taken, the evidence kept in a folder."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from common.link.driving import Driven, NotSeen
from server.demo.journey.steps import StepNotSeen, Steps
from server.demo.journey.way import KIOSK_LANGUAGE, Way
from server.demo.journey.words import NotTranslated
from server.demo.show.places import Place, arrange
from server.demo.show.programs import PROGRAMS, NotStarted, Programs
from server.demo.show.screen import NoScreen, VirtualScreen

LANGUAGES = ("en", "zh", "fa")
START_SECONDS = 60
"""A program has its window and its connection within this time, on a slow machine too."""

Say = Callable[[str], None]


def journey(folder: Path, without: str | None, say: Say) -> int:
    """Take the way in every language; gives 0 only when every step was seen. `without` leaves a program out."""
    names = [name for name, kind in PROGRAMS.items() if kind != without]
    facts: dict[str, Any] = {"ok": False, "programs": {}, "steps": [], "tickets": [], "workbooks": []}
    say(f"Everything that is seen is kept in {folder}")
    try:
        with VirtualScreen() as screen, Programs(folder, screen.environment) as programs:
            programs.start_server()
            facts["programs"]["server"] = programs.running["server"].pid
            programs.make_tokens(names)
            steps = Steps(screen, folder, say)
            try:
                for number, language in enumerate(LANGUAGES, start=1):
                    _go(programs, arrange(screen.space, frame=0), steps, names, language, number, facts)
            finally:
                steps.close()
                facts["steps"] = steps.facts()
        facts["ok"] = True
    except (StepNotSeen, NotSeen, NotTranslated, NotStarted, NoScreen) as why:
        facts["failed"] = str(why)
        say(f"FAILED: {why}")
    finally:
        text = json.dumps(facts, indent=1, ensure_ascii=False)
        (folder / "journey.json").write_text(text, encoding="utf-8")
        say(f"Pictures, tickets, announcements and workbooks lie in {folder}")
    if not facts["ok"]:
        return 1
    say(f"All {len(facts['steps'])} steps were seen, in {', '.join(LANGUAGES)}.")
    return 0


def _go(
    programs: Programs,
    places: dict[str, Place],
    steps: Steps,
    names: list[str],
    language: str,
    number: int,
    facts: dict[str, Any],
) -> None:
    """One language: the five programs from their start to their end."""
    with tempfile.TemporaryDirectory(prefix="openhall-") as sockets:  # a socket's path has to be short
        for name in names:
            _start(programs, name, language, Path(sockets) / name, places[name])
        facts["programs"][language] = {name: programs.running[f"{name}-{language}"].pid for name in names}
        driven: dict[str, Driven] = {}
        try:
            for name in names:
                driven[name] = _drive(programs, f"{name}-{language}", Path(sockets) / name)
            steps.begin(language, driven)
            way = Way(steps, programs.folder, language, number)
            try:
                way.go()
            finally:
                facts["tickets"] += [asdict(one) for one in way.tickets]
            facts["workbooks"].append(way.workbook)
        finally:
            for one in driven.values():
                one.close()
    for name, status in programs.end(*(f"{name}-{language}" for name in names)).items():
        words = programs.words(name).read_text("utf-8", "replace")
        if status != 0 or "Traceback" in words:
            raise NotSeen(f"{name} did not end well (status {status}): {words[-600:]}")


def _start(programs: Programs, name: str, language: str, driver: Path, place: Place) -> None:
    options = ["--driver", str(driver), "--geometry", place.option, "--dpi", "96", "--language"]
    options.append(KIOSK_LANGUAGE if name == "kiosk" else language)
    folder = programs.folder
    if name == "kiosk":
        options += ["--printer", f"file:{folder / f'paper-{language}.escpos'}"]
        options += ["--keep-tickets", str(folder / "tickets" / language)]
    if name == "central":
        options += ["--keep-announcements", str(folder / "announcements")]
    programs.start(name, *options, profile=f"{name}-{language}")


def _drive(programs: Programs, name: str, path: Path) -> Driven:
    """A program's driver, as soon as it has found its hall."""
    end = time.monotonic() + START_SECONDS
    while not path.exists():
        if time.monotonic() > end or programs.running[name].poll() is not None:
            words = programs.words(name).read_text("utf-8", "replace")
            raise NotSeen(f"{name} did not come to its hall: {words[-600:]}")
        time.sleep(0.03)
    return Driven(path)
