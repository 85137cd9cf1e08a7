"""Kiosks: what they offer, quota, numbers for the time without the server, paper, codes on the screen; the journal."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.server.conftest import Hall, HandClock
from tests.server.queue.test_hall import edit, reason
from tests.server.queue.test_window import put, serve

ZONE = {"zone_id": id_of("zone", 0)}


def tile(hall: Hall, prefix: str) -> dict[str, Any] | None:
    """The tile of a service at the ground floor's kiosk."""
    offer = hall.post("queue.offer", ZONE, who="guide")
    found = [s for section in offer["sections"] for s in section["services"] if s["prefix"] == prefix]
    return found[0] if found else None


@pytest.mark.covers("QUE-002", "QUE-003", "QUE-911")
def test_a_tile_shows_who_waits_and_goes_with_the_last_window(hall: Hall) -> None:
    assert tile(hall, "A") is None
    window = hall.open(3)
    hall.ticket("A")
    shown = tile(hall, "A")
    assert shown is not None
    assert (shown["waiting"], shown["windows"], shown["description"]["en"]) == (1, ["3"], "Apply, renew or collect")
    hall.post("queue.close_window", window)
    assert tile(hall, "A") is None
    assert reason(hall) == "no_window"


@pytest.mark.covers("QUE-004", "QUE-039")
def test_the_maximum_counts_whoever_will_be_served(hall: Hall) -> None:
    edit(hall, "service", id_of("service", "A"), daily_limit=3)
    window = hall.open(3)
    for _ in range(2):
        hall.ticket("A")
    third = hall.ticket("A")
    assert tile(hall, "A") is None
    assert reason(hall) == "quota"
    # A no-show and a void ticket give their place back, one in service and one served do not.
    hall.post("queue.call_next", window)
    hall.post("queue.no_show", window)
    hall.post("queue.void", {"ticket_id": third["id"], "reason": "twice"})
    serve(hall, window)
    hall.post("queue.finish", {**window, "request_rating": False})
    hall.ticket("A")
    hall.ticket("A")
    assert reason(hall) == "quota"


@pytest.mark.covers("QUE-005", "QUE-038")
def test_a_service_outside_its_hours_is_hidden(hall: Hall, clock: HandClock) -> None:
    hall.open(1)
    assert tile(hall, "M") is not None
    clock.forward(hours=2)  # 12:24
    hall._tokens.clear()
    assert tile(hall, "M") is None
    assert reason(hall, service_id=id_of("service", "M")) == "service_hours"


@pytest.mark.covers("QUE-035")
def test_services_may_lie_at_any_depth(hall: Hall) -> None:
    parent = None
    for depth, prefix in enumerate(("X", "Y", "Z")):
        headers = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Idempotency-Key": f"level-{depth}"}
        values: dict[str, Any] = {
            "name": {"en": f"Level {depth}"},
            "prefix": prefix,
            "parent_id": parent,
            "requirements": [],
        }
        answer = hall.http.post("/api/records/service", json=values, headers=headers)
        assert answer.status_code == 200, answer.text
        parent = answer.json()["id"] if "id" in answer.json() else answer.json()["record"]["id"]
    edit(hall, "service", id_of("service", "A"), parent_id=parent)
    hall.open(3)
    offer = hall.post("queue.offer", ZONE, who="guide")
    groups = {g["id"]: g for g in offer["groups"]}
    shown = tile(hall, "A")
    assert shown is not None
    path, above = [], shown["parent_id"]
    while above is not None:
        path.append(groups[above]["name"]["en"])
        above = groups[above]["parent_id"]
    assert path == ["Level 2", "Level 1", "Level 0"]


@pytest.mark.covers("QUE-937")
def test_activity_is_that_of_the_days_before(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    for prefix in "AABAC":
        hall.ticket(prefix)
    serve(hall, window)
    clock.forward(minutes=5)
    hall.post("queue.finish", {**window, "request_rating": False})
    assert (tile(hall, "A") or {})["activity"] == 0
    clock.forward(days=1)
    hall._tokens.clear()
    hall.engine.jobs.run_due()
    hall.settle()
    hall.open(3)
    assert [(tile(hall, p) or {})["activity"] for p in "ABC"] == [3, 1, 1]
    assert hall.count("queue_hour") == 3


@pytest.mark.covers("QUE-045", "QUE-934")
def test_a_ticket_taken_for_a_citizen_names_who_took_it(hall: Hall) -> None:
    hall.open(3)
    body = {"service_id": id_of("service", "A"), **ZONE, "channel": "assisted"}
    ticket = hall.post("queue.issue_ticket", body, who="guide")["ticket"]
    assert ticket["channel"] == "assisted"
    story = hall.post("queue.ticket", {"ticket_id": ticket["id"]})
    assert story["taken_by"]["en"] == "Lin Yue"
    paper = hall.post("queue.paper", {"ticket_id": ticket["id"]}, who="guide")
    assert (paper["source"], paper["taken_by"]["en"]) == ("assisted", "Lin Yue")


@pytest.mark.covers("QUE-069")
def test_auxiliary_dispensers_give_continuous_numbers(hall: Hall) -> None:
    hall.open(3)
    numbers = [hall.ticket("A", channel=channel)["number"] for channel in ("kiosk", "aux", "kiosk", "aux", "aux")]
    assert numbers == ["A001", "A002", "A003", "A004", "A005"]


@pytest.mark.covers("QUE-007")
def test_the_paper_carries_everything(hall: Hall) -> None:
    edit(hall, "service", id_of("service", "A"), hint={"en": "Bring your card"}, instructions={"en": "Wait in hall 1"})
    hall.open(3)
    hall.open(4)
    hall.ticket("A")
    ticket = hall.ticket("A")
    paper = hall.post("queue.paper", {"ticket_id": ticket["id"]}, who="guide")
    assert (paper["number"], paper["waiting"], paper["windows"]) == ("A002", 1, ["3", "4"])
    assert (paper["organisation"]["en"], paper["hint"]["en"], paper["instructions"]["en"]) == (
        "City Services",
        "Bring your card",
        "Wait in hall 1",
    )
    assert paper["address"].endswith("/t/" + ticket["token"])
    assert {e["kind"] for e in paper["layout"]["elements"]} >= {
        "number", "issued_at", "service", "windows", "waiting", "organisation", "hint", "instructions", "code",
    }  # fmt: skip


@pytest.mark.covers("QUE-008")
def test_layouts_are_records_and_one_is_the_default(hall: Hall) -> None:
    hall.open(3)
    ticket = hall.ticket("A")
    made = []
    for number, size in enumerate((300, 420)):
        headers = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Idempotency-Key": f"layout-{number}"}
        element = {"kind": "number", "x": 100, "y": 50, "font": "serif", "size": size, "bold": True, "italic": True}
        values: dict[str, Any] = {"name": {"en": f"Layout {size}"}, "width_mm": 58, "elements": [element]}
        answer = hall.http.post("/api/records/ticket_layout", json=values, headers=headers)
        assert answer.status_code == 200, answer.text
        made.append(answer.json()["id"] if "id" in answer.json() else answer.json()["record"]["id"])
    bad = {"name": {"en": "Bad"}, "elements": [{"kind": "number", "size": 1}]}
    headers["Idempotency-Key"] = "layout-bad"
    answer = hall.http.post("/api/records/ticket_layout", json=bad, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "queue.layout_wrong")
    for layout_id, size in zip(made, (300, 420), strict=True):
        hall.post("queue.set_default_layout", {"layout_id": layout_id}, who="admin")
        layout = hall.post("queue.paper", {"ticket_id": ticket["id"]}, who="guide")["layout"]
        assert (layout["width_mm"], layout["elements"][0]["size"], layout["is_default"]) == (58, size, True)
        assert (layout["elements"][0]["bold"], layout["elements"][0]["italic"]) == (True, True)
    assert hall.count("ticket_layout WHERE is_default") == 1


def test_a_lost_ticket_is_printed_again_with_a_trace(hall: Hall) -> None:
    hall.open(3)
    ticket = hall.ticket("A")
    paper = hall.post("queue.reprint", {"ticket_id": ticket["id"], "reason": "rained on"}, who="guide")
    assert (paper["number"], paper["token"]) == (ticket["number"], ticket["token"])
    moment = hall.post("queue.ticket", {"ticket_id": ticket["id"]})["moments"][-1]
    assert (moment["kind"], moment["facts"]["by"]) == ("reprinted", str(id_of("staff", "guide")))


def test_paper_that_failed_does_not_burn_the_number(hall: Hall) -> None:
    window = hall.open(3)
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    body = {"service_id": id_of("service", "A")}
    ticket = hall.post("queue.issue_ticket", body, who=kiosk)["ticket"]
    hall.post("queue.delivered", {"ticket_id": ticket["id"], "how": "failed"}, who=kiosk)
    hall.post("queue.delivered", {"ticket_id": ticket["id"], "how": "screen"}, who=kiosk)
    assert hall.post("queue.call_next", window)["ticket"]["number"] == "A001"


@pytest.mark.covers("QUE-933")
@pytest.mark.parametrize("then", ["print", "void"])
def test_a_code_that_nobody_scanned_leaves_no_empty_number(hall: Hall, then: str) -> None:
    put(hall, "queue.paperless_then", then)
    window = hall.open(3)
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    body = {"service_id": id_of("service", "A"), "delivery": "screen"}
    scanned, left = (hall.post("queue.issue_ticket", body, who=kiosk)["ticket"] for _ in range(2))
    hall.post("queue.delivered", {"ticket_id": scanned["id"], "how": "scanned"}, who=kiosk)
    assert hall.post("queue.code_over", {"ticket_id": scanned["id"]}, who=kiosk) == {"then": "scanned", "paper": None}
    answer = hall.post("queue.code_over", {"ticket_id": left["id"]}, who=kiosk)
    assert answer["then"] == then
    assert (answer["paper"] or {}).get("number") == ("A002" if then == "print" else None)
    assert hall.post("queue.window", window)["waiting"] == (2 if then == "print" else 1)


def printed(lease: dict[str, Any], prefix: str, nth: int, moment: Any) -> dict[str, Any]:
    """A ticket that a kiosk printed from its block."""
    block = next(b for b in lease["blocks"] if b["prefix"] == prefix)
    return {
        "fact_id": str(uuid.uuid4()), "service_id": block["service_id"], "serial": block["first"] + nth,
        "printed_at": moment.isoformat(),
    }  # fmt: skip


def enter(hall: Hall, lease: dict[str, Any], tickets: list[dict[str, Any]], who: str) -> list[tuple[str, str]]:
    """What became of printed tickets."""
    answer = hall.post("queue.enter_printed", {"epoch": lease["epoch"], "tickets": tickets}, who=who)
    return [(r["state"], r["code"]) for r in answer["results"]]


def test_every_kiosk_has_numbers_of_its_own_for_the_time_without_the_server(hall: Hall, clock: HandClock) -> None:
    edit(hall, "service", id_of("service", "B"), daily_limit=50)
    hall.open(3)
    kiosks = [hall.device("kiosk", zone_id=str(id_of("zone", 0)), label=f"k{n}") for n in range(2)]
    leases = [hall.post("queue.lease_numbers", who=kiosk) for kiosk in kiosks]
    ranges = [{b["prefix"]: (b["first"], b["last"]) for b in lease["blocks"]} for lease in leases]
    assert "B" not in ranges[0], "a service with a maximum gives no numbers without the server"
    assert ranges[0]["A"] == (90001, 90020)
    assert ranges[1]["A"] == (90021, 90040)
    # Asked again: the same block; nearly used up: another one behind it.
    assert hall.post("queue.lease_numbers", who=kiosks[0])["blocks"] == leases[0]["blocks"]
    more = hall.post("queue.lease_numbers", {"used": {str(id_of("service", "A")): 90012}}, who=kiosks[0])
    assert [(b["first"], b["last"]) for b in more["blocks"] if b["prefix"] == "A"] == [(90001, 90020), (90041, 90060)]


def test_a_block_is_good_until_its_business_day_ends(hall: Hall, clock: HandClock) -> None:
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    usual = hall.post("queue.lease_numbers", who=kiosk)
    assert datetime.fromisoformat(usual["valid_until"]) - clock.now() > timedelta(minutes=119)
    clock.moment = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)
    late = hall.post("queue.lease_numbers", who=kiosk)
    until = datetime.fromisoformat(late["valid_until"])
    assert late["business_day"] == "2026-03-02" and timedelta(minutes=29) < until - clock.now() <= timedelta(minutes=30)


def test_printed_tickets_enter_by_their_time_and_once(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3)
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    lease = hall.post("queue.lease_numbers", who=kiosk)
    first = hall.ticket("A")
    clock.forward(minutes=10)
    between = [printed(lease, "A", n, clock.now() + timedelta(minutes=n)) for n in range(3)]
    clock.forward(minutes=10)
    last = hall.ticket("A")
    assert enter(hall, lease, between, kiosk) == [("entered", "")] * 3
    assert enter(hall, lease, between, kiosk) == [("known", "")] * 3
    rows = hall.post("queue.waiting", window)["items"]
    assert [r["ticket"]["number"] for r in rows] == [first["number"], "A90001", "A90002", "A90003", last["number"]]
    after = printed(lease, "A", 3, clock.now())
    enter(hall, lease, [after], kiosk)
    newest = hall.ticket("A")
    rows = hall.post("queue.waiting", window)["items"]
    assert [r["ticket"]["number"] for r in rows][-2:] == ["A90004", newest["number"]]
    assert hall.post("queue.day")["issued"] == 7


def test_what_a_kiosk_may_not_print_is_refused_one_by_one(hall: Hall, clock: HandClock) -> None:
    hall.open(3)
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    other = hall.device("kiosk", zone_id=str(id_of("zone", 0)), label="other")
    lease, foreign = hall.post("queue.lease_numbers", who=kiosk), hall.post("queue.lease_numbers", who=other)
    moment = clock.now()
    wrong = [
        printed(foreign, "A", 0, moment),
        printed(lease, "A", 0, moment + timedelta(minutes=1)),
        printed(lease, "A", 1, moment),
        {**printed(lease, "A", 2, moment), "service_id": str(uuid.uuid4())},
        printed(lease, "A", 1, moment),
    ]
    assert enter(hall, lease, wrong, kiosk) == [
        ("refused", "not_in_block"),
        ("refused", "from_the_future"),
        ("entered", ""),
        ("refused", "service_unknown"),
        ("refused", "number_taken"),
    ]
    assert enter(hall, {**lease, "epoch": "restored"}, [printed(lease, "A", 5, moment)], kiosk) == [
        ("refused", "other_epoch")
    ]


def test_a_ticket_printed_yesterday_is_written_down_and_not_called(hall: Hall, clock: HandClock) -> None:
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    lease = hall.post("queue.lease_numbers", who=kiosk)
    late = printed(lease, "A", 0, clock.now())
    clock.forward(days=1)
    answer = hall.post("queue.enter_printed", {"epoch": lease["epoch"], "tickets": [late]}, who=kiosk)
    assert answer["results"][0]["ticket"]["state"] == "expired"
    hall._tokens.pop("manager", None)
    window = hall.open(3)
    assert hall.refused("queue.call_next", window) == "queue.nobody_waiting"


def line(ticket: dict[str, Any], start: Any, minutes: int, **more: Any) -> dict[str, Any]:
    """A line of the paper journal."""
    return {
        "fact_id": str(uuid.uuid4()), "number": ticket["number"], "service_id": str(ticket["service_id"]),
        "started_at": start.isoformat(), "finished_at": (start + timedelta(minutes=minutes)).isoformat(), **more,
    }  # fmt: skip


def test_the_paper_journal_enters_with_its_real_times(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3, "anna")
    tickets = [hall.ticket("A") for _ in range(3)]
    serve(hall, window, "anna")
    start = clock.now() + timedelta(minutes=1)
    clock.forward(hours=1)
    lines = [
        line(tickets[0], start, 4),
        line(tickets[1], start + timedelta(minutes=5), 7, matters=2),
        line(tickets[2], start + timedelta(minutes=13), 1, outcome="no_show"),
        line({"number": "", "service_id": id_of("service", "A")}, start + timedelta(minutes=15), 5),
        line(tickets[1], clock.now(), 5),
    ]
    body = {**window, "lines": lines}
    answer = hall.post("queue.enter_journal", body, who="anna")
    assert [(r["result"], r["code"]) for r in answer["results"]] == [
        ("entered", ""),
        ("entered", ""),
        ("entered", ""),
        ("made", ""),
        ("refused", "times_wrong"),
    ]
    states = [r["ticket"] and r["ticket"]["state"] for r in answer["results"]]
    assert states == ["finished", "finished", "no_show", "finished", None]
    assert answer["results"][1]["ticket"]["started_at"] == lines[1]["started_at"].replace("+00:00", "Z")
    assert hall.post("queue.window", window)["state"] == "free"
    again = hall.post("queue.enter_journal", body, who="anna")
    assert [r["result"] for r in again["results"]][:4] == ["known"] * 4
    day = hall.post("queue.day")
    assert (day["issued"], day["finished"], day["no_show"], day["waiting"]) == (4, 3, 1, 0)
    over = line(tickets[0], start, 2)
    assert hall.post("queue.enter_journal", {**window, "lines": [over]}, who="anna")["results"][0]["result"] == "over"


def test_the_journal_may_know_a_printed_ticket_before_its_kiosk_returns(hall: Hall, clock: HandClock) -> None:
    window = hall.open(3, "anna")
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    lease = hall.post("queue.lease_numbers", who=kiosk)
    paper = printed(lease, "A", 0, clock.now())
    clock.forward(minutes=30)
    served = line({"number": "A90001", "service_id": paper["service_id"]}, clock.now() - timedelta(minutes=20), 5)
    answer = hall.post("queue.enter_journal", {**window, "lines": [served]}, who="anna")
    assert answer["results"][0]["result"] == "made"
    assert enter(hall, lease, [paper], kiosk) == [("entered", "")]
    story = hall.post("queue.ticket", {"number": "A90001"})["ticket"]
    assert (story["state"], story["channel"]) == ("finished", "block")
    assert story["issued_at"] == paper["printed_at"].replace("+00:00", "Z")
    assert hall.count("ticket") == 1


def test_a_kiosks_double_tap_with_one_key_makes_one_ticket(hall: Hall) -> None:
    hall.open(3)
    kiosk = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    body = json.dumps({"service_id": str(id_of("service", "A"))}).encode()
    first, second = (hall.send("queue.issue_ticket", body, who=kiosk, key="tap-1").json() for _ in range(2))
    assert first == second
    assert hall.count("ticket") == 1


@pytest.mark.covers("QUE-914")
def test_people_ahead_are_the_same_everywhere(hall: Hall) -> None:
    window = hall.open(3)
    hall.ticket("A")
    serve(hall, window)
    for _ in range(2):
        hall.ticket("A")
    body = {"service_id": id_of("service", "A"), **ZONE, "channel": "staff"}
    issued = hall.post("queue.issue_ticket", body)
    ticket = {"ticket_id": issued["ticket"]["id"]}
    board = hall.post("queue.board", ZONE)
    on_display = next(s["waiting"] for s in board["services"] if s["service_id"] == str(id_of("service", "A")))
    on_tile = (tile(hall, "A") or {})["waiting"]
    assert (on_tile, on_display, hall.post("queue.window", window)["waiting"]) == (3, 3, 3)
    on_paper = hall.post("queue.paper", ticket, who="guide")["waiting"]
    assert (issued["ahead"], on_paper, hall.post("queue.when", ticket)["ahead"]) == (2, 2, 2)


@pytest.mark.covers("QUE-010", "QUE-011", "QUE-012")
def test_zones_run_their_own_queues_and_a_kiosk_belongs_to_one(hall: Hall) -> None:
    down, up = hall.open(3), hall.open(9)  # both accept address registration
    kiosks = [hall.device("kiosk", zone_id=str(id_of("zone", zone))) for zone in (0, 1)]
    body = {"service_id": id_of("service", "C")}
    tickets = [hall.post("queue.issue_ticket", body, who=kiosk)["ticket"] for kiosk in kiosks]
    assert [t["zone_id"] for t in tickets] == [str(id_of("zone", 0)), str(id_of("zone", 1))]
    called = [hall.post("queue.call_next", window)["ticket"]["id"] for window in (up, down)]
    assert called == [tickets[1]["id"], tickets[0]["id"]]
    for zone in (0, 1):
        board = hall.post("queue.board", {"zone_id": id_of("zone", zone)})
        assert [(c["number"], c["sequence"]) for c in board["calls"]] == [(tickets[zone]["number"], 1)]
