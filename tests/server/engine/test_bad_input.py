"""Whatever is said wrongly over HTTP: each a refusal with its own code and the next step, and nothing changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from server.engine.database.schema import metadata
from tests.ground.serving import Answer
from tests.server.conftest import Hall, HandClock

TICKET = {"service_id": str(id_of("service", "A")), "zone_id": str(id_of("zone", 0)), "channel": "staff"}
KEPT = {"sign_in_attempt"}
"""What must survive a refusal: a failed sign-in slows the next one."""


def contents(hall: Hall) -> dict[str, list[str]]:
    """Everything that stands in the database."""
    hall.settle()
    with hall.engine.store.reading() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(table.select()))
            for table in metadata.sorted_tables
            if table.name not in KEPT
        }


def refused(hall: Hall, answer: Callable[[], Answer], status: int, code: str) -> dict[str, Any]:
    """The problem of a request that must be refused and leave everything as it is."""
    before = contents(hall)
    got = answer()
    assert (got.status_code, got.json()["code"]) == (status, code), got.text
    after = contents(hall)
    assert {name for name in before if before[name] != after[name]} == set(), "nothing was changed"
    problem: dict[str, Any] = got.json()
    assert got.headers["content-type"] == "application/problem+json" and problem["status"] == status
    assert problem["detail"].endswith((".", "?")) and "{" not in problem["detail"], "a sentence for the reader"
    return problem


def edit(hall: Hall, kind: str, identity: Any, **values: Any) -> Answer:
    """A PATCH of a record by `admin`."""
    headers = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Idempotency-Key": uuid.uuid4().hex}
    return hall.http.patch(f"/api/records/{kind}/{identity}", json=values, headers=headers)


def rated(hall: Hall) -> dict[str, Any]:
    """A ticket with its rating."""
    window = hall.open(3)
    pad = hall.device("pad", window_id=window["window_id"])
    ticket = hall.ticket("A")
    for verb in ("queue.call_next", "queue.start", "queue.finish"):
        hall.post(verb, window)
    hall.post("evaluation.rate", {"ticket_id": ticket["id"], "grade": "dissatisfied"}, who=pad)
    return ticket


@pytest.mark.parametrize("language", ["en", "zh", "ru", "fa"])
def test_an_unknown_service_zone_or_window(hall: Hall, language: str) -> None:
    hall.open(3)
    nowhere = str(uuid.uuid4())
    for verb, body, code in (
        ("queue.issue_ticket", {**TICKET, "service_id": nowhere}, "queue.service_unknown"),
        ("queue.issue_ticket", {**TICKET, "zone_id": nowhere}, "records.not_found"),
        ("queue.call_next", {"window_id": nowhere}, "records.not_found"),
    ):
        said = lambda verb=verb, body=body: hall.send(verb, body, who="manager", language=language)  # noqa: E731
        problem = refused(hall, said, 404, code) if language == "en" else said().json()
        assert problem["detail"].isascii() == (language == "en")


def test_a_closed_hall_and_a_service_out_of_its_hours(hall: Hall, clock: HandClock) -> None:
    hall.open(1)
    clock.moment = clock.moment.replace(hour=20)  # marriages are registered until five
    marriage = {**TICKET, "service_id": str(id_of("service", "M"))}
    problem = refused(
        hall, lambda: hall.send("queue.issue_ticket", marriage, who="manager"), 409, "queue.service_hidden"
    )
    assert problem["facts"]["reason"] == "service_hours"
    assert edit(hall, "outlet", id_of("outlet"), hours={"mon": [["00:00", "00:01"]]}).status_code == 200
    hall.settle()
    problem = refused(hall, lambda: hall.send("queue.issue_ticket", TICKET, who="manager"), 409, "queue.service_hidden")
    assert problem["facts"]["reason"] == "hall_hours"


def test_a_service_whose_day_is_full(hall: Hall) -> None:
    hall.open(3)
    assert edit(hall, "service", id_of("service", "A"), daily_limit=1).status_code == 200
    hall.settle()
    hall.ticket("A")
    problem = refused(hall, lambda: hall.send("queue.issue_ticket", TICKET, who="manager"), 409, "queue.service_hidden")
    assert problem["facts"]["reason"] == "quota"


def test_an_empty_queue_a_taken_window_and_a_window_of_nobody(hall: Hall) -> None:
    hall.open(3, "anna")
    hall.sign_in("chen")
    place = hall.window(3)
    refused(hall, lambda: hall.send("queue.call_next", place, who="anna"), 409, "queue.nobody_waiting")
    problem = refused(hall, lambda: hall.send("queue.open_window", place, who="chen"), 409, "queue.window_taken")
    assert problem["facts"]["name"] in problem["detail"] and "Anna" in problem["facts"]["name"]
    refused(hall, lambda: hall.send("queue.call_next", place, who="chen"), 403, "queue.not_your_window")
    refused(hall, lambda: hall.send("queue.call_next", hall.window(4), who="chen"), 409, "queue.window_closed")


def test_wrong_passwords_are_slowed_down_and_the_clerks_own_pc_is_not(hall: Hall, clock: HandClock) -> None:
    def sign_in(name: str, password: str, **headers: str) -> Answer:
        return hall.http.post("/api/sign-in", json={"name": name, "password": password}, headers=headers)

    for name in ("anna", "nobody of this name", "anna", "anna"):
        refused(hall, partial(sign_in, name, "guess"), 401, "access.wrong_credentials")
    first = refused(hall, lambda: sign_in("anna", PASSWORD), 429, "access.slow_down")
    assert first["facts"]["seconds"] == 1 and "1 second" in first["detail"]
    clock.forward(seconds=1)
    refused(hall, lambda: sign_in("anna", "guess"), 401, "access.wrong_credentials")
    assert refused(hall, lambda: sign_in("anna", PASSWORD), 429, "access.slow_down")["facts"]["seconds"] == 2
    # The stranger guesses from his own address, where he has an account as well; the enrolled PC of the clerk is another.
    clock.forward(seconds=2)
    pc = hall._tokens[hall.device("staff_pc")]
    assert sign_in("chen", PASSWORD).status_code == 200
    refused(hall, lambda: sign_in("anna", "guess"), 401, "access.wrong_credentials")
    assert sign_in("anna", PASSWORD).status_code == 429
    assert sign_in("anna", PASSWORD, Authorization=f"Bearer {pc}").status_code == 200
    clock.forward(seconds=4)
    assert sign_in("anna", PASSWORD).status_code == 200
    refused(hall, lambda: sign_in("anna", "guess"), 401, "access.wrong_credentials")
    assert sign_in("anna", PASSWORD).status_code == 200, "who has signed in begins anew"


def test_a_token_that_is_over(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3, "anna")
    token = hall.sign_in("anna")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "late"}
    clock.forward(hours=24)
    for answer in (
        lambda: hall.http.post("/api/queue/pause", json={**window, "reason": "break"}, headers=headers),
        lambda: hall.http.get("/api/records/ticket", headers=headers),
        lambda: hall.http.patch(f"/api/records/service/{id_of('service', 'A')}", json={"minutes": 9}, headers=headers),
    ):
        refused(hall, answer, 401, "access.sign_in")


@pytest.mark.parametrize("content", ["{broken", "[]", '"word"', "", "\x00", '{"window_id": 7}', "nul" * 2000])
def test_what_is_not_json_or_not_what_is_asked(hall: Hall, content: str) -> None:
    hall.open(3, "anna")
    headers = {"Authorization": f"Bearer {hall.sign_in('anna')}", "Idempotency-Key": uuid.uuid4().hex}
    admin = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Idempotency-Key": uuid.uuid4().hex}
    codes = {"request.malformed", "request.invalid"}
    before = contents(hall)
    for answer in (
        hall.http.post("/api/queue/call_next", content=content, headers=headers),
        hall.http.post("/api/sign-in", content=content),
        hall.http.post("/api/records/service", content=content, headers=admin),
    ):
        # An object without what a record needs is told so by the record.
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] in codes | {"records.needed", "records.unknown_field"}
    assert contents(hall) == before


def test_a_key_that_was_used_for_something_else(hall: Hall) -> None:
    hall.open(3)
    hall.post("queue.issue_ticket", TICKET, key="one")
    other = {**TICKET, "reason": "green_channel"}
    refused(hall, lambda: hall.send("queue.issue_ticket", other, who="manager", key="one"), 422, "actions.key_reused")


@pytest.mark.covers("EVA-905")
def test_nobody_edits_a_rating_or_a_tickets_state(hall: Hall) -> None:
    """Neither the administrator by a record, nor a clerk by a verb of the pad."""
    ticket = rated(hall)
    rating = hall.http.get("/api/records/rating", headers={"Authorization": f"Bearer {hall.sign_in('admin')}"}).json()
    (row,) = rating["items"]
    changes: dict[str, tuple[Any, dict[str, Any]]] = {
        "rating": (row["id"], {"grade": "satisfied"}),
        "ticket": (ticket["id"], {"state": "waiting"}),
    }
    headers = {"Authorization": f"Bearer {hall.sign_in('admin')}"}
    for kind, (identity, values) in changes.items():
        refused(hall, partial(edit, hall, kind, identity, **values), 403, "records.read_only")
        for answer in (
            lambda k=kind, i=identity: hall.http.delete(
                f"/api/records/{k}/{i}", headers={**headers, "Idempotency-Key": uuid.uuid4().hex}
            ),
            lambda k=kind, v=values: hall.http.post(
                f"/api/records/{k}", json=v, headers={**headers, "Idempotency-Key": uuid.uuid4().hex}
            ),
        ):
            refused(hall, answer, 403, "records.read_only")
    again = {"ticket_id": ticket["id"], "grade": "very_satisfied"}
    for who in ("manager", "anna", "admin"):
        assert hall.send("evaluation.rate", again, who=who).status_code == 403
    assert hall.post("queue.day")["grades"] == {"dissatisfied": 1, "none": 0}
