"""The gate between coroutines and widgets: what is asked again while it runs is neither doubled nor forgotten."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject

from common.qt import jobs


async def test_a_key_pressed_twice_runs_once_and_a_notice_meanwhile_reads_once_more(qapp: QObject) -> None:
    owner, gate = QObject(), asyncio.Event()
    ran: list[str] = []

    async def work(what: str) -> None:
        ran.append(what)
        await gate.wait()

    pressed = jobs.start(owner, work, "pressed", name="press")
    assert jobs.start(owner, work, "pressed twice", name="press") is pressed
    read = jobs.start(owner, work, "read", name="read")
    for late in ("noticed", "noticed last"):
        assert jobs.start(owner, work, late, name="read", again=True) is read
    await asyncio.sleep(0)
    assert ran == ["pressed", "read"]
    gate.set()
    await asyncio.gather(pressed.ended(), read.ended())
    while jobs.running(owner):
        await jobs.running(owner)[0].ended()
    # However many came meanwhile, one reading after them sees them all.
    assert ran == ["pressed", "read", "noticed last"]


async def test_what_was_to_run_once_more_is_given_up_with_it(qapp: QObject) -> None:
    owner, ran = QObject(), 0

    async def work() -> None:
        nonlocal ran
        ran += 1
        await asyncio.sleep(60)

    first = jobs.start(owner, work, name="read")
    jobs.start(owner, work, name="read", again=True)
    await asyncio.sleep(0)
    first.cancel()
    assert await first.ended() is jobs.Outcome.CANCELLED
    await asyncio.sleep(0)
    assert ran == 1 and not jobs.running(owner)
