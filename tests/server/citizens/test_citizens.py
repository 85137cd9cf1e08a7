"""Applicants and companies: found again, merged, parted again, restricted."""

from __future__ import annotations

from typing import Any

import pytest

from server.modules.citizens import rules
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data

IDENTITY = "11010519491231002X"
OTHER = "110105194912310100"
MOBILE = "+8613912345678"


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def hints(data: Data, **typed: Any) -> list[dict[str, Any]]:
    """Who may be the same as what was typed."""
    return list(data.hall.post("citizens.duplicates", typed, who="admin")["items"])


def merge(data: Data, kept: dict[str, Any], gone: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Merge two entries; must succeed."""
    body = {"keep_id": kept["id"], "gone_id": gone["id"], "reason": "The same person", **more}
    return dict(data.hall.post("citizens.merge", body, who="admin"))


def reveal(data: Data, record: dict[str, Any], field: str) -> str:
    """A protected value in the clear."""
    body = {"type": "applicant", "id": record["id"], "field": field}
    return str(data.hall.post("records.reveal", body, who="admin")["value"])


def test_a_new_applicant_is_recognised_by_number_phone_and_name(data: Data) -> None:
    ivan = data.add(
        "applicant", name="Иванов Пётр", born_on="1980-05-01", mobile=MOBILE, identity=IDENTITY, identity_kind="cn"
    )
    data.add("applicant", name="Соколова Анна", born_on="1980-05-01")
    for typed, because in (
        ({"identity": "110105 19491231 002x"}, ["identity"]),
        ({"mobile": "+86 139-1234-5678"}, ["mobile"]),
        ({"name": "Петр ИВАНОВ", "born_on": "1980-05-01"}, ["name", "born_on"]),
        ({"name": "Иванов Петр"}, ["name"]),
        ({"name": "Иваноф Пётр", "mobile": MOBILE}, ["mobile", "name"]),
    ):
        found = hints(data, **typed)
        assert [(one["id"], one["because"]) for one in found] == [(ivan["id"], because)], typed
    assert found[0]["identity"] == "••••002X"
    assert hints(data, name="Иванов Пётр", born_on="1991-01-01") == [], "of one name and another birthday"
    assert hints(data, name="Nobody Else", mobile="+100000") == []
    assert hints(data, id=ivan["id"]) == [], "nobody is a duplicate of himself"


def test_companies_are_recognised_by_name(data: Data) -> None:
    company = data.add("company", name="Рога и копыта", registration="7701234567")
    assert hints(data, kind="company", name="рога и Копыта")[0]["id"] == company["id"]
    assert hints(data, kind="company", registration="7701234567")[0]["because"] == ["registration"]
    taken = {"name": "Another", "registration": "7701234567"}
    assert data.refused("POST", "company", taken) == "records.taken"


@pytest.mark.covers("APL-045")
def test_duplicates_are_merged_and_parted_again(data: Data) -> None:
    kept = data.add("applicant", name="Anna Petrova", born_on="1980-05-01")
    gone = data.add(
        "applicant", name="Ana Petrova", mobile=MOBILE, identity=IDENTITY, identity_kind="cn", mail="anna@example.org"
    )
    held = "2026-03-01/2026-03-31"
    restriction = data.add("restriction", applicant_id=gone["id"], area="queue", held=held, why="Took tickets for sale")
    done = merge(data, kept, gone, take=["mobile", "identity", "identity_kind", "mail"])
    assert done["moved"] == 1
    assert data.query("restriction")[0]["applicant_id"] == kept["id"]
    (left,) = data.query("applicant")
    assert (left["id"], left["name"], left["mail"]) == (kept["id"], "Anna Petrova", "anna@example.org")
    assert reveal(data, kept, "mobile") == MOBILE
    assert reveal(data, kept, "identity") == IDENTITY
    body = {"type": "applicant", "id": gone["id"]}
    assert data.hall.refused("records.restore", body, who="admin") == "citizens.merged"
    undo = {"id": done["merge_id"]}
    assert data.hall.post("citizens.undo_merge", undo, who="admin")["moved"] == 1
    assert data.query("restriction")[0] == {
        **data.query("restriction")[0],
        "id": restriction["id"],
        "applicant_id": gone["id"],
    }
    people = {one["id"]: one for one in data.query("applicant")}
    assert people[kept["id"]]["mobile"] is None and people[kept["id"]]["mail"] is None
    assert reveal(data, gone, "mobile") == MOBILE
    assert data.hall.refused("citizens.undo_merge", undo, who="admin") == "citizens.undone_already"


def test_an_undo_leaves_what_was_changed_since(data: Data) -> None:
    kept, gone = data.add("applicant", name="Anna"), data.add("applicant", name="Ana", mail="a@example.org")
    third = data.add("applicant", name="Third")
    held = {"area": "queue", "held": "2026-03-01/", "why": "Why"}
    data.add("restriction", applicant_id=gone["id"], **held)
    done = merge(data, kept, gone, take=["mail"])
    data.edit("applicant", kept, mail="new@example.org")
    # The kept one goes on into a third: first that merge has to be undone.
    later = merge(data, third, kept)
    undo = {"id": done["merge_id"]}
    assert data.hall.refused("citizens.undo_merge", undo, who="admin") == "citizens.later_merge"
    data.hall.post("citizens.undo_merge", {"id": later["merge_id"]}, who="admin")
    parted = data.hall.post("citizens.undo_merge", undo, who="admin")
    assert (parted["moved"], parted["left"]) == (1, 1)
    mails = {one["id"]: one["mail"] for one in data.query("applicant")}
    assert mails == {kept["id"]: "new@example.org", gone["id"]: "a@example.org", third["id"]: None}


def test_a_merge_with_itself_or_without_the_right_changes_nothing(data: Data) -> None:
    one, other = data.add("applicant", name="One"), data.add("applicant", name="Other")
    body = {"keep_id": one["id"], "gone_id": one["id"], "reason": "Why"}
    assert data.hall.refused("citizens.merge", body, who="admin") == "citizens.same"
    both = {**body, "gone_id": other["id"]}
    assert data.hall.refused("citizens.merge", both, who="manager") == "access.denied"
    wrong = {**both, "take": ["merged_into_id"]}
    assert data.hall.refused("citizens.merge", wrong, who="admin") == "records.unknown_field"
    assert data.hall.refused("citizens.merge", {**both, "reason": ""}, who="admin") == "request.invalid"
    assert len(data.query("applicant")) == 2


def test_an_identity_number_fits_its_document(data: Data) -> None:
    send = {"name": "Anna", "identity": IDENTITY[:-1] + "1", "identity_kind": "cn"}
    assert data.refused("POST", "applicant", send) == "citizens.identity_wrong"
    del send["identity_kind"]
    assert data.refused("POST", "applicant", send) == "citizens.identity_kind_needed"
    anna = data.add("applicant", name="Anna", identity="AB 123456", identity_kind="passport")
    change = {"identity_kind": "ir"}
    assert data.refused("PATCH", f"applicant/{anna['id']}", change) == "citizens.identity_wrong"


def test_an_identity_number_stands_nowhere_in_the_clear(data: Data) -> None:
    kept = data.add("applicant", name="Anna", identity=IDENTITY, identity_kind="cn", mobile=MOBILE)
    gone = data.add("applicant", name="Ana", identity=OTHER, identity_kind="other")
    merge(data, kept, gone, take=["identity", "identity_kind"])
    data.hall.settle()
    with data.hall.engine.store.reading() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if connection.dialect.name == "sqlite"
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).scalars()
        for table in list(tables):
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
            kept_text = "".join(str(bytes(v) if isinstance(v, memoryview) else v) for row in rows for v in row)
            for planted in (IDENTITY, OTHER, MOBILE):
                assert planted not in kept_text, table


def test_a_restriction_holds_for_its_days_and_its_area(data: Data, clock: HandClock) -> None:
    anna = data.add("applicant", name="Anna")
    add = {"applicant_id": anna["id"], "why": "Disturbed the hall"}
    data.add("restriction", **add, area="appointments", held="2026-03-01/2026-03-02")
    data.add("restriction", **add, area="everything", held="2026-03-10/")

    def areas(area: str) -> list[str]:
        ask = {"applicant_id": anna["id"], "area": area}
        return [one["area"] for one in data.hall.post("citizens.restrictions", ask, who="admin")["items"]]

    assert (areas("appointments"), areas("queue")) == (["appointments"], [])
    clock.forward(days=9)
    data.hall._tokens.clear()
    assert (areas("appointments"), areas("queue")) == (["everything"], ["everything"])
    restriction = data.query("restriction", ("area", "is", "everything"))[0]
    change = {"held": "2026-03-10/2026-03-11"}
    assert data.refused("PATCH", f"restriction/{restriction['id']}", change) == "records.reason_needed"


def test_names_are_alike_whatever_their_order_and_letters() -> None:
    assert rules.names_alike("Ёлкин Пётр", "петр елкин") == 100
    assert rules.names_alike("يزدي", "یزدی") == 100
    assert rules.beginnings("Anna Maria Petrova") == ["ann", "mar", "pet"]
    assert rules.beginnings("王小明") == ["王"]
    assert rules.likely({}, "A", "A", None, None).score == 80
    assert rules.likely({"mail": True}, "", "", None, None) == rules.Likely(75, ("mail",))
