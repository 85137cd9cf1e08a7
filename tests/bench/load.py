"""A load client in one process: keep-alive connections, one request in flight on each."""

from __future__ import annotations

import json
import select
import socket
import sys
import time
import uuid

Step = tuple[str, bytes]
"""A path and a body."""


def request(path: str, token: str, body: bytes) -> bytes:
    """One POST with a fresh key."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {uuid.uuid4().hex}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def complete(data: bytes) -> bool:
    """Whether a whole answer has arrived."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = data[:end].lower()
    place = head.find(b"content-length:")
    length = int(head[place + 15 :].split(b"\r\n", 1)[0])
    return len(data) >= end + 4 + length


class Caller:
    """One connection that goes round its own steps."""

    def __init__(self, port: int, token: str, steps: list[Step], first: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.token = token
        self.steps = steps
        self.turn = first
        self.data = b""
        self.began = 0.0

    def send(self) -> None:
        """The next step."""
        path, body = self.steps[self.turn % len(self.steps)]
        self.turn += 1
        self.data = b""
        self.began = time.perf_counter()
        self.socket.sendall(request(path, self.token, body))


def drive(port: int, token: str, scripts: list[list[Step]], seconds: float) -> dict[str, float]:
    """Requests a second and latencies in milliseconds, after a warm-up of a fifth of the time; a caller a script."""
    poll = select.epoll()
    callers: dict[int, Caller] = {}
    for place, steps in enumerate(scripts):
        # Callers with the same steps begin at different ones; those with a sequence of their own at its first.
        caller = Caller(port, token, steps, place if len(steps) > 4 else 0)
        callers[caller.socket.fileno()] = caller
        poll.register(caller.socket.fileno(), select.EPOLLIN)
    measured = time.perf_counter() + seconds / 5
    end = measured + seconds
    for caller in callers.values():
        caller.send()
    latencies: list[float] = []
    failed, live = 0, len(callers)
    said = b""
    while live:
        for number, _ in poll.poll(5):
            caller = callers[number]
            caller.data += caller.socket.recv(65536)
            if not complete(caller.data):
                continue
            now = time.perf_counter()
            if not caller.data.startswith(b"HTTP/1.1 200"):
                failed += 1
                said = caller.data
            if measured <= now < end:
                latencies.append(now - caller.began)
            if now >= end:
                live -= 1
                continue
            caller.send()
    for caller in callers.values():
        caller.socket.close()
    if said:
        print(said.decode(errors="replace")[-400:], file=sys.stderr)
    latencies.sort()

    def at(share: float) -> float:
        return round(latencies[min(len(latencies) - 1, int(len(latencies) * share))] * 1000, 2) if latencies else 0.0

    return {"rate": len(latencies) / seconds, "p50": at(0.5), "p95": at(0.95), "failed": failed}


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    scripts = [[(path, body.encode()) for path, body in steps] for steps in given["scripts"]]
    print(json.dumps(drive(given["port"], given["token"], scripts, given["seconds"])))
