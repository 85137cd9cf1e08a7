"""A link to a real server: who it is, what it hears, what it keeps, how it comes back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest

from common.link import Link, LinkState, Offline, Refusal, new_key
from common.protocol.evaluation import Rate, Rated
from common.protocol.messages import Nothing, Notice
from common.protocol.queue import AtWindow, Board, Called, InZone, Issued, IssueTicket, WindowView
from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.common.link.conftest import linked, reach, run, until
from tests.ground.demo_house import DemoHouse

ZONE = id_of("zone", 0)


def ticket(channel: Literal["kiosk", "staff"] = "kiosk") -> IssueTicket:
    """A ticket of the demo hall's first service."""
    return IssueTicket(service_id=id_of("service", "A"), zone_id=ZONE, channel=channel)


def test_a_kiosk_with_a_token_is_online_and_knows_itself(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        states: list[LinkState] = []
        house.open(3)
        token = house.device("kiosk", zone=0)
        async with linked("kiosk", tmp_path / "kiosk", server=house.url, token=token) as link:
            link.on_state(states.append)
            await reach(link, LinkState.ONLINE)
            assert link.me is not None
            assert link.me.device_kind == "kiosk" and link.me.zone_id == ZONE
            assert link.health is not None and link.health.demo
            issued = await link.act("queue.issue_ticket", ticket(), Issued)
            assert issued.ticket.number == "A001"
        assert states[-1] is LinkState.ONLINE

    run(way())


def test_one_key_is_one_ticket(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        house.open(3)
        async with linked("kiosk", tmp_path / "k", server=house.url, token=house.device("kiosk", zone=0)) as link:
            await reach(link, LinkState.ONLINE)
            key = new_key()
            first = await link.act("queue.issue_ticket", ticket(), Issued, key=key)
            again = await link.act("queue.issue_ticket", ticket(), Issued, key=key)
            assert first == again
            with pytest.raises(Refusal) as refused:
                await link.act("queue.issue_ticket", ticket("staff"), Issued, key=key)
            assert refused.value.status in (409, 422) and refused.value.sentence

    run(way())


def test_a_refusal_speaks_the_readers_language(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        async with linked("staff", tmp_path / "s", server=house.url, language="zh") as link:
            await reach(link, LinkState.SIGNED_OUT)
            with pytest.raises(Refusal) as refused:
                await link.sign_in("anna", "wrong")
            assert refused.value.code == "access.wrong_credentials"
            assert not refused.value.sentence.isascii()
            assert link.state is LinkState.SIGNED_OUT
            signed = await link.sign_in("anna", PASSWORD)
            await reach(link, LinkState.ONLINE)
            assert link.me is not None and link.me.account == "anna" == signed.person.account
            with pytest.raises(Refusal) as nobody:
                place = AtWindow(window_id=id_of("window", 1))
                await link.act("queue.open_window", place, WindowView)
                await link.act("queue.call_next", place, Called)
            assert nobody.value.code == "queue.nobody_waiting"
            await link.sign_out()
            await reach(link, LinkState.SIGNED_OUT)
            assert link.me is None and link.sentence == ""

    run(way())


def test_a_watched_topic_says_what_changed(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        house.open(3)
        async with linked("led", tmp_path / "l", server=house.url, token=house.device("led", zone=0)) as link:
            early: list[Notice | None] = []
            link.watch(f"queue.zone.{ZONE}", early.append)
            await reach(link, LinkState.ONLINE)
            await until(lambda: early == [None])
            late: list[Notice | None] = []
            stop = link.watch("queue", late.append)  # a topic that the socket did not have before
            await until(lambda: late == [None])
            house.ticket("A")
            await until(lambda: len(early) > 1 and len(late) > 1)
            assert all(n is not None and n.topic == f"queue.zone.{ZONE}" for n in early[1:])
            stop()
            before = len(late)
            house.ticket("A")
            await until(lambda: len(early) > 2)
            assert len(late) == before
            board = await link.read("queue.board", InZone(zone_id=ZONE), Board)
            assert sum(s.waiting for s in board.services) == 2

    run(way())


def test_a_killed_server_comes_back_and_no_notice_is_missed(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        house.open(3)
        async with linked("led", tmp_path / "l", server=house.url, token=house.device("led", zone=0)) as link:
            heard: list[Notice | None] = []
            link.watch(f"queue.zone.{ZONE}", heard.append)
            await reach(link, LinkState.ONLINE)
            house.ticket("A")
            await until(lambda: len(heard) > 1)
            house.kill()
            await reach(link, LinkState.OFFLINE)
            with pytest.raises(Offline):
                await link.act("queue.issue_ticket", ticket(), Issued, timeout=0.5)
            old = link.now()
            await asyncio.to_thread(house.start)
            started = asyncio.get_running_loop().time()
            house.ticket("A")
            await reach(link, LinkState.ONLINE)
            assert asyncio.get_running_loop().time() - started < 3
            await until(lambda: len([n for n in heard if n is not None]) >= 2)
            numbers = [n.n for n in heard if n is not None]
            assert numbers == sorted(set(numbers))
            assert heard.count(None) == 1, "resumed, not begun anew"
            assert old <= link.now() <= old + timedelta(minutes=1)

    run(way())


def test_a_rating_given_without_the_server_arrives_once(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        place = house.open(3)
        house.ticket("A")
        called = house.post("queue.call_next", place)["ticket"]
        house.post("queue.start", place)
        house.post("queue.finish", {**place, "request_rating": True})
        token = house.device("pad", window=3)
        profile = tmp_path / "pad"
        async with linked("pad", profile, server=house.url, token=token) as link:
            await reach(link, LinkState.ONLINE)
            house.kill()
            await reach(link, LinkState.OFFLINE)
            fact = uuid4()
            rate = Rate(ticket_id=called["id"], grade="very_satisfied", fact_id=fact, rated_at=link.now())
            link.outbox.put("evaluation.rate", rate, fact)
            assert link.outbox.waiting == 1
        await asyncio.to_thread(house.start)
        # The pad itself was off as well; what it kept goes after the next start.
        async with linked("pad", profile, server=house.url, token=token) as link:
            await until(lambda: link.outbox.waiting == 0)
            assert link.outbox.refused == []
            with pytest.raises(Refusal) as second:
                await link.act("evaluation.rate", Rate(ticket_id=called["id"], grade="fair"), Rated)
            assert second.value.status == 409

    run(way())


def test_a_session_ended_elsewhere_says_so(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        async with linked("staff", tmp_path / "s", server=house.url) as link:
            await reach(link, LinkState.SIGNED_OUT)
            signed = await link.sign_in("anna", PASSWORD)
            await reach(link, LinkState.ONLINE)
            headers = {"Authorization": f"Bearer {signed.token}"}
            house.http.post("/api/sign-out", json={}, headers=headers)
            await reach(link, LinkState.SIGNED_OUT)
            assert link.sentence

    run(way())


def test_a_token_that_is_worth_nothing_is_named(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        async with linked("pad", tmp_path / "p", server=house.url, token="ohd_nonsense") as link:
            await reach(link, LinkState.SIGNED_OUT)
            assert "token" in link.sentence

    run(way())


def test_plain_http_beyond_this_machine_is_refused(tmp_path: Path) -> None:
    async def way() -> None:
        async with linked("kiosk", tmp_path / "k", server="http://192.0.2.7:8000", token="x") as link:
            await reach(link, LinkState.INCOMPATIBLE)
            assert "https" in link.sentence

    run(way())


def test_a_picture_and_the_days_workbook_can_be_fetched(house: DemoHouse, tmp_path: Path) -> None:
    async def way() -> None:
        async with linked("staff", tmp_path / "s", server=house.url) as link:
            await reach(link, LinkState.SIGNED_OUT)
            await link.sign_in("manager", PASSWORD)
            await reach(link, LinkState.ONLINE)
            assert link.me is not None and link.me.photo is not None
            assert (await link.fetch_file(link.me.photo)).startswith(b"\x89PNG")
            assert (await link.report("queue.day_tickets", {}, "xlsx")).startswith(b"PK")

    run(way())


def test_two_links_may_share_nothing(tmp_path: Path) -> None:
    link = Link("pad", profile=tmp_path / "a")
    other = Link("pad", profile=tmp_path / "b")
    link.outbox.put("evaluation.rate", Nothing())
    assert other.outbox.waiting == 0
    link.outbox.close()
    other.outbox.close()
