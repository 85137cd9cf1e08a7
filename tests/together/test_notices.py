"""Two server processes on one PostgreSQL: a live subscriber that is cut and resumes has exactly what was committed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from common.link import LinkState
from common.protocol.messages import Notice
from server.demo.fill import id_of
from tests.common.link.conftest import linked, reach, until
from tests.ground.demo_halls import DemoHall, DemoHalls
from tests.ground.demo_house import DemoHouse
from tests.ground.relay import Relay

ZONE = f"queue.zone.{id_of('zone', 0)}"
CUTS = 6
PATIENCE = 170
LOAD = ((1, 2), (3, 4))
"""Windows at each server process that change the zone without a pause; all of them accept the same service."""


@pytest.fixture
def region(demo_halls: DemoHalls, tmp_path: Path) -> Iterator[DemoHall]:
    """A demo hall on PostgreSQL."""
    with demo_halls.fresh("postgresql", tmp_path / "server") as hall:
        yield hall


def committed(hall: DemoHall, since: int) -> list[tuple[int, str]]:
    """The zone's notices after a number, as the database has them."""
    return [(n, kind) for n, kind in hall.rows(
        f"SELECT number, kind FROM notice WHERE topic = '{ZONE}' AND number > {since} ORDER BY number"
    )]  # fmt: skip


def test_a_subscriber_that_is_cut_has_exactly_what_was_committed(region: DemoHall, tmp_path: Path) -> None:
    heard: list[Notice | None] = []

    def more(count: int) -> bool:
        return len(heard) > count

    async def way(houses: list[DemoHouse]) -> None:
        token = houses[0].device("led", zone=0)
        going = True

        def change(house: DemoHouse, window: int) -> None:
            place = house.open(window)
            while going:
                house.ticket("A")
                house.post("queue.call_next", place)
                house.post("queue.finish", {**place, "request_rating": False})

        async with (
            Relay(houses[0].port) as relay,
            linked("led", tmp_path / "led", server=relay.url, token=token) as link,
        ):
            link.watch(ZONE, heard.append)
            await reach(link, LinkState.ONLINE)
            await until(lambda: heard == [None])
            start = region.rows("SELECT number FROM head WHERE name = 'notice'")[0][0]
            work = [
                asyncio.create_task(asyncio.to_thread(change, house, window))
                for house, windows in zip(houses, LOAD, strict=True)
                for window in windows
            ]
            try:
                for turn in range(CUTS):
                    had = len(heard)
                    enough = had + random.randint(3, 20)
                    await until(partial(more, enough), 20)
                    await relay.cut(houses[(turn + 1) % 2].port)  # it comes back at the other process
                    await until(lambda: not link.online)
                    await reach(link, LinkState.ONLINE)
            finally:
                going = False
                await asyncio.gather(*work)
            await until(lambda: not region.rows("SELECT 1 FROM notice_outbox"))
            wanted = committed(region, start)
            await until(lambda: (last := heard[-1]) is not None and last.n == wanted[-1][0])
        got = [(one.n, one.kind) for one in heard if one is not None and one.n > start]
        assert got == wanted, "none missed, none doubled, in their order"
        assert heard.count(None) == 1, "resumed every time, never begun anew"
        tickets = region.rows("SELECT count(*) FROM ticket")[0][0]
        assert [kind for _, kind in wanted].count("issued") == tickets, "and a notice for each change"

    with ExitStack() as stack:
        houses = [stack.enter_context(region.serve()) for _ in range(2)]
        asyncio.run(asyncio.wait_for(way(houses), PATIENCE))


def test_a_process_that_is_killed_takes_no_notice_with_it(region: DemoHall, tmp_path: Path) -> None:
    """What it committed and had not numbered yet, the other one numbers."""
    heard: list[Notice | None] = []

    async def way(first: DemoHouse, second: DemoHouse) -> None:
        token = first.device("led", zone=0)
        first.open(3)
        async with linked("led", tmp_path / "led", server=second.url, token=token) as link:
            link.watch(ZONE, heard.append)
            await reach(link, LinkState.ONLINE)
            await until(lambda: heard == [None])
            start = region.rows("SELECT number FROM head WHERE name = 'notice'")[0][0]
            for _ in range(2):
                for _ in range(5):
                    await asyncio.to_thread(first.ticket, "A")
                await asyncio.to_thread(first.kill)
                await asyncio.to_thread(first.start)
            tickets = region.rows("SELECT count(*) FROM ticket")[0][0]
            assert tickets == 10
            await until(lambda: len([one for one in heard if one is not None and one.kind == "issued"]) == tickets)
            assert [(one.n, one.kind) for one in heard if one is not None and one.n > start] == committed(region, start)

    with region.serve() as first, region.serve() as second:
        asyncio.run(asyncio.wait_for(way(first, second), PATIENCE))
