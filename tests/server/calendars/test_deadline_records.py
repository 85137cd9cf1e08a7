"""Deadlines as they are kept: stopped, resumed, extended, told once, and counted anew when a calendar is changed."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from server.engine.calendars import keeping
from server.engine.calendars.deadlines import HOURS, Stage, Term, Warning
from server.engine.calendars.events import DeadlineMoved, DeadlineStrained, DeadlineTurned
from server.engine.calendars.records import Deadline
from server.engine.database.types import new_id
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.events import AFTER, INSIDE
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data

WEEK = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def at(day: int, clock: str = "00:00", month: int = 3) -> datetime:
    """A moment of March 2026; the second is a Monday, on which these tests begin at 10:24."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=UTC)


@pytest.fixture
def data(hall: Hall) -> Data:
    """The demo hall with office hours; its zone is UTC."""
    made = Data(hall)
    made.office = made.add("working_calendar", name={"en": "Office"}, week=WEEK, main=True)  # type: ignore[attr-defined]
    hall.settle()
    return made


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was told of lights, as listeners hear it."""
    told: list[tuple[str, str]] = []
    heard = (DeadlineTurned, lambda work, event: told.append((str(event.owner_id), event.light)))
    monkeypatch.setitem(AFTER, "test.turned", heard)
    return told


def begin(hall: Hall, term: Term, **more: Any) -> Any:
    """A deadline of something; gives its row."""
    return hall.engine.act(
        "test.start", lambda work: keeping.start(work, "paper", new_id(), term, name={"en": "A paper"}, **more)
    )


def now(hall: Hall, row: Any) -> Any:
    """The row as it is now."""
    return hall.engine.look(lambda work: work.find(Deadline, row.id))


def told(hall: Hall, row: Any, who: str = "admin") -> list[str]:
    """What stands in a deadline's ledger."""
    return [one["what"] for one in hall.post("deadlines.ledger", {"id": row.id}, who=who)["events"]]


def moved_days(hall: Hall, data: Data) -> Any:
    return hall.post("deadlines.moved", {"calendar_id": data.office["id"]}, who="admin")  # type: ignore[attr-defined]


def test_a_deadline_is_stopped_resumed_and_extended_with_reasons_that_its_ledger_keeps(
    data: Data, hall: Hall, clock: HandClock
) -> None:
    row = begin(hall, Term(2), warning=Warning(before=1))
    assert (row.due_at, row.yellow_at) == (at(4, "17:00"), at(4, "08:00"))
    body = {"id": row.id, "reason": "Waits for the applicant"}
    assert hall.refused("deadlines.stop", body, who="anna") == "access.denied"
    assert hall.refused("deadlines.stop", {**body, "reason": " "}, who="admin") == "deadlines.reason"
    assert hall.refused("deadlines.resume", body, who="admin") == "deadlines.runs"
    clock.moment = at(3, "10:00")
    assert hall.post("deadlines.stop", body, who="admin")["light"] == "stopped"
    assert hall.refused("deadlines.stop", body, who="admin") == "deadlines.stands"
    clock.moment = at(10, "10:00")
    assert now(hall, row).turns_at is None
    shown = hall.post("deadlines.resume", {**body, "reason": "The paper came"}, who="admin")
    assert shown["due_at"] == "2026-03-11T17:00:00Z"  # the same part of a day on, and one day
    shown = hall.post("deadlines.extend", {**body, "by": 1, "reason": "An expert is asked"}, who="admin")
    assert (shown["due_at"], shown["amount"], shown["added"]) == ("2026-03-12T17:00:00Z", 3, 1)
    assert hall.refused("deadlines.extend", {**body, "by": -3}, who="admin") == "deadlines.term_wrong"
    ledger = hall.post("deadlines.ledger", {"id": row.id}, who="admin")
    assert [(one["what"], one["why"]) for one in ledger["events"]] == [
        ("started", ""), ("stopped", "Waits for the applicant"), ("resumed", "The paper came"),
        ("extended", "An expert is asked"),
    ]  # fmt: skip
    assert ledger["events"][1]["by"]
    lines = {line["day"][-2:]: line for line in ledger["lines"]}
    assert lines["02"]["first"] and lines["02"]["counted"] == 0
    assert (lines["03"]["counted"], lines["03"]["paused"]) == (0.25, 6 * 3600)
    assert (lines["10"]["counted"], lines["12"]["total"]) == (0.75, 3)
    clock.moment = at(13)
    assert hall.refused("deadlines.stop", body, who="admin") == "deadlines.over"
    hall.engine.act("test.end", lambda work: keeping.end(work, now(hall, row)))
    assert now(hall, row).state == "late"
    assert hall.refused("deadlines.extend", {**body, "by": 1}, who="admin") == "deadlines.ended"
    assert {"state", "pauses", "due_at"} <= {
        n for one in data.history("deadline", {"id": row.id}) for n in one["changes"]
    }


def test_lights_are_told_once_while_somebody_works_and_after_the_server_was_away(
    data: Data, hall: Hall, clock: HandClock, turned: list[tuple[str, str]]
) -> None:
    row = begin(hall, Term(4), warning=Warning(before=1))  # Friday at five; yellow on Friday morning
    met = begin(hall, Term(4), warning=Warning(before=1))
    for moment, said in (
        (at(6, "07:00"), []),
        (at(6, "08:00"), ["yellow"]),
        (at(6, "09:00"), ["yellow"]),
        (at(6, "17:00"), ["yellow"]),  # nobody works any more: told on Monday
        (at(7, "11:00"), ["yellow"]),
        (at(9, "08:00"), ["yellow", "red"]),
        (at(9, "12:00"), ["yellow", "red"]),
    ):
        clock.moment = moment
        hall.engine.jobs.run_due()
        if moment == at(6, "08:00"):
            hall.engine.act("test.end", lambda work: keeping.end(work, now(hall, met)))
        assert [light for owner, light in turned if owner == str(row.owner_id)] == said, moment
    assert [light for owner, light in turned if owner == str(met.owner_id)] == ["yellow"]
    assert told(hall, row) == ["started", "yellow", "red"]
    # A server that was away for two days over both instants tells on its return, in working hours, what is true: red.
    late = begin(hall, Term(10, HOURS), warning=Warning(50))  # from Monday noon to Tuesday at three
    clock.moment = at(11, "19:30")
    hall.engine.jobs.run_due()
    assert told(hall, late) == ["started"]
    clock.moment = at(12, "08:00")
    hall.engine.jobs.run_due()
    hall.engine.jobs.run_due()
    assert told(hall, late) == ["started", "red"]
    # A stopped one is silent.
    still = begin(hall, Term(1))
    hall.post("deadlines.stop", {"id": still.id, "reason": "Waits"}, who="admin")
    clock.moment = at(20, "10:00")
    hall.engine.jobs.run_due()
    assert told(hall, still) == ["started", "stopped"]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_two_servers_on_one_database_tell_a_light_once(
    data: Data, hall: Hall, clock: HandClock, turned: list[tuple[str, str]], database_url: str, tmp_path: Path
) -> None:
    rows = [begin(hall, Term(4, HOURS)) for _ in range(8)]
    clock.moment = at(3, "10:00")
    there = tmp_path / "other"  # the keys of the first belong to it too
    shutil.copytree(tmp_path, there, ignore=shutil.ignore_patterns("other"))
    other = Engine(make_url(database_url), there, clock)
    other.open(jobs=False)
    try:
        threads = [threading.Thread(target=engine.jobs.run_due) for engine in (hall.engine, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clock.forward(seconds=10)
        hall.engine.jobs.run_due()
        other.jobs.run_due()
    finally:
        other.close()
    assert sorted(turned) == sorted((str(row.owner_id), "red") for row in rows)
    assert all(told(hall, row) == ["started", "red"] for row in rows)


@pytest.mark.covers("ADM-034")
def test_a_changed_calendar_moves_open_deadlines_and_shows_which_with_the_days_before_and_after(
    data: Data, hall: Hall, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.engine.calendars.recount.PIECE", 2)
    moves: list[str] = []
    monkeypatch.setitem(INSIDE, DeadlineMoved, [lambda work, event: moves.append(event.what)])  # type: ignore[misc]
    rows = [begin(hall, Term(3)) for _ in range(4)]
    soon, ended, stopped = begin(hall, Term(2, HOURS)), begin(hall, Term(3)), begin(hall, Term(3))
    hall.engine.act("test.end", lambda work: keeping.end(work, ended))
    hall.post("deadlines.stop", {"id": stopped.id, "reason": "Waits"}, who="admin")
    assert moved_days(hall, data)["done"]
    body = {
        "calendar_id": data.office["id"],  # type: ignore[attr-defined]
        "days": [{"day": "2026-03-04", "kind": "holiday", "name": {"en": "Feast"}}],
        "reason": "Decree 14",
    }
    hall.post("organisation.put_days", body, who="admin")
    hall.settle()
    clock.forward(seconds=2)
    hall.engine.jobs.run_due()
    for row in rows:
        assert now(hall, row).due_at == at(6, "17:00")
    assert (now(hall, soon).due_at, now(hall, ended).due_at) == (soon.due_at, ended.due_at)
    shown = moved_days(hall, data)
    assert (shown["done"], shown["moved"], shown["failed"], shown["why"]) == (True, 5, 0, "Decree 14")
    assert {one["id"] for one in shown["items"]} == {str(row.id) for row in (*rows, stopped)}
    assert (shown["items"][0]["due_before"], shown["items"][0]["due_after"]) == (
        "2026-03-05T17:00:00Z", "2026-03-06T17:00:00Z",
    )  # fmt: skip
    assert moves.count("recounted") == 5
    event = hall.post("deadlines.ledger", {"id": rows[0].id}, who="admin")["events"][-1]
    assert (event["what"], event["why"], event["by"] != "") == ("recounted", "Decree 14", False)
    assert [(d["day"], d["kind_before"], d["counted_before"], d["kind"], d["counted"]) for d in event["days"]] == [
        ("2026-03-04", "worked", 1, "holiday", 0), ("2026-03-06", "", 0, "worked", 1),
    ]  # fmt: skip
    clock.forward(hours=1)
    shown = hall.post("deadlines.resume", {"id": stopped.id, "reason": "Came"}, who="admin")
    assert shown["due_at"] == "2026-03-06T17:00:00Z"
    # A calendar without any working time ahead takes no deadline away: all stay, and it is said which.
    data.edit("working_calendar", data.office["id"], week={})  # type: ignore[attr-defined]
    hall.settle()
    hall.engine.jobs.run_due()
    shown = moved_days(hall, data)
    assert (shown["done"], shown["moved"]) == (True, 0) and shown["failed"] == 6
    assert shown["items"][0]["due_after"] is None and now(hall, rows[0]).due_at == at(6, "17:00")
    assert hall.post("deadlines.ledger", {"id": rows[0].id}, who="admin")["lines"] == []


@pytest.mark.covers("APL-035")
def test_a_stage_has_its_share_of_what_is_left_also_when_the_whole_moves(
    data: Data, hall: Hall, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    strained: list[int] = []
    monkeypatch.setitem(INSIDE, DeadlineStrained, [lambda work, event: strained.append(event.missing)])  # type: ignore[misc]
    hour = 3600
    stages = [Stage(8 * hour, 2 * hour), Stage(8 * hour, 4 * hour)]
    clock.moment = at(2, "08:00")
    whole = begin(hall, Term(16, HOURS))  # two working days

    def stage(name: str, *left: Stage) -> Any:
        return hall.engine.act(
            "test.stage",
            lambda work: keeping.start_stage(
                work, now(hall, whole), left, "step", new_id(), name={"en": name}, part=name
            ),
        )  # fmt: skip

    first = stage("read", *stages)
    assert first.due_at == at(2, "17:00")
    # The first was late by half a day: the second has what is left, not a day.
    clock.moment = at(3, "12:00")
    hall.engine.act("test.end", lambda work: keeping.end(work, now(hall, first)))
    second = stage("decide", stages[1])
    assert second.due_at == whole.due_at == at(3, "17:00") and not strained
    clock.moment = at(3, "15:00")
    again = stage("check", *stages)  # two hours left, six needed at least
    assert (again.due_at, strained) == (at(3, "17:00"), [4 * hour])
    assert told(hall, whole)[-1] == "strained"
    # The whole is stopped and extended: its stages go with it.
    hall.post("deadlines.stop", {"id": whole.id, "reason": "Waits"}, who="admin")
    assert now(hall, second).state == now(hall, again).state == "stopped"
    clock.moment = at(4, "15:00")
    hall.post("deadlines.resume", {"id": whole.id, "reason": "Came"}, who="admin")
    assert now(hall, second).due_at == now(hall, whole).due_at == at(4, "17:00")
    hall.post("deadlines.extend", {"id": whole.id, "by": 8, "reason": "More"}, who="admin")
    assert (now(hall, whole).due_at, now(hall, second).due_at) == (at(5, "17:00"), at(5, "17:00"))
    assert now(hall, again).due_at == at(5, "11:00")  # five of ten hours
    assert "shared" in told(hall, second)


def test_a_term_that_no_calendar_holds_is_refused_before_anything_is_written(hall: Hall) -> None:
    """The demo hall has no working calendar."""
    for term, code in ((Term(1), "deadlines.no_working_time"), (Term(9000), "deadlines.term_wrong")):
        with pytest.raises(Refused) as no:
            begin(hall, term)
        assert no.value.code == code
    assert hall.count("deadline") == 0
