"""A ticket's way through the hall, over HTTP, on both kinds of database."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.ground.moment import any_moment
from tests.server.conftest import Hall, HandClock


@any_moment
@pytest.mark.covers("QUE-001", "QUE-050", "QUE-052", "EVA-022", "EVA-002")
def test_from_the_ticket_to_the_rating(hall: Hall) -> None:
    window = hall.open(3, "anna")
    pad = hall.device("pad", window_id=window["window_id"])
    ticket = hall.ticket("A")
    assert ticket["number"] == "A001"
    assert ticket["state"] == "waiting"
    called = hall.post("queue.call_next", window, who="anna")["ticket"]
    assert (called["id"], called["state"]) == (ticket["id"], "called")
    assert hall.post("evaluation.pad", who=pad)["number"] == "A001"
    assert hall.post("queue.start", window, who="anna")["ticket"]["state"] == "serving"
    hall.post("queue.finish", window, who="anna")
    assert hall.post("evaluation.pad", who=pad)["state"] == "rating"
    rated = hall.post("evaluation.rate", {"ticket_id": ticket["id"], "grade": "satisfied"}, who=pad)
    assert rated["rating"]["grade"] == "satisfied"
    assert hall.post("evaluation.pad", who=pad)["state"] == "card"
    day = hall.post("queue.day")
    assert (day["issued"], day["finished"], day["grades"]) == (1, 1, {"satisfied": 1, "none": 0})


@pytest.mark.covers("QUE-017", "QUE-018")
def test_green_channel_goes_first(hall: Hall) -> None:
    window = hall.open(3)
    hall.ticket("A")
    green = hall.ticket("A", reason="green_channel")
    assert green["priority"] is True
    assert hall.post("queue.call_next", window)["ticket"]["id"] == green["id"]


@pytest.mark.covers("QUE-022", "QUE-024")
def test_a_transferred_ticket_keeps_its_number_and_may_go_first(hall: Hall) -> None:
    first, second = hall.open(3), hall.open(6)
    ticket = hall.ticket("A")
    hall.ticket("D")
    hall.post("queue.call_next", first)
    hall.post("queue.start", first)
    moved = hall.post("queue.transfer", {**first, "service_id": id_of("service", "D"), "priority": True})["ticket"]
    assert (moved["number"], moved["state"], moved["transfers"]) == (ticket["number"], "waiting", 1)
    assert hall.post("queue.call_next", second)["ticket"]["id"] == ticket["id"]


@pytest.mark.covers("QUE-920")
def test_a_transfer_to_the_same_queue_is_refused(hall: Hall) -> None:
    window = hall.open(3)
    hall.ticket("A")
    hall.post("queue.call_next", window)
    same = {**window, "service_id": id_of("service", "A"), "priority": False}
    assert hall.refused("queue.transfer", same) == "queue.same_queue"


@pytest.mark.covers("QUE-023")
def test_the_next_matter_or_the_right_service_is_done_where_a_window_is_open(hall: Hall) -> None:
    first = hall.open(3)
    chose_wrongly = hall.ticket("A")
    hall.post("queue.call_next", first)
    elsewhere = {**first, "service_id": id_of("service", "D"), "priority": False}
    # Nobody works for D yet: it is not offered, and not accepted either; the ticket stays at the window.
    assert "D" not in {one["prefix"] for one in hall.post("queue.targets", first)["targets"]}
    assert hall.refused("queue.transfer", elsewhere) == "queue.no_window_open"
    assert hall.post("queue.window", first)["ticket"]["id"] == chose_wrongly["id"]
    second = hall.open(6)
    # The wrong service was chosen: it goes on before anything was done here.
    hall.post("queue.transfer", elsewhere)
    # The next of several matters: this one is begun here, the next is done there.
    several = hall.ticket("A")
    hall.post("queue.call_next", first)
    hall.post("queue.start", first)
    hall.post("queue.transfer", elsewhere)
    for ticket in (chose_wrongly, several):
        assert hall.post("queue.call_next", second)["ticket"]["number"] == ticket["number"]
        hall.post("queue.start", second)
        hall.post("queue.finish", {**second, "request_rating": False})


@pytest.mark.covers("QUE-905")
def test_an_empty_queue_changes_nothing(hall: Hall) -> None:
    window = hall.open(3)
    rows = hall.count("audit")
    assert hall.refused("queue.call_next", window) == "queue.nobody_waiting"
    assert hall.count("audit") == rows
    assert hall.post("queue.window", window)["state"] == "free"


@any_moment
@pytest.mark.covers("QUE-060", "EVA-009", "EVA-010")
def test_the_next_call_waits_for_the_rating_or_its_time(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    hall.ticket("A")
    hall.ticket("A")
    hall.post("queue.call_next", window)
    hall.post("queue.finish", window)
    assert hall.refused("queue.call_next", window) == "queue.rating_awaited"
    clock.forward(seconds=31)
    assert hall.post("queue.call_next", window)["ticket"]["number"] == "A002"


@pytest.mark.covers("QUE-051")
def test_a_recall_is_a_call_of_its_own(hall: Hall) -> None:
    window = hall.open(3)
    hall.ticket("A")
    hall.post("queue.call_next", window)
    hall.post("queue.recall", window)
    calls = hall.post("queue.board", {"zone_id": id_of("zone", 0)})["calls"]
    assert [(c["sequence"], c["recall"]) for c in calls] == [(2, True), (1, False)]


@pytest.mark.covers("QUE-055", "QUE-907")
def test_a_no_show_can_be_put_back(hall: Hall) -> None:
    window = hall.open(3)
    ticket = hall.ticket("A")
    hall.post("queue.call_next", window)
    assert hall.post("queue.no_show", window)["ticket"]["state"] == "no_show"
    hall.post("queue.put_back", {**window, "ticket_id": ticket["id"]})
    assert hall.post("queue.call_next", window)["ticket"]["id"] == ticket["id"]


@pytest.mark.covers("QUE-925")
def test_one_window_one_person(hall: Hall) -> None:
    hall.open(3, "anna")
    assert hall.refused("queue.open_window", hall.window(3), who="chen") == "queue.window_taken"
    assert hall.refused("queue.open_window", hall.window(4), who="anna") == "queue.elsewhere"
    hall.post("queue.open_window", {**hall.window(3), "take_over": True}, who="chen")
    assert hall.refused("queue.call_next", hall.window(3), who="anna") == "queue.not_your_window"


@pytest.mark.covers("QUE-911")
def test_a_service_without_a_window_gives_no_number(hall: Hall) -> None:
    body = {"service_id": id_of("service", "A"), "zone_id": id_of("zone", 0), "channel": "staff"}
    answer = hall.send("queue.issue_ticket", body, who="manager")
    assert (answer.status_code, answer.json()["code"]) == (409, "queue.service_hidden")
    assert answer.json()["facts"]["reason"] == "no_window"
    assert hall.count("ticket") == 0


@any_moment
@pytest.mark.covers("QUE-902")
def test_nothing_of_yesterday_is_called(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    ticket = hall.ticket("A")
    day_ends = (clock.now() + timedelta(days=1)).replace(hour=4, minute=0, second=0, microsecond=0)
    if day_ends - clock.now() > timedelta(days=1):
        day_ends -= timedelta(days=1)
    clock.moment = day_ends - timedelta(minutes=1)
    hall.engine.jobs.run_due()
    hall._tokens.clear()  # a session ends after twelve hours
    assert hall.post("queue.waiting", window)["total"] == 1
    clock.moment = day_ends + timedelta(minutes=1)
    hall.engine.jobs.run_due()
    hall.open(3)
    assert hall.refused("queue.call_next", window) == "queue.nobody_waiting"
    row = hall.http.get(f"/api/records/ticket/{ticket['id']}", headers=_as(hall, "manager")).json()
    assert row["state"] == "expired"


@pytest.mark.covers("QUE-904")
def test_windows_that_call_at_once_never_share_a_ticket(hall: Hall) -> None:
    numbers = (1, 2, 3, 4)
    for number in numbers:
        hall.open(number)
    for _ in range(12):
        hall.ticket("A")
    called: list[str] = []

    def call(number: int) -> None:
        for _ in range(3):
            answer = hall.send("queue.call_next", hall.window(number), who="manager")
            assert answer.status_code == 200, answer.text
            called.append(answer.json()["ticket"]["number"])
            hall.post("queue.finish", {**hall.window(number), "request_rating": False})

    threads = [threading.Thread(target=call, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(called) == [f"A{n:03d}" for n in range(1, 13)]


@pytest.mark.covers("QUE-901")
def test_numbers_are_never_given_twice_at_once(hall: Hall) -> None:
    hall.open(3)
    numbers: list[str] = []

    def issue() -> None:
        numbers.extend(hall.ticket("A")["number"] for _ in range(6))

    threads = [threading.Thread(target=issue) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(numbers) == [f"A{n:03d}" for n in range(1, 31)]


def test_a_pad_of_another_window_cannot_rate(hall: Hall) -> None:
    window = hall.open(3)
    other = hall.device("pad", window_id=str(id_of("window", 4)))
    ticket = hall.ticket("A")
    hall.post("queue.call_next", window)
    hall.post("queue.finish", window)
    rate = {"ticket_id": ticket["id"], "grade": "fair"}
    assert hall.refused("evaluation.rate", rate, who=other) == "evaluation.wrong_pad"
    assert hall.refused("evaluation.rate", rate, who="admin") == "evaluation.wrong_pad"
    assert hall.count("rating") == 0


@any_moment
def test_a_rating_kept_without_the_server_counts_once(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    pad = hall.device("pad", window_id=window["window_id"])
    ticket = hall.ticket("A")
    hall.post("queue.call_next", window)
    hall.post("queue.finish", window)
    clock.forward(seconds=5)
    fact: dict[str, Any] = {
        "ticket_id": ticket["id"],
        "grade": "fair",
        "fact_id": "0195aaaa-0000-7000-8000-000000000001",
        "rated_at": clock.now().isoformat(),
    }
    clock.forward(minutes=20)
    first = hall.post("evaluation.rate", fact, who=pad)
    assert hall.post("evaluation.rate", fact, who=pad) == first
    assert hall.count("rating") == 1


def test_nobody_patches_a_rating_or_a_tickets_state(hall: Hall) -> None:
    hall.open(3)
    ticket = hall.ticket("A")
    headers = {**_as(hall, "admin"), "Idempotency-Key": "patch-1"}
    answer = hall.http.patch(f"/api/records/ticket/{ticket['id']}", json={"state": "finished"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "records.read_only")


def _as(hall: Hall, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {hall.sign_in(who)}"}
