"""Who is next and why, by examples and properties; no database."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.modules.queue import rules
from server.modules.queue.choosing import kept, recalled

A, B, C = (UUID(int=n) for n in (1, 2, 3))
ORDER = {A: 1, B: 1}


def head(service: UUID, position: int, *, priority: bool = False, waited: int = 0, bound: bool = False) -> rules.Head:
    return rules.Head(UUID(int=1000 + position), service, priority, position, waited, bound, f"N{position}")


def decided(heads: list[rules.Head], policy: rules.Policy = rules.STRICT, run: int = 0) -> tuple[int, str]:
    found = rules.next_ticket(heads, ORDER, policy, run)
    assert found is not None
    return found.head.position, found.rule


def test_a_return_visit_goes_first_even_of_a_service_that_the_window_does_not_take() -> None:
    assert decided([head(A, 1, priority=True), head(C, 9, bound=True)]) == (9, "bound")
    two = [head(A, 4, bound=True), head(A, 7, bound=True, priority=True), head(A, 2, bound=True)]
    assert decided(two) == (7, "bound")


@pytest.mark.parametrize(("waited", "expected"), [(600, (1, "priority")), (601, (5, "longest_wait"))])
def test_beyond_the_bound_a_ticket_goes_first_whatever_its_class(waited: int, expected: tuple[int, str]) -> None:
    heads = [head(A, 1, priority=True, waited=30), head(A, 5, waited=waited)]
    assert decided(heads, rules.Policy(longest_wait=600)) == expected
    assert decided(heads) == (1, "priority")


def test_of_several_beyond_the_bound_the_one_that_waits_longest() -> None:
    heads = [head(A, 3, waited=700), head(B, 8, waited=900), head(B, 2, waited=900)]
    assert decided(heads, rules.Policy(longest_wait=600)) == (2, "longest_wait")


@pytest.mark.parametrize(("run", "expected"), [(0, 4), (1, 4), (2, 1), (3, 1)])
def test_after_so_many_priority_calls_one_of_the_others_has_its_turn(run: int, expected: int) -> None:
    heads = [head(A, 1), head(A, 4, priority=True)]
    assert decided(heads, rules.Policy(priority_run=2), run)[0] == expected
    assert decided(heads, rules.STRICT, run) == (4, "priority")


def test_the_ratio_mixes_within_one_rank_only() -> None:
    found = rules.next_ticket([head(A, 4, priority=True), head(B, 1)], {A: 1, B: 2}, rules.Policy(priority_run=1), 5)
    assert found == rules.Choice(head(A, 4, priority=True), "first_come")


def test_a_run_is_counted_and_ends_with_any_other() -> None:
    assert rules.run_after(3, rules.Choice(head(A, 1, priority=True), "priority")) == 4
    assert rules.run_after(3, rules.Choice(head(A, 1), "mixing")) == 0


heads_of = st.lists(
    st.builds(
        head,
        st.sampled_from((A, B, C)),
        st.integers(1, 60),
        priority=st.booleans(),
        waited=st.integers(0, 5000),
        bound=st.sampled_from((False, False, False, True)),
    ),
    max_size=12,
    unique_by=lambda h: h.position,
)
orders = st.dictionaries(st.sampled_from((A, B, C)), st.integers(1, 3))
policies = st.builds(rules.Policy, st.sampled_from((0, 1, 2, 5)), st.sampled_from((0, 600, 3000)))
runs = st.integers(0, 6)


@given(heads_of, orders, policies, runs)
def test_the_explanation_is_of_what_was_decided(
    heads: list[rules.Head], order: dict[UUID, int], policy: rules.Policy, run: int
) -> None:
    found, steps = rules.next_ticket(heads, order, policy, run), rules.explain(heads, order, policy, run)
    if found is None:
        assert steps == []
        return
    assert [s.rule for s in steps] == list(rules.RULES)
    assert [s.rule for s in steps if s.verdict == "decides"] == [found.rule]
    place = rules.RULES.index(found.rule)
    assert all(s.verdict in ("passes", "narrows") for s in steps[:place])
    assert all(s.verdict == "not_asked" for s in steps[place + 1 :])
    assert found.head.number in steps[place].tickets or len(steps[place].tickets) == 10


@given(heads_of, orders, policies, runs)
def test_what_is_kept_with_a_call_gives_the_same_answer_again(
    heads: list[rules.Head], order: dict[UUID, int], policy: rules.Policy, run: int
) -> None:
    found = rules.next_ticket(heads, order, policy, run)
    if found is not None:
        assert rules.next_ticket(*recalled(kept(found, heads, order, policy, run))) == found


@given(heads_of, orders, policies, runs)
def test_everybody_whom_a_window_may_call_gets_a_turn_once(
    heads: list[rules.Head], order: dict[UUID, int], policy: rules.Policy, run: int
) -> None:
    turns = rules.sequence(heads, order, policy, run)
    mine = {h.ticket_id for h in heads if h.bound or h.service_id in order}
    assert Counter(t.head.ticket_id for t in turns) == Counter(mine)
    if turns:
        firsts: dict[tuple[bool, UUID, bool], rules.Head] = {}
        for h in sorted(heads, key=lambda h: h.position):
            firsts.setdefault((h.bound, h.service_id, h.priority), h)
        assert turns[0] == rules.next_ticket(list(firsts.values()), order, policy, run)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 5))
def test_no_class_starves_under_a_ratio(priority: int, others: int, ratio: int) -> None:
    waiting = [head(A, n, priority=n <= priority) for n in range(1, priority + others + 1)]
    turns = rules.sequence(waiting, {A: 1}, rules.Policy(priority_run=ratio))
    row = 0
    for n, turn in enumerate(turns):
        row = row + 1 if turn.head.priority else 0
        assert row <= ratio or not any(not t.head.priority for t in turns[n:])


def test_the_list_of_the_waiting_explains_itself() -> None:
    waiting = [head(A, 1), head(A, 2, priority=True), head(A, 3, waited=900), head(B, 4, bound=True)]
    turns = rules.sequence(waiting, ORDER, rules.Policy(longest_wait=600))
    assert [(t.head.position, t.rule) for t in turns] == [
        (4, "bound"),
        (2, "priority"),
        (1, "first_come"),
        (3, "longest_wait"),
    ]


def test_an_explanation_counts_what_the_order_leaves_out() -> None:
    steps = rules.explain([head(A, 1), head(B, 2), head(B, 3, priority=True)], {A: 2, B: 1}, rules.STRICT, 1)
    step = steps[2]
    assert (step.verdict, step.facts["rank"], step.facts["left_out"], step.tickets) == ("narrows", 1, 1, ("N3", "N2"))
    assert steps[3].facts == {"ratio": 0, "run": 1}
    assert steps[4].tickets == ("N3",)


@pytest.mark.parametrize(
    ("priority", "reason", "transfers", "rule", "codes"),
    [
        (False, None, 0, "first_come", ["first_come"]),
        (True, "green_channel", 0, "priority", ["green_channel", "first_come"]),
        (True, None, 0, "priority", ["priority", "first_come"]),
        (True, "green_channel", 1, "priority", ["transfer_priority", "first_come"]),
        (False, None, 0, "longest_wait", ["longest_wait", "first_come"]),
        (False, None, 0, "bound", ["bound", "first_come"]),
    ],
)
def test_codes_say_why(priority: bool, reason: str | None, transfers: int, rule: str, codes: list[str]) -> None:
    assert rules.why(priority, reason, transfers, rule) == codes
