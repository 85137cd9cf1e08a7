"""The hall's state, what can be had, blocks of numbers, places and states of tickets, waits; no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.modules.queue import rules

HOUR = 3600
DAY = [(9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)]
T = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "state", "left"),
    [
        (8 * HOUR + 1799, "closed", None),
        (8 * HOUR + 1800, "opening", None),
        (9 * HOUR - 1, "opening", None),
        (9 * HOUR, "open", None),
        (12 * HOUR - 1, "open", None),
        (12 * HOUR, "closed", None),
        (13 * HOUR, "open", 4 * HOUR),
        (17 * HOUR - 901, "open", 901),
        (17 * HOUR - 900, "last_tickets", 900),
        (17 * HOUR, "closed", None),
    ],
)
def test_the_hall_follows_its_periods(second: int, state: str, left: int | None) -> None:
    now = rules.hall_state("auto", DAY, second, opening=1800, last_tickets=900)
    assert (now.state, now.seconds_left, now.ordered) == (state, left, False)
    assert now.issues == (state == "open")
    assert now.tests == (state == "opening")
    assert now.calls


@pytest.mark.parametrize("mode", [m for m in rules.MODES if m != "auto"])
def test_an_order_holds_against_the_hours(mode: str) -> None:
    for second in (0, 10 * HOUR, 16 * HOUR):
        now = rules.hall_state(mode, DAY, second, opening=1800, last_tickets=900)
        assert (now.state, now.ordered, now.calls) == (mode, True, mode != "stopped")
        assert now.seconds_left == (HOUR if second == 16 * HOUR and mode != "open" else None)


def test_without_settings_tickets_are_given_until_closing_and_none_before_opening() -> None:
    assert rules.hall_state("auto", DAY, 17 * HOUR - 1).state == "open"
    assert rules.hall_state("auto", DAY, 9 * HOUR - 1).state == "closed"


def test_a_hall_without_hours_is_closed() -> None:
    assert rules.hall_state("auto", [], 10 * HOUR, opening=1800).state == "closed"


@pytest.mark.parametrize(("paused", "counts"), [(None, True), (0, True), (600, True), (601, False)])
def test_a_pause_of_limited_length_still_counts(paused: int | None, counts: bool) -> None:
    assert rules.window_counts(paused, 600) is counts


OFFERED = {"windows_open": 1, "in_service_hours": True, "in_hall_hours": True, "daily_limit": 5, "counted": 4}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"hall": "stopped", "in_hall_hours": False}, "stopped"),
        ({"hall": "last_tickets", "in_hall_hours": False}, "last_tickets"),
        ({"hall": "closed", "in_hall_hours": False}, "hall_hours"),
        ({"switched_off": True}, "switched_off"),
        ({"listed": "black"}, "black_list"),
        ({"counted": 5}, "quota"),
        ({"counted": 6}, "quota"),
        ({"counted": 5, "listed": "white"}, None),
        ({"windows_open": 0, "listed": "white"}, "no_window"),
        ({"seconds_left": 600, "seconds_needed": 600}, None),
        ({"seconds_left": 600, "seconds_needed": 601}, "too_late"),
        ({"seconds_left": None, "seconds_needed": 601}, None),
    ],
)
def test_what_hides_a_service(change: dict[str, object], reason: str | None) -> None:
    assert rules.hidden_reason(**{**OFFERED, **change}) == reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "given", "start"),
    [(1, 999, None, 901), (1, 99999, None, 90001), (1, 5, None, 6), (1, 999, 500, 500)],
)
def test_the_last_tenth_is_kept_unless_told(first: int, last: int, given: int | None, start: int) -> None:
    assert rules.kept_from(first, last, given) == start


@given(st.integers(1, 50), st.integers(0, 120), st.integers(1, 30))
def test_blocks_never_overlap_and_use_the_range_up(first: int, length: int, size: int) -> None:
    last = first + length
    taken: list[tuple[int, int]] = []
    while (block := rules.next_block(first, last, taken, size)) is not None:
        taken.append(block)
    assert all(a[1] + 1 == b[0] for a, b in pairwise(taken))
    assert taken[0][0] == first and taken[-1][1] == last
    assert all(end - start + 1 <= size for start, end in taken)
    assert rules.next_block(first, last, [], 0) is None


@pytest.mark.parametrize(("serial", "held"), [(9, False), (10, True), (19, True), (20, False)])
def test_a_number_lies_in_a_block(serial: int, held: bool) -> None:
    assert rules.in_block(serial, [(10, 19)]) is held


def test_only_plain_services_give_numbers_without_the_server() -> None:
    assert rules.leasable(None, False)
    assert not rules.leasable(3, False)
    assert not rules.leasable(None, True)


def test_a_late_ticket_lies_between_its_neighbours() -> None:
    assert rules.place_between(None, None) == rules.SPACING
    assert rules.place_between(7, None) == 7 + rules.SPACING
    assert rules.place_between(None, rules.SPACING) == rules.SPACING - rules.SPACING // 64
    assert rules.place_between(10, 12) == 11
    assert rules.place_between(10, 11) == 10


def test_some_seven_hundred_late_tickets_in_a_row_find_places_of_their_own() -> None:
    before, after = rules.SPACING, 2 * rules.SPACING
    for _ in range(680):
        place = rules.place_between(before, after)
        assert before < place < after
        before = place


@pytest.mark.parametrize(("recalls", "needed", "left"), [(0, 2, 2), (2, 2, 0), (3, 2, 0), (0, 0, 0)])
def test_recalls_before_a_no_show(recalls: int, needed: int, left: int) -> None:
    assert rules.recalls_left(recalls, needed) == left


@pytest.mark.parametrize(
    ("state", "seconds", "verb"),
    [("finished", 60, "undo_finish"), ("no_show", 60, "undo_no_show"), ("finished", 61, None), ("void", 1, None)],
)
def test_undo_within_a_minute(state: str, seconds: int, verb: str | None) -> None:
    assert rules.may_undo(state, T, T + timedelta(seconds=seconds), 60) == verb
    assert rules.may_undo(state, None, T, 60) is None


@pytest.mark.parametrize(
    ("state", "outcome", "ends"),
    [
        (None, "served", "finished"),
        (None, "no_show", "no_show"),
        ("waiting", "served", "finished"),
        ("serving", "served", "finished"),
        ("no_show", "served", "finished"),
        ("waiting", "no_show", "no_show"),
        ("finished", "served", None),
        ("void", "served", None),
        ("expired", "served", None),
    ],
)
def test_the_journal_ends_only_what_is_open(state: str | None, outcome: str, ends: str | None) -> None:
    assert rules.journal_ends(state, outcome) == ends


def test_times_written_by_hand_are_in_order_and_past() -> None:
    later = T + timedelta(minutes=5)
    assert rules.sound_times(T, later, later)
    assert rules.sound_times(T, T, T)
    assert not rules.sound_times(later, T, later)
    assert not rules.sound_times(T, later, T)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, 0),
        (29, 0),
        (31, 60),
        (569, 540),
        (599, 600),
        (600, 600),
        (800, 900),
        (3449, 3300),
        (3600, 3600),
        (4000, 4200),
    ],
)
def test_a_wait_is_shown_no_more_exact_than_it_is(seconds: int, shown: int) -> None:
    assert rules.rounded(seconds) == shown


def test_seconds_need_both_ends() -> None:
    assert rules.seconds_between(T, T + timedelta(seconds=1.9)) == 1
    assert rules.seconds_between(T, None) is None
    assert rules.seconds_between(None, T) is None


def test_quantiles_lie_between_values() -> None:
    assert rules.quantile([10], 0.9) == 10
    assert rules.quantile([3, 1, 2], 0.5) == 2
    assert rules.quantile([0, 10], 0.9) == 9
    assert rules.mean([]) is None
    assert rules.mean([1, 2]) == 2


def test_few_services_are_drawn_towards_the_usual() -> None:
    assert rules.smoothed([], 600) == 600
    assert rules.smoothed([100], 500) == 400
    assert rules.deviation([1, 2, 3, 4], 300) == 150
    assert rules.deviation([10, 10, 10, 10, 20], 10) == pytest.approx(20**0.5)


def test_peers_show_people_times_the_mean() -> None:
    assert rules.moving_average(6, 2, [100, 200], 600) == 450
    assert rules.moving_average(6, 2, [], 600) == 1800
    assert rules.moving_average(6, 0, [100], 600) is None


def test_with_a_pace_the_wait_follows_windows_and_what_came_of_earlier_ones() -> None:
    pace = rules.Pace(first=60, each=120, windows=2, middle=1.0, low=0.5, high=2.0)
    plain = rules.estimate(4, 2, [], 600, pace)
    assert plain is not None and plain.expected == 540
    assert (plain.middle, plain.low, plain.high) == (540, 240, 1200)
    half = rules.estimate(4, 1, [], 600, pace)
    assert half is not None and half.expected == 1080
    assert rules.estimate(4, 0, [], 600, pace) is None
    free = rules.estimate(0, 2, [], 600, rules.Pace(0, 120, 2, high=2.0))
    assert free == rules.Estimate(0, 0, 60, 0)


def test_without_a_pace_the_turns_of_the_windows_count() -> None:
    assert rules.estimate(0, 3, [], 600) == rules.Estimate(0, 0, 0, 0)
    assert rules.estimate(2, 3, [], 600) == rules.Estimate(0, 0, 0, 0)
    one = rules.estimate(3, 3, [], 600)
    assert one is not None and one.expected == 600
    two = rules.estimate(6, 3, [600] * 5, 600)
    assert two is not None and (two.expected, two.low, two.high) == (1200, 1200, 1200)


A, B = UUID(int=1), UUID(int=2)


def test_the_look_ahead_plays_the_queue_out() -> None:
    desks = [rules.Desk({A: 1}, 0), rules.Desk({A: 1, B: 1}, 100)]
    found = rules.look_ahead([(A, False)] * 4, desks, {A: 100.0, B: 300.0})
    # A window free now and one in 100 s: 0, 100, 100, 200, and then the fifth at 200.
    assert found[A] == (0.0, 50.0)
    assert found[B][0] == pytest.approx(300.0)
    assert found[B][1] == 300.0


def test_a_window_shared_with_another_service_counts_for_what_it_gives() -> None:
    alone = rules.look_ahead([(A, False)] * 4, [rules.Desk({A: 1}, 0)], {A: 100.0})
    shared = rules.look_ahead([(B, False)] * 4 + [(A, False)] * 4, [rules.Desk({A: 1, B: 1}, 0)], {A: 100.0, B: 100.0})
    assert alone[A] == (0.0, 100.0)
    assert shared[A] == (0.0, 200.0)


def test_the_look_ahead_follows_rank_and_priority() -> None:
    ranked = rules.look_ahead([(B, False)] * 2, [rules.Desk({A: 2, B: 1}, 0)], {A: 50.0, B: 100.0})
    assert ranked[A] == (300.0, 50.0)
    first = rules.look_ahead([(A, False), (A, True)], [rules.Desk({A: 1}, 10)], {A: 100.0})
    assert first[A] == (10.0, 100.0)
    assert rules.look_ahead([(A, False)], [], {A: 100.0}) == {}


def test_what_came_of_earlier_waits_corrects_the_next() -> None:
    assert rules.corrections([(600, 600)] * 19) == (1.0, 0.5, 2.0)
    assert rules.corrections([(600, 600)] * 20) == (1.0, 1.0, 1.0)
    late = rules.corrections([(540, 1140)] * 20)
    assert late == (2.0, 2.0, 2.0)
