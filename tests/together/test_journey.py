"""The journey through the demo hall, and whether what it kept of it is true."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from openpyxl import load_workbook
from PIL import Image, ImageChops

from common.devices import wave_facts
from server.demo.journey.looking import reason_not_seen
from server.demo.show.places import Place, arrange
from tests.ground.demo_house import TOP

LANGUAGES = ("en", "zh", "fa")
pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")


@dataclass
class Journey:
    """A journey that has ended."""

    folder: Path
    status: int
    said: str

    @property
    def facts(self) -> dict[str, Any]:
        """What it wrote down."""
        return dict(json.loads((self.folder / "journey.json").read_text("utf-8")))


def demo(*options: str) -> subprocess.Popen[str]:
    """`installer/hall demo` as it is started there, without a desktop."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.Popen(
        [sys.executable, "-m", "server.demo", *options],
        cwd=TOP, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def taken(folder: Path, *options: str) -> Journey:
    """Take the journey to its end."""
    running = demo("--folder", str(folder), *options)
    said, _nothing = running.communicate(timeout=420)
    return Journey(folder, running.returncode, said)


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_journey_is_seen_and_what_it_kept_is_true(tmp_path: Path) -> None:
    journey = taken(tmp_path / "kept")
    assert journey.status == 0, journey.said
    check_steps(journey)
    check_processes(journey)
    check_codes(journey)
    check_announcements(journey)
    check_workbooks(journey)
    check_languages(journey)


def check_steps(journey: Journey) -> None:
    """Every step was seen, in three languages, and said with its time."""
    facts = journey.facts
    assert facts["ok"] and "failed" not in facts
    titles = {language: [s for s in facts["steps"] if s["language"] == language] for language in LANGUAGES}
    assert len({len(steps) for steps in titles.values()}) == 1 and len(titles["en"]) > 30
    for step in facts["steps"]:
        assert (journey.folder / step["picture"]).stat().st_size > 10_000, step
        assert f"{step['title']}" in journey.said and f"{step['milliseconds']} ms" in journey.said
    assert str(journey.folder) in journey.said


def check_processes(journey: Journey) -> None:
    """Every program was a process of its own, with a token of its own, and has ended."""
    programs = journey.facts["programs"]
    for language in LANGUAGES:
        assert set(programs[language]) == {"kiosk", "staff", "pad", "central", "strip"}
        assert len({programs["server"], *programs[language].values()}) == 6
    pids = [programs["server"], *(pid for language in LANGUAGES for pid in programs[language].values())]
    assert all(gone(pid) for pid in pids)
    tokens = {path.read_text().strip() for path in (journey.folder / "tokens").iterdir()}
    assert len(tokens) == 5


def check_codes(journey: Journey) -> None:
    """The printed code holds the ticket's token and never its id; the screen shows the same."""
    tickets = journey.facts["tickets"]
    assert [one["number"] for one in tickets] == ["B001", "D001", "B002", "D002", "B003", "D003"]
    with closing(_database(journey)) as database:
        known = {row["number"]: row for row in database.execute("select * from ticket order by issued_at")}
    for one in tickets:
        (code,) = zxingcpp.read_barcodes(Image.open(journey.folder / one["raster"]).convert("L"))
        row = known[one["number"]]
        assert code.text == one["address"] and code.text.endswith(f"/t/{row['token']}")
        assert uuid.UUID(bytes=row["id"]).hex not in code.text.replace("-", "")
    # On the screen too: the picture of the step in which it was taken shows a code that can be scanned.
    for step in journey.facts["steps"]:
        if "takes ticket" in step["title"]:
            number = step["title"].rsplit(" ", 1)[1]
            codes = [one.text for one in zxingcpp.read_barcodes(Image.open(journey.folder / step["picture"]))]
            assert next(one["address"] for one in tickets if one["number"] == number) in codes


def check_announcements(journey: Journey) -> None:
    """Each announcement is loud and unlike the others."""
    waves = sorted((journey.folder / "announcements").glob("*.wav"))
    named = [name for one in journey.facts["tickets"] for name in one["announcements"]]
    assert [str(path.relative_to(journey.folder)) for path in waves] == sorted(named) and len(waves) == 9
    facts = {path.name: wave_facts.facts(path) for path in waves}
    assert all(one.loud for one in facts.values()), {name: one.loudness for name, one in facts.items()}
    for one, other in combinations(facts, 2):
        assert wave_facts.difference(facts[one], facts[other]) > 0.002, (one, other)


def check_workbooks(journey: Journey) -> None:
    """The workbook's figures are the database's."""
    with closing(_database(journey)) as database:
        rows = {row["number"]: row for row in database.execute("select * from ticket order by issued_at")}
        rated = {
            row["number"]: row["grade"]
            for row in database.execute("select number, grade from rating join ticket on ticket.id = ticket_id")
        }
    assert set(rated) == set(rows) and {rated[n] for n in rows if n.startswith("B")} == {"very_satisfied"}
    for number, name in enumerate(journey.facts["workbooks"], start=1):
        sheet = load_workbook(journey.folder / name).active
        assert sheet is not None
        lines = [row for row in sheet.iter_rows(values_only=True) if row[0] in rows]
        assert [line[0] for line in lines] == [n for n in rows if int(n[1:]) <= number]
        for line in lines:
            row = rows[str(line[0])]
            waited, served = _seconds(row, "issued_at", "called_at"), _seconds(row, "started_at", "finished_at")
            assert waited in line and served in line, (line, waited, served)


def check_languages(journey: Journey) -> None:
    """The pictures of one step in three languages differ."""
    steps = {(s["language"], s["number"]): s["picture"] for s in journey.facts["steps"]}
    for number in {number for _language, number in steps}:
        pictures = [Image.open(journey.folder / steps[one, number]).convert("L") for one in LANGUAGES]
        for one, other in combinations(pictures, 2):
            different = ImageChops.difference(one, other).point([0] * 64 + [255] * 192).histogram()[255]
            assert different > 5_000, (number, different)


@pytest.mark.parametrize("left_out", ["pad", "led"])
def test_without_a_program_it_fails_and_names_the_step(left_out: str, tmp_path: Path) -> None:
    ended = taken(tmp_path / "kept", "--without", left_out)
    assert ended.status == 1
    assert f"FAILED: {ended.facts['failed']}" in ended.said and "All " not in ended.said
    missed = {"pad": "there is no pad", "led": "there is no strip"}[left_out]
    assert ended.facts["failed"] == f"step en 02 'anna opens window 3' was not seen: {missed}", ended.said


def test_a_stopped_journey_leaves_no_process(tmp_path: Path) -> None:
    running = demo("--folder", str(tmp_path / "kept"))
    assert running.stdout is not None
    said = ""
    while "signs in" not in said:
        line = running.stdout.readline()
        assert line, said
        said += line
    children = _descendants(running.pid)
    assert len(children) >= 7  # six programs and the screen
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 130
    running.stdout.close()
    assert all(gone(pid) for pid in children)


def test_what_is_covered_blank_cut_or_unchanged_is_not_seen() -> None:
    drawn = Image.new("RGB", (60, 20), "white")
    drawn.paste("black", (10, 5, 40, 15))
    place = Place(100, 50, 60, 20)
    empty = Image.new("RGB", (300, 200), "#cccccc")
    screen = empty.copy()
    screen.paste(drawn, (100, 50))
    assert reason_not_seen(screen, drawn, place, empty) is None
    assert reason_not_seen(empty, drawn, place, None) == "the screen shows something else there"
    covered = screen.copy()
    covered.paste("white", (100, 50, 118, 70))
    assert reason_not_seen(covered, drawn, place, empty) == "the screen shows something else there"
    assert reason_not_seen(screen, Image.new("RGB", (60, 20), "white"), place, empty) == "nothing is written there"
    assert "edge" in str(reason_not_seen(screen, drawn, Place(280, 50, 60, 20), empty))
    assert reason_not_seen(screen, drawn, place, screen) == "the screen shows there what it showed before"


@pytest.mark.parametrize("size", [(1920, 1080), (2560, 1440), (1680, 1050), (3840, 2160)])
def test_no_window_lies_over_another_or_beyond_the_screen(size: tuple[int, int]) -> None:
    places = arrange(Place(10, 20, *size))
    for one in places.values():
        assert one.x >= 10 and one.y >= 20 and one.x + one.width <= 10 + size[0] and one.y + one.height <= 20 + size[1]
        assert one.width > 300 and one.height > 90
    for one, other in combinations(places.values(), 2):
        across = one.x + one.width <= other.x or other.x + other.width <= one.x
        down = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert across or down, (one, other)


def _database(journey: Journey) -> sqlite3.Connection:
    database = sqlite3.connect(f"file:{journey.folder / 'server' / 'openhall.db'}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    return database


def _seconds(row: sqlite3.Row, begin: str, end: str) -> int:
    return int((datetime.fromisoformat(row[end]) - datetime.fromisoformat(row[begin])).total_seconds())


def _descendants(pid: int) -> list[int]:
    """The processes that this one started, and theirs."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(path.read_text().rsplit(")", 1)[1].split()[1]), []).append(int(path.parent.name))
        except OSError:
            continue
    found, left = [], [pid]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found
