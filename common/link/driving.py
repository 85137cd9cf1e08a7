"""The other end of a program's driver socket; for the demonstration and for tests. No Qt, blocking.

A program opens the socket only with `--driver` and a demo hall (see `common/qt/driver.py` for what can be asked).
"""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from pathlib import Path
from typing import Any


class NotSeen(Exception):
    """What a person would have looked for, or pressed, is not there."""


class Driven:
    """One driven program. Raises NotSeen, or OSError when the program is gone."""

    def __init__(self, path: Path, patience: float = 30) -> None:
        if os.name == "nt":
            raise OSError("driving is for Linux only; the socket is a named pipe on Windows")
        self._patience = patience
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(patience)
        end = time.monotonic() + patience
        while True:
            try:
                self._socket.connect(str(path))
                break
            except (FileNotFoundError, ConnectionRefusedError) as failure:
                if time.monotonic() > end:
                    raise NotSeen(f"no program listens at {path}") from failure
                time.sleep(0.03)
        self._lines = self._socket.makefile("rb")

    def ask(self, do: str, **more: Any) -> dict[str, Any]:
        """Ask anything."""
        self.begin(do, **more)
        return self.answer()

    def begin(self, do: str, **more: Any) -> None:
        """Ask, and take the `answer` later: so several programs are watched at once, each with one question open."""
        self._socket.sendall(json.dumps({"do": do, **more}).encode() + b"\n")

    def answer(self) -> dict[str, Any]:
        """The answer to what was begun."""
        line = self._lines.readline()
        if not line:
            raise OSError("the program is gone")
        answer: dict[str, Any] = json.loads(line)
        if not answer["ok"]:
            raise NotSeen(str(answer["error"]))
        return answer

    def tree(self) -> list[dict[str, Any]]:
        """Everything visible."""
        return list(self.ask("tree")["tree"])

    def press(self, name: str | None = None, *, text: str | None = None, index: int = 0) -> float:
        """Press by name or by words; gives the moment (monotonic seconds)."""
        return float(self.ask("press", name=name, text=text, index=index)["at"])

    def type(self, name: str, text: str) -> None:
        """Type into a field."""
        self.ask("type", name=name, text=text)

    def key(self, key: str) -> float:
        """Press a key such as `F2`."""
        return float(self.ask("key", key=key)["at"])

    def wait(
        self, text: str | None = None, *, name: str | None = None, gone: bool = False, seconds: float = 10
    ) -> dict[str, Any]:
        """Wait until it is (not) to be seen; `at` is the moment, `seen` what was found."""
        self._socket.settimeout(self._patience + seconds)
        try:
            return self.ask("wait", text=text, name=name, gone=gone, seconds=seconds)
        finally:
            self._socket.settimeout(self._patience)

    def grab(self, name: str | None = None) -> bytes:
        """A picture as PNG."""
        return base64.b64decode(self.ask("grab", name=name)["png"])

    def look(self, name: str | None = None, text: str | None = None) -> tuple[bytes, tuple[int, int, int, int]]:
        """How the program itself draws one thing, as PNG, and where that stands on the screen: x, y, width, height."""
        seen = self.ask("grab", name=name, text=text)
        x, y, width, height = seen["rect"]
        return base64.b64decode(seen["png"]), (x, y, width, height)

    def text(self, name: str) -> str:
        """The words of one thing."""
        for one in self.tree():
            if one["name"] == name:
                return str(one["text"])
        raise NotSeen(f"{name!r} is not to be seen")

    def close(self) -> None:
        """Let go."""
        self._lines.close()
        self._socket.close()
