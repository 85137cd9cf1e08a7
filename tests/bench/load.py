"""A load client in one process: keep-alive connections, one request in flight on each."""

from __future__ import annotations

import json
import select
import socket
import sys
import time
import uuid


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


def drive(port: int, token: str, path: str, bodies: list[bytes], clients: int, seconds: float) -> dict[str, float]:
    """Requests a second and latencies in milliseconds, after a warm-up of a fifth of the time."""
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    began: dict[int, float] = {}
    data: dict[int, bytes] = {}
    turn = 0
    for _ in range(clients):
        link = socket.create_connection(("127.0.0.1", port))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[link.fileno()] = link
        poll.register(link.fileno(), select.EPOLLIN)
    start = time.perf_counter()
    measured = start + seconds / 5
    end = measured + seconds
    for number, link in sockets.items():
        began[number], data[number] = time.perf_counter(), b""
        turn += 1
        link.sendall(request(path, token, bodies[turn % len(bodies)]))
    latencies: list[float] = []
    failed = 0
    live = len(sockets)
    while live:
        for number, _ in poll.poll(5):
            data[number] += sockets[number].recv(65536)
            if not complete(data[number]):
                continue
            now = time.perf_counter()
            failed += not data[number].startswith(b"HTTP/1.1 200")
            if measured <= now < end:
                latencies.append(now - began[number])
            if now >= end:
                live -= 1
                continue
            began[number], data[number] = now, b""
            turn += 1
            sockets[number].sendall(request(path, token, bodies[turn % len(bodies)]))
    for link in sockets.values():
        link.close()
    latencies.sort()

    def at(share: float) -> float:
        return round(latencies[min(len(latencies) - 1, int(len(latencies) * share))] * 1000, 2) if latencies else 0.0

    return {"rate": len(latencies) / seconds, "p50": at(0.5), "p95": at(0.95), "failed": failed}


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    bodies = [b.encode() for b in given["bodies"]]
    print(json.dumps(drive(given["port"], given["token"], given["path"], bodies, given["clients"], given["seconds"])))
