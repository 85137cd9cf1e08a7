"""The working calendar as its administrator keeps it, and what follows from it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.demo.fill import id_of
from server.modules.organisation.holidays import proposal
from server.modules.organisation.records_calendar import FIRST_WEEK
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data

OFFICE = [["08:00", "12:00"], ["13:00", "17:00"]]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE)


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def calendar(data: Data, **values: Any) -> dict[str, Any]:
    """A calendar of office hours."""
    made = data.add("working_calendar", **{"name": {"en": "Office"}, "week": WEEK, **values})
    data.hall.settle()
    return made


def set_days(data: Data, made: dict[str, Any], first: str, last: str | None = None, **values: Any) -> list[Any]:
    """Set days apart; gives what changed."""
    body = {"calendar_id": made["id"], "first": first, "last": last or first, "kind": "holiday", **values}
    answer = data.hall.post("organisation.set_days", body, who="admin")
    data.hall.settle()
    return list(answer["items"])


def hours(data: Data, first: str, last: str, **place: Any) -> float:
    """Working hours between two days' first moments."""
    body = {"start": f"{first}T00:00:00Z", "end": f"{last}T00:00:00Z", **place}
    return data.hall.post("organisation.working_time", body)["seconds"] / 3600


@pytest.mark.covers("COR-I09")
def test_holidays_make_up_days_and_sessions_count_by_hall_and_outlet(data: Data) -> None:
    main = calendar(data, main=True)
    branch = calendar(data, name={"en": "Branch"}, week={"sat": [["10:00", "14:00"]]})
    upstairs = data.add("hall", name={"en": "Upstairs"}, outlet_id=id_of("outlet"))
    data.add("calendar_use", calendar_id=branch["id"], hall_id=upstairs["id"], held="2026-03-01/2026-03-31")
    set_days(data, main, "2026-03-03", name={"en": "A holiday"})
    set_days(data, main, "2026-03-04", kind="short", periods=[["08:00", "11:30"]])
    set_days(data, main, "2026-03-07", kind="working")
    assert hours(data, "2026-03-02", "2026-03-09") == 8 + 0 + 3.5 + 8 + 8 + 8
    assert hours(data, "2026-03-02", "2026-03-09", outlet_id=id_of("outlet")) == 35.5
    assert hours(data, "2026-03-02", "2026-03-09", hall_id=upstairs["id"]) == 4
    # In April nothing else is said of that hall: it works by the main calendar again.
    assert hours(data, "2026-04-06", "2026-04-13", hall_id=upstairs["id"]) == 40


def test_the_nearest_calendar_holds_and_of_two_the_later(data: Data) -> None:
    calendar(data, main=True)
    early = calendar(data, name={"en": "Early"}, week={"mon": [["06:00", "08:00"]]})
    late = calendar(data, name={"en": "Late"}, week={"mon": [["20:00", "24:00"]]})
    above = data.add("department", name={"en": "Above"})
    below = data.add("department", name={"en": "Below"}, parent_id=above["id"])
    data.add("calendar_use", calendar_id=early["id"], department_id=above["id"], held="2026-01-01/")
    data.hall.settle()
    assert hours(data, "2026-03-02", "2026-03-09", department_id=below["id"]) == 2
    data.add("calendar_use", calendar_id=late["id"], department_id=above["id"], held="2026-03-09/")
    data.hall.settle()
    assert hours(data, "2026-03-02", "2026-03-09", department_id=below["id"]) == 2
    assert hours(data, "2026-03-09", "2026-03-16", department_id=below["id"]) == 4
    wrong = {"calendar_id": early["id"], "held": "2026-01-01/"}
    assert data.refused("POST", "calendar_use", wrong) == "organisation.calendar_place_wrong"
    both = {**wrong, "department_id": above["id"], "outlet_id": str(id_of("outlet"))}
    assert data.refused("POST", "calendar_use", both) == "organisation.calendar_place_wrong"


def test_a_due_day_opens_its_days(data: Data) -> None:
    made = calendar(data, main=True)
    set_days(data, made, "2026-03-03", "2026-03-04", name={"en": "Feast", "fa": "جشن"})
    due = data.hall.post("organisation.due", {"start": "2026-03-02T10:00:00Z", "days": 3})
    assert (due["day"], due["moment"]) == ("2026-03-09", "2026-03-09T17:00:00Z")
    assert [(one["kind"], one["counted"]) for one in due["ledger"]] == [
        ("holiday", 0), ("holiday", 0), ("worked", 1), ("worked", 1), ("weekend", 0), ("weekend", 0), ("worked", 1),
    ]  # fmt: skip
    assert due["ledger"][0]["name"]["fa"] == "جشن"
    soon = data.hall.post("organisation.due", {"start": "2026-03-02T16:00:00Z", "seconds": 2 * 3600})
    assert soon["moment"] == "2026-03-05T09:00:00Z"
    both = {"start": "2026-03-02T16:00:00Z", "seconds": 1, "days": 1}
    assert data.hall.refused("organisation.due", both) == "organisation.days_or_time"


def test_without_a_calendar_nothing_is_due_and_the_refusal_says_what_to_do(data: Data) -> None:
    ask = {"start": "2026-03-02T10:00:00Z", "days": 3}
    assert data.hall.refused("organisation.due", ask) == "organisation.no_working_time"
    back = {"start": "2026-03-02T10:00:00Z", "end": "2026-03-01T10:00:00Z"}
    assert data.hall.refused("organisation.working_time", back) == "organisation.end_before_start"


@pytest.mark.covers("ADM-033")
def test_a_year_is_proposed_looked_at_taken_and_mended(data: Data) -> None:
    made = calendar(data, country="CN", main=True)
    seed = {"calendar_id": made["id"], "year": 2026}
    listed = data.hall.post("organisation.seed_calendar", seed, who="admin")
    assert not listed["done"] and data.query("calendar_day") == []
    names = {one["day"]: one["name"] for one in listed["items"]}
    assert names["2026-01-01"]["zh"] == "元旦"
    taken = data.hall.post("organisation.seed_calendar", {**seed, "dry_run": False}, who="admin")
    assert [one["day"] for one in taken["items"]] == [one["day"] for one in listed["items"]]
    data.hall.settle()
    year = data.hall.post("organisation.calendar_year", seed)
    kinds = {one["day"]: one["kind"] for one in year["days"]}
    assert len(kinds) == 365
    assert (kinds["2026-01-01"], kinds["2026-01-04"], kinds["2026-02-17"]) == ("holiday", "make_up", "holiday")
    assert year["working_days"] == sum(kind in ("worked", "make_up") for kind in kinds.values())
    assert year["minutes"] == year["working_days"] * 480
    # The decree says otherwise: the administrator's day stays, whatever is proposed later.
    set_days(data, made, "2026-01-02", kind="short", periods=[["08:00", "10:00"]])
    again = data.hall.post("organisation.seed_calendar", {**seed, "dry_run": False}, who="admin")
    changes = {one["day"]: one["change"] for one in again["items"]}
    assert changes.pop("2026-01-02") == "kept"
    assert set(changes.values()) == {"same"}
    data.hall.settle()
    year = data.hall.post("organisation.calendar_year", seed)
    day = next(one for one in year["days"] if one["day"] == "2026-01-02")
    assert (day["kind"], day["periods"], day["proposed"]) == ("short", [["08:00", "10:00"]], False)


def test_days_are_as_usual_again_and_free_ones_stay_free(data: Data) -> None:
    made = calendar(data, main=True)
    changed = set_days(data, made, "2026-03-06", "2026-03-09", kind="short", worked_only=True)
    assert [one["day"] for one in changed] == ["2026-03-06", "2026-03-09"]
    assert hours(data, "2026-03-02", "2026-03-10") == 32 + 4 + 4
    gone = set_days(data, made, "2026-03-01", "2026-03-31", kind="usual")
    assert [one["change"] for one in gone] == ["removed", "removed"]
    assert hours(data, "2026-03-02", "2026-03-10") == 48
    # A day that was taken away may be set apart again.
    set_days(data, made, "2026-03-06")
    assert hours(data, "2026-03-02", "2026-03-10") == 40


def test_a_year_is_copied_to_the_same_dates(data: Data) -> None:
    made = calendar(data, main=True)
    set_days(data, made, "2028-02-29", name={"en": "Leap feast"})
    set_days(data, made, "2028-05-01", "2028-05-02", name={"en": "Feast"})
    set_days(data, made, "2029-05-02", kind="short")
    copy = {"calendar_id": made["id"], "from_year": 2028, "to_year": 2029}
    dry = data.hall.post("organisation.copy_year", {**copy, "dry_run": True}, who="admin")
    assert len(data.query("calendar_day")) == 4
    done = data.hall.post("organisation.copy_year", copy, who="admin")
    assert [(one["day"], one["change"]) for one in done["items"]] == [("2029-05-01", "new"), ("2029-05-02", "kept")]
    assert dry["items"] == done["items"]
    same = {**copy, "to_year": 2028}
    assert data.hall.refused("organisation.copy_year", same, who="admin") == "organisation.same_year"


def test_wrong_days_are_refused_before_anything_changed(data: Data) -> None:
    made = calendar(data)
    days = {"calendar_id": made["id"], "first": "2026-03-02", "last": "2026-03-02", "kind": "holiday"}
    refused = data.hall.refused
    assert refused("organisation.set_days", {**days, "last": "2026-03-01"}, who="admin") == "organisation.days_wrong"
    assert refused("organisation.set_days", {**days, "last": "2029-03-01"}, who="admin") == "organisation.days_wrong"
    worked = {**days, "periods": [["08:00", "12:00"]]}
    assert refused("organisation.set_days", worked, who="admin") == "organisation.holiday_worked"
    crossed = {**days, "kind": "short", "periods": [["08:00", "12:00"], ["11:00", "13:00"]]}
    assert refused("organisation.set_days", crossed, who="admin") == "organisation.hours_wrong"
    assert refused("organisation.set_days", days, who="anna") == "access.denied"
    nobody = {"calendar_id": made["id"], "year": 2026}
    assert refused("organisation.seed_calendar", nobody, who="admin") == "organisation.no_country"
    assert data.query("calendar_day") == []
    calendar(data, main=True)
    second = {"name": {"en": "Second"}, "week": WEEK, "main": True}
    assert data.refused("POST", "working_calendar", second) == "records.taken"


def test_public_hours_follow_the_working_calendar_and_an_own_special_day_goes_first(
    data: Data, clock: HandClock
) -> None:
    def state(day: int, hour: int) -> str:
        clock.moment = datetime(2026, 3, day, hour, tzinfo=UTC)
        data.hall._tokens.clear()  # sign-ins of an earlier day have lapsed
        return str(data.hall.post("queue.hall", who="manager")["state"])

    data.edit("outlet", id_of("outlet"), hours=WEEK)
    made = calendar(data, main=True)
    set_days(data, made, "2026-03-03")
    set_days(data, made, "2026-03-04", kind="short", periods=[["08:00", "11:00"]])
    set_days(data, made, "2026-03-07", kind="working")
    set_days(data, made, "2026-03-05")
    data.add("special_day", outlet_id=id_of("outlet"), day="2026-03-05", periods=[["09:00", "12:00"]])
    data.hall.settle()
    assert state(2, 15) == "open"
    assert state(3, 10) == "closed"
    assert state(4, 10) == "open"
    assert state(4, 15) == "closed"
    assert state(5, 10) == "open"  # the outlet said so itself
    assert state(7, 15) == "open"
    assert state(8, 10) == "closed"


@pytest.mark.parametrize("country", ["CN", "RU", "IR"])
def test_a_country_s_year_is_proposed_in_its_own_language(country: str) -> None:
    own = {"CN": "zh", "RU": "ru", "IR": "fa"}[country]
    for year in range(2024, 2032):
        days = proposal(country, year, FIRST_WEEK)
        assert len(days) >= 10
        assert [one.day for one in days] == sorted({one.day for one in days})
        assert all(one.day.year == year and one.name[own] and one.name["en"] for one in days)
    known = {one.day: one for one in proposal(country, 2026, FIRST_WEEK)}
    if country == "RU":  # the eve of 12 June is an hour shorter, the day before a moved holiday is not
        assert known[date(2026, 6, 11)].periods == [["09:00", "12:00"], ["13:00", "16:00"]]
        assert date(2026, 5, 10) not in known
    if country == "IR":
        assert known[date(2026, 3, 21)].kind == "holiday"
    if country == "CN":
        assert known[date(2026, 2, 14)].kind == "working"


def put_days(data: Data, made: dict[str, Any], *days: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The answer to several days at once."""
    answer = data.hall.send("organisation.put_days", {"calendar_id": made["id"], "days": days, **more}, who="admin")
    data.hall.settle()
    return dict(answer.json())


def year(data: Data, made: dict[str, Any]) -> dict[str, Any]:
    """The calendar's year 2026."""
    return dict(data.hall.post("organisation.calendar_year", {"calendar_id": made["id"], "year": 2026}, who="admin"))


def test_days_are_put_all_or_none_and_told_before(data: Data) -> None:
    made = calendar(data, main=True)
    free = {"day": "2026-03-09", "kind": "holiday", "name": {"en": "Women's Day, moved"}}
    half = {"day": "2026-03-10", "kind": "short", "periods": [["08:00", "12:00"]]}
    worked = {"day": "2026-03-14", "kind": "working"}
    told = put_days(data, made, free, half, worked, dry_run=True)
    assert not told["done"] and [one["change"] for one in told["items"]] == ["new", "new", "new"]
    assert told["before"] == {"working_days": 5, "minutes": 2400}
    assert told["after"] == {"working_days": 5, "minutes": 2400 - 480 - 240 + 480}
    # What the public would find, said before: closed, a morning, a Saturday.
    assert {one["day"]: one["periods"] for one in told["public"]}["2026-03-09"] == []
    assert not [one for one in year(data, made)["days"] if one["record_id"]]
    # One day that cannot be leaves the others as they are.
    wrong = put_days(data, made, free, {**half, "kind": "holiday"})
    assert wrong["code"] == "organisation.holiday_worked"
    assert not [one for one in year(data, made)["days"] if one["record_id"]]
    # A day that is over needs a reason, which its history keeps.
    past = {"day": "2026-02-27", "kind": "holiday"}
    assert put_days(data, made, past, free)["code"] == "organisation.past_days"
    done = put_days(data, made, past, free, half, worked, reason="Order 3 of the city")
    assert done["done"] and len(done["items"]) == 4
    kinds = {one["day"]: (one["kind"], one["record_id"]) for one in year(data, made)["days"] if one["record_id"]}
    assert [kind for kind, _id in kinds.values()] == ["holiday", "holiday", "short", "make_up"]
    assert data.history("calendar_day", kinds["2026-02-27"][1])[0]["reason"] == "Order 3 of the city"
    assert put_days(data, made, {"day": "2026-03-09", "kind": "usual"})["items"][0]["change"] == "removed"


def test_an_outlets_special_day_goes_before_the_calendar_and_the_year_shows_both(data: Data) -> None:
    made = calendar(data, main=True)
    data.add(
        "special_day",
        outlet_id=id_of("outlet"),
        day="2026-03-09",
        periods=[["10:00", "12:00"]],
        name={"en": "Open day"},
    )
    data.hall.settle()
    free = {"day": "2026-03-09", "kind": "holiday"}
    # The staff are free, the public finds what the special day says: nothing changes for them.
    assert put_days(data, made, free, dry_run=True)["public"] == []
    put_days(data, made, free, {"day": "2026-03-10", "kind": "holiday"})
    shown = year(data, made)
    assert {one["day"]: (one["by"], one["periods"]) for one in shown["public"]} == {
        "2026-03-09": ("special_day", [["10:00", "12:00"]]), "2026-03-10": ("calendar", []),
    }  # fmt: skip
    assert next(one for one in shown["days"] if one["day"] == "2026-03-09")["kind"] == "holiday"
