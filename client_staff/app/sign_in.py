"""Signing in: name and password, one sentence when it fails."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from common.link import Link, Offline, Refusal
from common.protocol.access import SignedIn
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import Banner, ClockLabel, FitLabel, Icon
from common.qt.widgets.hall_header import LEADING
from common.text import _
from common.text.words import pick


class Side(QWidget):
    """Which hall this is, and what time it is there."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self.setFixedWidth(288)
        self.name = FitLabel(
            largest=22, smallest=15, lines=3, bold=True, tone="on_accent", align=LEADING, name="hall_name"
        )
        self.clock = ClockLabel(link.now, largest=34, bold=True, tone="on_accent", align=LEADING)
        self.date = ClockLabel(link.now, date=True, largest=14, tone="on_accent", align=LEADING, name="date")
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 24, 32)
        column.addWidget(Icon("hall", 48, "on_accent"))
        column.addSpacing(16)
        self.name.setFixedHeight(96)
        column.addWidget(self.name)
        column.addStretch(1)
        column.addWidget(self.clock)
        column.addWidget(self.date)

    def refresh(self) -> None:
        """The hall became known, or the language changed."""
        health = self._link.health
        if health is not None:
            self.name.setText(pick(health.names) or health.name)
            self.clock.zone = self.date.zone = health.zone
        self.clock.refresh()
        self.date.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens.accent))


class SignInPage(QWidget):
    """`done(signed)` when the server accepts."""

    def __init__(self, link: Link, done: Callable[[SignedIn], None]) -> None:
        super().__init__()
        self.setObjectName("sign_in_page")
        self._link = link
        self._done = done
        self.side = Side(link)
        self.title = QLabel()
        self.title.setObjectName("sign_in_title")
        self.title.setFont(theme.font(22, bold=True))
        self.name_label, self.password_label = QLabel(), QLabel()
        self.name = QLineEdit()
        self.name.setObjectName("name")
        self.password = QLineEdit()
        self.password.setObjectName("password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.key = QPushButton()
        self.key.setObjectName("sign_in")
        self.key.setProperty("kind", "primary")
        self.key.setMinimumHeight(36)
        self.key.clicked.connect(self._sign_in)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._sign_in)
        self.banner = Banner(14, name="sign_in_refused")
        card = QFrame()
        card.setProperty("card", True)
        card.setFixedSize(760, 448)
        fields = QVBoxLayout()
        fields.setContentsMargins(32, 32, 32, 32)
        fields.setSpacing(8)
        fields.addWidget(self.title)
        fields.addSpacing(12)
        for label, field in ((self.name_label, self.name), (self.password_label, self.password)):
            label.setProperty("tone", "second")
            label.setBuddy(field)
            field.setMinimumHeight(34)
            fields.addWidget(label)
            fields.addWidget(field)
        fields.addSpacing(8)
        fields.addWidget(self.banner)
        fields.addStretch(1)
        fields.addWidget(self.key, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(card)
        row.setContentsMargins(1, 1, 1, 1)
        row.addWidget(self.side)
        row.addLayout(fields, 1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.say_again()

    def begin(self, name: str, sentence: str) -> None:
        """Somebody is to sign in; `sentence` says why again."""
        self.side.refresh()
        self.password.clear()
        if name:
            self.name.setText(name)
        self.banner.say(sentence, "warn")
        QTimer.singleShot(0, self, (self.password if self.name.text() else self.name).setFocus)

    def say_again(self) -> None:
        """The reader's language changed."""
        self.side.refresh()
        self.title.setText(_("Sign in"))
        self.name_label.setText(_("Sign-in name"))
        self.password_label.setText(_("Password"))
        self.key.setText(_("Sign in"))
        self.name.setAccessibleName(self.name_label.text())
        self.password.setAccessibleName(self.password_label.text())

    def _sign_in(self) -> None:
        name, password = self.name.text().strip(), self.password.text()
        if not name or not password:
            self.banner.say(_("Please enter name and password."), "warn")
            (self.password if name else self.name).setFocus()
            return
        self.banner.hide()
        jobs.start(
            self, self._link.sign_in, name, password, name="sign in", busy=self.key, done=self._signed,
            refused=self._refused, offline=self._offline,
        )  # fmt: skip

    def _signed(self, signed: SignedIn) -> None:
        self.password.clear()
        self._done(signed)

    def _refused(self, why: Refusal) -> None:
        self.banner.say(why.sentence, "bad")
        self.password.selectAll()
        self.password.setFocus()

    def _offline(self, why: Offline) -> None:
        self.banner.say(why.sentence, "warn")
