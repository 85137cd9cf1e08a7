"""Announcements: published to those whom they are for, confirmed, and never further than they were marked for."""

from __future__ import annotations

from typing import Any

import pytest

from server.demo.fill import id_of
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data

TEXT: dict[str, Any] = {
    "name": {"en": "New forms", "zh": "新表格"},
    "text": {"en": "From Monday on."},
    "held": "2026-03-01/2026-03-03",
}


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def publish(data: Data, **values: Any) -> dict[str, Any]:
    """A published announcement."""
    made = data.add("announcement", **{**TEXT, **values})
    verb(data, "publish", made)
    return made


def verb(data: Data, name: str, made: dict[str, Any], who: str = "admin") -> Any:
    """A verb upon an announcement; must succeed."""
    answer = data.hall.post(f"content.{name}", {"id": made["id"]}, who=who)
    data.hall.settle()
    return answer


def mine(data: Data, who: str) -> list[str]:
    """The titles that somebody reads today."""
    return [one["title"]["en"] for one in data.hall.post("content.for_me", who=who)["items"]]


def staff(data: Data, name: str) -> dict[str, Any]:
    """A staff member of the demo hall by the first name."""
    return next(one for one in data.query("staff_member") if one["name"]["en"].startswith(name))


@pytest.mark.covers("ADM-I08")
def test_an_announcement_has_its_author_days_and_confirmations(data: Data, clock: HandClock) -> None:
    made = publish(data, confirm=True)
    (card,) = data.hall.post("content.for_me", who="anna")["items"]
    assert card["title"]["zh"] == "新表格" and card["text"] == TEXT["text"]
    assert (card["author"]["en"], card["until"], card["confirm"]) == ("Olga Stern", "2026-03-03", True)
    assert card["read_at"] is None
    verb(data, "confirm_read", made, who="anna")
    verb(data, "confirm_read", made, who="anna")
    (card,) = data.hall.post("content.for_me", who="anna")["items"]
    assert card["read_at"] is not None
    readers = verb(data, "readers", made)
    assert (readers["read"], readers["missing"]) == (1, len(data.query("staff_member")) - 1)
    assert [one["name"]["en"] for one in readers["items"] if one["read_at"]] == ["Anna Petrova"]
    clock.forward(days=2)
    data.hall._tokens.clear()
    assert mine(data, "anna") == []


def test_a_withdrawn_one_is_changed_and_confirmed_anew(data: Data) -> None:
    made = publish(data, confirm=True)
    verb(data, "confirm_read", made, who="anna")
    path = f"announcement/{made['id']}"
    assert data.refused("PATCH", path, {"name": {"en": "Other"}}) in ("content.published", "records.read_only")
    unread = publish(data)
    assert data.refused("DELETE", f"announcement/{unread['id']}") == "content.published"
    verb(data, "withdraw", unread)
    data.delete("announcement", unread)
    assert data.hall.refused("content.publish", {"id": made["id"]}, who="admin") == "content.published_already"
    verb(data, "withdraw", made)
    assert mine(data, "anna") == []
    data.edit("announcement", made, name={"en": "Newer forms"})
    verb(data, "publish", made)
    (card,) = data.hall.post("content.for_me", who="anna")["items"]
    assert (card["title"]["en"], card["edition"], card["read_at"]) == ("Newer forms", 2, None)


def test_it_is_for_departments_with_those_below_and_for_halls(data: Data) -> None:
    above = data.add("department", name={"en": "Above"})
    below = data.add("department", name={"en": "Below"}, parent_id=above["id"])
    upstairs = data.add("hall", name={"en": "Upstairs"}, outlet_id=id_of("outlet"))
    data.edit("staff_member", staff(data, "Anna"), department_id=below["id"])
    data.edit("staff_member", staff(data, "Chen"), hall_id=upstairs["id"])
    publish(data, name={"en": "Departments"}, audience="departments", departments=[above["id"]])
    made = publish(data, name={"en": "Halls"}, audience="halls", halls=[upstairs["id"]])
    publish(data, name={"en": "All"})
    assert sorted(mine(data, "anna")) == ["All", "Departments"]
    assert sorted(mine(data, "chen")) == ["All", "Halls"]
    assert mine(data, "sara") == ["All"]
    assert data.hall.refused("content.confirm_read", {"id": made["id"]}, who="sara") == "records.not_found"
    readers = verb(data, "readers", made)
    assert [one["name"]["en"] for one in readers["items"]] == ["Chen Wei"]


def test_what_is_internal_never_reaches_a_display_a_kiosk_or_the_public(data: Data) -> None:
    hall = data.hall
    publish(data, name={"en": "Internal"})
    publish(data, name={"en": "Public"}, on_displays=True)
    data.add("announcement", **{**TEXT, "name": {"en": "Draft"}, "on_displays": True})
    publish(data, name={"en": "Old"}, on_displays=True, held="2026-03-02/2026-03-02")
    gone = publish(data, name={"en": "Gone"}, on_displays=True)
    verb(data, "withdraw", gone)
    for device in (
        hall.device("led", zone_id=str(id_of("zone", 0))), hall.device("kiosk", zone_id=str(id_of("zone", 0))),
    ):  # fmt: skip
        cards = hall.post("content.for_displays", who=device)["items"]
        assert sorted(one["title"]["en"] for one in cards) == ["Old", "Public"]
        assert set(cards[0]) == {"id", "title", "text"}, "nothing of authors or readers"
        assert hall.refused("content.for_me", who=device) == "access.denied"
        head = {"Authorization": f"Bearer {hall._tokens[device]}"}
        assert hall.http.get("/api/records/announcement", head).status_code == 403
    pad = hall.device("pad", window_id=str(id_of("window", 1)))
    assert hall.refused("content.for_displays", who=pad) == "access.denied"
    department = data.add("department", name={"en": "One"})
    some: dict[str, Any] = {**TEXT, "audience": "departments", "departments": [department["id"]]}
    for mark in ("on_displays", "on_portal"):
        assert data.refused("POST", "announcement", {**some, mark: True}) == "content.internal"
    made = data.add("announcement", **some)
    assert data.refused("PATCH", f"announcement/{made['id']}", {"on_portal": True}) == "content.internal"


def test_wrong_announcements_are_refused_before_anybody_reads_them(data: Data) -> None:
    assert data.refused("POST", "announcement", {**TEXT, "audience": "halls"}) == "content.audience_empty"
    over = data.add("announcement", **{**TEXT, "held": "2026-02-01/2026-02-28"})
    assert data.hall.refused("content.publish", {"id": over["id"]}, who="admin") == "content.over"
    assert data.hall.refused("content.withdraw", {"id": over["id"]}, who="admin") == "content.not_published"
    assert data.hall.refused("content.publish", {"id": over["id"]}, who="anna") == "access.denied"
    assert data.refused("POST", "announcement", TEXT, who="anna") == "access.denied"
