"""A ticket printer at the other end of a line: gathers what arrives and answers status questions as printers do."""

from __future__ import annotations

import os
import select
import socket
import threading
from types import TracebackType

DONE = b"\x1dr\x01"
ANSWERS = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


class Counterpart:
    """Base of both: real-time commands are answered at once, everything else is kept."""

    def __init__(self, dies_after: int | None = None, silent: bool = False) -> None:
        self.received = bytearray()
        self.port: str | int = ""
        self.answers = dict(ANSWERS)
        self.silent = silent
        self.dies_after = dies_after
        self.says_done = True
        """Whether it answers GS r, which follows a ticket's cut."""
        self.at_cut: dict[int, int] = {}
        """What it answers from the moment on at which a ticket was cut: the paper ends in the middle of it."""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="counterpart")

    def __enter__(self) -> Counterpart:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join(5)

    def _take(self, data: bytes) -> list[bytes]:
        """Answers to what was just received."""
        begin = max(0, len(self.received) - 2)
        self.received += data
        answers = []
        at = self.received.find(b"\x10\x04", begin)
        while at >= 0 and at + 2 < len(self.received):
            what = self.received[at + 2]
            if not self.silent and what in self.answers and at + 3 > begin:
                answers.append(bytes((self.answers[what],)))
            at = self.received.find(b"\x10\x04", at + 3)
        if self.received.endswith(DONE):
            self.answers |= self.at_cut
            if self.says_done and not self.silent:
                answers.append(b"\x00")
        return answers

    def _run(self) -> None:
        raise NotImplementedError


class PtyCounterpart(Counterpart):
    """Behind a serial port made of a pty pair."""

    def __init__(self, dies_after: int | None = None, silent: bool = False) -> None:
        super().__init__(dies_after, silent)
        import tty

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)

    def _run(self) -> None:
        while not self._end.is_set():
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            for answer in self._take(os.read(self._master, 65536)):
                os.write(self._master, answer)
            if self.dies_after is not None and len(self.received) >= self.dies_after:
                break
        os.close(self._master)
        os.close(self._slave)


class SocketCounterpart(Counterpart):
    """Behind a network socket on loopback."""

    def __init__(self, dies_after: int | None = None, silent: bool = False, port: str | int = 0) -> None:
        super().__init__(dies_after, silent)
        self._server = socket.create_server(("127.0.0.1", int(port)))
        self._server.settimeout(0.05)
        self.port = self._server.getsockname()[1]

    def _run(self) -> None:
        with self._server:
            while not self._end.is_set():
                try:
                    connection, _address = self._server.accept()
                except TimeoutError:
                    continue
                with connection:
                    if self._serve(connection):
                        return

    def _serve(self, connection: socket.socket) -> bool:
        connection.settimeout(0.05)
        while not self._end.is_set():
            try:
                data = connection.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                return False
            if not data:
                return False
            for answer in self._take(data):
                connection.sendall(answer)
            if self.dies_after is not None and len(self.received) >= self.dies_after:
                return True
        return True
