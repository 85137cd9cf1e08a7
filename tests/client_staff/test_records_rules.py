"""What forms and lists decide without a screen: typed values, drafts, both sides of a conflict, conditions in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from client_staff.editors import typed
from client_staff.records.conditions import of_cell, operators, said, usable
from client_staff.records.draft import Draft
from client_staff.records.keeping import Drafts, Layouts
from client_staff.records.shown import Reader
from client_staff.screens.registry import pages, screen_of
from common.records import BadValue, Condition, Field, RecordFacts, Schema, When
from common.text import in_language

FACTS = RecordFacts(
    name="lamp",
    label="Lamp",
    title=["name"],
    operations=["see", "read", "add", "edit"],
    fields=[
        Field("text", "Name", name="name", length=10),
        Field("number", "Watts", name="watts", required=False, most=100),
        Field("choice", "Kind", name="kind", choices=(("led", "LED"), ("neon", "Neon"))),
        Field("text", "Why neon", name="why", shown_when=(When("kind", "is", "neon"),)),
        Field("phone", "Seller", name="seller", required=False, protected=True),
        Field("text", "Serial", name="serial", once=True, required=False),
        Field("number", "Age", name="age", computed=True, read_only=True, required=False),
        Field("hologram", "Of a newer server", name="hologram", required=False),
    ],
)
LAMP = {
    "id": "1", "version": 3, "name": "Desk", "watts": 5, "kind": "led", "why": None, "seller": "••••4567", "serial": "S1",
    "age": 2, "hologram": {"x": 1},
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "units"),
    [
        ("en", "1,940.5", 194050), ("en", "120", 12000), ("ru", "1 940,50", 194050), ("zh", "1,940", 194000),
        ("fa", "۱۲٬۵۰۰٫۲۵", 1250025), ("en", "-3.1", -310), ("en", "", None),
    ],
)  # fmt: skip
def test_amounts_as_each_reader_writes_them(language: str, text: str, units: int | None) -> None:
    with in_language(language):
        assert typed.whole(text, 2) == units


@pytest.mark.parametrize(("language", "text"), [("en", "120,00"), ("ru", "120.00"), ("ru", "1.940")])
def test_another_countrys_point_is_said_with_an_example(language: str, text: str) -> None:
    with in_language(language):
        with pytest.raises(BadValue) as wrong:
            typed.whole(text, 2)
        assert wrong.value.code == "point" and wrong.value.facts["example"] in typed.sentence(wrong.value)


@pytest.mark.parametrize("text", ["abc", "1.2.3", "12.345", "9" * 30, "1e5", "--1"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        typed.whole(text, 2)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-02", "2026-03-02"), ("2.3.2026", "2026-03-02"), ("02/03/2026", "2026-03-02"),
        ("2026年3月2日", "2026-03-02"), ("1404/12/11", "2026-03-02"), ("۱۴۰۴/۱۲/۱۱", "2026-03-02"), (" ", None),
    ],
)  # fmt: skip
def test_days_in_every_calendar(text: str, iso: str | None) -> None:
    assert typed.day(text) == iso


@pytest.mark.parametrize("language", ["en", "zh", "ru", "fa"])
def test_what_stands_in_a_field_can_be_typed_back(language: str) -> None:
    with in_language(language):
        assert typed.day(typed.day_text("2026-03-02")) == "2026-03-02"
        assert typed.whole(typed.whole_text(-194050, 2), 2) == -194050
        assert typed.duration(typed.duration_text(5415)) == 5415


@pytest.mark.parametrize("text", ["2026-13-01", "31.02.2026", "tomorrow", "26-3-2", "1404/13/01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        typed.day(text)


@pytest.mark.parametrize(("text", "seconds"), [("1:30", 5400), ("90", 5400), ("2 h 5 min", 7500), ("45 с", 45)])
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert typed.duration(text) == seconds


def test_only_changes_travel_and_going_back_is_no_change() -> None:
    draft = Draft(FACTS, dict(LAMP))
    draft.set("name", "Wall")
    draft.set("watts", 7)
    assert draft.to_send() == {"name": "Wall", "watts": 7}
    draft.set("watts", 5)
    assert draft.to_send() == {"name": "Wall"}
    assert draft.undo() == "watts" and draft.undo() == "name"
    assert not draft.changes


def test_fields_follow_their_conditions_and_rights() -> None:
    draft = Draft(FACTS, dict(LAMP))
    fields = {field.name: field for field in FACTS.fields}
    assert not draft.shown(fields["why"]) and not draft.faults()
    draft.set("kind", "neon")
    assert draft.shown(fields["why"]) and draft.faults()["why"].code == "needed"
    draft.set("watts", 101)
    assert draft.faults()["watts"].code == "above"
    assert not draft.editable(fields["serial"]) and not draft.editable(fields["age"])
    assert Draft(FACTS, None).editable(fields["serial"])
    assert not draft.editable(Field("text", "x", name="hidden"))  # not sent: hidden from this reader
    assert not Draft(FACTS.model_copy(update={"operations": ["see"]}), dict(LAMP)).editable(fields["name"])


def test_somebody_else_was_first() -> None:
    draft = Draft(FACTS, dict(LAMP))
    draft.set("name", "Mine")
    draft.set("kind", "neon")
    moved = draft.meet({**LAMP, "version": 4, "name": "Theirs", "kind": "neon", "watts": 9})
    assert set(moved) == {"name", "kind", "watts"}
    assert draft.theirs == {"name": "Theirs"}  # both meant the same of the kind
    assert draft.values["watts"] == 9 and draft.version == 4
    draft.decide("name", take_theirs=False)
    assert draft.to_send() == {"name": "Mine"} and not draft.theirs


def test_drafts_and_layouts_lie_on_the_disk_without_protected_values(tmp_path: Path) -> None:
    draft = Draft(FACTS, dict(LAMP))
    draft.set("name", "Wall")
    draft.set("seller", "+49301234567")
    drafts = Drafts(tmp_path, "anna")
    drafts.put("lamp", "1", draft.to_keep())
    assert "1234567" not in "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    again = Draft(FACTS, dict(LAMP))
    assert again.take_kept(drafts.get("lamp", "1") or {}) and again.changes == {"name": "Wall"}
    assert Drafts(tmp_path, "chen").get("lamp", "1") is None and drafts.of("lamp") == {"1"}
    drafts.drop("lamp", "1")
    assert drafts.get("lamp", "1") is None
    next(tmp_path.rglob("anna"), tmp_path).joinpath("lamp~2.json").write_text("{half")
    assert drafts.get("lamp", "2") is None
    Layouts(tmp_path, "anna").put("lamp", columns=["watts"], sort=["-name"])
    assert Layouts(tmp_path, "anna").get("lamp") == {"columns": ["watts"], "sort": ["-name"]}


def test_conditions_are_said_in_words() -> None:
    reader = Reader()
    assert said(Condition(field="kind", operator="any_of", value=["led", "neon"]), FACTS, reader) == (
        "Kind", "is one of", "LED, Neon",
    )  # fmt: skip
    assert said(Condition(field="watts", operator="between", value=[5, None]), FACTS, reader)[2] == "5 to –"
    either = Condition(either=[Condition(field="name", operator="empty"), Condition(field="watts", value=5)])
    assert said(either, FACTS, reader)[2] == "Name is empty or Watts is 5"
    assert of_cell(FACTS.fields[0], None).operator == "empty"
    assert not usable(Condition(either=[Condition(field="gone")]), FACTS)


def test_protected_and_computed_fields_are_asked_as_the_server_allows() -> None:
    schema = Schema(version="1", records=[FACTS])
    fields: dict[str, Any] = {field.name: field for field in FACTS.fields}
    assert operators(fields["seller"], schema) == ("is", "ends_with", "empty", "not_empty")
    assert operators(fields["age"], schema) == ()
    assert operators(fields["hologram"], schema) == ("empty", "not_empty")


def test_values_of_unknown_kinds_are_shown_as_they_came() -> None:
    reader = Reader()
    assert reader.text(FACTS.fields[-1], {"x": 1}) == '{"x": 1}'
    assert reader.text(Field("money", "m", decimals=2), "twelve") == "twelve"
    assert reader.text(Field("link", "l", link="lamp"), "some-id") == "hidden from you"


def test_a_screen_of_its_own_is_found_by_its_name() -> None:
    assert screen_of("lamp") is None
    # Everybody reads what is published, has an account of his own and work to do; every other page asks for a permission.
    assert [page.name for page in pages() if not page.needs] == ["announcements", "me", "to_do"]
