"""What the pad shows, decided from what is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from client_pad.app.state import page, seconds_left
from common.protocol.evaluation import PadView
from common.protocol.queue import RatingRequest

NOW = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)
TICKET = uuid4()


def view(state: str, **more: Any) -> PadView:
    """A pad's view."""
    return PadView(
        window_id=uuid4(), label="3", state=state, organisation={}, outlet={}, languages=["en"], now=NOW, **more
    )


def asked(seconds: float = 30) -> PadView:
    """A request that is open for so many seconds more, of thirty."""
    end = NOW + timedelta(seconds=seconds)
    return view(
        "rating",
        request=RatingRequest(
            id=uuid4(), ticket_id=TICKET, number="A012", asked_at=end - timedelta(seconds=30), expires_at=end
        ),
    )


@pytest.mark.covers("EVA-902", "EVA-903")
def test_the_keys_are_there_only_while_a_request_is_open() -> None:
    assert page(asked(), NOW, set()) == "rating"
    assert page(asked(0), NOW + timedelta(seconds=1), set()) == "card"
    assert page(view("rating"), NOW, set()) == "card"


@pytest.mark.covers("EVA-901")
def test_a_ticket_that_was_rated_here_is_not_asked_about_again() -> None:
    assert page(asked(), NOW, {TICKET}) == "card"


def test_a_state_that_a_newer_server_invents_shows_the_card() -> None:
    assert page(view("dancing"), NOW, set()) == "card"
    assert page(view("back_office"), NOW, set()) == "back_office"


def test_the_time_left_is_rounded_up_and_never_negative() -> None:
    assert seconds_left(asked(15), NOW) == (15, 0.5)
    assert seconds_left(asked(-5), NOW) == (0, 0.0)
    assert seconds_left(view("card"), NOW) == (0, 0.0)
