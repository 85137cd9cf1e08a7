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


ELSEWHERE: dict[str, Any] = {
    "name": {"en": "Elsewhere"}, "organisation": {"en": "Town"}, "languages": ["en"], "hours": {}, "voice_languages": [],
}  # fmt: skip


def head(hall: Hall, who: str, **more: str) -> dict[str, str]:
    """The head of a request that is no verb."""
    token = hall._tokens[who] if ":" in who else hall.sign_in(who)
    return {"Authorization": f"Bearer {token}", **{f"Openhall-{name}": value for name, value in more.items()}}


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


def test_it_is_for_roles_and_for_outlets(data: Data) -> None:
    roles = {one["name"]: one["id"] for one in data.query("role")}
    publish(data, name={"en": "Clerks"}, audience="roles", roles=[roles["clerk"]])
    made = publish(data, name={"en": "Here"}, audience="outlets", outlets=[id_of("outlet")], pinned=True)
    elsewhere = data.add("outlet", **ELSEWHERE)
    publish(data, name={"en": "There"}, audience="outlets", outlets=[elsewhere["id"]], on_displays=True)
    assert mine(data, "anna") == ["Here", "Clerks"], "what stays on top comes first"
    assert mine(data, "manager") == ["Here"]
    assert {one["name"]["en"] for one in verb(data, "readers", made)["items"]} >= {"Anna Petrova", "Olga Stern"}
    data.edit(
        "window", data.query("window")[0], hall_id=data.add("hall", name={"en": "A"}, outlet_id=id_of("outlet"))["id"]
    )
    board = data.hall.post("queue.board", {"zone_id": id_of("zone", 0)})
    assert "There" not in str(board["ticker"]), "it is for another outlet"


@pytest.mark.covers("ADM-032")
def test_a_rich_text_with_its_files_reaches_those_it_is_for_and_nobody_else(data: Data, clock: HandClock) -> None:
    hall = data.hall
    department = data.add("department", name={"en": "One"})
    data.edit("staff_member", staff(data, "Anna"), department_id=department["id"])
    written = {"en": "<p>From <b>Monday</b><script>alert(1)</script></p>", "fa": "<p>از دوشنبه</p>"}
    made = data.add("announcement", **{**TEXT, "text": written}, audience="departments", departments=[department["id"]])
    sent = hall.http.post("/api/files", content=b"plain words", headers=head(hall, "admin", name="plan.txt")).json()[
        "id"
    ]
    hall.post(
        "records.attach", {"type": "announcement", "id": made["id"], "file_id": sent, "name": "plan.txt"}, who="admin"
    )
    assert mine(data, "anna") == [], "a draft is read by nobody"
    verb(data, "publish", made)
    (card,) = hall.post("content.for_me", who="anna")["items"]
    assert card["text"] == {"en": "<p>From <b>Monday</b></p>", "fa": "<p>از دوشنبه</p>"} and card["files"] == 1
    (file,) = hall.post("content.files", {"id": made["id"]}, who="anna")["files"]
    assert (file["name"], file["file_id"], file["size"]) == ("plan.txt", sent, 11)
    assert hall.http.get(f"/api/files/{sent}", headers=head(hall, "anna")).body == b"plain words"
    led = hall.device("led", zone_id=str(id_of("zone", 0)))
    for other in ("sara", led):
        assert hall.http.get(f"/api/files/{sent}", headers=head(hall, other)).status_code == 404
    assert hall.refused("content.files", {"id": made["id"]}, who="sara") == "records.not_found"
    clock.forward(days=2)
    hall._tokens.clear()
    assert hall.post("content.for_me", who="anna")["items"] == []
    (card,) = hall.post("content.for_me", {"past": True}, who="anna")["items"]
    assert card["over"], "an earlier one is still found"
    verb(data, "withdraw", made)
    assert hall.post("content.for_me", {"past": True}, who="anna")["items"] == []
    assert hall.http.get(f"/api/files/{sent}", headers=head(hall, "anna")).status_code == 404


@pytest.mark.covers("ADM-I09")
def test_what_is_internal_never_reaches_a_display_a_kiosk_or_the_public(data: Data) -> None:
    hall = data.hall
    publish(data, name={"en": "Internal"})
    publish(data, name={"en": "Public"}, on_displays=True, for_staff=False)
    publish(data, name={"en": "At the kiosk"}, on_kiosks=True, text={"en": "<p>Now</p>", "zh": "<p>现在</p>"})
    data.add("announcement", **{**TEXT, "name": {"en": "Draft"}, "on_displays": True})
    publish(data, name={"en": "Old"}, on_displays=True, held="2026-03-02/2026-03-02")
    gone = publish(data, name={"en": "Gone"}, on_displays=True)
    verb(data, "withdraw", gone)
    for kind, shown in (("led", ["Old", "Public"]), ("kiosk", ["At the kiosk"])):
        device = hall.device(kind, zone_id=str(id_of("zone", 0)))
        cards = hall.post("content.for_displays", who=device)["items"]
        assert sorted(one["title"]["en"] for one in cards) == shown
        assert set(cards[0]) == {"id", "title", "text", "line"}, "nothing of authors or readers"
        assert hall.refused("content.for_me", who=device) == "access.denied"
        assert hall.http.get("/api/records/announcement", headers=head(hall, device)).status_code == 403
    assert cards[0]["line"] == {"en": "At the kiosk · Now", "zh": "At the kiosk · 现在"}
    assert sorted(mine(data, "anna")) == ["At the kiosk", "Internal", "Old"], (
        "the public's own is not in the staff program"
    )
    ticker = [line.get("en", "") for line in hall.post("queue.board", {"zone_id": id_of("zone", 0)})["ticker"]]
    assert [line.split(" ")[0] for line in ticker[:2]] == ["Public", "Old"] and "Internal" not in str(ticker)
    pad = hall.device("pad", window_id=str(id_of("window", 1)))
    assert hall.refused("content.for_displays", who=pad) == "access.denied"
    department = data.add("department", name={"en": "One"})
    some: dict[str, Any] = {**TEXT, "audience": "departments", "departments": [department["id"]]}
    for mark in ("on_displays", "on_kiosks", "on_portal"):
        assert data.refused("POST", "announcement", {**some, mark: True}) == "content.internal"
    made = data.add("announcement", **some)
    assert data.refused("PATCH", f"announcement/{made['id']}", {"on_portal": True}) == "content.internal"


def test_wrong_announcements_are_refused_before_anybody_reads_them(data: Data) -> None:
    assert data.refused("POST", "announcement", {**TEXT, "audience": "halls"}) == "content.audience_empty"
    assert data.refused("POST", "announcement", {**TEXT, "for_staff": False}) == "content.nowhere"
    over = data.add("announcement", **{**TEXT, "held": "2026-02-01/2026-02-28"})
    assert data.hall.refused("content.publish", {"id": over["id"]}, who="admin") == "content.over"
    assert data.hall.refused("content.withdraw", {"id": over["id"]}, who="admin") == "content.not_published"
    assert data.hall.refused("content.publish", {"id": over["id"]}, who="anna") == "access.denied"
    assert data.refused("POST", "announcement", TEXT, who="anna") == "access.denied"
