"""Forms over HTTP on both databases: drawn, published, filled in, asked for by field; versions stay; surveys tell nobody."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from server.engine.forms.look_ups import LOOK_UPS, LookUp
from tests.common.forms.permit import choice, element, permit, words
from tests.server.conftest import Hall, HandClock
from tests.server.data import Data

GOODS = [{"what": "apples", "price": 1050, "many": 3}, {"what": "pears", "price": 20_000, "many": 1, "licence": "L1"}]


@pytest.fixture
def data(hall: Hall) -> Data:
    """The records of the demo hall."""
    return Data(hall)


def drawn(hall: Hall, code: str = "permit", definition: Any = None, **more: Any) -> Any:
    """A form kept as a draft."""
    made = definition if definition is not None else permit().model_dump(mode="json", exclude_defaults=True)
    return hall.post("forms.save_draft", {"code": code, "name": words(code), "definition": made, **more}, who="admin")


def published(hall: Hall, code: str = "permit", definition: Any = None) -> Any:
    """A form in use."""
    drawn(hall, code, definition)
    return hall.post("forms.publish", {"code": code}, who="admin")


def sent(hall: Hall, answers: dict[str, Any], code: str = "permit", who: str = "admin", **more: Any) -> Any:
    """A form filled in and sent."""
    return hall.post("forms.fill", {"code": code, "answers": answers, **more}, who=who)


def asked(hall: Hall, *conditions: tuple[Any, ...], code: str = "permit", **more: Any) -> Any:
    """The names of those whose answers meet the conditions."""
    body = {
        "code": code,
        "conditions": [dict(zip(("field", "operator", "value"), c, strict=False)) for c in conditions],
    }
    return hall.post("forms.answers", {**body, **more}, who="admin")


def people(page: Any) -> list[str]:
    return [one["answers"]["who"] for one in page["items"]]


def test_a_form_is_drawn_published_changed_and_its_older_version_stays_readable(hall: Hall, clock: HandClock) -> None:
    first = drawn(hall)
    assert hall.refused("forms.open", {"code": "permit"}, who="admin") == "forms.not_published"
    assert hall.post("forms.publish", {"code": "permit"}, who="admin")["number"] == 1
    assert hall.refused("forms.publish", {"code": "permit"}, who="admin") == "forms.no_draft"
    opened = hall.post("forms.open", {"code": "permit"}, who="admin")
    assert opened["answers"] == {"goods": [{"many": 1}]}
    assert opened["context"]["today"] == "2026-03-02"
    old = sent(hall, {"who": "Ada", "goods": GOODS, "fee": 5})
    assert old["answers"]["total"] == 23_150
    # changed: a field goes, another comes; what was filled in stays on its version
    changed = permit().model_dump(mode="json", exclude_defaults=True)
    changed["elements"] = [e for e in changed["elements"] if e["name"] not in ("fee", "reckon")]
    changed["elements"].append(element("colour", "text", "Colour"))
    draft = drawn(hall, definition=changed)
    assert (draft["number"], draft["form_id"]) == (2, first["form_id"])
    again = drawn(hall, definition=changed, expects=draft["version"])
    changed["intro"] = words("Other words")
    draft = drawn(hall, definition=changed, expects=again["version"])
    assert hall.refused(
        "forms.save_draft", {"code": "permit", "name": words("x"), "definition": permit().model_dump(mode="json"), "expects": 1},
        who="admin",
    ) in ("forms.drew_meanwhile",)  # fmt: skip
    assert hall.post("forms.open", {"code": "permit"}, who="admin")["number"] == 1
    assert hall.post("forms.publish", {"code": "permit", "note": "colour"}, who="admin")["number"] == 2
    seen = hall.post("forms.filled", {"id": old["id"]}, who="admin")
    assert (seen["number"], seen["answers"]["fee"]) == (1, 5)
    assert "fee" in [e["name"] for e in seen["definition"]["elements"]]
    view = hall.post("forms.drawing", {"code": "permit", "number": 1}, who="admin")
    assert [(v["number"], v["state"], v["answered"]) for v in view["versions"]] == [
        (1, "retired", 1),
        (2, "published", 0),
    ]
    assert asked(hall, ("who", "is", "ada"))["total"] == 1


def test_what_is_wrong_is_refused_before_anything_is_kept(hall: Hall, data: Data) -> None:
    broken = permit(element("x", "number", value="missing + 1"), element("y", "text", shown_when="false"))
    plain = broken.model_dump(mode="json", exclude_defaults=True)
    found = hall.post("forms.check", {"definition": plain}, who="admin")["findings"]
    assert [(f["element"], f["part"], f["code"], f["start"]) for f in found] == [("x", "value", "unknown_name", 0)]
    drawn(hall, definition=plain)
    assert hall.refused("forms.publish", {"code": "permit"}, who="admin") == "forms.unsound"
    nonsense: list[Any] = [
        {"elements": [{"kind": "text"}]},
        {"elements": [{"name": "x", "kind": "text", "dance": 1}]},
        {"x": 1},
    ]
    deep: dict[str, Any] = {"name": "a", "kind": "group"}
    for _ in range(200):
        deep = {"name": "a", "kind": "group", "elements": [deep]}
    for definition in (*nonsense, {"elements": [deep]}):
        body = {"code": "other", "name": words("x"), "definition": definition}
        assert hall.refused("forms.save_draft", body, who="admin") in ("forms.unreadable", "request.malformed")
    published(hall)
    answer = hall.send("forms.fill", {"code": "permit", "answers": {"who": 5, "mail": "x", "no": 1}}, who="admin")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "forms.wrong")
    assert {f["field"]: f["code"] for f in problem["facts"]["fields"]} == {
        "who": "kind", "mail": "email", "no": "unknown", "goods": "rows_few",
    }  # fmt: skip
    assert all(f["message"] for f in problem["facts"]["fields"])
    gone = {"who": "Ada", "goods": GOODS, "papers": ["0190a5b0-0000-7000-8000-000000000000"]}
    answer = hall.send("forms.fill", {"code": "permit", "answers": gone}, who="admin")
    assert answer.json()["facts"]["fields"][0]["code"] == "file_gone"
    assert asked(hall)["total"] == 0
    assert not data.query("filled_in")
    assert hall.refused("forms.open", {"code": "nothing"}, who="admin") == "forms.unknown"
    assert hall.refused("forms.open", {"code": "permit", "number": 9}, who="admin") == "forms.no_version"


def test_answers_are_asked_for_by_their_fields(hall: Hall, clock: HandClock) -> None:
    published(hall)
    for who, born, price, days in (
        ("Ада", "1990-05-01", 100, ["mon"]),
        ("Bob", "2001-01-01", 20_000, ["mon", "tue"]),
        ("Cyd", None, 50, []),
    ):
        goods = [{"what": "x", "price": price, "many": 1, "licence": "L"}]
        sent(hall, {"who": who, "born": born, "goods": goods, "days": days, "married": who == "Bob", "spouse": "Eve"})
        clock.forward(minutes=1)
    assert people(asked(hall)) == ["Cyd", "Bob", "Ада"]
    assert people(asked(hall, ("who", "is", "АДА"))) == ["Ада"]
    assert people(asked(hall, ("who", "contains", "b"))) == ["Bob"]
    assert people(asked(hall, ("born", "at_least", "1995-01-01"))) == ["Bob"]
    assert people(asked(hall, ("born", "empty"))) == ["Cyd"]
    assert people(asked(hall, ("price", "at_most", 100), sort="who")) == ["Cyd", "Ада"]
    assert people(asked(hall, ("total", "at_least", 101))) == ["Bob"]
    assert people(asked(hall, ("days", "is", "tue"))) == ["Bob"]
    assert people(asked(hall, ("married", "is_not", True), ("total", "at_most", 60))) == ["Cyd"]
    first = asked(hall, sort="-born", limit=1)
    assert (people(first), first["total"]) == (["Cyd"], 3)  # the empty one first
    second = asked(hall, sort="-born", limit=1, after=first["next"])
    third = asked(hall, sort="-born", limit=1, after=second["next"])
    assert (people(second), people(third), third["next"]) == (["Bob"], ["Ада"], "")
    newest = asked(hall, limit=2)
    assert people(asked(hall, limit=2, after=newest["next"])) == ["Ада"]
    fields = {f["name"]: f for f in newest["fields"]}
    assert fields["price"]["rows"] == "goods" and fields["total"]["decimals"] == 2
    for wrong in (("no", "is", 1), ("born", "is", "soon"), ("total", "is", "x"), ("goods", "is", 1)):
        body = {"code": "permit", "conditions": [dict(zip(("field", "operator", "value"), wrong, strict=True))]}
        assert hall.refused("forms.answers", body, who="admin") == "forms.bad_condition"
    assert hall.refused("forms.answers", {"code": "permit", "after": "x"}, who="admin") == "forms.bad_condition"


def test_answers_are_taken_out_as_a_list(hall: Hall) -> None:
    published(hall)
    sent(hall, {"who": "Ада", "born": "1990-05-01", "goods": GOODS, "kind": "food", "married": False})
    head = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Accept-Language": "zh"}
    sheet = hall.http.post("/api/reports/forms.sent", json={"code": "permit", "format": "csv"}, headers=head)
    assert sheet.status_code == 200, sheet.text
    lines = list(csv.reader(sheet.text.lstrip("\ufeff").splitlines()))
    told = {(line[3], line[5]): line[6] for line in lines[1:]}
    assert told[("who", "1")] == "Ада" and told[("born", "1")] == "1990-05-01"
    assert (told[("price", "1")], told[("price", "2")], told[("total", "1")]) == ("10.50", "200.00", "231.50")
    assert told[("kind", "1")] == "food 中" and told[("married", "1")] == "否"


def test_protected_answers_are_ciphertext_masked_found_by_value_and_revealed_with_a_trace(hall: Hall) -> None:
    published(
        hall, definition=permit(element("ident", "identity_number")).model_dump(mode="json", exclude_defaults=True)
    )
    made = sent(hall, {"who": "Ada", "goods": GOODS, "call": "+98 21 1234567", "ident": "AB 123456"})
    assert (made["answers"]["call"], made["answers"]["ident"]) == ("••••4567", "••••3456")
    sent(hall, {"who": "Bob", "goods": GOODS, "call": "+98 21 7654321"})
    for table in ("filled_in", "form_answer", "action_key", "audit"):
        with hall.engine.store.reading() as connection:
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()
        assert not any("1234567" in str(row) or "123456" in str(row) for row in rows), table
    assert people(asked(hall, ("call", "is", "+98 (21) 123-45-67"))) == ["Ada"]
    assert {one["answers"]["call"] for one in asked(hall)["items"]} == {"••••4567", "••••4321"}
    for wrong in (("call", "contains", "4567"), ("call", "is", "x")):
        body = {"code": "permit", "conditions": [dict(zip(("field", "operator", "value"), wrong, strict=True))]}
        assert hall.refused("forms.answers", body, who="admin") == "forms.bad_condition"
    assert hall.post("forms.filled", {"id": made["id"]}, who="admin")["answers"]["call"] == "••••4567"
    shown = hall.post("forms.reveal", {"id": made["id"]}, who="admin")
    assert (shown["answers"]["call"], shown["answers"]["ident"]) == ("+98211234567", "AB123456")
    assert hall.count("audit WHERE action = 'forms.reveal'") == 1
    assert hall.refused("forms.reveal", {"id": made["id"]}, who="anna") == "access.denied"
    # a draft goes on with what was sealed
    kept = sent(hall, {"who": "Cyd", "call": "+98 21 1111111"}, send=False)
    done = sent(hall, {"who": "Cyd", "goods": GOODS, "call": "+98 21 2222222"}, id=kept["id"])
    assert done["answers"]["call"] == "••••2222"


@pytest.mark.covers("SVD-018")
def test_a_button_looks_up_what_a_module_offers(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def shop(work: Any, answers: Any) -> dict[str, Any]:
        return {"mail": f"{answers['who']}@shop.example", "since": work.now.date().isoformat()}

    form = permit(element("find", "button", does="look_up", look_up="tests.shop")).model_dump(
        mode="json", exclude_defaults=True
    )
    drawn(hall, definition=form)
    assert hall.refused("forms.publish", {"code": "permit"}, who="admin") == "forms.unsound"  # nobody offers it
    monkeypatch.setitem(LOOK_UPS, "tests.shop", LookUp("tests.shop", "Shops", "forms.edit", shop))
    hall.post("forms.publish", {"code": "permit"}, who="admin")
    asked_for = {"code": "permit", "button": "find", "answers": {"who": "ada", "mail": "wrong"}}
    found = hall.post("forms.look_up", asked_for, who="admin")["found"]
    assert found == {"mail": "ada@shop.example", "since": "2026-03-02"}
    assert hall.refused("forms.look_up", {**asked_for, "button": "reckon"}, who="admin") == "forms.no_look_up"


def test_a_draft_is_kept_gone_on_with_and_sent_once(hall: Hall, data: Data) -> None:
    published(hall)
    kept = sent(hall, {"who": "", "goods": []}, send=False)
    assert (kept["state"], asked(hall)["total"]) == ("draft", 0)
    done = sent(hall, {"who": "Ada", "goods": GOODS}, id=kept["id"], expects=kept["version"])
    assert (done["id"], done["state"]) == (kept["id"], "sent")
    assert hall.refused("forms.fill", {"code": "permit", "id": kept["id"], "answers": {}}, who="admin") == "forms.sent"
    assert asked(hall)["total"] == 1
    other = sent(hall, {"who": "Bob"}, send=False)
    body = {"code": "permit", "id": other["id"], "answers": {"who": "Eve"}, "expects": 7}
    assert hall.refused("forms.fill", body, who="admin") == "records.changed_meanwhile"
    assert hall.refused("forms.answers", {"code": "permit"}, who="anna") == "access.denied"
    assert hall.refused("forms.save_draft", {"code": "x", "name": {}, "definition": {}}, who="anna") == "access.denied"


@pytest.mark.covers("SVD-019")
def test_dictionaries_give_choices_and_a_gone_entry_stays_readable(hall: Hall, data: Data) -> None:
    colours = data.add("dictionary", code="colours", name={"en": "Colours"})
    red = data.add("dictionary_entry", dictionary_id=colours["id"], code="red", name={"en": "Red"})
    form = permit(element("tone", "choice", dictionary="colours")).model_dump(mode="json", exclude_defaults=True)
    published(hall, definition=form)
    opened = hall.post("forms.open", {"code": "permit"}, who="admin")
    assert [e["choices"][0]["label"] for e in opened["definition"]["elements"] if e["name"] == "tone"] == [
        {"en": "Red"}
    ]
    made = sent(hall, {"who": "Ada", "goods": GOODS, "tone": "red"})
    data.delete("dictionary_entry", red)
    body = {"code": "permit", "answers": {"who": "Bob", "goods": GOODS, "tone": "red"}}
    assert hall.send("forms.fill", body, who="admin").json()["facts"]["fields"][0]["code"] == "choice"
    seen = hall.post("forms.filled", {"id": made["id"]}, who="admin")
    assert seen["answers"]["tone"] == "red"
    assert [e["choices"][0]["code"] for e in seen["definition"]["elements"] if e["name"] == "tone"] == ["red"]


def test_a_form_is_copied_and_carried_to_another_hall(hall: Hall) -> None:
    published(hall)
    hall.post("forms.copy", {"code": "permit", "to": "stall", "name": words("Stall")}, who="admin")
    again = {"code": "permit", "to": "stall", "name": words("Stall")}
    assert hall.refused("forms.copy", again, who="admin") == "forms.code_taken"
    carried = hall.post("forms.carry", {"code": "stall"}, who="admin")["document"]
    document = json.loads(carried)
    document["code"] = "elsewhere"
    taken = hall.post("forms.take_in", {"document": json.dumps(document)}, who="admin")
    assert taken["number"] == 1
    views = [hall.post("forms.drawing", {"code": code}, who="admin") for code in ("permit", "elsewhere")]
    assert views[0]["definition"] == views[1]["definition"] and views[1]["state"] == "draft"
    for wrong in ("", "[]", '{"code": "x"}', json.dumps({**document, "openhall-form": 2})):
        assert hall.refused("forms.take_in", {"document": wrong}, who="admin") == "forms.no_document"


def test_an_anonymous_survey_is_counted_and_nobody_learns_who_answered(hall: Hall, clock: HandClock) -> None:
    survey = {
        "title": words("How was it?"), "purpose": "survey", "anonymous": True,
        "elements": [
            element("again", "yes_no", "Again?"), element("why", "choice", choices=[choice("fast"), choice("kind")]),
            element("what", "choices", choices=[choice("a"), choice("b")]), element("stars", "scale"),
            element("say", "long_text"),
        ],
    }  # fmt: skip
    published(hall, "after", survey)
    for stars, why, say in ((5, "fast", "Good"), (2, "fast", ""), (5, None, "Bad")):
        answers = {"again": stars > 3, "why": why, "what": ["a", "b"], "stars": stars, "say": say}
        done = sent(hall, answers, "after", who="admin")
        assert (done["id"], done["answers"]) == ("00000000-0000-0000-0000-000000000000", {})
        clock.forward(minutes=1)
    found = hall.post("forms.results", {"code": "after"}, who="admin")
    questions = {q["name"]: q for q in found["questions"]}
    assert (found["sent"], found["anonymous"]) == (3, True)
    counted = {name: {b["value"]: b["count"] for b in q["bars"]} for name, q in questions.items()}
    assert counted["again"] == {"1": 2, "0": 1}
    assert counted["why"] == {"fast": 2, "kind": 0}
    assert counted["what"] == {"a": 3, "b": 3}
    assert counted["stars"] == {"1": 0, "2": 1, "3": 0, "4": 0, "5": 2}
    assert (questions["stars"]["average"], questions["why"]["answered"]) == (4.0, 2)
    assert set(questions["say"]["texts"]) == {"Good", "Bad"}
    # neither rows nor the log nor kept answers to keys lead back to the one who answered
    for table in ("filled_in", "form_answer"):
        assert (
            hall.count(f"(SELECT DISTINCT created_by, changed_by, created_at, changed_at FROM {table}) AS makers") == 1
        )
        assert hall.count(f"audit WHERE record_type = '{table}'") == 0
    assert hall.count("filled_in WHERE sent_at <> created_at") == 0
