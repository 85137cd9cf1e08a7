"""A driver's socket: somebody else's process looks at the screen and presses keys. Demo halls only, with `--driver`.

JSON lines, one answer a question, in order. It acts only by mouse and key events to the window, where a finger or a
keyboard would reach it; it never calls a slot. As a person does, it lets the screen come to rest before it presses or
types: while questions to the server are open, or what is meant is not to be seen yet, it waits, `PATIENCE_SECONDS` at most.

- `{"do": "tree"}`: everything visible (`tree.Seen.facts`).
- `{"do": "press", "name"|"text": …, "index": 0}`: a mouse press and release in its middle; refused when it is disabled,
  covered, or behind a dialog. `"twice": true` is a double click.
- `{"do": "type", "name": …, "text": …}`: press it, empty it, type.
- `{"do": "choose", "name": …, "text": …}`: open a list of choices and take the line that says so, by keys.
- `{"do": "key", "key": "F2"}`: a key to whatever has the focus.
- `{"do": "grab", "name"?: …, "text"?: …, "path"?: …}`: a picture of the window, or of one thing with the ground on which it
  stands, as PNG, into the file or as base64; `rect` is its place on the screen, in the picture's pixels.
- `{"do": "wait", "text"?: …, "name"?: …, "gone"?: true, "seconds": 5}`: until it is (not) to be seen; the answer's `at` is
  the moment on this machine's monotonic clock.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QScrollArea, QWidget

from common.qt.tree import Seen, seen

if TYPE_CHECKING:
    from common.qt.program import Program

log = logging.getLogger(__name__)

LOOK_MS = 15
PATIENCE_SECONDS = 2.0
HANDS = ("press", "type", "choose", "key")


class Wrong(Exception):
    """What was asked cannot be done by hand either."""


class Driver(QObject):
    """Listens on `path` until closed. Loop's thread."""

    def __init__(self, path: Path, program: Program) -> None:
        super().__init__()
        self._program = program
        self._buffers: dict[QLocalSocket, bytes] = {}
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(str(path))
        self._server.newConnection.connect(self._came)
        if not self._server.listen(str(path)):
            log.error("the driver's socket %s cannot be opened: %s", path, self._server.errorString())

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _came(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._buffers[socket] = b""
            socket.readyRead.connect(lambda one=socket: self._read(one))
            socket.disconnected.connect(lambda one=socket: self._gone(one))

    def _gone(self, socket: QLocalSocket) -> None:
        self._buffers.pop(socket, None)
        socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        self._buffers[socket] += bytes(socket.readAll().data())
        while b"\n" in self._buffers[socket]:
            line, self._buffers[socket] = self._buffers[socket].split(b"\n", 1)
            asked = json.loads(line)
            if asked.get("do") in HANDS and (self._program.link.asking or not self._there(asked)):
                self._at_rest(socket, asked)
            else:
                self._do(socket, asked)

    def _at_rest(self, socket: QLocalSocket, asked: dict[str, Any]) -> None:
        """Do it when no answer is awaited any more, in two looks one after the other, and what is meant is to be seen."""
        end = time.monotonic() + PATIENCE_SECONDS
        timer = QTimer(socket, interval=LOOK_MS)
        quiet = 0

        def look() -> None:
            nonlocal quiet
            link = self._program.link
            quiet = 0 if link.asking and link.online else quiet + 1
            if (quiet >= 2 and self._there(asked)) or time.monotonic() > end:
                timer.stop()
                self._do(socket, asked)

        timer.timeout.connect(look)
        timer.start()

    def _there(self, asked: dict[str, Any]) -> bool:
        return asked["do"] == "key" or len(self._match(asked | {"text": _text_of(asked)})) > int(asked.get("index", 0))

    def _do(self, socket: QLocalSocket, asked: dict[str, Any]) -> None:
        try:
            act: Callable[[QLocalSocket, dict[str, Any]], dict[str, Any] | None] = getattr(
                self, f"_do_{asked.get('do')}"
            )
            answer = act(socket, asked)
        except Wrong as why:
            answer = {"ok": False, "error": str(why)}
        except Exception as why:
            log.exception("the driver's wish %s failed", asked)
            answer = {"ok": False, "error": repr(why)}
        if answer is not None:
            _say(socket, answer)

    def _do_tree(self, _socket: QLocalSocket, _asked: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "tree": [one.facts() for one in seen()]}

    def _do_press(self, _socket: QLocalSocket, asked: dict[str, Any]) -> dict[str, Any]:
        one = self._find(asked)
        pressed_at = time.monotonic()
        _press(one, twice=bool(asked.get("twice")))
        return {"ok": True, "at": pressed_at}

    def _do_type(self, _socket: QLocalSocket, asked: dict[str, Any]) -> dict[str, Any]:
        one = self._find({"name": asked["name"]})
        _press(one)
        QTest.keySequence(one.widget, QKeySequence(QKeySequence.StandardKey.SelectAll))
        QTest.keyClick(one.widget, Qt.Key.Key_Delete)
        for letter in asked["text"]:
            if letter.isascii():
                QTest.keyClick(one.widget, letter)
            else:
                QTest.sendKeyEvent(
                    QTest.KeyAction.Click, one.widget, Qt.Key.Key_unknown, letter, Qt.KeyboardModifier(0)
                )
        return {"ok": True}

    def _do_choose(self, _socket: QLocalSocket, asked: dict[str, Any]) -> dict[str, Any]:
        one = self._find({"name": asked["name"]})
        box = one.widget
        if not isinstance(box, QComboBox) or not one.enabled:
            raise Wrong(f"{one.name!r} offers no choice")
        place = next((n for n in range(box.count()) if _plain(asked["text"]) == _plain(box.itemText(n))), None)
        if place is None:
            raise Wrong(f"{one.name!r} has no line {asked['text']!r}")
        box.setFocus()
        steps = place - box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_F4)
        for _ in range(abs(steps)):
            QTest.keyClick(box.view(), Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
        return {"ok": True}

    def _do_key(self, socket: QLocalSocket, asked: dict[str, Any], looks: int = 20) -> dict[str, Any] | None:
        window = QApplication.activeModalWidget() or self._program.window
        if not window.isActiveWindow() and looks:
            # A dialog has just gone: a desktop gives its window the keyboard back before anybody can press a key.
            window.activateWindow()
            QTimer.singleShot(LOOK_MS, socket, lambda: self._later(socket, self._do_key(socket, asked, looks - 1)))
            return None
        target = QApplication.focusWidget() or window.focusWidget() or window
        pressed_at = time.monotonic()
        QTest.keySequence(target, QKeySequence(asked["key"]))
        return {"ok": True, "at": pressed_at}

    def _later(self, socket: QLocalSocket, answer: dict[str, Any] | None) -> None:
        if answer is not None:
            _say(socket, answer)

    def _do_grab(self, _socket: QLocalSocket, asked: dict[str, Any]) -> dict[str, Any]:
        window, part = self._program.window, self._program.window.rect()
        if asked.get("name") or asked.get("text"):
            one = self._find(asked)
            # From its window, not from itself: a label alone would stand on no ground.
            window = one.widget.window()
            part = QRect(window.mapFromGlobal(one.rect.topLeft()), one.rect.size())
        picture = window.grab(part)
        if asked.get("path"):
            return {"ok": picture.save(asked["path"], "PNG")}
        content = QBuffer()
        content.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(content, "PNG")
        corner, ratio = window.mapToGlobal(part.topLeft()), picture.devicePixelRatio()
        rect = [round(corner.x() * ratio), round(corner.y() * ratio), picture.width(), picture.height()]
        return {"ok": True, "png": base64.b64encode(content.data().data()).decode(), "rect": rect}

    def _do_wait(self, socket: QLocalSocket, asked: dict[str, Any]) -> dict[str, Any] | None:
        end = time.monotonic() + float(asked.get("seconds", 5))
        timer = QTimer(socket, interval=LOOK_MS)

        def look() -> None:
            found = self._match(asked)
            if bool(found) is not bool(asked.get("gone")):
                timer.stop()
                _say(socket, {"ok": True, "at": time.monotonic(), "seen": found[0].facts() if found else None})
            elif time.monotonic() > end:
                timer.stop()
                what = asked.get("text") or asked.get("name")
                _say(socket, {"ok": False, "error": f"{what!r} was not {'gone' if asked.get('gone') else 'seen'}"})

        timer.timeout.connect(look)
        timer.start()
        return None

    def _match(self, asked: dict[str, Any]) -> list[Seen]:
        name, text = asked.get("name"), asked.get("text")
        return [
            one
            for one in seen()
            if (name is None or one.name == name) and (text is None or _plain(text) in _plain(one.text))
        ]

    def _find(self, asked: dict[str, Any]) -> Seen:
        found = self._match(asked)
        if asked.get("name") is None:
            # The key itself rather than the page around it: the smallest that says so.
            found.sort(key=lambda one: one.rect.width() * one.rect.height())
        if len(found) <= int(asked.get("index", 0)):
            raise Wrong(f"nothing like {asked.get('name') or asked.get('text')!r} is to be seen")
        return found[int(asked.get("index", 0))]


def _text_of(asked: dict[str, Any]) -> str | None:
    """The words by which a thing is looked for; of `type` and `choose` they are what is entered."""
    return asked.get("text") if asked["do"] == "press" else None


def _press(one: Seen, *, twice: bool = False) -> None:
    if not one.enabled:
        raise Wrong(f"{one.name or one.text!r} is disabled")
    modal = QApplication.activeModalWidget()
    if modal is not None and one.widget.window() is not modal and QApplication.activePopupWidget() is None:
        raise Wrong(f"{one.name or one.text!r} is behind the dialog {modal.windowTitle()!r}")
    point = _into_view(one).center()
    # Not `QApplication.widgetAt`: it knows nothing beyond the screen's edge, and an offscreen one is small.
    top = QApplication.activePopupWidget() or modal or one.widget.window()
    target = top.childAt(top.mapFromGlobal(point)) or top
    if target is None or not (target is one.widget or one.widget.isAncestorOf(target)):
        raise Wrong(f"{one.name or one.text!r} is covered by {target.objectName() if target else 'nothing of ours'!r}")
    at = target.mapFromGlobal(point)
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), at)
    if twice:
        QTest.mouseDClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), at)


def _into_view(one: Seen) -> QRect:
    parent: QWidget | None = one.widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            before = one.widget.mapToGlobal(QPoint(0, 0))
            parent.ensureWidgetVisible(one.widget)
            # A cell is only a part of its widget: it moves with it, and stays as small.
            return one.rect.translated(one.widget.mapToGlobal(QPoint(0, 0)) - before)
        parent = parent.parentWidget()
    return one.rect


def _plain(text: str) -> str:
    """Direction marks and line breaks are not what one looks for."""
    return " ".join("".join(c for c in text if c not in "\u200e\u200f\u2066\u2067\u2068\u2069").split())


def _say(socket: QLocalSocket, answer: dict[str, Any]) -> None:
    socket.write(json.dumps(answer).encode() + b"\n")
    socket.flush()
