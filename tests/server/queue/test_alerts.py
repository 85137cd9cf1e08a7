"""Warnings that ended: how far they went, of what, who took care; found by day and words, taken along as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from server.demo.fill import id_of
from tests.server.conftest import Hall, HandClock
from tests.server.queue.test_hall import alerts, edit


def past(hall: Hall, **asked: Any) -> list[dict[str, Any]]:
    found = hall.post("queue.past_alerts", asked)["items"]
    return [one for one in found if one["card"]["watch"].startswith("queue.")]


def look(hall: Hall, clock: HandClock, seconds: float = 6) -> None:
    clock.forward(seconds=seconds)
    hall.engine.jobs.run_due()


def test_a_warning_that_ended_tells_its_peak_and_who_saw_it(hall: Hall, clock: HandClock) -> None:
    edit(hall, "service", id_of("service", "A"), warn_waiting=2)
    hall.post("settings.set", {"name": "queue.warn_hold", "level": "system", "value": 0}, who="admin")
    hall.settle()
    window = hall.open(3)
    for _ in range(3):
        hall.ticket("A")
    look(hall, clock)
    for _ in range(2):
        hall.ticket("A")
    look(hall, clock)
    (standing,) = alerts(hall)
    assert (standing["value"], standing["limit"]) == (5, 2), "the highest so far"
    assert past(hall) == []
    hall.post("alerts.seen", {"alert_id": standing["id"]})
    for _ in range(3):
        hall.post("queue.call_next", window)
        hall.post("queue.no_show", window)
    look(hall, clock)

    (one,) = past(hall)
    card = one["card"]
    assert (card["id"], card["value"], card["limit"], card["name"]["en"]) == (standing["id"], 5, 2, "Identity cards")
    told = hall.send("queue.past_alerts", {}, who="manager", language="zh").json()
    assert not any(one["card"]["label"].isascii() for one in told["items"]), "in the reader's language"
    plan = hall.send("alerts.list", {"ended": True}, who="manager", language="fa").json()["items"]
    assert not any(one["label"].isascii() for one in plan)
    assert card["since"] <= card["raised_at"] < card["ended_at"]
    assert one["seen_by"]["en"] == hall.post("access.me")["name"]["en"]
    today = clock.moment.date().isoformat()
    assert past(hall, first=today, last=today, search="IDENTITY cards", watch="queue.class_waiting") == [one]
    assert past(hall, search="licences") == past(hall, watch="queue.long_pause") == []
    assert past(hall, first="2026-01-01", last="2026-01-31") == []
    assert hall.refused("queue.past_alerts", {"first": today, "last": "2026-01-01"}) == "queue.period_wrong"
    assert hall.refused("queue.past_alerts", {"first": "2025-01-01", "last": today}) == "queue.period_wrong"
    assert hall.refused("queue.past_alerts", who="anna") == "access.denied"

    head = {"Authorization": f"Bearer {hall.sign_in('manager')}"}
    asked = {"format": "csv", "search": "identity"}
    answer = hall.http.post("/api/reports/queue.past_alerts", json=asked, headers=head)
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert len([row for row in rows if "Identity cards" in row]) == 1
    head = {"Authorization": f"Bearer {hall.sign_in('anna')}"}
    assert hall.http.post("/api/reports/queue.past_alerts", json=asked, headers=head).status_code == 403
