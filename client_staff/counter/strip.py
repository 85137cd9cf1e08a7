"""The command strip: ticket, time, seven commands in their places, queue and connection."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_staff.counter.commands import (
    COMMANDS,
    KEYS,
    LABELS,
    PAUSED,
    SYMBOLS,
    heading,
    on_paper,
    seconds_over,
    seconds_since,
)
from client_staff.counter.counter import Counter
from common.protocol.queue import WindowView
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel, Light
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats, ngettext


class Elapsed(QWidget):
    """How much of the agreed time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(8)
        self.share: float | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it, if there is an agreed time."""
        if self.share is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens.line))
        painter.drawRoundedRect(self.rect(), 4, 4)
        wide = self.width() * min(1.0, self.share)
        x = self.width() - wide if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0
        painter.setBrush(QColor(theme.tokens.bad if self.share > 1 else theme.tokens.accent))
        painter.drawRoundedRect(QRectF(x, 0, wide, 8), 4, 4)


class CommandStrip(QWidget):
    """The same in the workbench and in the bar on top of other programs."""

    def __init__(self, counter: Counter, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFixedHeight(96)
        self._counter = counter
        self._tone = "ink_2"
        self.above = FitLabel(largest=13, smallest=10, bold=True, align=LEADING, name=f"{name}_above")
        self.ticket = FitLabel(largest=36, smallest=16, bold=True, align=LEADING, name=f"{name}_ticket")
        self.below = FitLabel(largest=13, smallest=10, lines=2, tone="ink_2", align=LEADING, name=f"{name}_below")
        left = QVBoxLayout()
        left.setSpacing(0)
        for label, share in ((self.above, 3), (self.ticket, 5), (self.below, 5)):
            left.addWidget(label, share)
        self.time = FitLabel(largest=24, smallest=14, bold=True, align=LEADING, name=f"{name}_time")
        self.elapsed = Elapsed()
        self.note = FitLabel(largest=12, smallest=10, lines=2, tone="ink_2", align=LEADING, name=f"{name}_note")
        middle = QVBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(self.time, 5)
        middle.addWidget(self.elapsed)
        middle.addWidget(self.note, 9)
        self.keys: dict[str, BigKey] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(4)
        row.addLayout(left, 28)
        row.addSpacing(8)
        row.addLayout(middle, 25)
        row.addSpacing(8)
        for command in COMMANDS:
            key = BigKey(name=f"{name}_{command}", stacked=True, title_px=14, sub_px=11, lines=1)
            key.setFixedSize(84, 84)
            key.dashed = False
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            key.acted.connect(partial(counter.give, command, key))
            row.addWidget(key)
            self.keys[command] = key
        self.waiting = FitLabel(largest=20, smallest=12, bold=True, align=LEADING, name=f"{name}_waiting")
        self.longest = FitLabel(largest=12, smallest=10, tone="ink_2", align=LEADING, name=f"{name}_longest")
        self.light = Light("good", px=12, name=f"{name}_light")
        right = QVBoxLayout()
        right.setSpacing(2)
        for widget in (self.waiting, self.longest, self.light):
            right.addWidget(widget)
        row.addSpacing(8)
        row.addLayout(right, 18)
        counter.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how the window stands now."""
        counter = self._counter
        view, now, paper = counter.window, counter.link.now(), counter.paper
        online = counter.link.online
        for command, standing in counter.standing.items():
            key = self.keys[command]
            paused = command == "pause" and view is not None and view.state in PAUSED
            label = "resume" if paused else "note" if command == "next" and not online and view is not None else command
            key.symbol, key.hint = SYMBOLS[label], ""
            key.kind = "primary" if standing.expected else "secondary"
            key.say(_(LABELS[label]), KEYS[command])
            key.setEnabled(standing.allowed)
            key.setToolTip("" if standing.allowed else standing.why_not)
        self.light.set("good" if online else "warn", _("Connected") if online else _("No connection"))
        if view is None:
            return
        papery = not online or (paper is not None and view.state in ("free", "rating"))
        above, ticket, below, self._tone = on_paper(view, paper, online=online) if papery else heading(view, now)
        if self.objectName() == "bar" and (saying := counter.saying) is not None:
            # The workbench is aside: a refusal stands here instead of the service, for six seconds.
            below = saying[0]
        self.above.setText(above)
        self.above.set_tone(self._tone)
        self.ticket.setText(ticket)
        self.below.setText(below)
        if papery:
            self._show_paper_time()
            self._show_kept()
            self.update()
            return
        self._show_time(view)
        waiting = ngettext("{count} waiting", "{count} waiting", view.waiting) if view.waiting else _("nobody waiting")
        self.waiting.setText(waiting.format(count=formats.number(view.waiting)))
        longest = view.longest_wait_seconds
        self.longest.setText(_("longest {time}").format(time=formats.duration(longest)) if longest is not None else "")
        self.update()

    def _show_paper_time(self) -> None:
        """How long somebody is served on paper, or since when there is no server."""
        link, paper = self._counter.link, self._counter.paper
        begun = paper.started_at if paper is not None else None
        self.elapsed.share = None
        self.time.setText(formats.stopwatch((link.now() - begun).total_seconds()) if begun is not None else "")
        zone = link.health.zone if link.health is not None else "UTC"
        since = _("No server since {time}").format(time=formats.time(link.since, zone))
        self.note.setText(since if not link.online else _("The server is back. Finish this one first."))
        self.note.setVisible(True)
        self.elapsed.update()

    def _show_kept(self) -> None:
        kept = len(self._counter.desk.waiting())
        self.waiting.setText(
            ngettext("{count} line kept", "{count} lines kept", kept).format(count=formats.number(kept)) if kept else ""
        )
        self.longest.setText(_("entered when the server is back") if kept else "")

    def _show_time(self, view: WindowView) -> None:
        now = self._counter.link.now()
        since = seconds_since(view, now)
        self.elapsed.share = None
        if view.locked_until is not None and now < view.locked_until and view.request is not None:
            left = (view.locked_until - now).total_seconds()
            whole = max(1.0, (view.locked_until - view.request.asked_at).total_seconds())
            self.time.setText(formats.stopwatch(left))
            self.elapsed.share = left / whole
            self.note.setText(_("Next is free when the citizen presses, or then."))
        elif view.state == "free" and view.auto_call_at is not None and view.waiting:
            # QUE-021: after how long the call is made automatically.
            self.time.setText(formats.stopwatch(max(0.0, (view.auto_call_at - now).total_seconds()) + 0.999))
            self.note.setText(_("until the next call by itself"))
        elif since is not None:
            self.time.setText(formats.stopwatch(since))
            self.note.setText("")
            if view.state == "serving" and view.limit_seconds:
                self.elapsed.share = since / view.limit_seconds
                over = seconds_over(view, now)
                self.note.setText(
                    _("{time} over").format(time=formats.stopwatch(over))
                    if over
                    else _("of {time}").format(time=formats.stopwatch(view.limit_seconds))
                )
        else:
            self.time.setText("")
            self.note.setText("")
        self.note.setVisible(bool(self.note.text()))
        self.elapsed.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground; over the limit and paused have an edge of their own."""
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        special = {"bad_strong": t.bad, "warn_strong": t.warn}.get(self._tone)
        ground = {"warn_strong": t.warn_soft, "bad_strong": t.bad_soft}
        painter.setPen(QPen(QColor(special or t.line), 2 if special else 1))
        painter.setBrush(QColor(ground.get(self._tone, t.surface)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), t.radius_m, t.radius_m)
