"""The chart's own log (ADM-018): what was changed in it, by whom, when, from what to what."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.history import WHAT
from client_staff.records.shown import label_of
from common.link import Offline, Refusal
from common.protocol.chart import AskChartLog, ChartChange, ChartLog
from common.qt import jobs
from common.qt.table import DataTable, TableColumn
from common.records import Field
from common.text import _, right_to_left

PAGE = 100


class LogView(QWidget):
    """A table, latest first; more on request."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self._desk = desk
        self._rows: list[ChartChange] = []
        columns = [
            TableColumn("at", lambda: _("When"), lambda r: desk.reader.moment(r.at.isoformat()), lambda r: r.number, width=190),
            TableColumn("who", lambda: _("Who"), lambda r: r.who or _("the house"), width=170),
            TableColumn("kind", lambda: _("Kind"), self._kind, width=150),
            TableColumn("name", lambda: _("Entry"), lambda r: r.name or "–", width=200, bold=True),
            TableColumn("what", lambda: _("What"), self._what, width=110),
            TableColumn("details", lambda: _("From, to"), self._details),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda row: row.number, name="chart_log")
        self.said = QLabel()
        self.said.setObjectName("chart_log_said")
        self.said.setContentsMargins(16, 12, 16, 12)
        self.more = QPushButton()
        self.more.setObjectName("chart_log_more")
        self.more.clicked.connect(lambda: self.read(more=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addWidget(self.more)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.more.setText(_("Show earlier changes"))
        self.table.say_again()

    def read(self, *, more: bool = False) -> None:
        """The newest changes, or those before what is shown."""
        before = self._rows[-1].number if more and self._rows else None
        asked = AskChartLog(before=before, limit=PAGE)
        jobs.start(self, self._fetch, asked, name="chart log", refused=self._failed, offline=self._failed)

    async def _fetch(self, asked: AskChartLog) -> None:
        log = await self._desk.link.read("organisation.chart_log", asked, ChartLog)
        self._desk.reader.labels.update(log.labels)
        self._rows = [*self._rows, *log.items] if asked.before is not None else log.items
        self.more.setVisible(len(log.items) == PAGE)
        self.said.setVisible(not self._rows)
        self.said.setText(_("Nothing was changed since the history is kept."))
        self.table.show_rows(self._rows)

    def _failed(self, why: Refusal | Offline) -> None:
        self.said.setText(why.sentence)
        self.said.show()

    def _kind(self, row: ChartChange) -> str:
        facts = self._desk.schema.record(row.kind)
        return facts.label if facts is not None else row.kind

    def _what(self, row: ChartChange) -> str:
        if row.action in WHAT:
            return _(WHAT[row.action])
        found = next((one for one in self._desk.schema.actions if one.name == row.action), None)
        return (found.label or found.doc.split("\n")[0]) if found is not None else row.action

    def _details(self, row: ChartChange) -> str:
        facts = self._desk.schema.record(row.kind)
        parts = []
        for name, pair in row.changes.items():
            if name in ("deleted_at", "place"):
                continue
            before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
            field = (facts.field(name) if facts is not None else None) or Field("text", name, name=name)
            label = label_of(facts, name) if facts is not None else name
            arrow = " ← " if right_to_left() else " → "
            values = [self._desk.reader.text(field, one) for one in ([after] if before is None else [before, after])]
            parts.append(f"{label}: {arrow.join(values)}")
        if row.reason:
            parts.append(f"“{row.reason}”")
        return "; ".join(parts)
