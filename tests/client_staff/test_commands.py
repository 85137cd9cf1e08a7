"""Which command may be given, and which is the expected one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from client_staff.counter.commands import COMMANDS, as_of, commands, heading, seconds_over, seconds_since
from common.protocol.queue import RatingRequest, TicketCard, WindowView

NOW = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)


def ticket(**more: Any) -> TicketCard:
    """A ticket that was issued twenty minutes ago."""
    return TicketCard(
        id=uuid4(), number="A012", service_id=uuid4(), zone_id=uuid4(), state="called",
        issued_at=NOW - timedelta(minutes=20), token="t" * 22, **more,
    )  # fmt: skip


def window(state: str, **more: Any) -> WindowView:
    """A window in a state."""
    return WindowView(window_id=uuid4(), label="3", zone_id=uuid4(), state=state, now=NOW, **more)


def allowed(view: WindowView | None, *, online: bool = True) -> set[str]:
    """The commands that may be given."""
    return {name for name, one in commands(view, NOW, online=online).items() if one.allowed}


@pytest.mark.covers("QUE-050", "QUE-051", "QUE-052", "QUE-053", "QUE-055", "QUE-020")
@pytest.mark.parametrize(
    ("state", "may", "expected"),
    [
        ("free", {"next", "pause"}, "next"),
        ("called", {"start", "recall", "finish", "transfer", "no_show"}, "start"),
        ("serving", {"next", "finish", "transfer"}, "finish"),
        ("rating", {"next", "pause"}, "next"),
        ("paused", {"pause"}, "pause"),
        ("back_office", {"pause"}, "pause"),
        ("closed", set(), None),
    ],
)
def test_every_state_has_its_commands_and_one_that_is_expected(state: str, may: set[str], expected: str | None) -> None:
    view = window(state, ticket=ticket() if state in ("called", "serving") else None)
    assert allowed(view) == may
    assert [name for name, one in commands(view, NOW, online=True).items() if one.expected] == (
        [expected] if expected else []
    )


def test_what_may_not_be_given_says_why() -> None:
    for state in ("free", "called", "serving", "paused", "closed"):
        for one in commands(window(state), NOW, online=True).values():
            assert one.allowed or one.why_not


def test_without_the_server_nothing_may_be_given() -> None:
    assert allowed(window("free"), online=False) == set() == allowed(None)
    assert set(commands(None, NOW, online=True)) == set(COMMANDS)


@pytest.mark.covers("QUE-060")
def test_the_next_call_waits_for_the_rating_and_says_how_long() -> None:
    asked = RatingRequest(
        id=uuid4(), ticket_id=uuid4(), number="A012", asked_at=NOW, expires_at=NOW + timedelta(seconds=30)
    )
    view = window("rating", request=asked, locked_until=NOW + timedelta(seconds=30))
    standing = commands(view, NOW + timedelta(seconds=9), online=True)["next"]
    assert not standing.allowed and "21 seconds" in standing.why_not
    assert commands(view, NOW + timedelta(seconds=30), online=True)["next"].allowed
    # Its time is over without a word from the server: the counter is free again.
    assert as_of(view, NOW + timedelta(seconds=29)).state == "rating"
    assert as_of(view, NOW + timedelta(seconds=30)).state == "free"


@pytest.mark.covers("QUE-041")
def test_over_the_limit_is_said_in_words_and_minutes() -> None:
    view = window("serving", ticket=ticket(started_at=NOW - timedelta(minutes=13)), limit_seconds=720)
    assert seconds_since(view, NOW) == 780 and seconds_over(view, NOW) == 60
    assert heading(view, NOW)[0] == "Over the usual time" and heading(view, NOW)[3] == "bad_strong"
    assert seconds_over(view.model_copy(update={"limit_seconds": None}), NOW) == 0
