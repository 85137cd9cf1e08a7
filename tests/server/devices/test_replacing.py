"""A broken device and the one in its place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from server.demo.fill import id_of
from server.engine.settings import SETTINGS
from server.modules.devices.records import Device
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def latest(data: Data, kind: str) -> dict[str, Any]:
    """The device of a kind that was made last; the demo hall has some of its own."""
    made = [one for one in data.query("device", ("kind", "is", kind)) if UUID(one["id"]).version == 7]
    return max(made, key=lambda one: str(one["id"]))


def beat(hall: Hall, key: str, **word: Any) -> int:
    """A device speaks; the answer's status."""
    return hall.send("devices.heartbeat", {"version": "1.0", **word}, who=key).status_code


def test_the_new_one_takes_place_name_and_settings_and_the_old_token_ends(data: Data) -> None:
    hall = data.hall
    zone = str(id_of("zone", 0))
    old = hall.device("kiosk", zone_id=zone)
    old_id = latest(data, "kiosk")["id"]
    data.edit("device", old_id, name="Kiosk by the door")
    name = next(n for n, one in SETTINGS.items() if "device" in one.levels and isinstance(one.default, int))
    value = SETTINGS[name].default + 1
    hall.post("settings.set", {"name": name, "level": "device", "level_id": old_id, "value": value}, who="admin")
    assert beat(hall, old) == 200
    answer = hall.post("devices.replace", {"device_id": old_id}, who="admin")
    hall.settle()
    new = answer["device"]
    assert (new["label"], new["zone_id"], new["kind"]) == ("Kiosk by the door", zone, "kiosk")
    assert new["id"] != old_id
    assert beat(hall, old) == 401
    hall._tokens["new"] = answer["token"]
    assert beat(hall, "new") == 200
    with hall.engine.store.reading() as connection:
        now = hall.engine.clock.now()
        assert hall.engine.settings.value(connection, SETTINGS[name], now, {"device": UUID(new["id"])}) == value
    assert latest(data, "kiosk")["id"] == new["id"]
    assert old_id not in {one["id"] for one in data.query("device")}
    with hall.engine.store.reading() as connection:
        gone: Any = Device.plan().select.first(connection, key_id=UUID(old_id))
    assert gone.deleted_at is not None and str(gone.replaced_by_id) == new["id"]
    assert hall.refused("devices.replace", {"device_id": old_id}, who="admin") == "records.not_found"
    assert hall.refused("devices.replace", {"device_id": new["id"]}, who="anna") == "access.denied"


def test_numbers_that_the_broken_kiosk_held_are_never_given_again(data: Data) -> None:
    hall = data.hall
    old = hall.device("kiosk", zone_id=str(id_of("zone", 0)))
    held = hall.post("queue.lease_numbers", {}, who=old)["blocks"]
    old_id = latest(data, "kiosk")["id"]
    hall._tokens["new"] = hall.post("devices.replace", {"device_id": old_id}, who="admin")["token"]
    hall.settle()
    given = hall.post("queue.lease_numbers", {}, who="new")["blocks"]

    def numbers(blocks: list[dict[str, Any]]) -> set[tuple[str, int]]:
        return {(one["service_id"], n) for one in blocks for n in range(one["first"], one["last"] + 1)}

    assert held and given
    assert not numbers(held) & numbers(given)


def test_the_list_shows_what_each_device_said_last(data: Data, clock: HandClock) -> None:
    hall = data.hall
    pad = hall.device("pad", window_id=str(id_of("window", 1)))
    row = latest(data, "pad")
    assert (row["online"], row["last_seen"], row["health"]) == (False, None, None)
    assert beat(hall, pad, state="battery low") == 200
    row = latest(data, "pad")
    assert (row["online"], row["program"], row["health"]) == (True, "1.0", "battery low")
    assert row["last_seen"].startswith("2026-03-02T10:24")
    clock.forward(seconds=16)
    assert latest(data, "pad")["online"] is False
