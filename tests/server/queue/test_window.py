"""A window beyond its everyday: undo, chosen tickets, release, return visits, priority, why and when."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.demo.fill import id_of
from server.engine.database.schema import setting_value
from tests.server.conftest import Hall, HandClock


def heard(hall: Hall) -> None:
    """Wait until this process has heard of every change: kept tables are forgotten by notice, on PostgreSQL a moment after
    the answer."""
    mark = threading.Event()
    hall.engine.hub.listen(lambda row: mark.set() if row["topic"] == "tests.heard" else None)
    hall.engine.act("tests.heard", lambda work: work.notify("tests.heard", "heard"))
    assert mark.wait(30)


def put(hall: Hall, name: str, value: Any) -> None:
    """Set a setting for the whole system."""

    def write(work: Any) -> None:
        work.connection.execute(
            setting_value.insert().values(
                name=name, level="system", value=value, valid_from=datetime(2020, 1, 1, tzinfo=UTC)
            )
        )
        work.notify("settings", "changed")

    hall.engine.act("settings.put", write)
    heard(hall)


def serve(hall: Hall, window: dict[str, str], who: str = "manager") -> dict[str, Any]:
    """Call the next one and begin."""
    called = hall.post("queue.call_next", window, who=who)["ticket"]
    hall.post("queue.start", window, who=who)
    return dict(called)


def test_a_mistaken_finish_is_taken_back_within_a_minute(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    ticket = hall.ticket("A")
    serve(hall, window)
    clock.forward(minutes=2)
    hall.post("queue.finish", window)
    view = hall.post("queue.window", window)
    assert (view["undo"], view["undo_number"], view["state"]) == ("finish", "A001", "rating")
    clock.forward(seconds=59)
    back = hall.post("queue.undo", window)["ticket"]
    assert (back["id"], back["state"], back["finished_at"]) == (ticket["id"], "serving", None)
    view = hall.post("queue.window", window)
    assert (view["state"], view["request"], view["undo"]) == ("serving", None, None)
    hall.post("queue.finish", window)
    clock.forward(seconds=61)
    assert hall.refused("queue.undo", window) == "queue.nothing_to_undo"


def test_a_rated_finish_stays(hall: Hall) -> None:
    window = hall.open(3)
    pad = hall.device("pad", window_id=window["window_id"])
    ticket = hall.ticket("A")
    serve(hall, window)
    hall.post("queue.finish", window)
    hall.post("evaluation.rate", {"ticket_id": ticket["id"], "grade": "fair"}, who=pad)
    assert hall.refused("queue.undo", window) == "evaluation.already_rated"


def test_a_mistaken_no_show_is_at_the_window_again(hall: Hall) -> None:
    window = hall.open(3)
    ticket = hall.ticket("A")
    hall.post("queue.call_next", window)
    hall.post("queue.no_show", window)
    back = hall.post("queue.undo", window)["ticket"]
    assert (back["id"], back["state"], back["started_at"]) == (ticket["id"], "called", None)


@pytest.mark.covers("QUE-907")
def test_a_no_show_needs_its_recalls_and_can_be_called_from_the_list(hall: Hall, clock: HandClock) -> None:
    put(hall, "queue.recalls_before_no_show", 2)
    window = hall.open(3)
    ticket = hall.ticket("A")
    hall.post("queue.call_next", window)
    hall.post("queue.recall", window)
    assert hall.post("queue.window", window)["recalls_needed"] == 1
    assert hall.refused("queue.no_show", window) == "queue.recall_first"
    clock.forward(seconds=3)
    hall.post("queue.recall", window)
    hall.post("queue.no_show", window)
    chosen = {**window, "ticket_id": ticket["id"], "reason": "came after all"}
    assert hall.post("queue.call_ticket", chosen)["ticket"]["state"] == "called"
    hall.post("queue.no_show", window)
    hall.post("queue.put_back", {**window, "ticket_id": ticket["id"]})
    assert hall.post("queue.call_next", window)["ticket"]["id"] == ticket["id"]


@pytest.mark.covers("QUE-061")
def test_several_clicks_take_effect_once(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    hall.ticket("A")
    hall.ticket("A")
    hall.post("queue.call_next", window)
    assert hall.refused("queue.call_next", window) == "queue.still_serving"
    for _ in range(5):
        hall.post("queue.recall", window)
    calls = hall.post("queue.board", {"zone_id": id_of("zone", 0)})["calls"]
    assert [c["recall"] for c in calls] == [True, False]
    clock.forward(seconds=2)
    assert hall.post("queue.recall", window)["ticket"]["recalls"] == 2


def test_a_chosen_ticket_is_called_by_right_with_its_reason(hall: Hall) -> None:
    window = hall.open(3, "anna")
    hall.ticket("A")
    chosen = hall.ticket("B")
    body = {**window, "ticket_id": chosen["id"], "reason": "has to catch a train"}
    assert hall.refused("queue.call_ticket", body, who="anna") == "access.denied"
    assert hall.post("queue.call_ticket", body, who="manager")["ticket"]["id"] == chosen["id"]
    story = hall.post("queue.why", {"ticket_id": chosen["id"]})
    assert (story["kept"], story["rule"], story["reason"]) == (True, "chosen", "has to catch a train")
    assert story["by"]["en"] == "Farid Karimi"


def test_a_window_is_not_sent_what_it_does_not_accept(hall: Hall) -> None:
    first, _ = hall.open(3), hall.open(6)
    ticket = hall.ticket("D")
    body = {**first, "ticket_id": ticket["id"], "reason": "please"}
    assert hall.refused("queue.call_ticket", body) == "queue.not_accepted"


@pytest.mark.covers("QUE-926")
def test_a_ticket_stays_with_its_window_until_it_is_resumed_or_released(hall: Hall) -> None:
    window = hall.open(3, "anna")
    ticket = hall.ticket("A")
    serve(hall, window, "anna")
    hall.post("queue.close_window", window, who="anna")
    plan = hall.post("queue.plan")
    assert next(w for w in plan["windows"] if w["label"] == "3")["kept_number"] == "A001"
    assert hall.refused("queue.release", window, who="anna") == "access.denied"
    again = hall.post("queue.open_window", window, who="anna")
    assert (again["state"], again["ticket"]["id"]) == ("serving", ticket["id"])
    assert hall.refused("queue.release", window) == "queue.nothing_kept"
    hall.post("queue.close_window", window, who="anna")
    assert hall.post("queue.release", window)["ticket"]["state"] == "waiting"
    other = hall.open(4, "chen")
    assert hall.post("queue.call_next", other, who="chen")["ticket"]["id"] == ticket["id"]
    assert hall.post("queue.open_window", window, who="anna")["state"] == "free"


def held_by(hall: Hall, name: str) -> list[str]:
    """Where somebody is signed in: there a program goes on after a crash."""
    return [one["label"] for one in hall.post("queue.windows")["windows"] if one["staff"].get("en") == name]


@pytest.mark.covers("QUE-925")
def test_a_manager_ends_a_forgotten_sign_in(hall: Hall) -> None:
    window = hall.open(3, "anna")
    assert held_by(hall, "Anna Petrova") == ["3"]
    assert hall.refused("queue.log_out", {**window, "reason": "went home"}, who="chen") == "access.denied"
    assert hall.post("queue.log_out", {**window, "reason": "went home"})["state"] == "closed"
    assert held_by(hall, "Anna Petrova") == []
    assert hall.refused("queue.call_next", window, who="anna") == "queue.window_closed"


@pytest.mark.covers("QUE-054", "QUE-062", "QUE-923")
def test_a_return_visit_is_called_at_its_window_only(hall: Hall) -> None:
    window, other = hall.open(3), hall.open(4)
    first = hall.ticket("A")
    serve(hall, window)
    hall.post("queue.finish", {**window, "supplement": "a photograph", "request_rating": False})
    before = hall.ticket("A")
    back = hall.post("queue.issue_supplement", {"token": first["token"], "channel": "staff"})["ticket"]
    assert (back["bound_window_id"], back["service_id"]) == (window["window_id"], first["service_id"])
    assert hall.post("queue.window", window)["bound_waiting"] == 1
    assert hall.post("queue.call_next", other)["ticket"]["id"] == before["id"]
    hall.post("queue.finish", {**other, "request_rating": False})
    assert hall.refused("queue.call_next", other) == "queue.nobody_waiting"
    hall.ticket("A")
    assert hall.post("queue.why", window)["rule"] == "bound"
    assert hall.post("queue.call_next", window)["ticket"]["id"] == back["id"]
    hall.post("queue.finish", {**window, "request_rating": False})
    # The window is closed: when it opens, and which others there are.
    hall.post("queue.close_window", window)
    answer = hall.send("queue.issue_supplement", {"token": first["token"]}, who="manager")
    assert answer.json()["code"] == "queue.supplement_window_closed"
    assert answer.json()["facts"]["hours"] == [["00:00", "24:00"]]
    assert [w["label"] for w in answer.json()["facts"]["others"]] == ["4"]
    chosen = {"token": first["token"], "window_id": other["window_id"]}
    moved = hall.post("queue.issue_supplement", chosen)["ticket"]
    assert moved["bound_window_id"] == other["window_id"]
    assert hall.post("queue.bind", {"ticket_id": moved["id"], "window_id": None})["ticket"]["bound_window_id"] is None


@pytest.mark.covers("QUE-924")
def test_a_misused_green_channel_loses_its_priority(hall: Hall) -> None:
    window = hall.open(3, "anna")
    first = hall.ticket("A")
    green = hall.ticket("A", reason="green_channel")
    rows = hall.post("queue.waiting", window, who="anna")["items"]
    assert [(r["ticket"]["id"], r["why"]) for r in rows] == [
        (green["id"], ["green_channel", "first_come"]),
        (first["id"], ["first_come"]),
    ]
    change = {"ticket_id": green["id"], "priority": False, "reason": "no reason seen"}
    hall.post("queue.set_priority", change, who="anna")
    assert hall.post("queue.call_next", window, who="anna")["ticket"]["id"] == first["id"]


def test_priority_counts_from_the_moment_at_which_it_began(hall: Hall) -> None:
    window = hall.open(3)
    late, early = hall.ticket("A"), hall.ticket("A")
    for ticket in (early, late):
        hall.post("queue.set_priority", {"ticket_id": ticket["id"], "priority": True, "reason": "pregnant"})
    assert hall.post("queue.call_next", window)["ticket"]["id"] == early["id"]


@pytest.mark.covers("QUE-015")
def test_an_appointment_has_priority_from_its_time(hall: Hall, clock: HandClock) -> None:
    from server.modules.organisation.public import PLAN
    from server.modules.queue.public import issue

    window = hall.open(3)

    def take(work: Any) -> Any:
        zone = PLAN.read(work.connection).zones[id_of("zone", 0)]
        return issue(
            work, zone, id_of("service", "A"), channel="kiosk", reason="appointment",
            priority_from=clock.now() + timedelta(minutes=30),
        ).ticket  # fmt: skip

    hall.ticket("A")
    booked = hall.engine.act("appointments.take", take)
    assert booked.priority is False
    hall.engine.jobs.run_due()
    assert hall.post("queue.why", window)["ticket"]["number"] == "A001"
    clock.forward(minutes=30)
    hall.engine.jobs.run_due()
    assert hall.post("queue.call_next", window)["ticket"]["id"] == str(booked.id)


@pytest.mark.covers("QUE-016", "QUE-922")
def test_a_transfer_keeps_its_time_or_begins_anew(hall: Hall) -> None:
    first, second = hall.open(3), hall.open(6)
    moved = hall.ticket("A")
    waiting = hall.ticket("D")
    serve(hall, first)
    targets = hall.post("queue.targets", first)["targets"]
    assert {t["prefix"] for t in targets} >= {"D", "G"}
    hall.post("queue.transfer", {**first, "service_id": id_of("service", "D"), "priority": False})
    rows = hall.post("queue.waiting", second)["items"]
    assert [r["ticket"]["id"] for r in rows] == [moved["id"], waiting["id"]]
    put(hall, "queue.transfer_keeps_time", False)
    again = hall.ticket("A")
    serve(hall, first)
    hall.post("queue.transfer", {**first, "service_id": id_of("service", "D"), "priority": False})
    rows = hall.post("queue.waiting", second)["items"]
    assert [r["ticket"]["id"] for r in rows] == [moved["id"], waiting["id"], again["id"]]
    story = hall.post("queue.ticket", {"number": "a002"})
    assert [m["kind"] for m in story["moments"]] == ["issued", "called", "started", "transferred"]
    assert story["moments"][-1]["from_service"]["en"] == "Identity cards"


@pytest.mark.covers("QUE-921")
def test_a_transfer_to_another_zone_is_told_and_called_there(hall: Hall) -> None:
    first, upstairs = hall.open(3), hall.open(14)
    ticket = hall.ticket("A")
    serve(hall, first)
    hall.post("queue.transfer", {**first, "service_id": id_of("service", "K"), "priority": False})
    board = hall.post("queue.board", {"zone_id": id_of("zone", 1)})
    assert {s["waiting"] for s in board["services"] if s["service_id"] == str(id_of("service", "K"))} == {1}
    assert hall.post("queue.call_next", upstairs)["ticket"]["id"] == ticket["id"]
    assert hall.post("queue.board", {"zone_id": id_of("zone", 1)})["calls"][0]["number"] == "A001"


def test_why_opens_every_rule_with_its_values(hall: Hall, clock: HandClock) -> None:
    put(hall, "queue.longest_wait", 45)
    window = hall.open(3)
    old = hall.ticket("A")
    clock.forward(minutes=46)
    hall.ticket("B", reason="green_channel")
    now = hall.post("queue.why", window)
    assert (now["ticket"]["id"], now["rule"], now["place"]) == (old["id"], "longest_wait", 1)
    step = now["steps"][1]
    assert (step["verdict"], step["facts"]["limit"], step["facts"]["longest"]) == ("decides", 2700, 2760)
    assert {s["verdict"] for s in now["steps"][2:]} == {"not_asked"}
    called = hall.post("queue.call_next", window)["ticket"]
    assert called["id"] == old["id"]
    kept = hall.post("queue.why", {"ticket_id": old["id"]})
    assert (kept["kept"], kept["rule"], kept["steps"], kept["window"]) == (True, "longest_wait", now["steps"], "3")


def test_the_ratio_gives_the_others_their_turn(hall: Hall) -> None:
    put(hall, "queue.priority_run", 2)
    window = hall.open(3)
    for _ in range(2):
        hall.ticket("A")
    for _ in range(4):
        hall.ticket("A", reason="green_channel")
    called = []
    for _ in range(6):
        called.append(hall.post("queue.call_next", window)["ticket"]["number"])
        hall.post("queue.finish", {**window, "request_rating": False})
    assert called == ["A003", "A004", "A001", "A005", "A006", "A002"]


def test_when_mine_names_people_ahead_and_windows(hall: Hall) -> None:
    hall.open(3)
    hall.open(4)
    first = hall.ticket("A", reason="green_channel")
    ticket = hall.ticket("A")
    found = hall.post("queue.when", {"ticket_id": ticket["id"]})
    assert (found["ahead"], found["ahead_priority"], found["windows"], found["basis"]) == (1, 1, ["3", "4"], "usual")
    hall.engine.jobs.run_due()
    found = hall.post("queue.when", {"ticket_id": ticket["id"]})
    assert found["basis"] == "queue"
    assert found["turn_from"] <= found["turn_at"] <= found["turn_until"]
    assert hall.post("queue.when", {"ticket_id": first["id"]})["ahead"] == 0


def test_a_void_ticket_is_not_called(hall: Hall) -> None:
    window = hall.open(3)
    ticket = hall.ticket("A")
    hall.post("queue.void", {"ticket_id": ticket["id"], "reason": "printed twice"})
    assert hall.refused("queue.call_next", window) == "queue.nobody_waiting"
    assert hall.refused("queue.void", {"ticket_id": ticket["id"], "reason": "again"}) == "queue.not_waiting"


def test_ones_own_figures_of_today(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3, "anna")
    for _ in range(2):
        hall.ticket("A")
    clock.forward(minutes=4)
    serve(hall, window, "anna")
    clock.forward(minutes=6)
    hall.post("queue.finish", {**window, "request_rating": False, "matters": 2}, who="anna")
    hall.post("queue.call_next", window, who="anna")
    hall.post("queue.no_show", window, who="anna")
    hall.post("queue.pause", {**window, "reason": "meal"}, who="anna")
    clock.forward(minutes=20)
    hall.post("queue.resume", window, who="anna")
    own = hall.post("queue.mine", who="anna")
    assert (own["served"], own["matters"], own["no_show"], own["mean_service_seconds"]) == (1, 2, 1, 360)
    assert (own["pauses"], own["paused_seconds"], own["mean_wait_seconds"]) == (1, 1200, 420)
    assert hall.post("queue.mine", who="chen")["served"] == 0
