"""Forms as administrators draw them: what is shown, needed, computed; which answers are taken; what the check finds."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.forms.answers import FileFacts, fits, line_of, taken
from common.forms.check import checked_form
from common.forms.definition import FormDefinition
from common.forms.kinds import KINDS
from common.forms.pressing import address_of, looked_up, pressed
from common.forms.state import begun, state
from tests.common.forms.permit import choice, element, permit, words

TODAY = {"today": date(2026, 3, 1), "applicant": {"name": "Анна"}}
WHOLE = {"who": "Анна", "goods": [{"what": "apples", "price": 1050, "many": 3}]}


def faults(answers: dict[str, Any], form: FormDefinition | None = None, **about: Any) -> dict[str, str]:
    return {f.key: f.code for f in taken(form or permit(), answers, TODAY, **about).faults}


def test_the_example_holds_every_kind_and_passes_its_check() -> None:
    assert not checked_form(permit())
    assert {e.kind for e, _ in permit().walk()} == KINDS.keys() - {"identity_number", "picture"}
    assert FormDefinition.model_validate_json(permit().model_dump_json(exclude_defaults=True)) == permit()


def test_a_new_form_begins_with_defaults_and_what_is_known_of_the_applicant() -> None:
    assert begun(permit(), TODAY) == {"who": "Анна", "goods": [{"many": 1}]}


@pytest.mark.covers("SVD-016")
def test_what_is_shown_needed_and_computed_follows_the_answers() -> None:
    form = permit()
    now = state(form, {"born": "2010-01-01", "married": True}, TODAY)
    assert now.standing["age"].value == 16 and now.standing["age"].read_only
    assert now.standing["guardian"].required
    assert now.standing["spouse"].shown and now.standing["spouse"].required
    then = state(form, {"born": "2000-01-01", "married": False, "spouse": "Ada"}, TODAY)
    assert not then.standing["guardian"].required
    assert not then.standing["spouse"].shown
    assert "spouse" not in then.answers


@pytest.mark.covers("SVD-014")
def test_rows_are_reckoned_one_by_one_and_summed_exactly() -> None:
    rows = [{"what": "a", "price": 1010, "many": 3}, {"what": "b", "price": 10_000, "many": 2}, {"what": "c"}]
    now = state(permit(), {"goods": rows}, TODAY)
    assert [now.standing[f"goods.{n}.line"].value for n in range(3)] == [3030, 20_000, None]
    assert [now.standing[f"goods.{n}.licence"].shown for n in range(3)] == [False, True, False]
    assert now.answers["total"] == 23_030


@pytest.mark.covers("SVD-015", "SVD-020")
def test_whole_answers_are_taken_in_their_normal_form() -> None:
    given = {
        **WHOLE, "born": "2000-05-01", "place": "icy", "days": ["mon", "mon", "tue"], "opens": "08:30", "plate": "X-123",
        "mail": "a@b.org", "call": "+98 21 1234567", "joy": 5, "home": {"city": "Rasht"}, "kind": "food",
        "spot": {"latitude": 1, "longitude": 2.5},
    }  # fmt: skip
    read = taken(permit(), given, TODAY)
    assert not read.faults
    assert read.answers["days"] == ["mon", "tue"]
    assert read.answers["call"] == "+98211234567"
    assert read.answers["goods"][0]["line"] == 3150
    assert line_of(permit().by_name["place"], "icy") == ["north", "icy"]


@pytest.mark.parametrize(
    ("wrong", "key", "code"),
    [
        ({"who": ""}, "who", "needed"),
        ({"who": 5}, "who", "kind"),
        ({"who": "x" * 100_001}, "who", "too_long"),
        ({"born": "2026-03-02", "guardian": "Ada"}, "born", "too_late"),
        ({"born": "yesterday"}, "born", "day"),
        ({"married": "yes"}, "married", "kind"),
        ({"married": True}, "spouse", "needed"),
        ({"place": "north"}, "place", "leaf"),
        ({"place": "moon"}, "place", "choice"),
        ({"kind": "moon"}, "kind", "choice"),
        ({"days": ["mon", "tue", "wed"]}, "days", "choices_many"),
        ({"days": "mon"}, "days", "kind"),
        ({"opens": "25:00"}, "opens", "time"),
        ({"plate": "12-345"}, "plate", "pattern"),
        ({"mail": "a@b"}, "mail", "email"),
        ({"call": "x"}, "call", "phone"),
        ({"joy": 6}, "joy", "above"),
        ({"spot": {"latitude": 100, "longitude": 0}}, "spot", "coordinates"),
        ({"goods": []}, "goods", "rows_few"),
        ({"goods": [{"what": "x"}] * 6}, "goods", "rows_many"),
        ({"goods": 3}, "goods", "kind"),
        ({"goods": [{"price": 5}]}, "goods.0.what", "needed"),
        ({"goods": [{"what": "x", "price": -1}]}, "goods.0.price", "below"),
        ({"goods": [{"what": "x", "price": 1.5}]}, "goods.0.price", "kind"),
        ({"goods": [{"what": "x", "who": "y"}]}, "goods.0.who", "unknown"),
        ({"papers": [str(uuid4())] * 3 + [str(uuid4())] * 3}, "papers", "files_many"),
        ({"no_such": 1}, "no_such", "unknown"),
        ({"heading": 1}, "heading", "unknown"),
        ({"what": "x"}, "what", "unknown"),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(wrong: Any, key: Any, code: Any) -> None:
    if "papers" in wrong:
        wrong = {"papers": [str(uuid4()) for _ in range(3)]}
    read = taken(permit(), {**WHOLE, **wrong}, TODAY)
    assert {f.key: f.code for f in read.faults} == {key: code}
    assert "{" not in read.faults[0].said(str)


def test_a_draft_need_not_be_whole_but_what_is_there_must_fit() -> None:
    assert faults({"goods": []}, whole=False) == {}
    assert faults({"mail": "a@b"}, whole=False) == {"mail": "email"}


def test_files_are_looked_at() -> None:
    kinds = {
        "pdf": FileFacts("application/pdf", 5),
        "large": FileFacts("application/pdf", 9 << 20),
        "png": FileFacts("image/png", 5),
    }
    ids = {name: uuid4() for name in kinds}
    known: dict[UUID, FileFacts] = {ids[name]: facts for name, facts in kinds.items()}
    for name, code in (("pdf", None), ("large", "file_large"), ("png", "file_kind"), ("gone", "file_gone")):
        given = {**WHOLE, "papers": [str(ids.get(name, uuid4()))]}
        assert faults(given, file=known.get).get("papers") == code
    assert faults({**WHOLE, "photo": [str(ids["png"])]}, file=known.get) == {}


def test_computed_read_only_and_closed_fields_stay_whatever_is_sent() -> None:
    form = permit(element("seal", "text", read_only=True, default="kept"), element("note_of_office", "text"))
    read = taken(form, {**WHOLE, "age": 7, "total": 1, "seal": "broken"}, TODAY)
    assert (read.answers.get("age"), read.answers["total"], read.answers["seal"]) == (None, 3150, "kept")
    before = {**WHOLE, "who": "Ada", "note_of_office": "secret"}
    rights = {"who": "read", "note_of_office": "hidden"}
    read = taken(form, {**WHOLE, "who": "Eve", "note_of_office": "guess"}, TODAY, before=before, rights=rights)
    assert (read.answers["who"], read.answers["note_of_office"]) == ("Ada", "secret")
    assert not read.state.standing["note_of_office"].shown
    assert not read.faults


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (element("who", "text"), "name_twice"),
        (element("today", "text"), "name_reserved"),
        (element("x", "dance"), "kind_unknown"),
        (element("x", "text", value="who + missing"), "unknown_name"),
        (element("x", "text", shown_when="who"), "result"),
        (element("x", "number", value="y + 1"), "circle"),
        (element("x", "text", shown_when='kind == "toys"'), "never_shown"),
        (element("x", "text", shown_when="false"), "never_shown"),
        (element("x", "choice"), "no_choices"),
        (element("x", "choice", choices=[choice("a"), choice("a")]), "choice_twice"),
        (element("x", "cascade", choices=[choice("a", "b")], levels=[words("l")]), "parent_unknown"),
        (element("x", "cascade", choices=[choice("a"), choice("b", "a")], levels=[words("l")]), "levels"),
        (element("x", "number", least=5, most=4), "limits"),
        (element("x", "number", default="many"), "default"),
        (element("x", "text", default_from="service.secret"), "default_from"),
        (element("x", "link", address="javascript:alert(1)"), "address"),
        (element("x", "button", does="compute", target="total", result="1"), "target"),
        (element("x", "button", does="look_up", look_up="nothing"), "look_up"),
        (element("x", "file", file_kinds=["exe"]), "file_kinds"),
        (element("x", "group"), "nothing_within"),
        (element("x", "rows", elements=[element("r", "rows", elements=[element("z", "text")])]), "not_here"),
        (element("x", "group", elements=[element("p", "page")]), "not_here"),
        ({"name": "x", "kind": "text"}, "no_text"),
    ],
)
def test_the_check_names_what_is_wrong_with_a_form(more: Any, code: Any) -> None:
    extra = [element("y", "number", value="x + 1")] if code == "circle" else []
    found = [f for f in checked_form(permit(more, *extra)) if not f.remark]
    assert code in {f.problem.code for f in found}
    assert all("{" not in f.said(str) for f in found)


def test_a_missing_language_is_a_remark_and_an_anonymous_survey_asks_for_no_names() -> None:
    plain = permit({"name": "x", "kind": "text", "label": {"en": "Only English"}})
    assert {(f.element, f.problem.code, f.remark) for f in checked_form(plain)} == {("x", "language", True)}
    survey = permit(purpose="survey", anonymous=True)
    assert {f.element for f in checked_form(survey)} >= {"mail", "call", "photo"}


@pytest.mark.covers("SVD-018")
def test_a_button_computes_takes_over_what_was_looked_up_and_a_link_carries_answers() -> None:
    form = permit()
    after = pressed(form, "reckon", WHOLE, TODAY)
    assert after == {**WHOLE, "fee": 315}
    assert pressed(form, "reckon", {"goods": [{"price": "x"}]}, TODAY).get("fee") in (None, 0)
    found = looked_up(form, "reckon", WHOLE, {"who": "Ada", "age": 5, "mail": "no", "what": "x", "nothing": 1})
    assert found == {**WHOLE, "who": "Ada"}
    assert (
        address_of(form.by_name["office"], {"kind": "a/../b?c=d#e"}) == "https://office.example/a%2F..%2Fb%3Fc%3Dd%23e"
    )
    lines = element("each", "button", does="compute", target="price", result="many * 2")
    rows = permit().model_dump(exclude_defaults=True)
    next(e for e in rows["elements"] if e["name"] == "goods")["elements"].append(lines)
    rowed = FormDefinition.model_validate(rows)
    assert not [f for f in checked_form(rowed) if not f.remark]
    after = pressed(rowed, "goods.1.each", {"goods": [{"many": 1}, {"many": 4}]}, TODAY)
    assert after["goods"] == [{"many": 1}, {"many": 4, "price": 800}]


def test_shapes_of_texts_are_plain_signs() -> None:
    assert fits("A-999", "Ж-123") and not fits("A-999", "Ж-12") and not fits("A-999", "1-123")


_any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(max_size=5)
    | st.sampled_from(["icy", "2026-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["what", "price", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*permit().by_name, "unknown"]), _any, max_size=8))
@settings(max_examples=60, deadline=None)
def test_whatever_is_sent_is_taken_or_named_and_taken_again_alike(given_answers: Any) -> None:
    form = permit()
    read = taken(form, given_answers, TODAY)
    assert all(f.said(str) for f in read.faults)
    again = taken(form, read.answers, TODAY)
    assert again.answers == read.answers
    assert {f.code for f in again.faults} <= {"needed", "rows_few", "too_late"}
