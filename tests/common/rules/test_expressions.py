"""Administrators' expressions: what they can do, what they cannot, and that nobody waits for them."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.rules import limits
from common.rules.expressions import Names, checked, compiled, evaluate, holds
from common.rules.problems import NotComputed, WrongRule

NAMES: Names = {
    "a": "number", "b": "number", "t": "text", "y": "yes_no", "born": "day", "today": "day", "at": "time",
    "tags": "list", "applicant.born": "day",
    "items": {"price": "number", "n": "number", "when": "day", "ok": "yes_no"},
}  # fmt: skip
VALUES: dict[str, Any] = {
    "a": Decimal("0.1"), "b": 3, "t": "x", "y": True, "born": "2000-03-01", "today": date(2026, 3, 1), "at": "09:30",
    "tags": ["q"], "applicant": {"born": "2001-01-01"},
    "items": [{"price": Decimal("10.10"), "n": 2, "when": "2026-01-01", "ok": True}, {"price": 5, "n": 1}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a + 0.2 == 0.3", True),
        ("a * b", Decimal("0.3")),
        ("sum(map(items, #.price * #.n))", Decimal("25.20")),
        ("count(items, #.ok)", 1),
        ("max(map(items, #.when))", date(2026, 1, 1)),
        ('today.diff(born, "year")', 26),
        ('born.add(18, "year") <= today', True),
        ("applicant.born", date(2001, 1, 1)),
        ('at >= time("09:00")', True),
        ('"q" in tags and t in ["x", "z"] and b in [1..5]', True),
        ("not y == false", True),
        ("a ?? 0 + b ?? 0", Decimal("3.1")),
        ("-b ^ 2", -9),
        ('t + "!"', "x!"),
        ("round(2.345, 2)", Decimal("2.35")),
        ("today.weekday()", 7),
        ('y ? "yes" : "no"', "yes"),
    ],
)
def test_an_expression_computes(text: Any, result: Any) -> None:
    assert checked(text, NAMES) == []
    assert evaluate(text, NAMES, VALUES) == result


@pytest.mark.parametrize("text", ["a + 1", "born <= today", "t + t", "max(map(items, #.when))", "at", "applicant.born"])
def test_what_needs_an_empty_value_has_no_result_yet(text: Any) -> None:
    assert evaluate(text, NAMES, {}) is None


@pytest.mark.parametrize(
    ("text", "result"), [("y", False), ("not y", True), ("born == null", True), ("y == null", True)]
)
def test_an_unanswered_yes_or_no_is_no(text: Any, result: Any) -> None:
    assert holds(text, NAMES, {}) is result


@pytest.mark.parametrize(
    ("text", "code", "start"),
    [
        ("", "empty", 0),
        ("1 +", "unfinished", 3),
        ("(1", "unfinished", 2),
        ("1 ) 2", "unexpected", 2),
        ("1 < 2 < 3", "unexpected", 6),
        ("y and missing", "unknown_name", 6),
        ("t + 1", "kind", 4),
        ("born + 1", "kind", 0),
        ('a == "x"', "different_kinds", 0),
        ("y ? a : t", "different_kinds", 4),
        ("round()", "arguments", 0),
        ("#", "row_outside", 0),
        ('"abc', "open_text", 0),
        ('d("2026-02-30")', "day", 2),
        ('born.add(1, "century")', "unit", 12),
        # what the engine could and we do not let it
        ("rand(9)", "unknown_function", 0),
        ("d()", "arguments", 0),
        ('d("now")', "day", 2),
        ('matches(t, "(a+)+$")', "unknown_function", 0),
        ("a = 3; a", "sign", 2),
        ("`${a}`", "sign", 0),
        ("$root", "sign", 0),
        ("{a: 1}", "sign", 0),
        ("__import__", "unknown_name", 0),
        ("tags[0]", "unexpected", 4),
        ("map([1..1000000], #)", "unexpected", 6),
        ("map(items, map(items, map(items, 1)))", "too_deep", 22),
        ("t.constructor", "unexpected", 1),
        ("1e9", "unexpected", 0),
        ("١ + ٢", "unexpected", 0),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: Any, code: Any, start: Any) -> None:
    problem = checked(text, NAMES)[0]
    assert (problem.code, problem.start) == (code, start)
    assert "{" not in problem.said(str) or "{a: 1}" in text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 +" * limits.LENGTH, "too_long"),
        ("+".join(["1"] * (limits.PARTS // 2 + 2)), "too_large"),
        ("(" * 100 + "1" + ")" * 100, "too_deep"),
        ("not " * 100 + "true", "too_deep"),
        ("-" * 100 + "1", "too_deep"),
        ("y ? " * 60 + "1", "too_deep"),
        ("map(items, map(items, " + "+".join(["#.price"] * 20) + "))", "too_large"),
        ("1" * 40, "too_many"),
    ],
)
def test_what_is_too_long_deep_or_large_is_refused_beforehand(text: Any, code: Any) -> None:
    assert checked(text, NAMES)[0].code == code


def test_a_condition_must_be_one() -> None:
    assert checked("a + 1", NAMES, "yes_no")[0].code == "result"
    with pytest.raises(WrongRule):
        holds("a + 1", NAMES, VALUES)


@pytest.mark.parametrize(
    "values",
    [
        {"a": "x" * (limits.TEXT + 1)},
        {"a": 10**40},
        {"a": float("inf")},
        {"a": float("nan")},
        {"a": Decimal("1e-60")},
        {"a": "text"},
        {"a": [1]},
        {"a": 10**26},
    ],
)
def test_values_that_do_not_fit_are_said_so(values: Any) -> None:
    with pytest.raises(NotComputed):
        evaluate("a * a * a", NAMES, values)


def test_too_many_rows_are_not_computed() -> None:
    with pytest.raises(NotComputed):
        evaluate("len(items)", NAMES, {"items": [{}] * (limits.ROWS + 1)})


def test_the_longest_expression_over_the_most_rows_computes_in_a_thread_of_a_small_stack() -> None:
    """Windows gives a thread one megabyte; the deepest and widest that is let through fits half of it."""
    deep = "(" * (limits.DEPTH - 3) + "a" + ")" * (limits.DEPTH - 3)
    wide = "+".join(["1"] * (limits.PARTS // 2))
    looping = "sum(map(items, sum(map(items, " + "+".join(["#.price"] * 10) + "))))"
    rows = {"a": 1, "items": [{"price": 1}] * limits.ROWS}
    found: list[Any] = []

    def compute() -> None:
        found.extend(evaluate(text, NAMES, rows) for text in (deep, wide, looping, "1.01 ^ 1000"))

    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=compute)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join(20)
    assert found[:3] == [1, limits.PARTS // 2, 10 * limits.ROWS**2]


_numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@given(_numbers, _numbers, st.sampled_from(["+", "-", "*"]))
@settings(max_examples=60, deadline=None)
def test_money_is_counted_exactly(a: Any, b: Any, sign: Any) -> None:
    expected = {"+": a + b, "-": a - b, "*": a * b}[sign]
    assert evaluate(f"a {sign} b", NAMES, {"a": a, "b": b}) == expected


_words = st.sampled_from(
    ["a", "b", "t", "y", "born", "items", "tags", "(", ")", "[", "]", ",", "+", "-", "*", "/", "^", "and", "or", "not",
     "in", "==", "<", "?", ":", "??", "#", "#.price", "..", ".", "1", '"x"', "null", "map(", "sum(", "filter(", "d(",
     "some(", ".add(", "string(", "max("]
)  # fmt: skip


@given(st.lists(_words, max_size=14))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_is_refused_or_computes(parts: Any) -> None:
    """Our grammar hands nothing to the engine that it does not take; what was checked never crashes."""
    text = " ".join(parts)
    problems = checked(text, NAMES)
    assert all(0 <= p.start <= p.end <= len(text) and p.said(str) for p in problems)
    if problems:
        return
    for values in (VALUES, {}):
        try:
            compiled(text, NAMES).value(values)
        except NotComputed:
            pass


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_without_a_crash(text: Any) -> None:
    checked(text, NAMES)
