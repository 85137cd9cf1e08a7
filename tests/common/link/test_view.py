"""A view stays true by notices, is old without its server, and is there at the next start; heartbeats carry the voice."""

from __future__ import annotations

import asyncio
from pathlib import Path

from common.link import Heartbeats, LinkState, View
from common.protocol.queue import Board, InZone
from server.demo.fill import id_of
from tests.common.link.conftest import linked, reach, run, until
from tests.ground.demo_house import DemoHouse

ZONE = id_of("zone", 0)


def test_a_view_follows_the_hall_and_says_when_it_is_old(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        house.open(3)
        token = house.device("led", zone=0)
        options = {"server": house.url, "token": token}

        async with linked("led", tmp_path / "l", **options) as link:
            view = View(link, "queue.board", InZone(zone_id=ZONE), Board, [f"queue.zone.{ZONE}"], keep="board").start()

            def waiting() -> int:
                return sum(s.waiting for s in view.value.services) if view.value is not None else -1

            await until(lambda: view.fresh and waiting() == 0)
            house.ticket("A")
            await until(lambda: waiting() == 1)
            house.kill()
            await reach(link, LinkState.OFFLINE)
            assert not view.fresh and waiting() == 1, "the last state stays, and says that it is old"
            await asyncio.to_thread(house.start)
            house.ticket("A")
            await until(lambda: view.fresh and waiting() == 2)
            view.stop()
        house.kill()
        async with linked("led", tmp_path / "l", **options) as link:
            view = View(link, "queue.board", InZone(zone_id=ZONE), Board, [], keep="board")
            assert waiting() == 2 and not view.fresh and view.at is not None

    run(way())


def test_one_voice_a_zone_is_taken_over(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        first_token, second_token = house.device("led", zone=0), house.device("led", zone=0)
        async with linked("led", tmp_path / "b", server=house.url, token=second_token) as second:
            async with linked("led", tmp_path / "a", server=house.url, token=first_token) as first:
                one = Heartbeats(first, wants_voice=lambda: True, every=0.5)
                one.start()
                await until(lambda: one.voice)
                two = Heartbeats(second, wants_voice=lambda: True, every=0.5)
                two.start()
                await asyncio.sleep(1.2)
                assert one.voice and not two.voice
                one.stop()
            await until(lambda: two.voice, 10)
            two.stop()

    run(way())
