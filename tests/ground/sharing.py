"""One cluster for a whole test session: started at the first wish for it, shared by all workers of the session."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from tests.ground.postgres import Cluster, Missing, cluster


class Lender:
    """Lives in the session's first process: starts the cluster at the first wish and tells its URL to the workers."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._listener = Listener(("127.0.0.1", 0), authkey=key)
        self._stack = ExitStack()
        self._lock = threading.Lock()
        self._answer: dict[str, str] | None = None
        # A daemon: a worker that dies inside a wish must not keep the session from ending.
        threading.Thread(target=self._serve, name="openhall-lender", daemon=True).start()

    @property
    def port(self) -> int:
        """Where workers ask."""
        address: Any = self._listener.address
        port: int = address[1]
        return port

    def borrow(self) -> dict[str, str]:
        """`{"url"}` or `{"problem"}`."""
        with self._lock:
            if self._answer is None:
                try:
                    self._answer = {"url": self._stack.enter_context(cluster()).admin}
                except Missing as missing:
                    self._answer = {"problem": str(missing)}
            return self._answer

    def close(self) -> None:
        """Stop the cluster."""
        self._listener.close()
        with self._lock:
            self._stack.close()

    def _serve(self) -> None:
        while True:
            try:
                connection: Connection[Any, Any] = self._listener.accept()
            except OSError:
                return  # closed
            except Exception:  # a stranger on this port, without the key
                continue
            with connection:
                connection.send(self.borrow())


def borrow(port: int, key: bytes) -> Cluster:
    """A worker's wish: waits until the cluster stands. Raises Missing."""
    with Client(("127.0.0.1", port), authkey=key) as connection:
        return lent(connection.recv())


def lent(answer: dict[str, str]) -> Cluster:
    """The cluster of an answer. Raises Missing."""
    if "problem" in answer:
        raise Missing(answer["problem"])
    return Cluster(answer["url"])
