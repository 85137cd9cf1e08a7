"""The live socket: pushed at once, resumed without a gap, ended with the session."""

from __future__ import annotations

import json
from typing import Any

from websockets.sync.client import ClientConnection, connect

from common.protocol.live import LiveTopics
from server.demo.fill import id_of
from tests.server.conftest import Hall

ZONE = f"queue.zone.{id_of('zone', 0)}"


def live(hall: Hall, since: str = "", topics: str = ZONE, token: str | None = None) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{hall.http.port}/api/live?since={since}&topics={topics}",
        additional_headers={"Authorization": f"Bearer {token or hall.sign_in('manager')}"},
    )


def said(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(socket.recv(timeout=10))
    return message


def notices(socket: ClientConnection, count: int) -> list[dict[str, Any]]:
    """The next so many notices of issued tickets; on PostgreSQL earlier ones may still be on their way."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        message = said(socket)
        if message["type"] == "notice" and message["kind"] == "issued":
            found.append(message)
    return found


def test_a_change_is_pushed_with_ids_and_without_content(hall: Hall) -> None:
    hall.open(3)
    with live(hall, topics=ZONE) as socket:
        assert said(socket)["type"] == "hello"
        ticket = hall.ticket("A")
        (found,) = notices(socket, 1)
        assert found["ids"] == {"ticket": ticket["id"]}


def test_a_client_that_was_cut_resumes_without_gap_or_double(hall: Hall) -> None:
    hall.open(3)
    with live(hall) as socket:
        hello = said(socket)
        first = hall.ticket("A")
        last = notices(socket, 1)[0]["n"]
    missed = [hall.ticket("A")["id"] for _ in range(3)]
    with live(hall, since=f"{hello['epoch']}:{last}") as socket:
        said(socket)
        later = hall.ticket("A")["id"]
        got = [n["ids"]["ticket"] for n in notices(socket, 4)]
    assert got == [*missed, later]
    assert first["id"] not in got


def test_another_epoch_or_number_asks_for_a_snapshot(hall: Hall) -> None:
    for since in ("other:3", f"{hall.engine.house.epoch}:999999"):
        with live(hall, since=since) as socket:
            assert said(socket)["type"] == "hello"
            assert said(socket)["type"] == "snapshot"


def test_without_a_token_the_socket_ends(hall: Hall) -> None:
    with live(hall, token="nonsense") as socket:
        assert said(socket) == {"type": "ended", "code": "access.sign_in"}


def test_changed_topics_are_confirmed_and_nothing_after_that_is_missed(hall: Hall) -> None:
    hall.open(3)
    with live(hall, topics="services") as socket:
        assert said(socket)["type"] == "hello"
        socket.send(json.dumps({"type": "topics", "topics": [ZONE]}))
        assert LiveTopics.model_validate(said(socket)).topics == [ZONE]
        ticket = hall.ticket("A")
        assert notices(socket, 1)[0]["ids"] == {"ticket": ticket["id"]}
