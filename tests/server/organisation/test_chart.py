"""The organisation chart: departments as a tree, posts with several holders and subordinates, its own log of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from server.engine.actions.work import Work
from server.engine.events import ANSWERS
from server.modules.organisation.questions import PostInUse
from tests.server.conftest import Hall
from tests.server.data import Data
from tests.server.people.conftest import staff


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


@pytest.fixture
def waiting() -> Iterator[dict[str, str]]:
    """What waits for which post, as a module above would say it."""
    what: dict[str, str] = {}

    def answer(work: Work, question: PostInUse) -> str | None:
        return what.get(str(question.post_id))

    ANSWERS.setdefault(PostInUse, []).insert(0, answer)
    yield what
    ANSWERS[PostInUse].remove(answer)


def log(data: Data, **more: Any) -> list[dict[str, Any]]:
    """The log of the chart, as the auditor reads it."""
    return list(data.hall.post("organisation.chart_log", more, who="auditor")["items"])


@pytest.mark.covers("ADM-016", "ADM-017")
def test_departments_form_a_tree_and_a_post_has_several_holders_and_subordinates(data: Data) -> None:
    centre = data.add("department", name={"en": "Service centre"})
    east = data.add("department", name={"en": "East hall"}, parent_id=centre["id"])
    counter = data.add("department", name={"en": "Counter"}, parent_id=east["id"])
    below = data.query("department", ("parent_id", "below", centre["id"]))
    assert {row["name"]["en"] for row in below} >= {"East hall", "Counter"}
    # A ring is refused, and nothing has moved.
    ring = {"type": "department", "id": centre["id"], "parent_id": counter["id"]}
    assert data.hall.send("records.move", ring, who="admin").json()["code"] == "records.cycle"
    head = data.add("post", name={"en": "Head"}, department_id=centre["id"], head=True)
    clerks = [
        data.add("post", name={"en": name}, department_id=where["id"], parent_id=head["id"], seats=2)
        for name, where in (("Registrar", east), ("Cashier", counter))
    ]
    for person in ("anna", "chen"):
        data.add("post_holder", post_id=clerks[0]["id"], staff_member_id=staff(person), held="2026-01-01/")
    assert len(data.query("post_holder", ("post_id", "is", clerks[0]["id"]), ("held", "holds", "2026-03-02"))) == 2
    assert len(data.query("post", ("parent_id", "is", head["id"]))) == 2


@pytest.mark.covers("ADM-I02")
def test_a_post_is_deleted_only_when_nobody_holds_it_and_nothing_waits_for_it(
    data: Data, waiting: dict[str, str]
) -> None:
    home = data.add("department", name={"en": "Archive"})
    post = data.add("post", name={"en": "Archivist"}, department_id=home["id"])
    holder = data.add("post_holder", post_id=post["id"], staff_member_id=staff("anna"), held="2026-01-01/")
    answer = data.send("DELETE", f"post/{post['id']}")
    assert answer.json()["code"] == "organisation.post_held" and "Anna" in answer.json()["detail"]
    # Who is to hold it from tomorrow on is in its way as well; who held it until yesterday is not.
    data.edit("post_holder", holder, held="2026-03-03/")
    assert data.refused("DELETE", f"post/{post['id']}") == "organisation.post_held"
    data.edit("post_holder", holder, held="2026-01-01/2026-03-01")
    waiting[post["id"]] = "Approval 17"
    assert data.refused("DELETE", f"post/{post['id']}") == "organisation.post_in_use"
    assert data.query("post", ("department_id", "is", home["id"]))
    waiting.clear()
    data.delete("post", post)
    assert not data.query("post", ("department_id", "is", home["id"]))


@pytest.mark.covers("ADM-018")
def test_every_change_of_the_chart_stands_in_its_own_log(data: Data) -> None:
    old = log(data)
    home = data.add("department", name={"en": "Archive"})
    other = data.add("department", name={"en": "Library"})
    post = data.add("post", name={"en": "Archivist"}, department_id=home["id"])
    data.edit("post", post, department_id=other["id"])
    holder = data.add("post_holder", post_id=post["id"], staff_member_id=staff("anna"), held="2026-01-01/")
    data.delete("post_holder", holder)
    # Elsewhere something changes too; it is no part of the chart.
    data.add("section", name={"en": "Land"}, colour="#0a52a0")
    fresh = log(data)[: len(log(data)) - len(old)] if len(log(data)) < 100 else log(data)[:6]
    assert [(row["kind"], row["action"].split(".")[1]) for row in fresh[:6]] == [
        ("post_holder", "delete"), ("post_holder", "create"), ("post", "edit"), ("post", "create"),
        ("department", "create"), ("department", "create"),
    ]  # fmt: skip
    moved = fresh[2]
    assert (
        moved["name"] == "Archivist" and moved["who"] and moved["changes"]["department_id"] == [home["id"], other["id"]]
    )
    answer = data.hall.post("organisation.chart_log", {"record_id": post["id"]}, who="auditor")
    assert len(answer["items"]) == 2 and answer["labels"][other["id"]] == "Library"
    assert [row["number"] for row in log(data, before=fresh[2]["number"], limit=1)] == [fresh[3]["number"]]
