"""The queue's rules by examples and properties; no database."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.modules.queue import rules

A, B, C = (UUID(int=n) for n in (1, 2, 3))


def chosen(heads: list[rules.Head], order: dict[UUID, int], *more: object) -> rules.Head | None:
    found = rules.next_ticket(heads, order, *more)  # type: ignore[arg-type]
    return None if found is None else found.head


def head(service: UUID, priority: bool, position: int) -> rules.Head:
    return rules.Head(UUID(int=1000 + position), service, priority, position)


@pytest.mark.covers("QUE-013")
def test_priority_goes_before_the_others_of_its_service() -> None:
    assert chosen([head(A, False, 1), head(B, True, 9)], {A: 1, B: 1}) == head(B, True, 9)


@pytest.mark.covers("QUE-014")
def test_among_priority_tickets_the_first_to_come_is_first() -> None:
    assert chosen([head(A, True, 7), head(B, True, 4)], {A: 1, B: 1}) == head(B, True, 4)


@pytest.mark.covers("QUE-044")
def test_the_windows_own_order_of_services_comes_first() -> None:
    assert chosen([head(A, True, 1), head(B, False, 9)], {A: 2, B: 1}) == head(B, False, 9)


@pytest.mark.covers("QUE-043")
def test_a_window_calls_only_what_it_accepts() -> None:
    assert chosen([head(C, True, 1)], {A: 1}) is None
    assert chosen([], {A: 1}) is None


heads = st.lists(
    st.builds(head, st.sampled_from((A, B, C)), st.booleans(), st.integers(1, 50)),
    max_size=8,
    unique_by=lambda h: h.position,
)


@given(heads, st.dictionaries(st.sampled_from((A, B, C)), st.integers(1, 3)))
def test_nobody_whom_the_window_accepts_stands_before_the_chosen(
    waiting: list[rules.Head], order: dict[UUID, int]
) -> None:
    first = chosen(waiting, order)
    mine = [h for h in waiting if h.service_id in order]
    assert (first is None) == (not mine)
    for other in mine:
        assert first is not None
        if order[other.service_id] == order[first.service_id] and other.priority == first.priority:
            assert first.position <= other.position


OPEN = {"windows_open": 1, "in_service_hours": True, "in_hall_hours": True, "daily_limit": None, "counted": 0}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        pytest.param({"windows_open": 0}, "no_window", marks=pytest.mark.covers("QUE-003")),
        pytest.param({"daily_limit": 5, "counted": 5}, "quota", marks=pytest.mark.covers("QUE-004", "QUE-039")),
        ({"daily_limit": 5, "counted": 4}, None),
        pytest.param({"in_service_hours": False}, "service_hours", marks=pytest.mark.covers("QUE-005", "QUE-038")),
        pytest.param({"in_hall_hours": False}, "hall_hours", marks=pytest.mark.covers("QUE-006")),
    ],
)
def test_the_four_conditions_hide_a_service(change: dict[str, int | bool], reason: str | None) -> None:
    assert rules.hidden_reason(**{**OPEN, **change}) == reason  # type: ignore[arg-type]


@pytest.mark.covers("QUE-906")
def test_a_ticket_changes_only_as_allowed() -> None:
    allowed = {(verb, state) for verb, changes in rules.CHANGES.items() for state in changes}
    assert ("call", "finished") not in allowed
    assert rules.changed("start", "waiting") is None
    assert rules.changed("transfer", "serving") == "waiting"
    # What is over stays over; only a mistaken finish is taken back.
    assert {verb for verb, state in allowed if state in ("finished", "void", "expired")} == {"undo_finish"}


@pytest.mark.covers("QUE-042")
def test_a_number_is_its_prefix_and_serial() -> None:
    assert rules.ticket_number("A", 12, 3) == "A012"
    assert rules.ticket_number("B", 12345, 3) == "B12345"


def test_an_estimate_needs_a_window_and_keeps_its_range_in_order() -> None:
    assert rules.estimate(5, 0, [300], 600) is None
    assert rules.estimate(0, 2, [300], 600) == rules.Estimate(0, 0, 0)
    found = rules.estimate(6, 2, [100, 200, 300, 400], 600)
    assert found is not None
    assert found.low <= found.middle <= found.high
    assert found.expected == 3 * (250 * 4 + 3 * 600) // 7
    assert found.middle == 1200
