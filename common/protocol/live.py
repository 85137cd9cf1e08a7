"""Messages of `WS /api/live?since=EPOCH:N&topics=a,b`: JSON objects, told apart by `type`.

The token travels in the `Authorization` header of the handshake. A topic matches itself and everything below it:
`queue` matches `queue.zone.0195…`.

Server to client:

- `hello`   {epoch, last, now, speed}: first message. Notices after `since` follow.
- `notice`  a `Notice` with its number `n`.
- `at`      {n, now}: every five seconds; the client may resume from n although none of its topics had news.
- `snapshot` {reason}: `since` cannot be continued (other epoch, pruned, too slow); read everything anew, go on from `hello.last`.
- `topics`  {topics}: the answer to the client's message; from here on every notice of these topics comes.
- `ended`   {code}: the session was ended; the socket closes and the token is worth nothing.

Client to server: `{"type": "topics", "topics": [...]}` replaces the topics of this socket.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from common.protocol.messages import Message, Notice


class LiveHello(Message):
    """The first message on the socket."""

    type: Literal["hello"] = "hello"
    epoch: str
    last: int
    now: datetime
    speed: float = 1.0


class LiveNotice(Notice):
    """One notice."""

    type: Literal["notice"] = "notice"


class LiveAt(Message):
    """A heartbeat: everything up to `n` has been sent."""

    type: Literal["at"] = "at"
    n: int
    now: datetime


class LiveSnapshot(Message):
    """Read everything anew: continuing from `since` is not possible."""

    type: Literal["snapshot"] = "snapshot"
    reason: str = ""


class LiveTopics(Message):
    """The topics of this socket, both ways."""

    type: Literal["topics"] = "topics"
    topics: list[str]


class LiveEnded(Message):
    """The session has ended."""

    type: Literal["ended"] = "ended"
    code: str = "access.ended"
