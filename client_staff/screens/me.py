"""One's own page: how one signs in, where one is signed in, what one prefers (COR-013)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.console import LivePage
from client_staff.app.panel import Panel
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.link import Offline, Refusal, new_key
from common.protocol.messages import Message, Nothing
from common.protocol.people import (
    ChangePassword,
    ConfirmSecondFactor,
    EndSession,
    OnlineSession,
    OwnAccount,
    PasswordChanged,
    Prefer,
    RecoveryCodes,
    SecondFactor,
    SetCard,
)
from common.qt import dialogs, jobs
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.qt.widgets.qr_code import QrCode
from common.text import N_, _, formats, ngettext
from common.text.direction import number as in_order
from common.text.words import pick

LANGUAGES = {"": "", "en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
KEYS = (("Alt+1 … 4", N_("password, PIN, card, phone")), ("Del", N_("end the session")), ("F5", N_("read again")))


class Mistyped(Exception):
    """What was typed cannot be sent; says why."""


class SecretDialog(QDialog):
    """A few lines that nobody else shall read. Refused, it stays open and says why."""

    def __init__(self, parent: QWidget, title: str, note: str, lines: list[tuple[str, str]], do: str) -> None:
        super().__init__(parent)
        self.setObjectName("secret_dialog")
        self.setWindowTitle(title)
        heading, words = QLabel(title), QLabel(note)
        heading.setFont(theme.font(17, bold=True))
        words.setWordWrap(True)
        words.setVisible(bool(note))
        self.banner = Banner(13, name="secret_said")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(10)
        for widget in (heading, words, self.banner):
            self.column.addWidget(widget)
        self.lines: dict[str, QLineEdit] = {}
        for name, label in lines:
            line = QLineEdit()
            line.setObjectName(f"secret_{name}")
            line.setAccessibleName(label)
            line.setPlaceholderText(label)
            if name not in ("code", "card"):
                line.setEchoMode(QLineEdit.EchoMode.Password)
            self.column.addWidget(QLabel(label))
            self.column.addWidget(line)
            self.lines[name] = line
        yes, no = QPushButton(do), QPushButton(_("Cancel"))
        yes.setObjectName("secret_do")
        yes.setProperty("kind", "primary")
        yes.setDefault(True)
        no.setObjectName("secret_cancel")
        no.setAutoDefault(False)
        yes.clicked.connect(self.accept)
        no.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(no)
        keys.addWidget(yes)
        self.column.addLayout(keys)
        self.setMinimumWidth(440)
        if self.lines:
            next(iter(self.lines.values())).setFocus()

    def given(self, name: str) -> str:
        """What stands in a line."""
        return self.lines[name].text()

    def refuse(self, sentence: str) -> None:
        """Say why not; what was typed stays, the first line is ready."""
        self.banner.say(sentence, "bad")
        first = next(iter(self.lines.values()))
        first.setFocus()
        first.selectAll()


class MePage(LivePage):
    """For everybody who is signed in."""

    hints = KEYS
    topics = ("access",)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "me")
        self._own: OwnAccount | None = None
        self.title = QLabel()
        self.title.setObjectName("me_title")
        self.title.setFont(theme.font(20, bold=True))
        self.about = QLabel()
        self.about.setObjectName("me_about")
        self.about.setProperty("tone", "second")
        self.ways = Panel("me_ways")
        self.rows: dict[str, tuple[QLabel, QLabel, QPushButton]] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 16, 16)
        column.setSpacing(12)
        acts: dict[str, Callable[[], Any]] = {
            "password": self._password, "pin": self._pin, "card": self._card, "codes": self._codes,
        }  # fmt: skip
        for place, (name, act) in enumerate(acts.items(), 1):
            label, state, key = QLabel(), QLabel(), QPushButton()
            label.setFont(theme.font(14, bold=True))
            state.setObjectName(f"me_{name}_state")
            state.setProperty("tone", "second")
            state.setWordWrap(True)
            key.setObjectName(f"me_{name}")
            on_keys(self, (f"Alt+{place}", key.click))
            key.clicked.connect(partial(self._start, act))
            row, words = QHBoxLayout(), QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(label)
            words.addWidget(state)
            row.addLayout(words, 1)
            row.addWidget(key)
            column.addLayout(row)
            self.rows[name] = (label, state, key)
        self.language_label = QLabel()
        self.language_label.setFont(theme.font(14, bold=True))
        self.language = QComboBox()
        self.language.setObjectName("me_language")
        for code, words_ in LANGUAGES.items():
            self.language.addItem(words_, code)
        self.language.activated.connect(lambda _n: self._prefer())
        row = QHBoxLayout()
        row.addWidget(self.language_label, 1)
        row.addWidget(self.language)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.ways.put(area, 1)
        self.sessions = Panel("me_sessions")
        moment = desk.reader.moment
        columns = [
            TableColumn("where", lambda: _("Where"), lambda s: s.device or in_order(s.address), bold=True),
            TableColumn("since", lambda: _("Since"), lambda s: moment(s.since.isoformat()), lambda s: s.since, width=180),
            TableColumn("seen", lambda: _("Last seen"), lambda s: moment(s.last_seen.isoformat()), lambda s: s.last_seen,
                        width=180),
            TableColumn("own", lambda: _("Note"), lambda s: _("this one") if s.own else "", width=90),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda one: one.session, name="me_sessions_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._allow())
        self.end = QPushButton()
        self.end.setObjectName("me_end")
        self.end.setProperty("kind", "danger")
        on_keys(self, ("Del", self.end.click))
        self.end.clicked.connect(partial(self._start, self._end))
        self.sessions.tools.addWidget(self.end)
        self.sessions.put(self.table, 1)
        halves = QHBoxLayout()
        halves.setSpacing(16)
        halves.addWidget(self.ways, 2)
        halves.addWidget(self.sessions, 3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(10)
        whole.addWidget(self.title)
        whole.addWidget(self.about)
        whole.addWidget(self.banner)
        whole.addLayout(halves, 1)
        self.say_again()

    # the page

    def into_list(self) -> None:
        """First focus: the password's key."""
        self.rows["password"][2].setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Alt+1 password   Alt+2 PIN   Alt+3 card   Alt+4 phone")

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("My account"))
        self.ways.say(_("How I sign in"))
        self.language_label.setText(_("My language on every PC"))
        self.language.setItemText(0, _("As this program"))
        self.end.setText(_("End session"))
        for name, words in (
            ("password", _("Password")), ("pin", _("PIN")), ("card", _("Card")), ("codes", _("Codes of the phone")),
        ):  # fmt: skip
            self.rows[name][0].setText(words)
        self.table.say_again()
        self._draw()

    def _read(self) -> None:
        self._read_by(self._fetch)

    async def _fetch(self) -> None:
        self._own = await self._link.read("people.own", Nothing(), OwnAccount)
        self.language.setCurrentIndex(max(0, self.language.findData(self._own.language)))
        self._draw()

    def _draw(self) -> None:
        own, me = self._own, self._link.me
        if me is not None:
            parts = [pick(me.name), pick(me.post), me.account]
            self.about.setText(" · ".join(part for part in parts if part))
        if own is not None:
            left = ngettext("{count} recovery code left", "{count} recovery codes left", own.recovery_left).format(
                count=formats.number(own.recovery_left)
            )
            short = {
                "off": _("The hall does not allow it."), "card": _("The hall allows cards."), "pin": _("The hall allows PINs."),
                "card_or_pin": _("The hall allows it at its own PCs."),
            }.get(own.short_ways, "")  # fmt: skip
            given = self._desk.reader.moment(own.password_at.isoformat()) if own.password_at is not None else ""
            states = {
                "password": _("The directory keeps it. Change it there.") if own.directory
                else _("Last given: {moment}").format(moment=given) if given else "",
                "pin": " ".join((_("Set.") if own.pin else _("None."), short)),
                "card": " ".join((_("Set.") if own.card else _("None."), short)),
                "codes": _("Since {moment}; {left}").format(
                    moment=self._desk.reader.moment(own.codes_since.isoformat()), left=left
                ) if own.codes_since is not None else _("None: only the password is asked for."),
            }  # fmt: skip
            for name, words in states.items():
                self.rows[name][1].setText(words)
            keys = {
                "password": _("Change"), "pin": _("Change") if own.pin else _("Set up"),
                "card": _("Change") if own.card else _("Set up"), "codes": _("Set up"),
            }  # fmt: skip
            for name, words in keys.items():
                self.rows[name][2].setText(words)
            self.sessions.say(_("Where I am signed in"), formats.number(len(own.sessions)))
            self.table.show_rows(own.sessions)
        self._allow()

    def _allow(self) -> None:
        own, online = self._own, self._link.online
        for name, (_label, _state, key) in self.rows.items():
            possible = own is not None and not (own.directory and name == "password")
            key.setEnabled(
                online and possible and not (name == "codes" and own is not None and own.codes_since is not None)
            )
        self.language.setEnabled(online)
        row = self.table.current()
        self.end.setEnabled(online and row is not None and not row.own)

    # changing

    def _start(self, act: Callable[[], Any], _on: bool = False) -> None:
        jobs.start(self, act, name=getattr(act, "__name__", "own"), refused=self._refused)

    async def _ask(self, dialog: SecretDialog, send: Callable[[str], Any]) -> Any:
        """The dialog until the server takes it; nothing when it was cancelled."""
        key = new_key()
        try:
            while await dialogs.open(dialog, keep=True) == QDialog.DialogCode.Accepted.value:
                try:
                    return await send(key)
                except Mistyped as why:
                    dialog.refuse(str(why))
                except (Refusal, Offline) as why:
                    dialog.refuse(why.sentence)
                    key = new_key() if isinstance(why, Refusal) else key
            return None
        finally:
            dialog.deleteLater()

    async def _password(self) -> None:
        lines = [
            ("present", _("Present password")),
            ("password", _("New password")),
            ("again", _("New password again")),
        ]
        dialog = SecretDialog(
            self, _("Change my password"), _("Other sessions of yours end; this one goes on."), lines, _("Change")
        )

        async def send(key: str) -> Message:
            if dialog.given("password") != dialog.given("again"):
                raise Mistyped(_("The two new passwords differ. Type them once more."))
            change = ChangePassword(present=dialog.given("present"), password=dialog.given("password"))
            return await self._link.act("people.change_password", change, PasswordChanged, key=key)

        if await self._ask(dialog, send) is not None:
            self.banner.say(_("The password is changed."), "good", seconds=8)
            await self._fetch()

    async def _pin(self) -> None:
        lines = [("password", _("Password")), ("pin", _("New PIN: 4 to 12 figures; empty takes it away"))]
        dialog = SecretDialog(
            self, _("My PIN"), _("With it and your name you sign in at the hall's PCs."), lines, _("Save")
        )

        async def send(key: str) -> Any:
            given = {"password": dialog.given("password"), "pin": dialog.given("pin")}
            return await self._link.records.act("people.set_pin", given, key=key)

        if await self._ask(dialog, send) is not None:
            self.banner.say(_("Saved."), "good", seconds=8)
            await self._fetch()

    async def _card(self) -> None:
        lines = [("password", _("Password")), ("card", _("Hold the card to the reader; empty takes it away"))]
        dialog = SecretDialog(self, _("My card"), _("With it you sign in at the hall's PCs."), lines, _("Save"))

        async def send(key: str) -> Message:
            given = SetCard(password=dialog.given("password"), card=dialog.given("card"))
            return await self._link.act("people.set_card", given, Nothing, key=key)

        if await self._ask(dialog, send) is not None:
            self.banner.say(_("Saved."), "good", seconds=8)
            await self._fetch()

    async def _codes(self) -> None:
        key_of = await self._link.read("people.begin_second_factor", Nothing(), SecondFactor)
        note = _("Read this picture with the phone's app for codes, or type the key, then give the code that it shows.")
        dialog = SecretDialog(self, _("Codes of my phone"), note, [("code", _("Code"))], _("Confirm"))
        picture = QrCode(key_of.uri, name="me_qr")
        picture.setFixedSize(220, 220)
        secret = QLabel(in_order(" ".join(key_of.secret[n : n + 4] for n in range(0, len(key_of.secret), 4))))
        secret.setObjectName("me_secret")
        secret.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        dialog.column.insertWidget(3, picture, 0, Qt.AlignmentFlag.AlignHCenter)
        dialog.column.insertWidget(4, secret, 0, Qt.AlignmentFlag.AlignHCenter)

        async def send(key: str) -> RecoveryCodes:
            given = ConfirmSecondFactor(secret=key_of.secret, code=dialog.given("code").strip())
            return await self._link.act("people.confirm_second_factor", given, RecoveryCodes, key=key)

        found = await self._ask(dialog, send)
        if found is not None:
            await self._show_recovery(found)
            await self._fetch()

    async def _show_recovery(self, found: RecoveryCodes) -> None:
        note = _(
            "For a day without the phone each of these serves once. They are shown this one time: keep them on paper."
        )
        dialog = SecretDialog(self, _("Recovery codes"), note, [], _("I have kept them"))
        codes = QLabel("\n".join(in_order(code) for code in found.codes))
        codes.setObjectName("me_recovery")
        codes.setFont(theme.font(16, bold=True))
        codes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = QPushButton(_("Copy"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda _on=False: QGuiApplication.clipboard().setText("\n".join(found.codes)))
        dialog.column.insertWidget(3, codes, 0, Qt.AlignmentFlag.AlignHCenter)
        dialog.column.insertWidget(4, copy, 0, Qt.AlignmentFlag.AlignHCenter)
        await dialogs.open(dialog)

    async def _end(self) -> None:
        row: OnlineSession | None = self.table.current()
        if row is not None and not row.own:
            await self._link.act("people.end_own_session", EndSession(session=row.session), Nothing)
            self.banner.say(_("The session has ended."), "good", seconds=6)
            await self._fetch()

    def _prefer(self) -> None:
        jobs.start(self, self._really_prefer, str(self.language.currentData()), name="prefer", refused=self._refused)

    async def _really_prefer(self, code: str) -> None:
        await self._link.act("people.prefer", Prefer(language=code), Nothing)
        self.banner.say(_("Saved. It holds from the next sign-in on."), "good", seconds=6)


PAGE = Page("me", N_("My account"), "person", "people", "", MePage)
