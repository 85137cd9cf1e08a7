"""An empty server: the one-time code that it shows makes the first administrator."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from common.link import Link, Offline, Refusal
from common.protocol.access import Claim
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.text import _, language

LEAST_PASSWORD = 8
FIELDS = ("code", "full_name", "account", "password", "again")


class ClaimPage(QWidget):
    """Follows the link: it is shown while the server says that nobody has come yet."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.setObjectName("claim_page")
        self._link = link
        self.title = QLabel()
        self.title.setObjectName("claim_title")
        self.title.setFont(theme.font(22, bold=True))
        self.about = QLabel()
        self.about.setProperty("tone", "second")
        self.about.setWordWrap(True)
        self.labels = {name: QLabel() for name in FIELDS}
        self.fields = {name: QLineEdit() for name in FIELDS}
        self.banner = Banner(14, name="claim_refused")
        self.key = QPushButton()
        self.key.setObjectName("claim_begin")
        self.key.setProperty("kind", "primary")
        self.key.setMinimumHeight(36)
        self.key.clicked.connect(self._begin)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for row, name in enumerate(FIELDS):
            field = self.fields[name]
            field.setObjectName(f"claim_{name}")
            if name in ("password", "again"):
                field.setEchoMode(QLineEdit.EchoMode.Password)
            if name in ("code", "account"):
                # Codes and sign-in names run from left to right in every language.
                field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            self.labels[name].setBuddy(field)
            grid.addWidget(self.labels[name], row, 0)
            grid.addWidget(field, row, 1)
            last = name == FIELDS[-1]
            field.returnPressed.connect(self._begin if last else self.fields[FIELDS[row + 1]].setFocus)
        card = QFrame()
        card.setProperty("card", True)
        card.setFixedWidth(720)
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(14)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addLayout(grid)
        column.addWidget(self.banner)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.key)
        column.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.addStretch(1)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(1)
        self.say_again()

    def begin(self) -> None:
        """The page comes up."""
        QTimer.singleShot(0, self, self.fields["code"].setFocus)

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Set up a new hall"))
        self.about.setText(
            _(
                "The server is empty. It shows a one-time code in its window or log: with it you become the administrator."
            )
        )
        words = {
            "code": _("One-time code"),
            "full_name": _("Your name"),
            "account": _("Sign-in name"),
            "password": _("Password"),
            "again": _("Password once more"),
        }
        for name, text in words.items():
            self.labels[name].setText(text)
            self.fields[name].setAccessibleName(text)
        self.fields["password"].setPlaceholderText(_("at least 8 letters or digits"))
        self.key.setText(_("Begin"))

    def _begin(self) -> None:
        said = {name: field.text() for name, field in self.fields.items()}
        for name in ("code", "full_name", "account"):
            if not said[name].strip():
                self._wrong(name, _("Please fill in this field."))
                return
        if len(said["password"]) < LEAST_PASSWORD:
            self._wrong("password", _("The password needs at least 8 letters or digits."))
            return
        if said["password"] != said["again"]:
            self._wrong("again", _("The two passwords are not the same. Type the password once more."))
            return
        self.banner.hide()
        claim = Claim(
            code=said["code"].strip()[:40].ljust(4, "-"),
            name=said["account"].strip()[:80],
            password=said["password"],
            full_name={language(): said["full_name"].strip()},
        )
        jobs.start(
            self, self._link.claim, claim, name="claim", busy=self.key, done=self._claimed, refused=self._refused,
            offline=self._offline,
        )  # fmt: skip

    def _wrong(self, name: str, sentence: str) -> None:
        self.banner.say(f"{self.labels[name].text()}: {sentence}", "warn")
        self.fields[name].setFocus()
        self.fields[name].selectAll()

    def _claimed(self, _signed: object) -> None:
        for field in self.fields.values():
            field.clear()

    def _refused(self, why: Refusal) -> None:
        self.banner.say(why.sentence, "bad")
        if why.code == "people.founded_already":
            self._link.hurry()  # somebody was quicker, or our first try has come through: sign in
        self.fields["code"].setFocus()
        self.fields["code"].selectAll()

    def _offline(self, why: Offline) -> None:
        self.banner.say(why.sentence, "warn")
