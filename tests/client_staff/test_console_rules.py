"""What the drawn pages of the console decide without a window: charts, drafts of rights, years, hours as they are typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client_staff.screens.chart.facts import Chart, chart_of
from client_staff.screens.chart.layout import TOP, lay_out, next_box
from client_staff.screens.chart.scene import ChartView, Look
from client_staff.screens.mandates import state_of
from client_staff.screens.roles.draft import EVERYTHING, NONE, Draft
from client_staff.screens.year.draft import Draft as YearDraft
from client_staff.screens.year.draft import months, typed_hours
from common.protocol.calendar import CalendarDayView, CalendarYear
from common.protocol.rights import Holder, RightsGrid, RoleFacts
from common.text import formats

DAY = date(2026, 3, 2)


def chart() -> Chart:
    """A centre with two departments; three posts, two held."""
    units: list[dict[str, Any]] = [
        {"id": "centre", "name": {"en": "Centre"}, "parent_id": None, "place": 0},
        {"id": "east", "name": {"en": "East"}, "parent_id": "centre", "place": 0},
        {"id": "west", "name": {"en": "West"}, "parent_id": "centre", "place": 1},
    ]
    seats: list[dict[str, Any]] = [
        {"id": "clerk", "name": {"en": "Clerk"}, "department_id": "east", "parent_id": "head", "place": 0},
        {"id": "head", "name": {"en": "Head"}, "department_id": "east", "parent_id": None, "head": True, "place": 1},
        {"id": "spare", "name": {"en": "Spare"}, "department_id": "west", "parent_id": None, "place": 0},
    ]
    people: list[dict[str, Any]] = [
        {"id": "anna", "name": {"en": "Anna"}, "department_id": "east"},
        {"id": "chen", "name": {"en": "Chen"}, "department_id": "west"},
    ]
    held: list[dict[str, Any]] = [
        {"id": "1", "post_id": "clerk", "staff_member_id": "anna", "held": "2026-01-01/"},
        {"id": "2", "post_id": "clerk", "staff_member_id": "chen", "held": "2026-01-01/", "acting": True},
        {"id": "3", "post_id": "spare", "staff_member_id": "chen", "held": "2026-01-01/2026-03-01"},
    ]
    return chart_of(units, seats, held, people, DAY)


def test_a_chart_of_a_day_with_superiors_first_and_who_is_where() -> None:
    made = chart()
    assert [(seat.id, depth) for seat, depth in made.seats_of("east")] == [("head", 0), ("clerk", 1)]
    assert [h.person.name for h in made.seats["clerk"].holders] == ["Anna", "Chen"]
    assert {seat.id for seat in made.empty_seats} == {"head", "spare"}
    assert made.staff("centre") == {"anna", "chen"} and made.staff("west") == {"chen"}
    assert made.find("chen") == ["clerk"] and made.find("east") == ["east"] and made.find("no") == []


@pytest.mark.parametrize(
    ("what", "onto", "may"),
    [
        ("east", "west", True), ("east", TOP, True), ("centre", "east", False), ("east", "east", False),
        ("east", "centre", False), ("east", "clerk", False), ("clerk", "west", True), ("clerk", "spare", True),
        ("head", "clerk", False), ("spare", "west", False), ("clerk", "east", True),
    ],
)  # fmt: skip
def test_nothing_goes_under_itself_or_where_it_lies(what: str, onto: str, may: bool) -> None:
    assert chart().may_move(what, onto) is may


def test_boxes_never_overlap_and_arrows_reach_all_of_them() -> None:
    drawing = lay_out(chart(), set())
    boxes = list(drawing.boxes.values())
    for one in boxes:
        for other in boxes:
            if one.id < other.id:
                apart = (
                    one.x + one.width <= other.x or other.x + other.width <= one.x
                    or one.y + one.height <= other.y or other.y + other.height <= one.y
                )  # fmt: skip
                assert apart, (one, other)
    seen, ahead = set(), [TOP]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [next_box(drawing, here, dx, dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert seen == drawing.boxes.keys()
    assert lay_out(chart(), {"east"}).boxes.keys() == drawing.boxes.keys() - {"head", "clerk"}
    assert drawing.mirrored().mirrored().boxes == drawing.boxes


def grid() -> RightsGrid:
    """A clerk's role with two rights, an administrator's with all."""
    holder = Holder(account_id=uuid4(), name={"en": "Anna"}, by="role")
    clerk = RoleFacts(
        id=uuid4(), version=3, name="clerk", permissions=["queue.see", "queue.call"], levels={"queue.see": "hall"},
        holders=[holder, holder],
    )  # fmt: skip
    return RightsGrid(
        rights=[], roles=[clerk, RoleFacts(id=uuid4(), version=1, name="admin", permissions=["*"])], kinds=[]
    )


def test_a_draft_of_rights_says_what_changes_whom_it_concerns_and_goes_back() -> None:
    draft = Draft(grid())
    clerk, admin = draft.roles
    assert draft.level(clerk, "queue.see") == "hall" and draft.level(admin, "queue.see") == "all"
    assert draft.fixed(admin, "queue.see") and not draft.set(admin, "queue.see", "own")
    assert draft.set(clerk, "queue.see", "own") and draft.set(clerk, "queue.day", "all")
    assert not draft.set(clerk, "queue.day", "all")
    assert draft.set(clerk, "queue.call", NONE) and draft.set(clerk, "hide:ticket.number", "all")
    assert [(c.permission, c.before, c.after, c.wider) for c in draft.changes()] == [
        ("hide:ticket.number", NONE, "all", False), ("queue.call", "all", NONE, False),
        ("queue.day", NONE, "all", True), ("queue.see", "hall", "own", False),
    ]  # fmt: skip
    (change,) = draft.to_publish()
    assert change.version == 3 and change.permissions == ["queue.see", "queue.day"]
    assert change.levels == {"queue.see": "own"} and change.hidden_fields == ["ticket.number"]
    assert [len(people) for people in draft.concerned().values()] == [1], "each person once"
    while draft.undo():
        pass
    assert draft.changes() == [] and draft.differs(EVERYTHING)


def year() -> YearDraft:
    """March 2026: Monday the 9th a holiday, Saturdays and Sundays free."""
    days = []
    for number in range(31):
        day = date(2026, 3, 1) + timedelta(days=number)
        free = day.weekday() > 4
        view = CalendarDayView(
            day=day, kind="weekend" if free else "worked", periods=[] if free else [["08:00", "12:00"]]
        )
        if day == date(2026, 3, 9):
            view = CalendarDayView(day=day, kind="holiday", name={"en": "Feast"}, record_id=uuid4())
        days.append(view)
    made = YearDraft()
    made.take([CalendarYear(calendar_id=uuid4(), year=2026, days=days, working_days=21, minutes=0)])
    return made


def test_days_are_painted_kept_apart_from_what_stands_and_taken_back() -> None:
    draft = year()
    feast, saturday, monday = date(2026, 3, 9), date(2026, 3, 14), date(2026, 3, 16)
    assert draft.paint([saturday], "working") and draft.kind(saturday) == "make_up"
    assert draft.paint([monday], "short", [["08:00", "10:00"]], {"en": "Eve"})
    assert draft.shown(monday) == ("short", [["08:00", "10:00"]], {"en": "Eve"})
    assert draft.paint([feast], "usual") and draft.kind(feast) == "worked", "as other Mondays are"
    assert not draft.paint([date(2027, 1, 1)], "holiday"), "what is not drawn is not painted"
    # Painted back to what stands there, nothing is to be published.
    assert draft.paint([feast], "holiday", [], {"en": "Feast"}) and feast not in draft.put
    assert draft.undo() and draft.kind(feast) == "worked"
    draft.drop()
    assert draft.put == {} and draft.kind(saturday) == "weekend"


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("08:00–12:00, 13:00–17:00", [["08:00", "12:00"], ["13:00", "17:00"]]), ("8:00-12.30", [["08:00", "12:30"]]),
        ("۰۸:۰۰–۱۲:۰۰، ۱۳:۰۰–۱۷:۰۰", [["08:00", "12:00"], ["13:00", "17:00"]]), ("", []), ("00:00-24:00", [["00:00", "24:00"]]),
    ],
)  # fmt: skip
def test_hours_are_read_as_they_are_typed(text: str, periods: list[list[str]]) -> None:
    assert typed_hours(text) == periods


@pytest.mark.parametrize(
    "text", ["8-12", "12:00-08:00", "08:00", "nine to five", "08:00-12:00 11:00-13:00", "08:00-25:00"]
)
def test_hours_that_are_none_are_said_to_be_wrong(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        typed_hours(text)


@pytest.mark.parametrize("jalali_year", [1403, 1404, 1405])
def test_a_jalali_year_begins_at_nowruz_and_has_every_day_once(jalali_year: int) -> None:
    drawn = months(jalali_year, True)
    days = [day for month in drawn for day in month.days]
    assert formats.jalali(days[0]) == (jalali_year, 1, 1) and days == sorted(set(days))
    assert len(days) == (366 if jalali_year == 1403 else 365) and len(drawn) == 12


def test_a_mandate_lapses_by_itself() -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    row = {"state": "accepted", "starts_at": "2026-03-01T00:00:00+00:00", "ends_at": "2026-03-03T00:00:00+00:00"}
    assert state_of(row, now) == "accepted"
    assert state_of({**row, "ends_at": "2026-03-02T10:00:00+00:00"}, now) == "lapsed"
    assert state_of({**row, "starts_at": "2026-03-02T11:00:00+00:00"}, now) == "ahead"
    assert state_of({**row, "state": "declined"}, now) == "declined"


def test_a_box_is_dragged_onto_another_where_it_may_lie(qtbot: QtBot) -> None:
    made = chart()
    view = ChartView(made.may_move)
    qtbot.addWidget(view)
    view.resize(1200, 700)
    drawing = lay_out(made, set())
    view.show_chart(drawing, {box: Look(box) for box in drawing.boxes})
    view.show()
    places = {text: rect.center() for _name, text, rect in view.driver_parts()}
    told: list[tuple[str, str]] = []
    view.dropped.connect(lambda what, onto: told.append((what, onto)))

    def drag(what: str, onto: str) -> None:
        port = view.viewport()
        QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=places[what])
        QTest.mouseMove(port, places[what] + QPoint(30, 10))
        QTest.mouseMove(port, places[onto])
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=places[onto])

    drag("clerk", "west")
    assert told == [], "whoever may not change the chart drags nothing"
    view.movable = True
    drag("clerk", "west")
    drag("centre", "east")
    assert told == [("clerk", "west")]
    assert view.current == "centre"
