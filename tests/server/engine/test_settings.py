"""Settings through their verbs: shown with where they come from, changed within their limits, taken back."""

from __future__ import annotations

import time
from datetime import timedelta

from server.demo.fill import id_of
from server.modules.queue.settings import SERVICES_BY, START_AFTER
from tests.server.conftest import Hall

WINDOW = {"level": "window", "level_id": str(id_of("window", 3))}


def state(hall: Hall, name: str, **at: object) -> dict[str, object]:
    """One setting as a place shows it."""
    states = hall.post("settings.at", at, who="admin")["settings"]
    return dict(next(s for s in states if s["name"] == name))


def holds(hall: Hall, value: int) -> None:
    """What the rules see at window 3, as soon as this process has heard of the change."""
    for _ in range(100):
        if (
            hall.engine.look(lambda work: work.setting(START_AFTER, window=id_of("window", 3), zone=id_of("zone", 0)))
            == value
        ):
            return
        time.sleep(0.05)
    raise AssertionError(f"the setting is not {value}")


def test_the_nearest_level_wins_and_says_where_its_value_comes_from(hall: Hall) -> None:
    name = START_AFTER.name
    assert state(hall, name, **WINDOW)["source"] == "default"
    zone = {"level": "zone", "level_id": str(id_of("zone", 0))}
    hall.post("settings.set", {**zone, "name": name, "value": 20}, who="admin")
    near = state(hall, name, **WINDOW)
    assert (near["value"], near["source"], near["own"], near["author"]) == (20, "zone", None, "Olga Stern")
    hall.post("settings.set", {**WINDOW, "name": name, "value": 5}, who="admin")
    holds(hall, 5)
    hall.post("settings.set", {**WINDOW, "name": name, "value": None}, who="admin")
    assert state(hall, name, **WINDOW)["value"] == 20, "taken back, the zone's value holds again"
    values = hall.post("settings.history", {"name": name}, who="admin")["values"]
    assert sorted((v["level"], v["value"]) for v in values if v["value"] is not None) == [("window", 5), ("zone", 20)]
    assert {v["place"] for v in values if v["level"] == "window"} == {"3"}


def test_a_value_outside_its_limits_or_at_a_place_that_is_not_there_changes_nothing(hall: Hall) -> None:
    name = START_AFTER.name
    for value, code in ((9999, "settings.limits"), ("soon", "settings.kind"), (True, "settings.kind")):
        assert hall.refused("settings.set", {**WINDOW, "name": name, "value": value}, who="admin") == code
    nowhere = {"level": "window", "level_id": str(id_of("window", 99)), "name": name, "value": 5}
    assert hall.refused("settings.set", nowhere, who="admin") == "settings.no_place"
    wrong = {"level": "device", "level_id": str(id_of("device", "led", 0)), "name": SERVICES_BY.name, "value": "person"}
    assert hall.refused("settings.set", wrong, who="admin") == "settings.no_level"
    assert hall.refused("settings.set", {"name": "no.such", "value": 1}, who="admin") == "settings.unknown"
    assert hall.refused("settings.set", {**WINDOW, "name": name, "value": 5}, who="anna") == "access.denied"
    assert hall.count("setting_value") == 0


def test_a_value_may_begin_in_days_and_never_yesterday(hall: Hall) -> None:
    name = START_AFTER.name
    past = {**WINDOW, "name": name, "value": 5, "valid_from": (hall.engine.clock.now() - timedelta(days=1)).isoformat()}
    assert hall.refused("settings.set", past, who="admin") == "settings.past"
    ahead = {**past, "valid_from": (hall.engine.clock.now() + timedelta(days=1)).isoformat()}
    hall.post("settings.set", ahead, who="admin")
    assert state(hall, name, **WINDOW)["value"] == START_AFTER.default
    hall.engine.clock.forward(days=1)  # type: ignore[attr-defined]
    holds(hall, 5)
