"""From the press of "next" to the number on a display: one real program, and the hall's other displays beside it."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common.link import Link, View
from common.protocol.queue import Board, InZone
from server.demo.fill import id_of
from tests.ground.demo_house import TOP, DemoHouse
from tests.ground.programs import Running

OTHERS = 49
APART = 4.2
"""Seconds between two calls: a display keeps each for four."""


def measure(house: DemoHouse, folder: Path, calls: int) -> str:
    """A line with p50 and p95 in milliseconds; the press is the moment before the request is sent, the end the moment at
    which the number stands in the display's widget."""
    house.post("bench.clear")
    window = {"window_id": str(id_of("window", 1))}
    given = {"url": house.url, "tokens": [house.device("led", zone=0) for _ in range(OTHERS)]}
    others = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.display"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TOP
    )
    assert others.stdin is not None and others.stdout is not None
    others.stdin.write(json.dumps(given) + "\n")
    others.stdin.flush()
    others.stdout.readline()
    took = []
    try:
        with Running("led", folder / "led", house, token=house.device("led", zone=0)) as led:
            led.wait("Welcome", name="call")
            time.sleep(2)
            for _ in range(calls):
                number = house.ticket("A")["number"]
                led.begin("wait", text=number, name="call", seconds=20)
                pressed = time.monotonic()
                house.post("queue.call_next", window)
                took.append((float(led.answer()["at"]) - pressed) * 1000)
                house.post("queue.finish", {**window, "request_rating": False})
                time.sleep(APART)
    finally:
        others.stdin.close()
        others.wait(20)
        others.stdout.close()
    took.sort()
    p95 = took[min(len(took) - 1, int(len(took) * 0.95))]
    return f"press to display, {OTHERS} others beside it, {calls} calls: p50 {statistics.median(took):.0f} ms, p95 {p95:.0f} ms"


async def be(url: str, tokens: list[str]) -> None:
    """So many displays without a screen: each follows its zone through the link, as the program does."""
    zone = id_of("zone", 0)
    topics = [f"queue.zone.{zone}"]
    with tempfile.TemporaryDirectory(prefix="openhall-bench-") as name:
        links = [Link("led", profile=Path(name) / str(n), server=url, token=t) for n, t in enumerate(tokens)]
        await asyncio.gather(*(link.start() for link in links))
        views = [View(link, "queue.board", InZone(zone_id=zone), Board, topics, keep="board").start() for link in links]
        while not all(view.fresh for view in views):  # noqa: ASYNC110  nothing in a view can be awaited
            await asyncio.sleep(0.1)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for view in views:
            view.stop()
        await asyncio.gather(*(link.stop() for link in links))


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    asyncio.run(be(told["url"], told["tokens"]))
