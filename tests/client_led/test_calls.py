"""Which call stands in the large place, and which came before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_led.feed.calls import SHOWN_SECONDS, CallFeed
from common.protocol.queue import Board, BoardCall

NOW = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)
ZONE, WINDOW = uuid4(), uuid4()


def call(sequence: int, *, ticket: UUID | None = None, ago: float = 0) -> BoardCall:
    """A call of today."""
    return BoardCall(
        sequence=sequence,
        ticket_id=ticket or uuid4(),
        number=f"A{sequence:03d}",
        window_id=WINDOW,
        window="3",
        service={},
        called_at=NOW - timedelta(seconds=ago),
    )


def board(*calls: BoardCall) -> Board:
    """A board with these calls, latest first."""
    newest = sorted(calls, key=lambda one: -one.sequence)
    last = newest[0].sequence if newest else 0
    return Board(
        zone_id=ZONE, zone={}, outlet={}, organisation={}, calls=newest, services=[], ticker=[], languages=["en"],
        now=NOW, last_sequence=last,
    )  # fmt: skip


def numbers(feed: CallFeed) -> list[str]:
    """The large place, then the list."""
    return [one.number for one in ([feed.current] if feed.current else []) + feed.earlier]


def test_what_was_called_before_the_start_is_shown_and_not_called_again() -> None:
    feed = CallFeed()
    feed.take(board(call(1), call(2)))
    assert numbers(feed) == ["A002", "A001"] and feed.turn(0) is None


@pytest.mark.covers("QUE-028", "QUE-029", "QUE-915")
def test_two_calls_of_one_second_are_both_shown_one_after_the_other() -> None:
    feed = CallFeed()
    feed.take(board())
    both = board(call(1), call(2))
    feed.take(both)
    first = feed.turn(0)
    assert first is not None and numbers(feed) == ["A001"]
    feed.take(both)
    assert feed.turn(SHOWN_SECONDS - 0.1) is None
    assert feed.turn(SHOWN_SECONDS) is not None
    assert numbers(feed) == ["A002", "A001"] and feed.turn(99) is None


@pytest.mark.covers("QUE-915")
def test_a_recall_comes_again_and_its_ticket_stands_once() -> None:
    feed, ticket = CallFeed(), uuid4()
    before = [call(1, ticket=ticket), call(2)]
    feed.take(board(*before))
    feed.take(board(*before, call(3, ticket=ticket)))
    assert feed.turn(0) is not None
    assert numbers(feed) == ["A003", "A002"]


def test_where_many_wait_each_stands_shorter_and_none_is_skipped() -> None:
    feed = CallFeed()
    feed.take(board())
    many = [call(number) for number in range(1, 21)]
    feed.take(board(*many))
    seen: list[tuple[int, float]] = []
    now = 0.0
    while len(seen) < len(many):
        if (came := feed.turn(now)) is not None:
            seen.append((came.sequence, now))
        now += 0.1
    assert [sequence for sequence, _ in seen] == [one.sequence for one in many]
    gaps = [after - before for (_, before), (_, after) in pairwise(seen)]
    assert min(gaps) > 1.4 and gaps[0] < 1.7 and gaps[-1] > SHOWN_SECONDS - 0.1
    assert now < len(many) * SHOWN_SECONDS / 2


def test_calls_missed_for_long_go_to_the_list_without_ado() -> None:
    feed = CallFeed()
    known = call(1)
    feed.take(board(known))
    feed.take(board(known, call(2, ago=600), call(3, ago=1)))
    assert numbers(feed)[0] == "A002"
    late = feed.turn(0)
    assert late is not None and late.number == "A003"


@pytest.mark.covers("QUE-902")
def test_a_new_day_begins_empty() -> None:
    feed = CallFeed()
    feed.take(board(call(7), call(8)))
    feed.take(board())
    assert numbers(feed) == []


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_none_is_skipped_and_none_said_twice(groups: list[int]) -> None:
    feed, now = CallFeed(), 0.0
    calls: list[BoardCall] = []
    seen: list[int] = []
    feed.take(board())
    for size in groups:
        calls += [call(len(calls) + 1 + more) for more in range(size)]
        feed.take(board(*calls[-20:]))
        now += SHOWN_SECONDS
        if (came := feed.turn(now)) is not None:
            seen.append(came.sequence)
    while (came := feed.turn(now := now + SHOWN_SECONDS)) is not None:
        seen.append(came.sequence)
    assert seen == [one.sequence for one in calls]
