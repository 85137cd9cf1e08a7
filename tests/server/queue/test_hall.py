"""The hall's day: its states, services taken off, silence, batches, watched figures, pauses, calls by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.server.conftest import Hall, HandClock
from tests.server.queue.test_window import heard, put, serve

HOURS = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def alerts(hall: Hall, *, ended: bool = False) -> list[dict[str, Any]]:
    """What the queue warns of; that a demo hall keeps no copies is another matter."""
    found = hall.post("alerts.list", {"ended": ended})["items"]
    return [one for one in found if one["watch"] != "backup.age"]


def edit(hall: Hall, record: str, name: Any, **values: Any) -> None:
    """Change base data as the administrator does."""
    headers = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Idempotency-Key": f"{record}{name}{values}"[:180]}
    answer = hall.http.patch(f"/api/records/{record}/{name}", json=values, headers=headers)
    assert answer.status_code == 200, answer.text
    heard(hall)


def at(clock: HandClock, hour: int, minute: int = 0) -> None:
    """Monday at this local (UTC) time."""
    clock.moment = datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def reason(hall: Hall, **body: Any) -> str:
    """Why a ticket of identity cards is refused."""
    ask = {"service_id": id_of("service", "A"), "zone_id": id_of("zone", 0), "channel": "staff", **body}
    answer = hall.send("queue.issue_ticket", ask, who="manager")
    assert answer.status_code == 409, answer.text
    return str(answer.json()["facts"].get("reason", answer.json()["code"]))


@pytest.mark.covers("QUE-009", "QUE-006")
def test_the_hall_follows_its_hours_and_serves_whoever_waits(hall: Hall, clock: HandClock) -> None:
    edit(hall, "outlet", id_of("outlet"), hours=HOURS)
    at(clock, 11, 30)
    window = hall.open(3)
    morning = hall.ticket("A")
    at(clock, 12, 30)
    assert hall.post("queue.hall")["state"] == "closed"
    assert reason(hall) == "hall_hours"
    at(clock, 13, 5)
    assert hall.post("queue.hall")["state"] == "open"
    assert hall.post("queue.call_next", window)["ticket"]["id"] == morning["id"]
    hall.post("queue.finish", {**window, "request_rating": False})
    late = hall.ticket("A")
    at(clock, 17, 1)
    assert hall.post("queue.hall")["state"] == "closed"
    assert hall.post("queue.offer", {"zone_id": id_of("zone", 0)}, who="guide")["sections"] == []
    assert hall.post("queue.call_next", window)["ticket"]["id"] == late["id"]


def test_tickets_for_trial_are_marked_and_in_no_figure(hall: Hall, clock: HandClock) -> None:
    edit(hall, "outlet", id_of("outlet"), hours=HOURS)
    at(clock, 8, 40)
    window = hall.open(3)
    assert hall.post("queue.hall")["state"] == "opening"
    trial = hall.ticket("A", test=True)
    assert (trial["number"], trial["test"]) == ("TEST001", True)
    left = hall.ticket("A", test=True)
    assert reason(hall) == "hall_hours"
    assert hall.post("queue.call_next", window)["ticket"]["id"] == trial["id"]
    hall.post("queue.finish", window)
    assert hall.post("queue.window", window)["state"] == "free"
    at(clock, 9, 0)
    hall.engine.jobs.run_due()
    assert hall.refused("queue.call_next", window) == "queue.nobody_waiting"
    assert hall.post("queue.ticket", {"ticket_id": left["id"]})["ticket"]["state"] == "void"
    assert reason(hall, test=True) == "queue.no_trial"
    day = hall.post("queue.day")
    assert (day["issued"], day["finished"], day["windows"][2]["served"]) == (0, 0, 0)
    assert hall.ticket("A")["number"] == "A001"


@pytest.mark.parametrize(
    ("setting", "value", "moment", "expected"),
    [
        ("hours", 15, (16, 50), None),
        ("time", 15, (16, 44), None),
        ("time", 15, (16, 46), "last_tickets"),
        ("estimate", 15, (16, 50), None),
        ("estimate", 15, (16, 55), "too_late"),
    ],
)
def test_the_last_ticket_goes_by_time_or_by_the_estimate(
    hall: Hall, clock: HandClock, setting: str, value: int, moment: tuple[int, int], expected: str | None
) -> None:
    edit(hall, "outlet", id_of("outlet"), hours=HOURS)
    put(hall, "queue.last_ticket", setting)
    put(hall, "queue.last_ticket_minutes", value)
    at(clock, *moment)
    hall.open(3)
    if expected is None:
        hall.ticket("A")  # nobody ahead, eight minutes of service
    else:
        assert reason(hall) == expected


def test_a_stop_holds_until_it_is_lifted_and_says_why(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    hall.ticket("A")
    hall.ticket("A")
    serve(hall, window)
    stop = {"mode": "stopped", "sentence": {"en": "Fire alarm. Please leave by the stairs."}}
    assert hall.refused("queue.set_hall", stop, who="anna") == "access.denied"
    assert hall.post("queue.set_hall", stop)["state"] == "stopped"
    heard(hall)
    assert reason(hall) == "stopped"
    board = hall.post("queue.board", {"zone_id": id_of("zone", 0)})
    assert (board["state"], board["sentence"]["en"][:4]) == ("stopped", "Fire")
    hall.post("queue.finish", {**window, "request_rating": False})
    assert hall.refused("queue.call_next", window) == "queue.hall_stopped"
    clock.forward(days=1)
    hall._tokens.clear()
    assert hall.post("queue.hall")["state"] == "stopped"
    assert hall.post("queue.set_hall", {"mode": "auto"})["state"] == "open"


def test_an_order_lapses_with_its_business_day(hall: Hall, clock: HandClock) -> None:
    hall.open(3)
    hall.post("queue.set_hall", {"mode": "last_tickets"})
    heard(hall)
    assert reason(hall) == "last_tickets"
    clock.forward(days=1)
    hall._tokens.clear()
    assert hall.post("queue.hall")["state"] == "open"


@pytest.mark.covers("QUE-935")
def test_a_special_day_has_hours_of_its_own(hall: Hall) -> None:
    headers = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Idempotency-Key": "holiday"}
    holiday = {
        "outlet_id": str(id_of("outlet")),
        "day": "2026-03-02",
        "periods": [["08:00", "10:00"]],
        "name": {"en": "Eve"},
    }
    answer = hall.http.post("/api/records/special_day", json=holiday, headers=headers)
    assert answer.status_code == 200, answer.text
    heard(hall)
    state = hall.post("queue.hall")
    assert (state["state"], state["hours"]) == ("closed", [["08:00", "10:00"]])


def test_a_manager_takes_a_service_off_and_who_waits_is_still_called(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    ticket = hall.ticket("A")
    hall.post("queue.switch_service", {"service_id": id_of("service", "A"), "off": True, "reason": "printer broken"})
    heard(hall)
    assert reason(hall) == "switched_off"
    offer = hall.post("queue.offer", {"zone_id": id_of("zone", 0)}, who="guide")
    assert {h["service_id"]: h["reason"] for h in offer["hidden"]}[str(id_of("service", "A"))] == "switched_off"
    assert hall.post("queue.call_next", window)["ticket"]["id"] == ticket["id"]
    hall.post("queue.switch_service", {"service_id": id_of("service", "A"), "off": False})
    heard(hall)
    hall.ticket("A")


@pytest.mark.covers("QUE-917", "QUE-033")
def test_silence_is_set_for_a_zone_and_stays(hall: Hall) -> None:
    zone = {"zone_id": id_of("zone", 0)}
    assert hall.refused("queue.set_silent", {**zone, "silent": True}, who="anna") == "access.denied"
    hall.post("queue.set_silent", {**zone, "silent": True})
    heard(hall)
    assert hall.post("queue.board", zone)["silent"] is True
    assert hall.post("queue.board", {"zone_id": id_of("zone", 1)})["silent"] is False
    with hall.engine.store.reading() as connection:
        stored = connection.exec_driver_sql("SELECT count(*) FROM zone WHERE silent").scalar_one()
    assert stored == 1


@pytest.mark.covers("QUE-913")
def test_the_last_window_closes_while_people_wait(hall: Hall, clock: HandClock) -> None:
    window, other = hall.open(6), hall.open(3)
    for _ in range(3):
        hall.ticket("D")
    hall.post("queue.close_window", window)
    hall.engine.jobs.run_due()
    assert alerts(hall) == []
    clock.forward(seconds=61)
    hall.engine.jobs.run_due()
    (alert,) = alerts(hall)
    assert (alert["watch"], alert["value"], alert["name"]["en"]) == ("queue.unserved", 3, "Business licences")
    assert [q["unserved"] for q in hall.post("queue.plan")["queues"] if q["prefix"] == "D"] == [True]
    body = {"service_id": id_of("service", "D"), "zone_id": id_of("zone", 0), "to_service_id": id_of("service", "A")}
    assert hall.post("queue.move_waiting", body) == {"moved": 3, "left": 0}
    assert hall.post("queue.window", other)["waiting"] == 3
    clock.forward(seconds=6)
    hall.engine.jobs.run_due()
    assert alerts(hall) == []
    assert alerts(hall, ended=True)[0]["ended_at"] is not None


@pytest.mark.covers("QUE-040", "QUE-929")
def test_a_class_warns_once_a_crossing_and_ends(hall: Hall, clock: HandClock) -> None:
    edit(hall, "service", id_of("service", "A"), warn_waiting=2)
    window = hall.open(3)
    for _ in range(3):
        hall.ticket("A")
    for _ in range(30):
        hall.engine.jobs.run_due()
        clock.forward(seconds=5)
    hall.engine.jobs.run_due()
    (alert,) = alerts(hall)
    assert (alert["watch"], alert["value"], alert["limit"]) == ("queue.class_waiting", 3, 2)
    hall.post("alerts.seen", {"alert_id": alert["id"]})
    assert alerts(hall)[0]["seen_by"] == str(id_of("staff", "manager"))
    hall.post("queue.call_next", window)
    clock.forward(seconds=5)
    hall.engine.jobs.run_due()
    assert alerts(hall) == []
    assert len(alerts(hall)) + len(alerts(hall, ended=True)) == 1


@pytest.mark.covers("QUE-041")
def test_a_service_beyond_its_limit_warns(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    hall.ticket("A")
    serve(hall, window)
    clock.forward(minutes=16)
    hall.engine.jobs.run_due()
    assert alerts(hall) == []
    clock.forward(seconds=5)
    hall.engine.jobs.run_due()
    (alert,) = alerts(hall)
    assert (alert["watch"], alert["facts"]["number"], alert["facts"]["window"]) == ("queue.handling_time", "A001", "3")
    plan = hall.post("queue.plan")
    assert [w["over_limit"] for w in plan["windows"] if w["label"] == "3"] == [True]


@pytest.mark.covers("QUE-919")
def test_a_long_pause_is_told_with_start_length_and_reason(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3, "anna")
    hall.post("queue.pause", {**window, "reason": "meal"}, who="anna")
    clock.forward(minutes=16)
    hall.engine.jobs.run_due()
    (alert,) = alerts(hall)
    assert (alert["watch"], alert["facts"]["reason"]) == ("queue.long_pause", "meal")
    (row,) = hall.post("queue.pauses")["items"]
    assert (row["reason"], row["seconds"], row["long"], row["ended_at"]) == ("meal", 960, True, None)
    assert row["staff"]["en"] == "Anna Petrova"
    hall.post("queue.resume", window, who="anna")
    clock.forward(seconds=10)
    hall.engine.jobs.run_due()
    assert alerts(hall) == []
    assert hall.post("queue.pauses")["items"][0]["ended_at"] is not None


def test_a_window_paused_for_too_long_counts_no_more(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    hall.post("queue.pause", {**window, "reason": "meal"})
    clock.forward(minutes=30)
    hall.ticket("A")
    clock.forward(seconds=1)
    assert reason(hall) == "no_window"


@pytest.mark.covers("QUE-019", "QUE-021", "QUE-918")
def test_calls_go_by_themselves_with_a_countdown(hall: Hall, clock: HandClock) -> None:
    put(hall, "queue.auto_call", 10)
    window = hall.open(3, "anna")
    due = hall.post("queue.window", window)["auto_call_at"]
    assert due is not None
    clock.forward(seconds=4)
    # Not yet: it begins anew.
    hall.post("queue.delay_call", window, who="anna")
    later = hall.post("queue.window", window)["auto_call_at"]
    assert datetime.fromisoformat(later) - datetime.fromisoformat(due) == timedelta(seconds=4)
    hall.ticket("A")
    hall.ticket("A")
    hall.ticket("A")
    clock.forward(seconds=9)
    hall.engine.jobs.run_due()
    assert hall.post("queue.window", window)["state"] == "free"
    clock.forward(seconds=1)
    hall.engine.jobs.run_due()
    view = hall.post("queue.window", window)
    assert (view["state"], view["ticket"]["number"], view["auto_call_at"]) == ("called", "A001", None)
    clock.forward(minutes=5)
    hall.engine.jobs.run_due()
    assert hall.post("queue.window", window)["ticket"]["number"] == "A001"
    # Never while a rating is awaited: the countdown begins anew behind it.
    hall.post("queue.finish", window, who="anna")
    clock.forward(seconds=11)
    hall.engine.jobs.run_due()
    assert hall.post("queue.window", window)["state"] == "rating"
    clock.forward(seconds=20)
    hall.engine.jobs.run_due()
    assert hall.post("queue.window", window)["state"] == "free"
    clock.forward(seconds=10)
    hall.engine.jobs.run_due()
    assert hall.post("queue.window", window)["ticket"]["number"] == "A002"
    # Never while paused; by hand earlier.
    hall.post("queue.finish", {**window, "request_rating": False}, who="anna")
    hall.post("queue.pause", window, who="anna")
    clock.forward(minutes=1)
    hall.engine.jobs.run_due()
    assert hall.post("queue.window", window)["state"] == "paused"
    hall.post("queue.resume", window, who="anna")
    assert hall.post("queue.call_next", window, who="anna")["ticket"]["number"] == "A003"
    assert hall.refused("queue.delay_call", window, who="anna") == "queue.no_countdown"


@pytest.mark.covers("QUE-071")
def test_services_are_allocated_by_person(hall: Hall) -> None:
    put(hall, "queue.services_by", "person")
    headers = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Idempotency-Key": "person-1"}
    values = {"staff_member_id": str(id_of("staff", "anna")), "service_id": str(id_of("service", "K")), "rank": 1}
    answer = hall.http.post("/api/records/staff_service", json=values, headers=headers)
    assert answer.status_code == 200, answer.text
    heard(hall)
    hall.open(4, "chen")
    assert reason(hall, service_id=id_of("service", "K")) == "no_window"
    window = hall.open(3, "anna")
    ticket = hall.ticket("K")
    assert hall.post("queue.window", window)["services"][0]["en"] == "Housing support"
    assert hall.post("queue.call_next", window, who="anna")["ticket"]["id"] == ticket["id"]


def test_a_restart_loses_no_ticket_no_state_and_no_number(hall: Hall, clock: HandClock) -> None:
    from server.engine.engine import Engine

    window = hall.open(3, "anna")
    hall.ticket("A")
    hall.ticket("A")
    serve(hall, window, "anna")
    before = hall.post("queue.window", window)
    again = Engine(hall.engine.url, hall.engine.data, clock)
    again.open(jobs=False)
    try:
        from server.modules.queue.cards import window_view

        view = again.look(lambda work: window_view(work, id_of("window", 3))).model_dump(mode="json")
        assert view == before
    finally:
        again.close()
    assert hall.ticket("A")["number"] == "A003"
