"""A display's window: central or strip, its view of the hall, its age, its voice."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from client_led.feed.place import Place
from client_led.layouts.central import Central
from client_led.layouts.strip import Strip
from client_led.layouts.welcome import Welcome, is_time
from client_led.speech.pagers import Pagers
from client_led.speech.voice import Voice
from common.link import Heartbeats, LinkState
from common.protocol.queue import Board
from common.qt import jobs
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
        self.place = Place(self.link, program.options.old_after, self._read)
        self.join = JoinPage(self.link)
        self.central = Central(self.link, reduce_motion=program.reduce_motion)
        self.strip = Strip()
        self.welcome = Welcome()
        self.pages = QStackedWidget()
        for one in (self.join, self.central, self.strip, self.welcome):
            self.pages.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self._pictures: dict[UUID, bytes] = {}
        self.voice = Voice(program.options.keep_announcements)
        self.pagers = Pagers(program.options.pagers)
        self.heartbeats = Heartbeats(self.link, self.pagers.state, self.pagers.facts, wants_voice=self._wants_voice)
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
        self.pagers.close()
        self.place.stop()

    # what is watched

    def _link_changed(self, state: LinkState) -> None:
        self.place.heard(state)
        me, role = self.link.me, self.program.options.role
        if me is None:
            kept = self.place.kept("window") if role == "strip" else self.place.kept("zone", "window")
            if kept is not None:
                self.place.follow(*kept)
        elif role == "strip" or (role is None and me.window_id is not None):
            if me.window_id is not None:
                self.place.follow("window", me.window_id)
        elif me.zone_id is not None:
            self.place.follow("zone", me.zone_id)
        self._show_page()

    # what is shown

    def _read(self) -> None:
        board = self.place.board.value if self.place.board is not None else None
        if board is not None:
            self.central.feed.take(board)
            self.central.show_board(board, self._zone())
            self.central.refresh_calls(None)
            self._fetch_pictures(board)
            self.welcome.show_board(board)
            self._turn()
        self._show_age()
        self._show_page()

    def _fetch_pictures(self, board: Board) -> None:
        wanted = {part.file_id for part in board.shape.parts if part.file_id is not None}
        for file_id in wanted - set(self._pictures):
            # Without the server, or without the file, its place stays empty; the next board asks again.
            jobs.start(
                self,
                self._picture,
                file_id,
                name=f"picture {file_id}",
                refused=lambda why: None,
                offline=lambda why: None,
            )

    async def _picture(self, file_id: UUID) -> None:
        self._pictures[file_id] = await self.link.fetch_file(file_id)
        self.central.show_pictures(self._pictures)

    def _turn(self) -> None:
        """Ten times a second: the next call, if its time has come; what is old becomes so."""
        board = self.place.board.value if self.place.board is not None else None
        if board is not None:
            call = self.central.feed.turn(time.monotonic())
            if call is not None:
                self.central.refresh_calls(call)
                self.pagers.call(call)
                if self.heartbeats.voice and not board.silent:
                    self.voice.say(call, board)
            self._show_page()
        self._show_age()

    def _show_age(self) -> None:
        old = self.place.old
        if self.place.board is not None:
            at = self.place.board.at if old else None
            if at is not None and self.link.now() - at > GONE_AFTER:
                self.central.feed.clear()
                self.central.refresh_calls(None)
            self.central.show_age(at, self._zone())
        if self.place.window is not None and self.place.window.value is not None:
            self.strip.show_window(self.place.window.value, old=old)

    def _show_page(self) -> None:
        if self.place.window is not None and self.place.window.value is not None:
            self.pages.setCurrentWidget(self.strip)
        elif self.place.board is not None and self.place.board.value is not None:
            # What is old is said on the central page, and a call takes the screen back at once.
            greets = is_time(self.place.board.value, self.link.now()) and not self.place.old
            self.pages.setCurrentWidget(self.welcome if greets else self.central)
        else:
            self.join.refresh()
            self.pages.setCurrentWidget(self.join)

    def _zone(self) -> str:
        return self.link.health.zone if self.link.health is not None else "UTC"

    # the voice

    def _wants_voice(self) -> bool:
        return self.voice.able and not self.program.options.mute and self.place.window is None
