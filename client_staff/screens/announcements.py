"""What is published to whoever works here: a list with its reading pane, found by typing (ADM-032)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
)

from client_staff.app.console import LivePage
from client_staff.records.desk import RecordDesk
from client_staff.records.files import Files
from client_staff.screens.registry import Page
from common.protocol.content import (
    AnnouncementCard,
    AnnouncementCards,
    AnnouncementFiles,
    AskAnnouncements,
    NameAnnouncement,
)
from common.protocol.messages import Nothing
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.locale_of_qt import direction
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.records import RecordFacts
from common.text import N_, _, formats, ngettext
from common.text.fold import fold
from common.text.words import language_of, pick, plain

REST_MS = 700
"""The eye must rest this long on one before it counts as read."""
KEYS = (
    ("Ctrl+F", N_("find")),
    ("Enter", N_("into the text")),
    ("Ctrl+R", N_("say that you have read it")),
    ("F5", N_("read again")),
)


class FilesToRead(Files):
    """The files of an announcement: seen and saved, never changed here."""

    @property
    def may_write(self) -> bool:
        """Files are attached where the announcement is written."""
        return False

    def show_files(self, facts: RecordFacts, record_id: str) -> None:
        """Read and show the files of an announcement."""
        if record_id != self._record_id:
            self.banner.hide()
        self._record_id = record_id
        jobs.start(self, self._read, record_id, done=self._show, refused=self._say, offline=self._say)

    async def _read(self, record_id: str) -> list[dict[str, Any]]:
        asked = NameAnnouncement(id=UUID(record_id))
        found = await self.desk.link.read("content.files", asked, AnnouncementFiles)
        at = self.desk.link.now().isoformat()
        return [{**one.model_dump(mode="json"), "at": at} for one in found.files]


class RichText(QTextBrowser):
    """A text to read."""

    def driver_text(self) -> str:
        """Its words."""
        return self.toPlainText()


class ReadingPane(QFrame):
    """One announcement, as it is to be read."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self.setObjectName("announcement_pane")
        self.setProperty("card", True)
        self._desk = desk
        self.card: AnnouncementCard | None = None
        self.title, self.about, self.said = QLabel(), QLabel(), QLabel()
        self.title.setObjectName("announcement_title")
        self.title.setFont(theme.font(19, bold=True))
        self.title.setWordWrap(True)
        self.about.setObjectName("announcement_about")
        self.about.setProperty("tone", "second")
        self.about.setWordWrap(True)
        self.said.setObjectName("announcement_said")
        self.said.setProperty("tone", "second")
        self.text = RichText()
        self.text.setObjectName("announcement_text")
        self.text.setOpenExternalLinks(True)
        self.text.setStyleSheet("border: none; background: transparent;")
        self.text.document().setDocumentMargin(0)
        self.files = FilesToRead(desk, RecordFacts(name="announcement", label=""))
        self.confirm = QPushButton()
        self.confirm.setObjectName("announcement_confirm")
        self.confirm.setProperty("kind", "primary")
        foot = QHBoxLayout()
        foot.addWidget(self.confirm)
        foot.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addWidget(self.text, 3)
        column.addWidget(self.files, 2)
        column.addLayout(foot)

    def show_card(self, card: AnnouncementCard | None) -> None:
        """Show another, or what has become of this one."""
        before, self.card = self.card, card
        for widget in (self.title, self.about, self.text, self.confirm, self.said):
            widget.setVisible(card is not None)
        self.files.setVisible(card is not None and card.files > 0)
        if card is None:
            return
        reader = self._desk.reader
        self.title.setText(pick(card.title))
        parts = [pick(card.author), reader.moment(card.published_at.isoformat())]
        if card.until:
            words = _("over since {day}") if card.over else _("holds until {day}")
            parts.append(words.format(day=formats.date(date.fromisoformat(card.until))))
        self.about.setText("  ·  ".join(one for one in parts if one))
        same = before is not None and (before.id, before.edition, before.text) == (card.id, card.edition, card.text)
        code = language_of(card.text)
        if not same or self.text.property("language") != code:
            self.text.setProperty("language", code)
            self.text.setLayoutDirection(direction(code))
            self.text.setHtml(pick(card.text))
        self.confirm.setVisible(card.confirm and card.read_at is None)
        self.confirm.setText(_("I have read this"))
        self.said.setText(
            _("You have read this: {moment}").format(moment=reader.moment(card.read_at.isoformat()))
            if card.read_at is not None
            else _("Please confirm that you have read this.")
            if card.confirm
            else ""
        )
        if card.files and not same:
            self.files.show_files(self.files.facts, str(card.id))


class AnnouncementsPage(LivePage):
    """The list, newest first and what stays on top before it, beside the one that is read."""

    hints = KEYS
    topics = ("content",)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "announcements")
        self._cards: list[AnnouncementCard] = []
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._rested)
        self.title, self.count, self.nothing = QLabel(), QLabel(), QLabel()
        self.title.setObjectName("announcements_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count.setObjectName("announcements_count")
        self.count.setProperty("tone", "second")
        self.nothing.setObjectName("announcements_nothing")
        self.nothing.setProperty("tone", "second")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.past = QCheckBox()
        self.past.setObjectName("announcements_past")
        self.past.toggled.connect(lambda _on: self._read())
        self.search = QLineEdit()
        self.search.setObjectName("announcements_search")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(240)
        self.search.textChanged.connect(lambda _text: self._show())
        columns = [
            TableColumn("title", lambda: _("Title"), lambda c: pick(c.title), symbol=self._symbol, tone=self._tone),
            TableColumn("state", lambda: _("State"), self._state, width=150, tone=self._tone),
            TableColumn("published", lambda: _("Published"), lambda c: formats.date(c.published_at, desk.reader.zone),
                        lambda c: c.published_at, width=120),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda card: card.id, name="announcements_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self.table.opened.connect(lambda _card: self.pane.text.setFocus())
        self.pane: ReadingPane = ReadingPane(desk)
        self.pane.confirm.clicked.connect(lambda _on=False: self._confirm())
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.past)
        head.addWidget(self.search)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.setStyleSheet("QSplitter::handle { background: transparent; }")
        split.addWidget(self.table)
        split.addWidget(self.pane)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        self.split = split
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.nothing, 1)
        column.addWidget(split, 1)
        on_keys(self, ("Ctrl+F", self.search.setFocus), ("F5", self._read), ("Ctrl+R", self._confirm))
        self.say_again()

    def into_list(self) -> None:
        """First focus: the list."""
        self.table.setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Ctrl+F find   Enter read   Ctrl+R I have read this")

    def stop(self) -> None:
        """The page is left: what was only passed is not read."""
        super().stop()
        self._rest.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Notice board"))
        self.search.setPlaceholderText(_("Find in title and text"))
        self.past.setText(_("Earlier ones too"))
        self.table.say_again()
        self._show()

    def _state(self, card: AnnouncementCard) -> str:
        if card.over:
            return _("over")
        if card.read_at is not None:
            return _("read")
        return _("please confirm") if card.confirm else _("new")

    def _tone(self, card: AnnouncementCard) -> str:
        if card.over or card.read_at is not None:
            return "ink_2"
        return "warn_strong" if card.confirm else "accent_strong"

    def _symbol(self, card: AnnouncementCard) -> str:
        if card.pinned and not card.over:
            return "star"
        return "bell" if card.read_at is None and not card.over else "check"

    def _read(self) -> None:
        self._read_by(self._fetch)

    async def _fetch(self) -> None:
        asked = AskAnnouncements(past=self.past.isChecked())
        self._cards = (await self._link.read("content.for_me", asked, AnnouncementCards)).items
        self._show()

    def _show(self) -> None:
        wanted = fold(self.search.text()).split()
        shown = [
            card
            for card in self._cards
            if all(word in fold(f"{pick(card.title)} {plain(pick(card.text))} {pick(card.author)}") for word in wanted)
        ]
        unread = sum(1 for card in self._cards if card.read_at is None and not card.over)
        self.count.setText(
            ngettext("{count} unread", "{count} unread", unread).format(count=formats.number(unread)) if unread else ""
        )
        self.nothing.setText(
            _("Nothing is found with these words.") if self._cards else _("Nothing is published for you just now.")
        )
        self.nothing.setVisible(not shown)
        self.split.setVisible(bool(shown))
        self.table.show_rows(shown)
        if shown and self.table.current() is None:
            self.table.selectRow(0)
        self._chosen()

    def _chosen(self) -> None:
        card: AnnouncementCard | None = self.table.current()
        self.pane.show_card(card)
        if card is not None and card.read_at is None and not card.confirm and not card.over:
            self._rest.start()
        else:
            self._rest.stop()

    def _rested(self) -> None:
        if self.isVisible() and self.table.current() is not None:
            self._say_read(self.table.current())

    def _confirm(self) -> None:
        card = self.pane.card
        if card is not None and card.read_at is None and card.confirm:
            self._say_read(card)

    def _say_read(self, card: AnnouncementCard) -> None:
        if self._link.online:
            jobs.start(
                self, self._really_say, card.id, name="read_one", busy=self.pane.confirm, refused=self._refused,
                offline=self._refused,
            )  # fmt: skip

    async def _really_say(self, card_id: UUID) -> None:
        await self._link.act("content.confirm_read", NameAnnouncement(id=card_id), Nothing)
        await self._fetch()


PAGE = Page("announcements", N_("Notice board"), "bell", "content", "", AnnouncementsPage)
