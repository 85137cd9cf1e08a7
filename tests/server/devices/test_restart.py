"""A device's program is told to start anew: by right, with a trace, once, until it is back."""

from __future__ import annotations

from typing import Any

from server.demo.fill import id_of
from tests.server.conftest import Hall, HandClock


def card(hall: Hall, device_id: str) -> dict[str, Any]:
    """How a device is listed."""
    return next(one for one in hall.post("devices.list", who="admin")["items"] if one["id"] == device_id)


def test_a_program_is_told_to_restart_until_it_has(hall: Hall, clock: HandClock) -> None:
    led = hall.device("led", zone_id=str(id_of("zone", 0)))
    device_id = next(one["id"] for one in hall.post("devices.list", who="admin")["items"] if one["label"] == "led")
    wanted = {"device_id": device_id}

    def beat(run: str, **more: Any) -> bool:
        word = {"version": "1", "run": run, **more}
        return bool(hall.post("devices.heartbeat", word, who=led)["restart"])

    assert hall.refused("devices.restart", wanted, who="anna") == "access.denied"
    assert hall.refused("devices.restart", wanted, who="admin") == "devices.not_heard"
    assert beat("") is False
    assert hall.refused("devices.restart", wanted, who="admin") == "devices.cannot_restart"
    assert beat("first", facts={"outbox": 3}) is False
    assert card(hall, device_id)["facts"] == {"outbox": 3} and not card(hall, device_id)["restarting"]
    hall.post("devices.restart", wanted, who="manager")
    assert card(hall, device_id)["restarting"] is True
    assert [beat("first"), beat("first")] == [True, True], "until it obeys"
    assert [beat("second"), beat("second")] == [False, False]
    assert card(hall, device_id)["restarting"] is False
    hall.settle()
    with hall.engine.store.reading() as connection:
        kinds = (
            connection.exec_driver_sql("SELECT kind FROM notice WHERE topic = 'devices' ORDER BY number")
            .scalars()
            .all()
        )
        told = connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'devices.restart'").scalar_one()
    assert kinds[-2:] == ["restart", "back"] and told == 1
    clock.forward(seconds=30)
    assert hall.refused("devices.restart", wanted, who="admin") == "devices.not_heard"
