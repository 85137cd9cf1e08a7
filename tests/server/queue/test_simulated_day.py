"""A short simulated day through the real actions; whole days run in the bench (`python -m tests.bench.days`)."""

from __future__ import annotations

import dataclasses

import pytest

from tests.bench.simulator import Broken, Shape, simulate

SHORT = Shape(tickets=60, windows=4, services=3, hours=2.0, job_seconds=120.0, check_every=100)


@pytest.mark.parametrize(
    "settings", [(), (("queue.priority_run", 1), ("queue.longest_wait", 10))], ids=["strict", "mixed and bounded"]
)
def test_everybody_is_served_once_and_in_order(settings: tuple[tuple[str, int], ...]) -> None:
    found = simulate(dataclasses.replace(SHORT, seed=5, green=0.3, no_shows=0.15, transfers=0.1, settings=settings))
    assert found.issued == SHORT.tickets
    assert found.finished + found.no_shows == found.issued
    assert found.no_shows and found.transfers


def test_the_model_sees_a_wrong_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle itself can fail: a day in which the house prefers the youngest breaks at once."""
    from server.modules.queue import rules_order

    monkeypatch.setattr(rules_order, "_first", lambda heads: max(heads, key=lambda h: h.position))
    with pytest.raises(Broken, match="better claim"):
        simulate(dataclasses.replace(SHORT, seed=5, green=0.4, booked=0.0))
