"""The program behind an LED sign on a serial line: the live feed goes to the sign, a small window says how it is."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from client_led.app.sign_lines import window_lines, zone_lines
from client_led.feed.calls import SHOWN_SECONDS, CallFeed
from client_led.feed.place import Place
from common.devices.sign import RefusedLine, Sign, SignLine
from common.devices.sign_wall import open_sign
from common.link import Heartbeats, LinkState
from common.protocol.queue import Board
from common.qt.joining import JoinPage
from common.qt.program import Program
from common.qt.theme import theme
from common.qt.widgets import FitLabel
from common.text import _, direction, formats
from common.text.words import pick

TICK_MS = 100
NEW_SECONDS = 8.0
"""So long a call stands alone and flashes; after it the hall's words take turns with it."""
SIZE = (640, 360)


class SignWindow(QWidget):
    """The sign's state; it may stand beside other windows, or on a screen that nobody sees."""

    def __init__(self, program: Program) -> None:
        program.fit(*SIZE)
        super().__init__()
        self.setObjectName("page")
        self.program = program
        self.link = program.link
        self.feed = CallFeed()
        self.sign: Sign | None = None
        if program.options.sign is not None:
            self.sign = open_sign(program.options.sign, program.options.sign_dots)
        self.place = Place(self.link, program.options.old_after, self._read, self._begin)
        self._new_until = 0.0
        self._called: tuple[object, int] | None = None
        self._shown: list[SignLine] = []
        self._refused: list[RefusedLine] = []
        self._said = ""
        self.join = JoinPage(self.link)
        self.state_page = self._make_state_page()
        self.pages = QStackedWidget()
        for one in (self.join, self.state_page):
            self.pages.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.heartbeats = Heartbeats(self.link, self._health_word, self._health_facts)
        self.heartbeats.start()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._turn)
        self._tick.start()
        self.link.on_state(self._link_changed)
        program.language_changed.connect(self._turn)
        self._link_changed(self.link.state)

    def showFullScreen(self) -> None:
        """Citizens look at the sign, not at this window: it takes no screen for itself."""
        self.resize(*SIZE)
        self.show()

    async def end(self) -> None:
        """Stop what runs; the sign goes dark, so that it sends nobody to a window."""
        self._tick.stop()
        self.heartbeats.stop()
        self.place.stop()
        if self.sign is not None:
            self.sign.close()

    def _make_state_page(self) -> QWidget:
        u = theme.u
        self.place_label = FitLabel(largest=u(30), smallest=u(14), bold=True, name="place")
        self.address_label = FitLabel(largest=u(20), smallest=u(11), tone="ink_2", name="address")
        self.health_label = FitLabel(largest=u(24), smallest=u(13), lines=3, name="health")
        self.shown_label = FitLabel(largest=u(24), smallest=u(12), lines=5, name="shown")
        self.refused_label = FitLabel(largest=u(18), smallest=u(11), lines=3, tone="warn_strong", name="refused")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(u(24), u(20), u(24), u(20))
        column.setSpacing(u(10))
        for label, share in (
            (self.place_label, 2),
            (self.address_label, 1),
            (self.health_label, 4),
            (self.shown_label, 6),
            (self.refused_label, 3),
        ):
            column.addWidget(label, share)
        return page

    # what is watched

    def _link_changed(self, state: LinkState) -> None:
        self.place.heard(state)
        me = self.link.me
        if me is not None and me.window_id is not None:
            self.place.follow("window", me.window_id)
        elif me is not None and me.zone_id is not None:
            self.place.follow("zone", me.zone_id)
        elif me is None and (kept := self.place.kept("window", "zone")) is not None:
            self.place.follow(*kept)
        self._turn()

    def _begin(self) -> None:
        self.feed = CallFeed()

    def _read(self) -> None:
        if self.place.board is not None and self.place.board.value is not None:
            self.feed.take(self.place.board.value)
        self._turn()

    # what is shown

    def _turn(self) -> None:
        """Ten times a second: the next call if its time has come, the sign's lines, the window's words."""
        now = time.monotonic()
        beep = False
        lines: list[SignLine] = []
        if self.place.window is not None and self.place.window.value is not None:
            view = self.place.window.value
            called = (view.ticket.id, view.ticket.recalls) if view.state == "called" and view.ticket else None
            if called is not None and called != self._called:
                self._new_until, beep = now + NEW_SECONDS, True
            self._called = called
            lines = window_lines(view, new=called is not None and now < self._new_until, old=self.place.old)
        elif self.place.board is not None and self.place.board.value is not None:
            if self.feed.turn(now) is not None:
                self._new_until, beep = now + max(NEW_SECONDS, SHOWN_SECONDS), True
            lines = self._zone_lines(self.place.board.value, new=now < self._new_until)
        self._show(lines, beep=beep)
        self._say()

    def _zone_lines(self, board: Board, *, new: bool) -> list[SignLine]:
        calls = [self.feed.current, *self.feed.earlier] if self.feed.current is not None else self.feed.earlier
        shape = self.sign.shape if self.sign is not None else None
        rows = shape.panels_down * shape.panel.rows if shape is not None else 1
        old_at = self.place.board.at if self.place.old and self.place.board is not None else None
        return zone_lines(
            board, calls, new=new and old_at is None, rows=rows, now=self._now(), zone=self._zone(), old_at=old_at
        )

    def _show(self, lines: list[SignLine], *, beep: bool) -> None:
        if self.sign is not None and (lines != self._shown or beep):
            self._shown = lines
            self._refused = self.sign.show(lines, beep=beep and self.program.options.sign_beep)

    def _say(self) -> None:
        self.join.refresh()
        known = self.place.at is not None
        self.pages.setCurrentWidget(self.state_page if known else self.join)
        if not known:
            return
        self.place_label.setText(self._place_words())
        self.address_label.setText(self.program.options.sign or "")
        self.health_label.setText(self._health_words())
        self.health_label.set_tone("ink" if self.sign is not None and self.sign.health.good else "bad_strong")
        self.shown_label.setText(" · ".join(direction.name(line.words) for line in self._shown if line.words))
        self.refused_label.setText("\n".join(one.sentence for one in self._refused[:3]))

    def _place_words(self) -> str:
        if self.place.window is not None and self.place.window.value is not None:
            return _("Sign of window {window}").format(window=self.place.window.value.label)
        if self.place.board is not None and self.place.board.value is not None:
            return _("Sign of zone {zone}").format(zone=pick(self.place.board.value.zone))
        return _("Sign")

    def _health_words(self) -> str:
        if self.sign is None:
            return _("No sign is named. Start this program with --sign serial:/dev/ttyS0.")
        words = [self.sign.health.sentence]
        if len(self.sign.panels) > 1:
            good = sum(one.good for one in self.sign.panels)
            words.append(
                _("{good} of {all} panels are well.").format(
                    good=formats.number(good), all=formats.number(len(self.sign.panels))
                )
            )
        if self.place.old:
            words.append(_("The hall's server is not heard; the sign says so."))
        return " ".join(words)

    def _now(self) -> datetime:
        return self.link.now()

    def _zone(self) -> str:
        return self.link.health.zone if self.link.health is not None else "UTC"

    # what the console hears

    def _health_word(self) -> str:
        if self.sign is None:
            return "no_device"
        return "ok" if self.sign.health.good else self.sign.health.state

    def _health_facts(self) -> dict[str, Any]:
        if self.sign is None:
            return {}
        return {"sign": {**self.sign.health.facts(), "panels": [one.state for one in self.sign.panels]}}
