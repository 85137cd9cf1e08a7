"""The frame of every program: options, loop, link, language, skin, log, a clean end."""

from __future__ import annotations

import argparse
import asyncio
import logging
import logging.handlers
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import qasync
from platformdirs import user_data_path
from PySide6.QtCore import QLockFile, QObject, QSocketNotifier, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from common import VERSION
from common.link import Link, LinkState
from common.qt import jobs, locale_of_qt
from common.qt.driver import Driver
from common.qt.options import AddOptions, read_options
from common.qt.theme import theme
from common.text import _, known, set_language

log = logging.getLogger(__name__)

TOUCHED = ("kiosk", "pad", "led")
"""Programs without keyboard and window frame: they fill their screen."""

MakeWindow = Callable[["Program"], QWidget]


class Program(QObject):
    """One program of the house. `run` makes everything and returns when it has ended."""

    language_changed = Signal()
    """Every word on screen is to be read anew."""

    def __init__(self, kind: str, title: str, add_options: AddOptions | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.title = title
        self.theme = theme
        self.options: argparse.Namespace
        self.profile: Path
        self.link: Link
        self.app: QApplication
        self.window: QWidget
        self._add_options = add_options
        self._end: asyncio.Event
        self._driver: Driver | None = None
        self._language = "en"
        self._again = False

    @property
    def reduce_motion(self) -> bool:
        """Nothing moves that need not."""
        return bool(self.options.reduce_motion)

    @property
    def language(self) -> str:
        """The reader's language."""
        return self._language

    def use_language(self, code: str) -> None:
        """Everything on screen, and the server's sentences, in another language from now on."""
        self._language = known(code)
        set_language(self._language)
        locale_of_qt.use(self.app, self._language)
        if hasattr(self, "link"):
            self.link.language = self._language
        self.language_changed.emit()

    def fit(self, width: int, height: int) -> None:
        """The screens of this program were drawn with this size; lengths by `theme.u` fill the real one."""
        place = self.options.geometry
        theme.fit((width, height), (place.width, place.height) if place is not None else screen_size())

    def use_skin(self, skin: str) -> None:
        """Another skin from now on."""
        theme.use(self.app, skin, self.options.accent)

    def quit(self) -> None:
        """End the program; what is on its way is stopped, what is kept stays kept."""
        self._end.set()

    def restart(self) -> None:
        """End the program as `quit` does, and start it anew with the same command line."""
        self._again = True
        self.quit()

    def run(self, make_window: MakeWindow, argv: list[str] | None = None) -> int:
        """Run until the window is closed or a signal comes; gives the exit status."""
        self.options = read_options(self.kind, self.title, self._add_options, argv)
        self.profile = self.options.profile or user_data_path("openhall", False) / self.kind
        self.profile.mkdir(parents=True, exist_ok=True)
        self._keep_log()
        self.app = QApplication.instance() or QApplication([f"openhall-{self.kind}"])  # type: ignore[assignment]
        self.app.setApplicationName(f"openhall-{self.kind}")
        self.app.setApplicationDisplayName(self.title)
        self.app.setDesktopFileName(f"openhall-{self.kind}")
        self.app.setQuitOnLastWindowClosed(False)
        self.app.setProperty("touch", self.kind in TOUCHED)
        self.app.setProperty("driven", self.options.driver is not None)
        theme.dpi = self.options.dpi
        try:
            theme.use(self.app, self.options.skin, self.options.accent)
        except ValueError as wrong:
            print(wrong, file=sys.stderr)
            return 2
        lock = QLockFile(str(self.profile / "running.lock"))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            print(
                _("This program is running already with the profile {path}.").format(path=self.profile), file=sys.stderr
            )
            return 3
        loop = qasync.QEventLoop(self.app)
        asyncio.set_event_loop(loop)
        try:
            with loop:
                return int(loop.run_until_complete(self._live(make_window)))
        finally:
            lock.unlock()
            if self._again:
                start_anew()

    async def _live(self, make_window: MakeWindow) -> int:
        self._end = asyncio.Event()
        try:
            token = self.options.token.read_text(encoding="utf-8").strip() if self.options.token else None
        except OSError as failure:
            print(f"{self.options.token}: {failure.strerror}", file=sys.stderr)
            return 2
        self.link = Link(
            self.kind,
            profile=self.profile,
            server=self.options.server,
            token=token,
            version=VERSION,
        )
        self.link.restart = self.restart
        self.use_language(self.options.language or locale_of_qt.system_language())
        asyncio.get_running_loop().set_exception_handler(self._loop_failed)
        sys.excepthook = self._slot_failed
        jobs.tell_through(self._tell)
        self.app.lastWindowClosed.connect(self.quit)
        ears = _Signals(self.quit)
        self.window = make_window(self)
        self.window.setWindowTitle(self.title)
        self._show()
        await self.link.start()
        if self.options.driver is not None:
            self.link.on_state(self._maybe_drive)
        try:
            await self._end.wait()
        finally:
            log.info("ending")
            ears.close()
            if self._driver is not None:
                self._driver.close()
            await jobs.cancel_all()
            jobs.tell_through(None)
            end = getattr(self.window, "end", None)
            if end is not None:
                await end()
            self.window.hide()
            await self.link.stop()
            self.window.deleteLater()
        return 0

    def _show(self) -> None:
        place = self.options.geometry
        if place is not None:
            if self.kind in TOUCHED:
                self.window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
            self.window.setGeometry(place.x, place.y, place.width, place.height)
            self.window.show()
        elif self.kind in TOUCHED:
            self.window.showFullScreen()
        else:
            self.window.show()

    def _maybe_drive(self, _state: LinkState) -> None:
        """A driver presses keys of a demo hall's programs only."""
        if self._driver is None and self.link.health is not None and self.link.health.demo:
            self._driver = Driver(self.options.driver, self)

    def _tell(self, owner: QObject, outcome: jobs.Outcome, sentence: str) -> None:
        window = owner.window() if isinstance(owner, QWidget) else self.window
        for one in (window, self.window):
            tell = getattr(one, "tell", None)
            if tell is not None:
                tell(sentence, "warn" if outcome is jobs.Outcome.OFFLINE else "bad")
                return
        log.warning("nobody was told: %s", sentence)

    def _loop_failed(self, _loop: asyncio.AbstractEventLoop, facts: dict[str, Any]) -> None:
        failure = facts.get("exception")
        if isinstance(failure, BaseException):
            self._slot_failed(type(failure), failure, failure.__traceback__)
        else:
            log.error("%s", facts.get("message"))

    def _slot_failed(self, kind: type[BaseException], failure: BaseException, trace: TracebackType | None) -> None:
        """A bug of ours: it stands in the log under the reference that the person is told."""
        if issubclass(kind, KeyboardInterrupt):
            self.quit()
            return
        reference = secrets.token_hex(4)
        log.error("reference %s", reference, exc_info=(kind, failure, trace))
        if hasattr(self, "window") and isValid(self.window):
            sentence = _("Something went wrong here. Please try again; if it stays so, tell reference {reference}.")
            self._tell(self.window, jobs.Outcome.FAILED, sentence.format(reference=reference))

    def _keep_log(self) -> None:
        root = logging.getLogger()
        root.setLevel(logging.INFO)
        lines = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        kept = logging.handlers.RotatingFileHandler(
            self.profile / "log.txt", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
        shown = logging.StreamHandler(sys.stderr)
        shown.setLevel(logging.WARNING)
        for handler in (kept, shown):
            handler.setFormatter(lines)
            root.addHandler(handler)
        for chatty in ("qasync", "asyncio"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        qInstallMessageHandler(_qt_message)


def start_anew() -> None:
    """The same program with the same options. On POSIX in this process, so that whoever watches over it sees no end."""
    command = [sys.executable, *own_command()]
    logging.shutdown()
    if sys.platform == "win32":
        subprocess.Popen(command, close_fds=True)
    else:
        os.execv(command[0], command)


def own_command() -> list[str]:
    """What follows the interpreter to run this program: its module, its script, or nothing where it is frozen."""
    if getattr(sys, "frozen", False):
        return sys.argv[1:]
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is None:
        return list(sys.argv)
    return ["-m", spec.name.removesuffix(".__main__"), *sys.argv[1:]]


class _Signals:
    """SIGTERM and SIGINT reach Python at once although Qt's loop waits in C: a byte on a socket wakes it."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._old = signal.set_wakeup_fd(self._write.fileno())
        self._handlers = {
            number: signal.signal(number, lambda *_: stop()) for number in (signal.SIGTERM, signal.SIGINT)
        }
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._drain)

    def _drain(self) -> None:
        self._read.recv(64)

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()


LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _qt_message(kind: QtMsgType, _context: object, message: str) -> None:
    # A virtual screen has no such extension; nothing is lost by it.
    level = logging.INFO if "propagateSizeHints" in message else LEVELS.get(kind, logging.WARNING)
    logging.getLogger("qt").log(level, "%s", message)


def screen_size() -> tuple[int, int]:
    """The main screen in logical pixels."""
    size = QGuiApplication.primaryScreen().size()
    return size.width(), size.height()
