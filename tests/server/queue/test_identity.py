"""The citizen's identity on a ticket: demanded, checked, listed, recognised, kept sealed, seen with a trace, cleared."""

from __future__ import annotations

import json
import logging
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from server.demo.fill import id_of
from server.modules.queue import rules
from server.modules.queue.actions_identity import forget, over
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data

HERS = "11010519491231002X"
HIS = "440106198001010019"
A, B = UUID(int=1), UUID(int=2)
TODAY = date(2026, 3, 2)


def holds(held: str, today: date) -> bool:
    """Periods of this test: `now` or not."""
    return held == "now"


@pytest.mark.parametrize(
    ("entries", "listed", "green"),
    [
        ([], None, False),
        ([("black", None, "now")], "black", False),
        ([("black", A, "now")], "black", False),
        ([("black", UUID(int=9), "now")], "black", False),
        ([("black", B, "now")], None, False),
        ([("black", None, "then")], None, False),
        ([("white", None, "now")], "white", False),
        ([("white", None, "now"), ("black", A, "now")], "black", False),
        ([("green", None, "now")], None, True),
        ([("green", A, "now"), ("white", A, "now")], "white", True),
    ],
)
def test_what_the_lists_say(entries: list[Any], listed: str | None, green: bool) -> None:
    assert rules.listing(entries, {A, UUID(int=9)}, TODAY, holds) == rules.Listing(listed, green)


@pytest.mark.parametrize(
    ("demand", "listed_only", "vouched", "asked", "must"),
    [
        ("none", False, False, "none", False),
        ("optional", False, False, "optional", False),
        ("required", False, False, "required", True),
        ("required", False, True, "required", False),
        ("none", True, False, "required", True),
        ("optional", True, True, "required", True),
    ],
)
def test_what_a_service_demands(demand: Any, listed_only: bool, vouched: bool, asked: str, must: bool) -> None:
    assert rules.demanded(demand, listed_only) == asked
    assert rules.must_show(demand, listed_only, vouched=vouched) is must


@pytest.mark.parametrize(
    ("reason", "card", "green", "age", "from_age", "given"),
    [
        (None, True, True, None, 0, rules.RECOGNISED),
        (rules.DECLARED, True, True, None, 0, rules.RECOGNISED),
        (None, False, True, 80, 70, None),
        (None, True, False, 70, 70, rules.RECOGNISED),
        (None, True, False, 69, 70, None),
        (None, True, False, 80, 0, None),
        (None, True, False, None, 70, None),
        (None, True, False, 1, 1, rules.RECOGNISED),
        (rules.DECLARED, False, False, None, 0, rules.DECLARED),
        (rules.RECOGNISED, False, False, None, 0, None),
        (rules.RECOGNISED, True, False, 20, 70, None),
    ],
)
def test_only_a_card_is_recognised(
    reason: str | None, card: bool, green: bool, age: int | None, from_age: int, given: str | None
) -> None:
    assert rules.green_reason(reason, card, green, age, from_age) == given


@pytest.mark.parametrize(
    ("kind", "number", "age"),
    [
        ("cn", HERS, 76), ("cn", "110105195603020018", 70), ("cn", "110105195603030010", 69),
        ("cn", "110105199902310010", None), ("ir", "0499370899", None),
    ],
)  # fmt: skip
def test_some_numbers_tell_the_age(kind: str, number: str, age: int | None) -> None:
    assert rules.age_on(rules.born_on(kind, number), TODAY) == age


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def service(prefix: str) -> str:
    """A service's id as it travels."""
    return str(id_of("service", prefix))


def demand(data: Data, prefix: str, **values: Any) -> None:
    """Change what a service demands; on PostgreSQL the notice that every server hears comes a moment later."""
    data.edit("service", service(prefix), **values)
    data.hall.settle()


def issue(hall: Hall, number: str | None = None, *, prefix: str = "A", **more: Any) -> Any:
    """The raw answer to taking a ticket with an identity number."""
    body = {"service_id": service(prefix), "zone_id": id_of("zone", 0), "channel": "kiosk", **more}
    if number is not None:
        body["identity"] = {"kind": "cn", "number": number, "source": "card"}
    return hall.send("queue.issue_ticket", body, who="manager")


def code(answer: Any) -> str:
    """Ok, or the code of the refusal."""
    return "ok" if answer.status_code == 200 else str(answer.json()["code"])


@pytest.mark.covers("QUE-068", "QUE-018")
def test_lists_demands_and_the_green_channel(hall: Hall, data: Data) -> None:
    hall.open(1)
    demand(data, "A", identity="required")
    shown = [s for part in hall.post("queue.offer")["sections"] for s in part["services"]]
    assert {s["prefix"]: s["identity"] for s in shown}["A"] == "required"
    assert code(issue(hall)) == "queue.identity_missing"
    assert code(issue(hall, "110105194912310021")) == "queue.identity_wrong"
    before = hall.count("ticket")
    assert code(issue(hall, HERS)) == "ok"
    assert code(issue(hall, channel="assisted")) == "ok", "staff vouch with their own name (QUE-045)"
    assert hall.count("ticket") == before + 2 and hall.count("ticket_holder") == 1

    held = "2026-03-01/2026-03-31"
    black = data.add("ticket_list_entry", list="black", document="cn", identity=HIS, held=held, why="Sells tickets")
    assert black["set_by"] and black["identity"] == "••••0019"
    assert issue(hall, HIS).json()["detail"].startswith("No ticket can be given")
    assert code(issue(hall, HIS, prefix="B")) == "queue.listed", "it holds where nobody asks, too"
    assert code(issue(hall, HERS)) == "ok"
    data.edit("ticket_list_entry", black, held="2026-02-01/2026-02-28", _reason="It is over")
    assert code(issue(hall, HIS)) == "ok"

    demand(data, "A", identity="none", listed_only=True)
    assert code(issue(hall)) == code(issue(hall, channel="assisted")) == "queue.identity_missing"
    assert code(issue(hall, HERS)) == "queue.not_on_list"
    data.add(
        "ticket_list_entry",
        list="white",
        document="cn",
        identity=HERS,
        held=held,
        why="Invited",
        service_id=service("A"),
    )
    assert code(issue(hall, HERS)) == "ok"
    demand(data, "A", daily_limit=1)
    assert code(issue(hall, HERS)) == "ok", "the maximum does not bind the white list (note N13)"

    demand(data, "A", listed_only=False, daily_limit=None)
    data.add("ticket_list_entry", list="green", document="cn", identity=HIS, held=held, why="Veteran")
    card = issue(hall, HIS).json()["ticket"]
    assert (card["priority"], card["reason"]) == (True, "green_recognised")
    for identity in ({"kind": "cn", "number": HIS, "source": "typed"}, None):
        body = {"service_id": service("A"), "zone_id": id_of("zone", 0), "reason": "green_recognised"}
        ticket = hall.post("queue.issue_ticket", {**body, "identity": identity})["ticket"]
        assert (ticket["priority"], ticket["reason"]) == (False, None), "nobody recognises by saying so"
    hall.post("settings.set", {"name": "queue.green_age", "level": "system", "value": 70}, who="admin")
    hall.settle()
    assert issue(hall, HERS).json()["ticket"]["reason"] == "green_recognised"

    wrong = {"list": "black", "document": "ru", "identity": HIS, "held": held, "why": "?"}
    assert data.refused("POST", "ticket_list_entry", wrong) == "queue.identity_wrong"
    assert data.refused("POST", "ticket_list_entry", wrong, who="anna") == "access.denied"


def test_kiosks_hold_no_numbers_where_an_identity_is_checked(hall: Hall, data: Data) -> None:
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    leased = {b["prefix"] for b in hall.post("queue.lease_numbers", who=kiosk)["blocks"]}
    assert {"A", "B"} <= leased
    demand(data, "A", identity="required")
    demand(data, "B", listed_only=True)
    other = hall.device("kiosk", zone_id=str(id_of("zone", 0)), label="Other")
    assert {b["prefix"] for b in hall.post("queue.lease_numbers", who=other)["blocks"]} == leased - {"A", "B"}


def test_an_identity_is_sealed_seen_with_a_trace_and_cleared(
    hall: Hall, data: Data, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    window = hall.open(1)
    demand(data, "A", identity="optional")
    assert code(issue(hall)) == "ok"
    assert code(issue(hall, HERS)) == "ok"
    assert hall.post("queue.call_next", window)["ticket"]["number"]
    assert hall.refused("queue.whose", window) == "queue.identity_unknown"
    assert hall.post("queue.window", window)["identity_known"] is False
    hall.post("queue.no_show", window)
    called = hall.post("queue.call_next", window)["ticket"]
    assert hall.post("queue.window", window)["identity_known"] is True
    assert hall.refused("queue.whose", window, who="anna") == "queue.not_your_window"
    told = hall.post("queue.whose", window)
    assert (told["number"], told["kind"], told["identity"]) == (called["number"], "cn", HERS)
    hall.post("queue.start", window)
    hall.post("queue.finish", {**window, "request_rating": False})
    assert hall.refused("queue.whose", window) == "queue.no_ticket", "what was in hand is not any more"

    hall.settle()
    with hall.engine.store.reading() as connection:
        looks = connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'queue.whose'").scalar_one()
        assert looks == 1
        tables = ("audit", "notice", "ticket", "ticket_event", "ticket_holder", "action_key", "job")
        for table in tables:
            rows = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
            assert HERS not in str([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows]), table
    assert HERS not in caplog.text
    assert HERS not in json.dumps(hall.post("queue.ticket", {"ticket_id": called["id"]}))
    (kept,) = data.query("ticket_holder")
    assert kept["identity"] == "••••002X"

    assert hall.engine.look(over) == []
    clock.forward(days=1)
    found = hall.engine.look(over)
    assert len(found) == 1
    hall.engine.act("queue.forget_identities", lambda work: forget(work, found))
    assert hall.count("ticket_holder") == 0 and hall.count("ticket") >= 2
