"""The log: changes, deletions, looks at protected data and the organisation chart's changes, with what was before and
after; sign-ins have a page of their own. It is read and saved as a file; nothing here alters it."""

from __future__ import annotations

import asyncio
import csv
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.console import ConsolePage
from client_staff.app.panel import Panel
from client_staff.editors import Editor, editor_for
from client_staff.records.desk import RecordDesk
from client_staff.records.shown import label_of
from client_staff.screens.registry import Page
from common.link import View
from common.protocol.logs import FindInLog, LogChoices, LogLine, LogPage
from common.protocol.messages import Nothing
from common.qt import dialogs, jobs
from common.qt.table import DataTable, TableColumn
from common.records import BadValue, Field
from common.text import N_, _, formats, pgettext

PARTS = {
    "changes": N_("All changes"),
    "deletions": N_("Deletions"),
    "looks": N_("Looks at protected data"),
    "chart": N_("Organisation"),
}
PAGE_LINES = 200
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A table program would take a cell that begins so for a formula."""


class LogView(ConsolePage):
    """For whoever may see the log; a file of it needs a right of its own."""

    hints = (("Ctrl+F", N_("Filter")), ("Ctrl+E", N_("Save as a file")))

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "log")
        self.choices: View[LogChoices] = View(self.link, "logs.choices", Nothing(), LogChoices, [])
        self.watch(self.choices)
        self._lines: list[LogLine] = []
        self._labels: dict[str, str] = {}
        self._next: int | None = None
        self._read: jobs.Job | None = None
        self._offered = False
        self.save = self.key("log_save", self._save_pressed)
        self._build_filters()
        self.panel = Panel("log_lines")
        self.table = DataTable(self._columns(), lambda r: r.number, name="log_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_n: self._show_line())
        self.nothing = QLabel()
        self.nothing.setObjectName("log_nothing")
        self.nothing.setProperty("tone", "second")
        self.nothing.setContentsMargins(16, 12, 16, 12)
        self.nothing.hide()
        self.more = QPushButton()
        self.more.setObjectName("log_more")
        self.more.clicked.connect(lambda: self._ask(self._next))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.panel.put(self.nothing, 1)
        self.panel.put(self.table, 1)
        self.panel.put(self.more)
        self._build_side()
        self._build_progress()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.panel, 2)
        row.addWidget(self.side, 1)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.filters)
        column.addWidget(self.writing)
        column.addLayout(row, 1)
        QShortcut(QKeySequence.StandardKey.Find, self, self.part.setFocus)
        self.words()

    def _build_filters(self) -> None:
        self.filters = QWidget()
        grid = QGridLayout(self.filters)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        self.part, self.who, self.kind, self.action = (
            _combo(f"log_{name}") for name in ("part", "who", "kind", "action")
        )
        for part in PARTS:
            self.part.addItem("", part)
        self.part.currentIndexChanged.connect(lambda _n: self._ask())
        for box in (self.who, self.kind, self.action):
            box.currentIndexChanged.connect(lambda _n: self._ask())
        self.address = QLineEdit()
        self.address.setObjectName("log_address")
        self.address.setClearButtonEnabled(True)
        self.address.editingFinished.connect(self._ask)
        self.since, self.until = self._day("log_since"), self._day("log_until")
        self.labels: list[QLabel] = []
        places = (self.part, self.since, self.until, self.who, self.kind, self.action, self.address)
        for place, widget in enumerate(places):
            label = QLabel()
            label.setProperty("tone", "second")
            label.setBuddy(widget)
            self.labels.append(label)
            row, column = divmod(place, 4)
            grid.addWidget(label, row * 2, column)
            grid.addWidget(widget, row * 2 + 1, column)
            grid.setColumnStretch(column, 1)

    def _day(self, name: str) -> Editor:
        editor = editor_for(Field("day", "", name=name, required=False), self.desk)
        assert editor is not None
        editor.setObjectName(name)
        editor.changed.connect(self._ask)
        return editor

    def _build_side(self) -> None:
        self.side = Panel("log_line")
        inside = QWidget()
        column = self.side_column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 16, 16)
        column.setSpacing(8)
        self.about = QLabel()
        self.about.setObjectName("log_about")
        self.about.setWordWrap(True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.changes = QTreeWidget()
        self.changes.setObjectName("log_changes")
        self.changes.setColumnCount(3)
        self.changes.setRootIsDecorated(False)
        self.changes.setWordWrap(True)
        self.changes.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.go = QPushButton()
        self.go.setObjectName("log_open")
        self.go.clicked.connect(self._open_pressed)
        column.addWidget(self.about)
        column.addWidget(self.changes, 1)
        column.addStretch(0)
        column.addWidget(self.go)
        self.side.put(inside, 1)

    def _build_progress(self) -> None:
        self.writing = QWidget()
        row = QHBoxLayout(self.writing)
        row.setContentsMargins(0, 0, 0, 0)
        self.written = QLabel()
        self.written.setObjectName("log_written")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.stop_key = QPushButton()
        self.stop_key.setObjectName("log_stop")
        self.stop_key.clicked.connect(self._stop_writing)
        row.addWidget(self.written)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop_key)
        self.writing.hide()
        self._writing: jobs.Job | None = None

    def _columns(self) -> list[TableColumn]:
        def what(line: LogLine) -> str:
            return " ".join(part for part in (line.kind_label, line.record_name) if part) or "–"

        def tone(line: LogLine) -> str:
            return "bad_strong" if line.succeeded is False else "ink"

        return [
            TableColumn("at", lambda: _("Moment"), lambda r: self._moment(r.at), lambda r: r.number, width=165),
            TableColumn("who", lambda: _("Who"), self._who_of, width=130),
            TableColumn("action", lambda: _("What"), lambda r: r.action_label or r.action, tone=tone, width=130, bold=True),
            TableColumn("object", lambda: _("Of what"), what),
            TableColumn("address", lambda: _("Address"), lambda r: r.address or "–", width=105),
        ]  # fmt: skip

    # words

    def words(self) -> None:
        """In the reader's language."""
        self.title.setText(_("Log"))
        self.save.setText(_("Save as a file…"))
        self.save.setShortcut("Ctrl+E")
        self.more.setText(_("Show older ones"))
        self.go.setText(_("Open the record"))
        self.stop_key.setText(_("Stop"))
        names = (
            _("What to see"), _("From"), _("To"), _("Who"), _("Kind of record"), _("What was done"), _("Address"),
        )  # fmt: skip
        for label, name in zip(self.labels, names, strict=True):
            label.setText(name)
        for place in range(self.part.count()):
            self.part.setItemText(place, _(PARTS[self.part.itemData(place)]))
        self.changes.setHeaderLabels([_("Field"), pgettext("of a change", "Before"), pgettext("of a change", "After")])
        self.nothing.setText(_("Nothing in the log fits. Choose other filters."))
        self._offered = False
        self.table.say_again()
        self._ask()

    def show_values(self) -> None:
        """What may be filtered by has come."""
        choices = self.choices.value
        if choices is None or self._offered:
            return
        self._offered = True
        for box, offered in ((self.who, choices.people), (self.kind, choices.kinds), (self.action, choices.actions)):
            chosen = box.currentData()
            box.blockSignals(True)
            box.clear()
            box.addItem(_("all"), "")
            for code, label in sorted(offered.items(), key=lambda one: one[1]):
                box.addItem(label, code)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)
        self.save.setVisible(self.link.me is not None and "logs.export" in self.link.me.permissions)
        self._ask()

    def _moment(self, at: datetime) -> str:
        return formats.date_time(at, self.desk.reader.zone)

    def _who_of(self, line: LogLine) -> str:
        if line.who_kind == "house":
            return _("the house")
        return line.who_name or (_("a device") if line.who_kind == "device" else _("somebody"))

    # reading

    def asked(self) -> FindInLog | None:
        """What the filters say; nothing while a date is not whole."""
        zone = ZoneInfo(self.desk.reader.zone)
        try:
            since, until = self.since.value(), self.until.value()
        except BadValue:
            return None
        who = self.who.currentData()
        return FindInLog(
            part=self.part.currentData(),
            since=datetime.combine(date.fromisoformat(since), clock_time(), zone) if since else None,
            until=datetime.combine(date.fromisoformat(until) + timedelta(days=1), clock_time(), zone)
            if until
            else None,
            who=UUID(who) if who else None,
            kind=self.kind.currentData() or "",
            action=self.action.currentData() or "",
            address=self.address.text().strip(),
            limit=PAGE_LINES,
        )

    def _ask(self, before: int | None = None) -> None:
        wanted = self.asked()
        if wanted is None or not self.link.online or self.choices.value is None:
            return
        if self._read is not None and self._read.running:
            self._read.cancel()
        self._read = jobs.start(
            self, self._fetch, wanted.model_copy(update={"before": before}), refused=self.refused, offline=self.refused
        )

    async def _fetch(self, wanted: FindInLog) -> None:
        page = await self.link.read("logs.find", wanted, LogPage)
        self._labels.update(page.labels)
        self._lines = [*(self._lines if wanted.before is not None else []), *page.lines]
        self._next = page.next
        self.banner.say("")
        self.nothing.setVisible(not self._lines)
        self.table.setVisible(bool(self._lines))
        self.more.setVisible(self._next is not None)
        count = formats.number(len(self._lines)) + ("+" if self._next is not None else "")
        keep = self.choices.value.keep_days if self.choices.value is not None else 0
        kept = _("kept for {days} days").format(days=formats.number(keep)) if keep else _("kept for ever")
        self.panel.say(_(PARTS[wanted.part]), f"{count} · {kept}")
        self.table.show_rows(self._lines)
        if self.table.current() is None and self._lines:
            self.table.selectRow(0)
        self._show_line()

    # one line

    def _show_line(self) -> None:
        line: LogLine | None = self.table.current()
        self.changes.clear()
        self.go.setVisible(False)
        if line is None:
            self.side.say(_("Choose a line"))
            self.about.setText("")
            return
        self.side.say(line.action_label or line.action)
        about = [
            self._moment(line.at),
            self._who_of(line),
            line.address,
            line.kind_label,
            line.record_name,
            line.reason,
        ]
        self.about.setText(" · ".join(part for part in about if part))
        facts = self.desk.schema.record(line.kind)
        self.go.setVisible(facts is not None and line.record_id is not None)
        self.desk.reader.labels.update(self._labels)
        for name, (before, after) in line.changes.items():
            field = facts.field(name) if facts is not None else None
            field = field or Field("moment" if name.endswith("_at") else "text", name, name=name)
            label = label_of(facts, name) if facts is not None else name
            cells = [label, self.desk.reader.text(field, before), self.desk.reader.text(field, after)]
            item = QTreeWidgetItem(cells)
            for place, text in enumerate(cells):
                item.setToolTip(place, text)
            self.changes.addTopLevelItem(item)
        self.changes.setVisible(bool(line.changes))
        self.side_column.setStretch(2, 0 if line.changes else 1)

    def _open_pressed(self) -> None:
        line: LogLine | None = self.table.current()
        if line is not None and line.record_id is not None:
            self.desk.show_record(line.kind, str(line.record_id))

    # the file

    def _save_pressed(self) -> None:
        wanted = self.asked()
        if wanted is not None and (self._writing is None or not self._writing.running):
            self._writing = jobs.start(
                self, self._write, wanted, name="log file", refused=self.refused, offline=self.refused
            )

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing.cancel()

    async def _write(self, wanted: FindInLog) -> None:
        path = await dialogs.save_path(self, _("Save the log"), f"{_('Log')} {self.link.now():%Y-%m-%d}.csv")
        if path is None:
            return
        await self.link.act("logs.export", wanted, Nothing)
        draft = path.with_name(path.name + ".part")
        count = 0
        try:
            self.writing.show()
            heads = [_("Moment"), _("Who"), _("What"), _("Of what"), _("Address"), _("Reason"), _("Changes")]
            await asyncio.to_thread(_append, draft, [heads], True)
            before: int | None = None
            while True:
                self.written.setText(_("{count} lines are written").format(count=formats.number(count)))
                asked = wanted.model_copy(update={"before": before, "limit": 500})
                page = await self.link.read("logs.find", asked, LogPage)
                self.desk.reader.labels.update(page.labels)
                await asyncio.to_thread(_append, draft, [self._cells(line) for line in page.lines], False)
                count += len(page.lines)
                before = page.next
                if before is None:
                    break
            await asyncio.to_thread(draft.replace, path)
            self.banner.say(
                _("{count} lines are in {name}.").format(count=formats.number(count), name=path.name), "good", seconds=8
            )
        except OSError as failure:
            self.banner.say(_("{name} could not be written: {why}").format(name=path.name, why=failure.strerror), "bad")
        finally:
            self.writing.hide()
            draft.unlink(missing_ok=True)

    def _cells(self, line: LogLine) -> list[str]:
        facts = self.desk.schema.record(line.kind)
        changes = []
        for name, (before, after) in line.changes.items():
            field = (facts.field(name) if facts is not None else None) or Field("text", name, name=name)
            read = self.desk.reader.text
            changes.append(f"{field.label}: {read(field, before)} → {read(field, after)}")
        what = " ".join(part for part in (line.kind_label, line.record_name) if part)
        moment = line.at.astimezone(ZoneInfo(self.desk.reader.zone)).strftime("%Y-%m-%d %H:%M:%S")
        done = line.action_label or line.action
        return [moment, self._who_of(line), done, what, line.address, line.reason, "; ".join(changes)]


def _combo(name: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setMinimumWidth(150)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _append(path: Path, rows: list[list[str]], new: bool) -> None:
    with open(path, "w" if new else "a", encoding="utf-8-sig" if new else "utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            writer.writerow([f"'{cell}" if cell.startswith(DANGEROUS) else cell for cell in row])


PAGE = Page("log", N_("Log"), "list", "engine", "logs.see", LogView)
