"""The attacks in a form of a few seconds each; `installer/hall attack` runs them as long as one likes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.attack import cable, kill, work
from tests.attack.compare import lost_or_doubled, untold
from tests.attack.day import KINDS, Ledger, Step
from tests.ground.demo_halls import DemoHalls

SEED = 7


@pytest.mark.covers("QUE-903")
def test_a_server_killed_again_and_again_has_lost_nothing_and_doubled_nothing(
    demo_halls: DemoHalls, tmp_path: Path
) -> None:
    """With those of `together/test_steps.py` and of two servers twenty kills: in every step of a ticket's way."""
    with demo_halls.fresh("sqlite", tmp_path / "server") as hall:
        report = kill.attack(hall, tmp_path, kills=6, seed=SEED, clients=12, longest=0.4, verify_each=100)
    assert report.kills >= 6 and all(report.counts.get(verb) for verb in KINDS if verb != "queue.transfer"), report
    assert report.heard > 30


def test_of_two_servers_on_one_database_one_may_be_killed(demo_halls: DemoHalls, tmp_path: Path) -> None:
    with demo_halls.fresh("postgresql", tmp_path / "server") as hall:
        report = kill.attack(hall, tmp_path, kills=2, seed=SEED, clients=8, houses=2, longest=0.5)
    assert report.kills >= 2 and report.counts["queue.call_next"] and report.heard > 20, report


def test_a_cable_that_breaks_stalls_and_closes_loses_nothing(demo_halls: DemoHalls, tmp_path: Path) -> None:
    with demo_halls.fresh("sqlite", tmp_path / "server") as hall:
        report = cable.attack(hall, tmp_path, cuts=30, seed=SEED, longest_stall=0.3, rated=3, at=None)
    assert sum(report.cuts.values()) >= 30 and len(report.cuts) > 4, report
    assert report.issued >= report.rated >= 3 and report.heard > 10, report


def test_long_work_that_is_killed_is_gone_on_with_or_stopped_with_words(demo_halls: DemoHalls, tmp_path: Path) -> None:
    with demo_halls.fresh("sqlite", tmp_path / "server") as hall:
        lines = list(work.attack(hall, chance=random.Random(SEED), rows=300, begins=None, short=True))
    assert len(lines) == 2


def test_the_comparison_sees_what_is_lost_doubled_and_made_up() -> None:
    """The attacks find nothing only because there is nothing."""
    tables: dict[str, list[tuple[Any, ...]]] = {
        "FROM ticket_event": [(_id(1), "issued"), (_id(1), "called"), (_id(2), "issued")],
        "id, number FROM ticket": [(_id(1), "A001"), (_id(2), "A002")],
        "number, state FROM ticket": [("A001", "called"), ("A002", "waiting")],
        "FROM rating": [],
        "ticket_id FROM call": [(_id(1),)],
        "sequence FROM call": [(_id(9), 1)],
        "FROM notice": [
            (f'{{"ticket": "{_id(1)}"}}', "issued", "queue.zone.1"),
            (f'{{"ticket": "{_id(2)}"}}', "issued", "queue.zone.1"),
            (f'{{"ticket": "{_id(1)}"}}', "called", "queue.zone.1"),
        ],
    }

    def rows(query: str) -> list[tuple[Any, ...]]:
        return next(found for part, found in tables.items() if part in query)

    def found(ledger: Ledger, pending: tuple[str, ...] = (), **changed: list[tuple[Any, ...]]) -> str:
        before = dict(tables)
        tables.update({name.replace("_FROM_", " FROM ").replace("__", ", "): value for name, value in changed.items()})
        said = {str(n): Step(verb, {}, None, str(n), None) for n, verb in enumerate(pending)}
        wrong = "; ".join([*lost_or_doubled(rows, ledger, said), *untold(rows)])
        tables.clear()
        tables.update(before)
        return wrong

    all_said = Ledger(history={"A001": ["issued", "called"], "A002": ["issued"]})
    assert not found(all_said)
    assert not found(Ledger(history={"A001": ["issued", "called"]}), ("queue.issue_ticket",))
    assert "nobody was told of" in found(Ledger(history={"A001": ["issued", "called"]}))
    assert "A003 was acknowledged" in found(Ledger(history={**all_said.history, "A003": ["issued"]}))
    assert "acknowledged" in found(Ledger(history={**all_said.history, "A002": ["issued", "called"]}))
    assert "rated fair, there None" in found(Ledger(history=all_said.history, rated={"A001": "fair"}))
    assert "A001: 2 calls" in found(all_said, ticket_id_FROM_call=[(_id(1),), (_id(1),)])
    assert "gaps or doubles" in found(all_said, sequence_FROM_call=[(_id(9), 2)])
    assert "A001 is waiting" in found(all_said, number__state_FROM_ticket=[("A001", "waiting")])
    tables["FROM notice"].pop()
    assert "A001: told ['issued']" in found(all_said)


def _id(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"
