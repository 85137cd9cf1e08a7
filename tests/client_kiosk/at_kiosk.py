"""What the tests of kiosks share: a kiosk on the ground floor, what waits there, base data changed by the administrator."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common.link.driving import NotSeen
from server.demo.fill import id_of
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def kiosk(house: DemoHouse, folder: Path, *options: str, zone: int = 0, **more: Any) -> Running:
    """A kiosk on the ground floor."""
    if "token" not in more:
        more["token"] = house.device("kiosk", zone=zone)
    return Running("kiosk", folder / "kiosk", house, *options, **more)


def waiting(house: DemoHouse, prefix: str, zone: int = 0) -> list[dict[str, Any]]:
    """The tickets that wait for a service, first one first."""
    rows = house.post("queue.waiting", {"zone_id": str(id_of("zone", zone)), "limit": 500})["items"]
    return [row["ticket"] for row in rows if row["ticket"]["number"].startswith(prefix)]


def edit(house: DemoHouse, prefix: str, **values: Any) -> None:
    """Change a service as the administrator does."""
    headers = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": uuid.uuid4().hex}
    answer = house.http.patch(f"/api/records/service/{id_of('service', prefix)}", json=values, headers=headers)
    assert answer.status_code == 200, answer.text


def put(house: DemoHouse, name: str, value: Any) -> None:
    """Set a setting for the whole server."""
    house.post("settings.set", {"level": "system", "name": name, "value": value}, who="admin")


def until(true: Callable[[], Any], seconds: float = 15) -> None:
    """Wait for what the server hears a moment later."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def lessees(house: DemoHouse) -> int:
    """How many kiosks hold numbers for the time without the server."""
    return len({str(one["device_id"]) for one in records(house, "number_block")})


def records(house: DemoHouse, kind: str) -> list[dict[str, Any]]:
    """A list of records, as the administrator sees it."""
    headers = {"Authorization": f"Bearer {house.token('admin')}"}
    answer = house.http.get(f"/api/records/{kind}?limit=500", headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def touched(screen: Running, key: str, shown: str) -> None:
    """Touch a key until its page is there: one that was touched a moment ago takes no second touch."""
    for _ in range(5):
        try:
            screen.press(key)
            screen.wait(name=shown, seconds=2)
            return
        except NotSeen:
            continue
    screen.wait(name=shown, seconds=0.1)
