"""The system as it is run: faults from alarm to recovery, figures by the hour, security rules with their offenders."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from common.protocol.system import Sample
from server.demo.fill import id_of
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def pass_time(hall: Hall, clock: HandClock, **by: float) -> None:
    """Time goes by, and what is due is done; sessions are signed in anew where they have ended."""
    clock.forward(**by)
    for _ in range(3):
        hall.engine.jobs.run_due()
        hall.settle()


def faults(data: Data, source: str) -> list[dict[str, Any]]:
    """The faults of one source."""
    return data.query("fault", ("source", "is", source))


def step(data: Data, verb: str, fault: dict[str, Any], words: str = "done") -> dict[str, Any]:
    """One step with a fault; gives the fault after it."""
    body = {"id": fault["id"]} if verb == "close" else {"id": fault["id"], "words": words}
    data.hall.post(f"operations.{verb}", body, who="admin")
    return next(one for one in data.query("fault") if one["id"] == fault["id"])


@pytest.mark.covers("ADM-039")
def test_alarms_open_faults_that_are_diagnosed_handled_recovered_and_go_up_when_nobody_looks(
    data: Data, clock: HandClock
) -> None:
    hall = data.hall
    led = hall.device("led", zone_id=str(id_of("zone", 0)))
    hall.post("devices.heartbeat", {"version": "1", "state": "ok", "facts": {}}, who=led)
    pass_time(hall, clock, minutes=12)
    pass_time(hall, clock, minutes=4)
    (fault,) = faults(data, "device")
    assert fault["name"]["en"] == "A device is not heard: led" and fault["name"]["zh"] != fault["name"]["en"]
    assert (fault["state"], fault["level"], fault["number"][:2]) == ("reported", "first", "F-")
    (backup,) = faults(data, "backup")  # a hall without copies: another watch's alarm comes to the same list
    # Step by step: what is not diagnosed is not handled, and what is still silent has not recovered.
    assert (
        hall.refused("operations.handle", {"id": fault["id"], "words": "x"}, who="admin") == "operations.not_in_order"
    )
    assert step(data, "diagnose", fault, "The cable is out")["diagnosis"] == "The cable is out"
    assert step(data, "handle", fault, "A new cable")["state"] == "handled"
    assert (
        hall.refused("operations.recover", {"id": fault["id"], "words": "x"}, who="admin") == "operations.still_stands"
    )
    hall.post("devices.heartbeat", {"version": "1", "state": "ok", "facts": {}}, who=led)
    pass_time(hall, clock, minutes=1)
    assert step(data, "recover", fault)["gone_at"] is not None
    closed = step(data, "close", fault)
    assert closed["state"] == "closed" and closed["handler_id"] == str(id_of("staff", "admin"))
    assert (
        hall.refused("operations.escalate", {"id": fault["id"], "words": "x"}, who="admin") == "operations.not_in_order"
    )
    # Nobody looked at the other one: it goes up by itself, and at the third level it stays.
    pass_time(hall, clock, minutes=31)
    (backup,) = faults(data, "backup")
    assert backup["level"] == "second"
    assert step(data, "escalate", backup, "The maker must help")["level"] == "third"
    history = data.history("fault", backup)
    assert any(one["reason"] == "The maker must help" for one in history)
    assert (
        hall.refused("operations.escalate", {"id": backup["id"], "words": "x"}, who="admin")
        == "operations.highest_level"
    )
    # A person reports what no watch sees; whoever may not handle faults cannot.
    told = data.add("fault", name={"en": "The router smells"}, source="network", who="manager")
    assert told["found_at"] is not None and told["level"] == "first"
    assert hall.refused("operations.diagnose", {"id": told["id"], "words": "x"}, who="anna") == "access.denied"


@pytest.mark.covers("ADM-043")
def test_each_hour_is_kept_once_and_read_as_figures_and_as_a_sheet(data: Data, clock: HandClock) -> None:
    hall = data.hall
    kept = hall.engine.samples.kept
    hall.engine.samples.started_at -= timedelta(hours=3)
    for minute, write in ((30, 4.0), (40, 8.0), (50, 90.0)):
        at = clock.moment.replace(hour=9, minute=minute)
        kept.append(Sample(at=at, read_ms=1, write_ms=write, load=0.5, programs=minute))
    hall.sign_in("anna")
    assert hall.http.post("/api/sign-in", json={"name": "anna", "password": "wrong"}).status_code == 401
    pass_time(hall, clock, minutes=3)
    pass_time(hall, clock, minutes=3)
    (hour,) = hall.post("operations.figures", {"days": 1}, who="admin")["hours"]
    assert (hour["changes_ms"], hour["slowest_ms"], hour["load"], hour["programs"]) == (8, 90, 50, 50)
    assert hour["database_mb"] > 0 and hour["disk_free_mb"] > 0 and hour["devices"] == 4 and hour["devices_here"] == 0
    pass_time(hall, clock, hours=1)
    second = hall.post("operations.figures", {"days": 1}, who="admin")["hours"][-1]
    assert second["people"] >= 1 and second["failed_sign_ins"] == 1
    head = {"Authorization": f"Bearer {hall.sign_in('admin')}"}
    sheet = hall.http.post("/api/reports/operations.hours", json={"days": 1, "format": "csv"}, headers=head)
    lines = sheet.text.strip().splitlines()
    assert len(lines) >= 3 and "90" in lines[1 if "Hour" in lines[0] else 2]
    assert hall.refused("operations.figures", {"days": 1}, who="anna") == "access.denied"


@pytest.mark.covers("ADM-044")
def test_security_rules_name_who_offends_and_fall_silent_when_it_is_put_right(data: Data, clock: HandClock) -> None:
    hall = data.hall

    def rule(code: str, language: str = "en") -> dict[str, Any]:
        answer = hall.send("operations.security", who="admin", language=language)
        return next(one for one in json.loads(answer.text)["rules"] if one["code"] == code)

    assert rule("second_factor")["grade"] == "bad" and "Olga Stern" in rule("second_factor")["items"][0]["name"]
    assert rule("second_factor", "zh")["title"] != rule("second_factor")["title"]
    assert rule("training")["grade"] == "warn"
    planned = data.add("security_training", name={"en": "Passwords"}, planned_on="2026-02-20")
    assert "not held" in [one["note"] for one in rule("training")["items"]]
    data.edit("security_training", planned, held_on="2026-03-01", attended=[id_of("staff", "anna")])
    assert rule("training") == {**rule("training"), "grade": "good", "items": []}
    assert rule("guessing")["grade"] == "good"
    hall.post("settings.set", {"level": "system", "name": "operations.failed_sign_ins", "value": 3}, who="admin")
    hall.settle()
    for _ in range(3):
        hall.http.post("/api/sign-in", json={"name": "sara", "password": "wrong"})
    assert rule("guessing")["items"][0]["name"] == "sara"
    assert rule("idle")["grade"] == "good" and rule("devices")["grade"] == "good"
    pass_time(hall, clock, days=100)
    assert "chen" in str(rule("idle")["items"]) and "(admin)" not in str(rule("idle")["items"])
    assert len(rule("devices")["items"]) == 4 and rule("devices")["page"] == "devices"
    assert hall.refused("operations.security", who="manager") == "access.denied"


@pytest.mark.covers("ADM-037", "ADM-038")
def test_a_change_of_the_configuration_is_planned_simulated_carried_out_watched_confirmed_and_filed(
    data: Data, clock: HandClock
) -> None:
    hall = data.hall

    def value(name: str) -> Any:
        states = hall.post("settings.at", {}, who="admin")["settings"]
        return next(one["value"] for one in states if one["name"] == name)

    def do(verb: str, task: dict[str, Any], **more: Any) -> dict[str, Any]:
        hall.post(f"operations.{verb}", {"id": task["id"], **more}, who="admin")
        hall.settle()
        return next(one for one in data.query("configuration_task") if one["id"] == task["id"])

    def no(verb: str, task: dict[str, Any], **more: Any) -> str:
        return hall.refused(f"operations.{verb}", {"id": task["id"], **more}, who="admin")

    task = data.add("configuration_task", name={"en": "Louder"}, why="People in the back hear nothing")
    assert no("simulate", task) == "operations.no_parts" and no("execute", task) == "operations.task_step"
    loud, gap = "queue.voice_volume", "operations.device_away"
    do("put_part", task, name=loud, value=80)
    assert no("put_part", task, name=loud, value=500) == "settings.limits"
    assert no("put_part", task, name="nothing.at_all", value=1) == "settings.unknown"
    do("put_part", task, name=gap, value=30)
    zone = {"level": "zone", "level_id": str(id_of("zone", 0)), "name": loud, "value": 70}
    hall.post("settings.set", zone, who="admin")
    hall.settle()
    assert do("simulate", task)["state"] == "simulated"
    parts = {one["name"]: one for one in hall.post("operations.parts", {"id": task["id"]}, who="admin")["parts"]}
    assert (parts[loud]["now"], parts[loud]["value"], parts[loud]["elsewhere"]) == (100, 80, 1)
    assert value(loud) == 100, "a simulation changes nothing"
    # Somebody was quicker: what was not looked at is not carried out, neither in part.
    hall.post("settings.set", {"level": "system", "name": gap, "value": 12}, who="admin")
    hall.settle()
    assert no("execute", task) == "operations.changed_since" and value(loud) == 100
    do("put_part", task, name=gap, value=30)
    do("simulate", task)
    done = do("execute", task)
    assert (value(loud), value(gap), done["state"], done["faults"]) == (80, 30, "executed", 0)
    assert data.refused("PATCH", f"configuration_task/{task['id']}", {"why": "x"}) in (
        "operations.task_begun", "records.read_only",
    )  # fmt: skip
    assert no("confirm", task, words="heard") == "operations.still_watched"
    data.add("fault", name={"en": "It drones"})
    clock.forward(minutes=61)
    assert do("confirm", task, words="heard in the last row")["faults"] == 1
    assert do("file_task", task)["state"] == "filed" and no("take_back", task, words="x") == "operations.task_step"
    verbs = [one["action"] for one in data.history("configuration_task", task)]
    assert {"operations.simulate", "operations.execute", "operations.confirm", "operations.file_task"} <= set(verbs)
    # Another one is taken back: what held before holds again.
    second = data.add("configuration_task", name={"en": "Silent"}, why="A trial")
    for verb, more in (("put_part", {"name": loud, "value": 10}), ("simulate", {}), ("execute", {})):
        do(verb, second, **more)
    assert value(loud) == 10
    assert do("take_back", second, words="too quiet")["state"] == "taken_back" and value(loud) == 80
    assert hall.refused("operations.simulate", {"id": second["id"]}, who="manager") == "access.denied"
