"""The counter beyond the everyday: why in this order, matters, papers, undo, priority, a chosen ticket, calls by themselves."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from server.demo.fill import id_of
from tests.client_staff.test_workbench import clerk
from tests.ground.demo_house import DemoHouse


@pytest.mark.covers("QUE-021", "QUE-054", "QUE-924")
def test_a_clerk_sees_why_counts_undoes_and_gives_priority(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    headers = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": uuid.uuid4().hex}
    asked = house.http.patch(
        f"/api/records/service/{id_of('service', 'A')}", json={"identity": "optional"}, headers=headers
    )
    assert asked.status_code == 200, asked.text
    house.ticket("A", identity={"kind": "passport", "number": "C4711", "source": "scanned"})
    for prefix in "AB":
        house.ticket(prefix)
    house.ticket("B", reason="green_channel")
    place = {"window_id": str(id_of("window", 3))}
    with clerk(house, tmp_path) as desk:
        # The order explains itself in the list, and in full for any ticket.
        desk.wait("Green channel", name="waiting_table[0,4]")
        desk.wait("By ticket time", name="waiting_table[1,4]")
        desk.press("waiting_table[2,1]")
        desk.press("why_order")
        desk.wait("Why A002 has place 3 at window 3", name="why_title")
        desk.wait("2 go before A002 here; among the others it stands by ticket time.", name="why_sentence")
        desk.wait("decides", name="why_verdict_5")
        desk.wait("B002", name="why_values_5")
        desk.wait("1", name="when_value_0")
        desk.key("Escape")
        desk.wait(name="why_title", gone=True)

        # Self-declared green channel is corrected with a reason.
        desk.press("waiting_table[0,1]")
        desk.press("set_priority")
        desk.wait("Take priority away from B002?", name="reason_title")
        desk.type("reason_line", "no card")
        desk.key("Return")
        desk.wait("A001", name="waiting_table[0,1]")
        story = house.post("queue.ticket", {"number": "B002"})
        assert story["moments"][-1]["facts"]["reason"] == "no card"

        # Several matters on one ticket, finished by mistake, taken back within the minute, finished again.
        desk.key("F2")
        desk.wait("A001", name="strip_ticket")
        desk.key("F5")
        desk.wait("In service", name="strip_above")
        # Whose ticket it is, by key, with a trace; it closes and nothing of it stays.
        desk.wait(name="whose_ticket")
        desk.key("Alt+I")
        desk.wait("Whose ticket is A001?", name="whose_title")
        assert (desk.text("whose_kind"), desk.text("whose_identity")) == ("Passport", "C4711")
        desk.key("Escape")
        desk.wait(name="whose_title", gone=True)
        desk.press("matters_more")
        desk.press("matters_more")
        desk.key("F4")
        desk.wait("A001: take finish back", name="undo")
        desk.key("Ctrl+Z")
        desk.wait("In service", name="strip_above")
        desk.wait(name="undo", gone=True)
        desk.press("matters_more")
        # Papers are missing: the citizen comes back to this window, and the words stand on the ticket.
        desk.key("Alt+M")
        desk.wait("Which papers are missing?", name="reason_title")
        desk.type("reason_line", "tenancy contract")
        desk.key("Return")
        desk.wait("Finished", name="called_table[0,2]")
        desk.wait("2", name="my_day_matters")
        story = house.post("queue.ticket", {"number": "A001"})
        assert story["matters"] == 2
        assert "tenancy contract" in str(story)
        # What was decided is kept with the ticket.
        desk.press("called_table[0,1]")
        desk.press("why_called")
        desk.wait("Why A001 was called at window 3", name="why_title")
        desk.wait("Kept with A001", name="why_kept")
        desk.key("Escape")

        # Calls by themselves: the countdown is seen, and waits anew when the clerk is not ready yet.
        house.post("settings.set", {"name": "queue.auto_call", "value": 300}, who="admin")
        desk.wait("Open", name="strip_above", seconds=40)
        desk.key("F9")
        desk.wait(name="pause_other")
        desk.type("pause_other", "form count")
        desk.press("pause_take")
        desk.wait("form count", name="strip_ticket")
        desk.key("F9")
        desk.wait("until the next call by itself", name="strip_note")
        before = house.post("queue.window", place)["auto_call_at"]
        desk.key("Escape")
        desk.wait("Not yet", name="delay_call")
        for _ in range(40):
            if house.post("queue.window", place)["auto_call_at"] > before:
                break
        assert house.post("queue.window", place)["auto_call_at"] > before


def test_a_chosen_ticket_is_called_by_right_and_with_a_reason(house: DemoHouse, tmp_path: Path) -> None:
    for prefix in "A":
        house.open(1, "anna")
        house.ticket(prefix)
        house.ticket(prefix)
    with clerk(house, tmp_path, name="manager") as desk:
        desk.wait("A002", name="waiting_table[1,1]")
        desk.press("waiting_table[1,1]")
        desk.press("call_chosen")
        desk.wait("Call A002 out of its turn?", name="reason_title")
        desk.type("reason_line", "promised")
        desk.key("Return")
        desk.wait("A002", name="strip_ticket")
        desk.key("Alt+W")
        desk.wait("called A002 out of its turn: promised", name="why_sentence")
