"""The warnings beside the plan: worst first, each with what, since when and how far, until it ends by itself."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from client_staff.app.panel import Panel
from client_staff.counter.commands import PAUSE_REASONS
from common.protocol.alerts import AlertCard
from common.qt.theme import theme
from common.qt.widgets import Icon
from common.text import _, formats, language
from common.text.words import pick

WORST = ("queue.unserved", "queue.handling_time", "queue.long_pause", "queue.class_waiting")
RED = ("queue.unserved", "queue.handling_time")
"""Somebody waits in vain, or sits beyond the limit now; the others are near."""


def in_order(alerts: list[AlertCard]) -> list[AlertCard]:
    """Not yet seen first, then the worst, then the oldest."""

    def place(card: AlertCard) -> tuple[bool, int, object]:
        rank = WORST.index(card.watch) if card.watch in WORST else len(WORST)
        return card.seen_at is not None, rank, card.raised_at

    return sorted((card for card in alerts if card.ended_at is None), key=place)


def about(card: AlertCard) -> str:
    """What it is about: ticket, window, zone, service."""
    parts = []
    if card.facts.get("number"):
        parts.append(str(card.facts["number"]))
    if card.facts.get("window"):
        parts.append(_("Window {window}").format(window=formats.digits(str(card.facts["window"]))))
    if pick(card.name):
        parts.append(pick(card.name))
    zone = card.facts.get("zone")
    if isinstance(zone, dict):
        parts.append(pick(zone))
    reason = card.facts.get("reason")
    if reason:
        parts.append(_(PAUSE_REASONS[reason]) if reason in PAUSE_REASONS else str(reason))
    return formats.listing(parts)


def how_far(card: AlertCard) -> str:
    """The highest value so far against its limit, in the watch's unit."""
    value = amount(card, card.value)
    if not card.limit:
        return value
    return _("{value}, limit {limit}").format(value=value, limit=amount(card, card.limit))


def amount(card: AlertCard, value: int) -> str:
    """A value or limit in the watch's unit."""
    return formats.duration(value) if card.unit == "s" else formats.number(value)


class AlertsPanel(Panel):
    """Cards with a key "seen" for who may say so."""

    def __init__(self, seen: Callable[[UUID], None], earlier: Callable[[], None]) -> None:
        super().__init__("alerts")
        self._seen = seen
        self.earlier = QPushButton()
        self.earlier.setObjectName("alerts_earlier")
        self.earlier.setProperty("kind", "plain")
        self.earlier.clicked.connect(lambda: earlier())
        self.tools.addWidget(self.earlier)
        self._shown: list[object] | None = None
        self.inside = QWidget()
        self.cards = QVBoxLayout(self.inside)
        self.cards.setContentsMargins(0, 0, 0, 0)
        self.cards.setSpacing(0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.inside)
        self.put(self.area, 1)
        self.keys: list[QPushButton] = []

    def show_alerts(self, alerts: list[AlertCard], zone: str, *, may: bool) -> None:
        """Show those that stand; nothing is rebuilt while nothing changed, so that the focus stays."""
        found = in_order(alerts)
        self.earlier.setText(_("Ended…"))
        self.earlier.setToolTip(_("Warnings that ended"))
        self.say(_("Warnings"), formats.number(len(found)) if found else "")
        drawn: list[object] = [(c.id, c.value, c.seen_at, c.label, theme.skin, may) for c in found]
        drawn.append(language())
        if drawn == self._shown:
            return
        self._shown = drawn
        while self.cards.count():
            item = self.cards.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.keys = []
        for place, card in enumerate(found):
            self.cards.addWidget(self._card(place, card, zone, may))
        if not found:
            nothing = QLabel(_("Nothing to warn of."))
            nothing.setObjectName("alerts_none")
            nothing.setProperty("tone", "second")
            nothing.setContentsMargins(16, 12, 16, 12)
            nothing.setWordWrap(True)
            self.cards.addWidget(nothing)
        self.cards.addStretch(1)

    def first_focus(self) -> None:
        """W: the worst warning."""
        if self.keys:
            self.keys[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _card(self, place: int, card: AlertCard, zone: str, may: bool) -> QWidget:
        box = QFrame()
        box.setObjectName(f"alert_{place}")
        red = card.watch in RED
        seen = card.seen_at is not None
        row = QHBoxLayout()
        row.setSpacing(10)
        tone = "ink_2" if seen else "bad" if red else "warn"
        row.addWidget(Icon("octagon" if red else "warning", 22, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(_text(f"alert_{place}_label", card.label, bold=not seen))
        words.addWidget(_text(f"alert_{place}_about", about(card)))
        since = _("since {time}").format(time=formats.time(card.since, zone))
        words.addWidget(_text(f"alert_{place}_value", formats.listing([how_far(card), since]), tone="second"))
        if seen and card.seen_at is not None:
            at = formats.time(card.seen_at, zone)
            words.addWidget(_text(f"alert_{place}_seen_at", _("Seen at {time}").format(time=at), tone="good"))
        elif may:
            key = QPushButton(_("Seen"))
            key.setObjectName(f"alert_{place}_seen")
            key.clicked.connect(lambda: self._seen(card.id))
            self.keys.append(key)
            words.addWidget(key, 0, Qt.AlignmentFlag.AlignLeading)
        row.addLayout(words, 1)
        column = QVBoxLayout(box)
        column.setContentsMargins(14, 10, 14, 10)
        column.addLayout(row)
        outer = QWidget()
        stacked = QVBoxLayout(outer)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(0)
        line = QFrame()
        line.setFixedHeight(1)
        line.setStyleSheet(f"background: {theme.tokens.line};")
        stacked.addWidget(line)
        stacked.addWidget(box)
        return outer


def _text(name: str, text: str, *, bold: bool = False, tone: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font(14 if bold else 13, bold=bold))
    if tone:
        label.setProperty("tone", tone)
    return label
