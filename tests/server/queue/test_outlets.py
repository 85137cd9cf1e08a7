"""One back end for all outlets: their services and windows are configured and allocated centrally."""

from __future__ import annotations

import pytest

from server.demo.fill import id_of
from tests.server.conftest import Hall
from tests.server.data import Data

ROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.mark.covers("QUE-067", "QUE-010", "QUE-043")
def test_a_second_outlets_services_are_configured_from_the_same_console(hall: Hall) -> None:
    data = Data(hall)
    first = data.query("outlet")[0]
    values = {name: first[name] for name in ("organisation", "time_zone", "languages", "hours", "voice_languages")}
    branch = data.add("outlet", name={"en": "Branch"}, ticker=[], **values)
    zone = data.add("zone", name={"en": "Branch, one zone"}, outlet_id=branch["id"])
    window = data.add("window", label_text="71", zone_id=zone["id"], outlet_id=branch["id"])
    only_there = data.add("service", name={"en": "Fishing permits"}, prefix="FI", minutes=5)
    for service in (str(id_of("service", "A")), only_there["id"]):
        data.add("window_service", window_id=window["id"], service_id=service, rank=1)
    hall.settle()
    hall.post("queue.open_window", {"window_id": window["id"]})
    hall.open(1)
    hall.settle()

    def offered(zone_id: str) -> set[str]:
        """Prefixes of what a kiosk of the zone offers."""
        offer = hall.post("queue.offer", {"zone_id": zone_id})
        return {one["prefix"] for part in offer["sections"] for one in part["services"]}

    here = str(id_of("zone", 0))
    kiosk = hall.device("kiosk", zone_id=zone["id"])
    assert "FI" not in offered(here) and "A" in offered(here)
    hidden = {one["reason"] for one in hall.post("queue.offer", who=kiosk)["hidden"]}
    take = {"service_id": only_there["id"]}
    ticket = hall.post("queue.issue_ticket", take, who=kiosk)["ticket"]
    assert (ticket["number"], ticket["zone_id"]) == ("FI001", zone["id"]) and not hidden
    # Each outlet counts for itself, and neither calls the other's tickets.
    there = hall.post("queue.issue_ticket", {"service_id": str(id_of("service", "A"))}, who=kiosk)["ticket"]
    assert there["number"] == hall.ticket("A")["number"] == "A001"
    assert hall.post("queue.call_next", hall.window(1))["ticket"]["id"] != there["id"]
    called = [hall.post("queue.call_next", {"window_id": window["id"]})["ticket"]["id"]]
    hall.post("queue.no_show", {"window_id": window["id"]})
    called.append(hall.post("queue.call_next", {"window_id": window["id"]})["ticket"]["id"])
    assert called == [ticket["id"], there["id"]]
    # A service that is taken from the branch's window is gone there, and stays elsewhere.
    (row,) = data.query(
        "window_service", ("window_id", "is", window["id"]), ("service_id", "is", str(id_of("service", "A")))
    )
    data.delete("window_service", row)
    hall.settle()
    assert (
        hall.refused("queue.issue_ticket", {"service_id": str(id_of("service", "A"))}, who=kiosk)
        == "queue.service_hidden"
    )
    assert "A" in offered(here)
