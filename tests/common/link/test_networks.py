"""Workbenches on the wired and the wireless network of a hall, side by side."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import pytest

from common.link import Link, LinkState
from common.protocol.discovery import GROUP_VARIABLE, LOOPBACK, WHERE_VARIABLE
from common.protocol.queue import AtWindow, Board, Called, InZone, WindowView
from server.announce import Announcement
from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.common.link.conftest import linked, reach, run, until
from tests.ground.demo_house import DemoHouse
from tests.ground.relay import Relay

FIRST, SECOND = (AtWindow(window_id=id_of("window", number)) for number in (1, 2))
ELSEWHERE = "127.0.0.9"
"""An address of the server on a network that this client is not on: nobody answers there."""


async def sit(link: Link, name: str, window: AtWindow) -> None:
    await reach(link, LinkState.SIGNED_OUT)
    await link.sign_in(name, PASSWORD)
    await reach(link, LinkState.ONLINE)
    await link.act("queue.open_window", window, WindowView)


@pytest.mark.covers("QUE-058")
def test_windows_call_over_both_networks_at_once(
    house: DemoHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One workbench is told the address, one comes over a network of its own that breaks off, and the display finds the
    server by its announcement, whose first address lies on the other network."""
    group = uuid.uuid4().hex
    monkeypatch.setenv(WHERE_VARIABLE, LOOPBACK)
    monkeypatch.setenv(GROUP_VARIABLE, group)
    server_id = uuid.UUID(house.http.get("/api/health").json()["server_id"])
    announced = Announcement(server_id, "Hall", [ELSEWHERE, "127.0.0.1"], house.port, encrypted=False)
    led_token = house.device("led", zone=0)

    async def way() -> None:
        async with (
            Relay(house.port) as wireless,
            linked("staff", tmp_path / "wired", server=house.url) as wired_desk,
            linked("staff", tmp_path / "wireless", server=wireless.url) as wireless_desk,
            linked("led", tmp_path / "led", token=led_token) as display,
        ):
            await sit(wired_desk, "anna", FIRST)
            await sit(wireless_desk, "manager", SECOND)
            for _ in range(4):
                house.ticket("A")
            # The announcement names the unreachable address first; the other one is found without hands.
            await reach(display, LinkState.ONLINE)
            assert display.server == house.url

            both = await asyncio.gather(
                wired_desk.act("queue.call_next", FIRST, Called), wireless_desk.act("queue.call_next", SECOND, Called)
            )
            assert {one.ticket.number for one in both if one.ticket} == {"A001", "A002"}

            # The wireless network breaks off in the middle of a call: the ticket is called once all the same.
            await wireless_desk.act("queue.no_show", SECOND, Called)
            calling = asyncio.ensure_future(wireless_desk.act("queue.call_next", SECOND, Called))
            await asyncio.sleep(0)
            for _ in range(5):
                await wireless.cut()
            called = await calling
            assert called.ticket is not None and called.ticket.number == "A003"

            # Out of reach, it says so; the wired window goes on.
            await wireless.cut(to=1)
            await reach(wireless_desk, LinkState.OFFLINE)
            await wired_desk.act("queue.no_show", FIRST, Called)
            on = await wired_desk.act("queue.call_next", FIRST, Called)
            assert on.ticket is not None and on.ticket.number == "A004"
            await wireless.cut(to=house.port)
            await reach(wireless_desk, LinkState.ONLINE)
            window = await wireless_desk.read("queue.window", SECOND, WindowView)
            assert window.ticket is not None and window.ticket.number == "A003"

            board = await display.read("queue.board", InZone(zone_id=id_of("zone", 0)), Board)
            shown = [(call.number, call.window) for call in board.calls]
            assert sorted(shown) == sorted(set(shown)) and {("A003", "2"), ("A004", "1")} <= set(shown)
            await until(lambda: display.online)

    try:
        run(way())
    finally:
        announced.close()
