"""A display's window: central or strip, its view of the hall, its age, its voice."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from client_led.layouts.central import Central
from client_led.layouts.strip import Strip
from client_led.speech.voice import Voice
from common.link import Heartbeats, LinkState, View
from common.protocol.queue import AtWindow, Board, InZone, WindowView
from common.qt.joining import JoinPage
from common.qt.program import Program

GONE_AFTER = timedelta(minutes=30)
"""After so long an old call goes; the band stays."""
TICK_MS = 100


class LedWindow(QWidget):
    """One display."""

    def __init__(self, program: Program) -> None:
        strip = program.options.role == "strip"
        program.fit(*((1280, 320) if strip else (1920, 1080)))
        super().__init__()
        self.setObjectName("page")
        self.program = program
        self.link = program.link
        self.board: View[Board] | None = None
        self.window_view: View[WindowView] | None = None
        self._place: tuple[str, UUID | None] | None = None
        self._without_since: float | None = time.monotonic()
        self.join = JoinPage(self.link)
        self.central = Central(self.link, reduce_motion=program.reduce_motion)
        self.strip = Strip()
        self.pages = QStackedWidget()
        for one in (self.join, self.central, self.strip):
            self.pages.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.voice = Voice(program.options.keep_announcements)
        self.heartbeats = Heartbeats(self.link, wants_voice=self._wants_voice)
        self.heartbeats.start()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._turn)
        self._tick.start()
        self.link.on_state(self._link_changed)
        program.language_changed.connect(self._read)
        self._link_changed(self.link.state)

    async def end(self) -> None:
        """Stop what runs."""
        self._tick.stop()
        self.heartbeats.stop()
        self.voice.close()
        for view in (self.board, self.window_view):
            if view is not None:
                view.stop()

    # what is watched

    def _link_changed(self, state: LinkState) -> None:
        online = state is LinkState.ONLINE
        if online:
            self._without_since = None
        elif self._without_since is None:
            self._without_since = time.monotonic()
        me = self.link.me
        place = self._kept_place() if me is None else None
        if me is not None:
            role = self.program.options.role or ("strip" if me.window_id is not None else "central")
            place = (role, me.window_id if role == "strip" else me.zone_id)
        if place is not None and place[1] is not None and place != self._place:
            self._follow(*place)
        self._show_page()

    def _kept_place(self) -> tuple[str, UUID | None] | None:
        """After a power cut the server may come later: the last place holds, and says that it is old."""
        if self._place is not None:
            return self._place
        if (board := self.link.cache.get("board", Board)) is not None and self.program.options.role != "strip":
            return "central", board.value.zone_id
        if (window := self.link.cache.get("window", WindowView)) is not None:
            return "strip", window.value.window_id
        return None

    def _follow(self, role: str, place: UUID | None) -> None:
        assert place is not None
        self._place = (role, place)
        for view in (self.board, self.window_view):
            if view is not None:
                view.stop()
        self.board = self.window_view = None
        if role == "strip":
            topics = [f"queue.window.{place}", f"evaluation.window.{place}", "organisation", "services"]
            self.window_view = View(
                self.link, "queue.window", AtWindow(window_id=place), WindowView, topics, keep="window"
            )
            self.window_view.on_change(self._read)
            self.window_view.start()
        else:
            topics = [f"queue.zone.{place}", "organisation", "services", "settings"]
            self.board = View(self.link, "queue.board", InZone(zone_id=place), Board, topics, keep="board", every=60)
            self.board.on_change(self._read)
            self.board.start()
        self._read()

    # what is shown

    def _read(self) -> None:
        board = self.board.value if self.board is not None else None
        if board is not None:
            self.central.feed.take(board)
            self.central.show_board(board, self._zone())
            self._turn()
        self._show_age()
        self._show_page()

    def _turn(self) -> None:
        """Ten times a second: the next call, if its time has come; what is old becomes so."""
        board = self.board.value if self.board is not None else None
        if board is not None:
            call = self.central.feed.turn(time.monotonic())
            if call is not None:
                self.central.refresh_calls(call)
                if self.heartbeats.voice and not board.silent:
                    self.voice.say(call, board)
        self._show_age()

    def _show_age(self) -> None:
        old = (
            self._without_since is not None and time.monotonic() - self._without_since > self.program.options.old_after
        )
        if self.board is not None:
            at = self.board.at if old else None
            if at is not None and self.link.now() - at > GONE_AFTER:
                self.central.feed.clear()
                self.central.refresh_calls(None)
            self.central.show_age(at, self._zone())
        if self.window_view is not None and self.window_view.value is not None:
            self.strip.show_window(self.window_view.value, old=old)

    def _show_page(self) -> None:
        if self.window_view is not None and self.window_view.value is not None:
            self.pages.setCurrentWidget(self.strip)
        elif self.board is not None and self.board.value is not None:
            self.pages.setCurrentWidget(self.central)
        else:
            self.join.refresh()
            self.pages.setCurrentWidget(self.join)

    def _zone(self) -> str:
        return self.link.health.zone if self.link.health is not None else "UTC"

    # the voice

    def _wants_voice(self) -> bool:
        return self.voice.able and not self.program.options.mute and self.window_view is None
