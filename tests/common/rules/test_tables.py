"""Decision tables: what they decide and why; gaps, overlaps and rows never reached are found before they are used."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.rules.expressions import Names
from common.rules.tables import Column, Output, Row, Table, checked_table, decide

NAMES: Names = {"age": "number", "place": "text", "member": "yes_no", "on": "day", "from_time": "time"}


def table(*rows: tuple[str, str, str, str], hit: Any = "first") -> Table:
    return Table(
        hit=hit,
        columns=[
            Column(name="age", expression="age", can_be_empty=False),
            Column(name="place", expression="place", options=["home", "shop"], can_be_empty=False),
            Column(name="member", expression="member"),
        ],
        outputs=[Output(name="fee", kind="number")],
        rows=[Row(when={"age": a, "place": p, "member": m}, then={"fee": f}) for a, p, m, f in rows],
    )


FEES = table(
    ("< 18", "", "", "0"), ("[18..60)", "home", "", "10"), (">= 18", "", "true", "age * 0.1"), ("", "", "", "20")
)


@pytest.mark.parametrize(
    ("values", "row", "fee"),
    [
        ({"age": 17, "place": "shop"}, 0, 0),
        ({"age": 18, "place": "home"}, 1, 10),
        ({"age": 60, "place": "home", "member": True}, 2, 6),
        ({"age": 60, "place": "home", "member": False}, 3, 20),
    ],
)
def test_the_first_row_that_meets_decides_and_says_why(values: Any, row: Any, fee: Any) -> None:
    decision = decide(FEES, NAMES, values)
    assert decision.result == {"fee": Decimal(fee)}
    why = decision.explained()
    assert why["rows"] == [row]
    assert why["inputs"] == {"member": False, **values}


def test_collect_gives_every_row_that_meets() -> None:
    many = table((">= 18", "", "", "1"), (">= 60", "", "", "2"), ("< 5", "", "", "3"), hit="collect")
    assert [o["fee"] for o in decide(many, NAMES, {"age": 70, "place": "home"}).outputs] == [1, 2]


def test_days_times_empty_and_not() -> None:
    made = Table(
        columns=[
            Column(name="on", expression="on"),
            Column(name="place", expression="place"),
            Column(name="t", expression="from_time"),
        ],
        outputs=[Output(name="o")],
        rows=[
            Row(when={"on": "[2026-01-01..2026-03-01)", "place": 'not "home", "shop"'}, then={"o": '"away"'}),
            Row(when={"on": "empty", "t": ">= 12:00"}, then={"o": '"late"'}),
        ],
    )
    assert not [f for f in checked_table(made, NAMES) if not f.remark]
    assert decide(made, NAMES, {"on": "2026-02-28", "place": "moon"}).result == {"o": "away"}
    assert decide(made, NAMES, {"on": "2026-02-28", "place": "shop"}).result == {}
    assert decide(made, NAMES, {"from_time": "12:30"}).result == {"o": "late"}
    assert decide(made, NAMES, {"from_time": "11:59"}).result == {}


def test_gaps_overlaps_and_rows_never_reached_are_found() -> None:
    made = table(
        ("< 18", "", "", "0"), (">= 18", "home", "", "1"), ("[2..5]", "", "", "2"), ("[60..70]", "", "true", "3")
    )
    found = {(f.problem.code, f.row) for f in checked_table(made, NAMES)}
    assert ("gap", None) in found  # eighteen and older, in the shop
    assert ("never", 2) in found
    assert ("overlap", 3) in found
    assert not [f for f in checked_table(FEES, NAMES) if not f.remark or f.problem.code == "gap"]


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("age", "> home", "unexpected"),
        ("age", "[5..2]", "unexpected"),
        ("age", "1,", "unfinished"),
        ("place", "moon", "option"),
        ("place", "> 3", "unexpected"),
        ("member", "yes", "unexpected"),
        ("other", "1", "no_column"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(part: Any, value: Any, code: Any) -> None:
    made = FEES.model_copy(update={"rows": [Row(when={part: value}, then={"fee": "1"})]})
    (finding,) = checked_table(made, NAMES)
    assert (finding.problem.code, finding.row, finding.column) == (code, 0, part)
    assert "{" not in finding.problem.said(str)


def test_unknown_names_and_outputs_of_another_kind_are_named() -> None:
    made = Table(
        columns=[Column(name="a", expression="agee"), Column(name="a", expression="age")],
        outputs=[Output(name="fee", kind="number")],
        rows=[Row(then={"fee": '"dear"'})],
    )
    assert {f.problem.code for f in checked_table(made, NAMES)} == {"unknown_name", "twice", "result"}


_ages = st.sampled_from(["", "< 3", ">= 3", "[1..4]", "(1..4)", "2", "1, 5", "not 2", "not [2..4]", "> 4"])
_places = st.sampled_from(["", "home", "shop", "not home", "home, shop"])


@given(st.lists(st.tuples(_ages, _places, st.sampled_from(["", "true", "false"])), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_the_check_agrees_with_trying_every_case(rows: Any) -> None:
    """Ages in halves cover every case that these cells can tell apart."""
    made = table(*((*row, str(n)) for n, row in enumerate(rows)))
    everything = table(*((*row, str(n)) for n, row in enumerate(rows)), hit="collect")
    firsts, gap = set(), False
    for half in range(14):
        for place in ("home", "shop"):
            for member in (True, False):
                values = {"age": Decimal(half) / 2, "place": place, "member": member}
                met = decide(everything, NAMES, values).rows
                assert decide(made, NAMES, values).rows == met[:1]
                gap = gap or not met
                firsts.update(met[:1])
    codes = checked_table(made, NAMES)
    assert any(f.problem.code == "gap" for f in codes) == gap
    assert {f.row for f in codes if f.problem.code == "never"} == set(range(len(rows))) - firsts
