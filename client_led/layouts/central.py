"""The central display of a zone (QUE-027 to QUE-029)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_led.feed.calls import CallFeed
from client_led.layouts.call_panel import YELLOW, CallPanel
from client_led.layouts.lists import EarlierCalls, ServiceCells
from common.link import Link
from common.protocol.queue import Board, BoardCall
from common.protocol.queue_display import DisplayShape
from common.qt.theme import theme
from common.qt.widgets import FitLabel, HallHeader, Ticker
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats, language
from common.text.words import pick


class OldBand(QWidget):
    """Stands in the ticker's place when nothing new is heard."""

    def __init__(self) -> None:
        super().__init__()
        self.words = FitLabel(largest=theme.u(40), smallest=theme.u(26), bold=True, align=LEADING, name="old")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.u(40), 0, theme.u(40), 0)
        row.addWidget(self.words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the band."""
        QPainter(self).fillRect(self.rect(), QColor(YELLOW))


class Central(QWidget):
    """Call, earlier calls, queues, ticker."""

    def __init__(self, link: Link, *, reduce_motion: bool) -> None:
        super().__init__()
        u = theme.u
        self.feed = CallFeed()
        self._aged: tuple[datetime | None, str] = (None, language())
        """Since when nothing was heard, and the language in which that is said."""
        self.shape = DisplayShape()
        self.header = HallHeader(link.now, height=112)
        self.call = CallPanel(reduce_motion=reduce_motion)
        self.earlier = EarlierCalls()
        self.services = ServiceCells()
        self.ticker = Ticker(u(40), reduce_motion)
        self.ticker.setFixedHeight(u(72))
        self.old = OldBand()
        self.old.setFixedHeight(u(72))
        self.old.words.set_tone("focus_edge")
        self.old.hide()
        upper = QHBoxLayout()
        upper.setSpacing(u(20))
        upper.addWidget(self.call, 62)
        upper.addWidget(self.earlier, 38)
        body = QVBoxLayout()
        body.setContentsMargins(u(40), u(20), u(40), u(20))
        body.setSpacing(u(20))
        body.addLayout(upper, 66)
        body.addWidget(self.services, 24)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        column.addWidget(self.ticker)
        column.addWidget(self.old)

    def show_board(self, board: Board, zone: str) -> None:
        """A board was read: counts and ticker at once, calls as they come to their turn."""
        name = {code: f"{text} · {pick(board.zone, code)}" for code, text in board.outlet.items()}
        self.header.date.second = board.shape.second_date
        self.header.show_hall(name, zone)
        self.shape = board.shape
        self.earlier.setVisible(board.shape.earlier)
        self.services.setVisible(board.shape.queues)
        self.ticker.setVisible(board.shape.ticker and self._aged[0] is None)
        self.services.show_services(board.services)
        self.ticker.show_texts([pick(text) for text in board.ticker])
        self.call.show_welcome(_("Welcome") if board.state == "open" else _("Closed"), hours_today(board.hours))
        self.refresh_calls(None)

    def refresh_calls(self, new: BoardCall | None) -> None:
        """Show the feed as it stands; `new` slides in."""
        self.call.show_call(self.feed.current, new=new is not None)
        self.earlier.show_calls(self.feed.earlier)

    def show_age(self, heard_at: datetime | None, zone: str) -> None:
        """Nothing new was heard since that moment; `None` says that all is well."""
        if (heard_at, language()) == self._aged:
            return
        self._aged = (heard_at, language())
        old = heard_at is not None
        self.earlier.old = old
        self.earlier.update()
        self.services.show_old(old)
        self.ticker.setVisible(not old and self.shape.ticker)
        self.old.setVisible(old)
        if heard_at is None:
            self.call.show_old("")
            return
        at = formats.time(heard_at, zone)
        self.call.show_old(_("Last call received at {time}").format(time=at))
        self.old.words.setText(
            _("As of {time}: no new calls reach this screen. Listen for your number or ask; it stays valid.").format(
                time=at
            )
        )


def hours_today(hours: list[tuple[str, str]]) -> str:
    """Today's periods in words; empty where there are none."""
    if not hours:
        return ""
    if list(hours[0]) == ["00:00", "24:00"]:
        return _("Open round the clock")
    periods = [_("{begin} to {end}").format(begin=formats.clock(begin), end=formats.clock(end)) for begin, end in hours]
    return _("Open today {hours}").format(hours=formats.listing(periods))
