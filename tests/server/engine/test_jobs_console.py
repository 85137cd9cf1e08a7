"""Jobs as the console shows them: last turn, failure in words, run now, paused on every server, and work given up."""

from __future__ import annotations

from typing import Any

import pytest

from server.engine.actions.work import Work
from server.engine.jobs import declare
from server.engine.jobs.declare import job
from tests.server.conftest import Hall, HandClock


def card(hall: Hall, name: str) -> dict[str, Any]:
    """One job as the console sees it."""
    view = hall.post("jobs.list", who="admin")
    return dict(next(one for one in view["jobs"] if one["name"] == name))


def test_a_job_is_seen_run_at_once_and_paused_and_a_failure_is_said_and_keeps_nobody_waiting(
    hall: Hall, clock: HandClock, monkeypatch: pytest.MonkeyPatch, error_log: Any
) -> None:
    monkeypatch.setattr(declare, "SCHEDULED", dict(declare.SCHEDULED))
    monkeypatch.setattr("server.engine.jobs.runner.SCHEDULED", declare.SCHEDULED)
    monkeypatch.setattr("server.engine.jobs.actions.SCHEDULED", declare.SCHEDULED)
    for name in list(declare.SCHEDULED):
        declare.SCHEDULED.pop(name)
    done: list[str] = []

    @job("test.broken", every_seconds=60, label="Break")
    def broken(work: Work) -> None:
        raise ValueError("no paper")

    @job("test.good", every_seconds=600, label="Work")
    def good(work: Work) -> None:
        done.append("good")

    error_log.expect("scheduled test.broken failed")
    hall.engine.jobs.run_due()
    assert done == ["good"]
    broke = card(hall, "test.broken")
    assert "no paper" in broke["problem"]["en"] and broke["failures"] == 1 and broke["label"] == "Break"
    assert card(hall, "test.good")["worked"] and card(hall, "test.good")["problem"] == {}
    hall.engine.jobs.run_due()
    assert done == ["good"]  # not due

    assert hall.refused("jobs.run_now", {"name": "test.good"}, who="anna") == "access.denied"
    assert hall.refused("jobs.run_now", {"name": "test.none"}, who="admin") == "jobs.unknown"
    hall.post("jobs.run_now", {"name": "test.good"}, who="admin")
    hall.settle()
    hall.engine.jobs.run_due()
    assert done == ["good"] * 2

    hall.post("jobs.pause", {"name": "test.good", "paused": True}, who="admin")
    hall.settle()
    clock.forward(hours=1)
    hall.engine.jobs.run_due()
    assert done == ["good"] * 2 and card(hall, "test.good")["paused"] and card(hall, "test.good")["next_at"] is None
    assert card(hall, "test.broken")["failures"] == 2
    hall.post("jobs.pause", {"name": "test.good", "paused": False}, who="admin")
    hall.settle()
    hall.engine.jobs.run_due()
    assert done == ["good"] * 3
    assert hall.refused("jobs.retry", {"id": 12345}, who="admin") == "jobs.not_failed"
