"""The manager's page: the day's live figures, the hours, windows, services, and the list of tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from client_staff.app.panel import Panel
from client_staff.app.saving import save_workbook
from client_staff.counter import words
from common.link import Link, View
from common.protocol.queue import Day, DayHour, InZone
from common.qt import jobs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import Banner, Figure, fitting
from common.text import N_, _, formats
from common.text.fold import fold
from common.text.words import pick

EVERY = 20.0
LIST_EVERY_MS = 5000
GRADES = (
    ("very_satisfied", N_("Very satisfied"), "good"),
    ("satisfied", N_("Satisfied"), "accent"),
    ("fair", N_("Fair"), "warn"),
    ("dissatisfied", N_("Dissatisfied"), "bad"),
)


class HourBars(QWidget):
    """Tickets issued (outline) and finished (filled) by hour of the hall's day; time runs from left to right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hours")
        self.setMinimumHeight(150)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._hours: list[DayHour] = []

    def show_hours(self, hours: list[DayHour]) -> None:
        """Show these; empty hours at both ends are left out."""
        busy = [one.hour for one in hours if one.issued or one.finished]
        first, last = (max(0, min(busy) - 1), min(23, max(busy) + 1)) if busy else (8, 17)
        self._hours = [one for one in hours if first <= one.hour <= last]
        self.update()

    def driver_text(self) -> str:
        """Hour, issued, finished."""
        return "\n".join(f"{one.hour} {one.issued} {one.finished}" for one in self._hours if one.issued or one.finished)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        if not self._hours:
            return
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max(1, *(max(one.issued, one.finished) for one in self._hours))
        room = self.rect().adjusted(16, 20, -16, -26)
        wide = room.width() / len(self._hours)
        painter.fillRect(room.x(), room.bottom() + 1, room.width(), 1, QColor(t.edge))
        for place, one in enumerate(self._hours):
            x = room.x() + place * wide
            bar = max(3.0, wide * 0.36)
            for number, colour, at in ((one.issued, t.edge, 0.1), (one.finished, t.accent, 0.52)):
                high = room.height() * number / most
                box = QRectF(x + wide * at, room.bottom() - high, bar, high)
                painter.fillRect(box, QColor(colour))
                if number and wide > 34:
                    above = QRectF(box.x() - 8, box.y() - 17, bar + 16, 16)
                    text = formats.number(number)
                    fitting.draw(painter, above, text, largest=11, colour=t.ink_2, align=Qt.AlignmentFlag.AlignCenter)
            label = QRectF(x, room.bottom() + 4, wide, 20)
            text = formats.digits(f"{one.hour:02d}")
            fitting.draw(painter, label, text, largest=12, colour=t.ink_2, align=Qt.AlignmentFlag.AlignCenter)


class GradeBar(QWidget):
    """Ratings of today as shares of one bar, each with its word and number below."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("grades")
        self.setFixedHeight(74)
        self._grades: dict[str, int] = {}

    def show_grades(self, grades: dict[str, int]) -> None:
        """Show others."""
        self._grades = grades
        self.update()

    def driver_text(self) -> str:
        """Word and number of each."""
        return "\n".join(f"{_(label)} {formats.number(self._grades.get(code, 0))}" for code, label, _tone in GRADES)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        room = self.rect().adjusted(16, 6, -16, -6)
        whole = sum(self._grades.get(code, 0) for code, _label, _tone in GRADES)
        bar = QRectF(room.x(), room.y(), room.width(), 14)
        painter.fillRect(bar, QColor(t.line))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = 0.0
        for code, _label, tone in GRADES:
            wide = bar.width() * self._grades.get(code, 0) / whole if whole else 0.0
            painter.fillRect(
                QRectF(bar.right() - x - wide if rtl else bar.x() + x, bar.y(), wide, bar.height()),
                QColor(getattr(t, tone)),
            )
            x += wide
        quarter = room.width() / len(GRADES)
        for place, (code, label, tone) in enumerate(GRADES):
            at = len(GRADES) - 1 - place if rtl else place
            box = QRectF(room.x() + at * quarter, bar.bottom() + 8, quarter - 8, 36)
            text = f"{_(label)}  {formats.number(self._grades.get(code, 0))}"
            fitting.draw(
                painter, box, text, largest=14, smallest=10, lines=2, colour=getattr(t, f"{tone}_strong"),
                align=Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop,
            )  # fmt: skip


class DayPage(QWidget):
    """Live by notices; every figure comes from the tickets themselves."""

    FIGURES = ("issued", "waiting", "longest", "mean_wait", "serving", "finished", "no_show", "windows")

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.setObjectName("day_page")
        self._link = link
        self._tickets: list[dict[str, Any]] = []
        self.view: View[Day] = View(link, "queue.day", InZone(), Day, ["queue", "evaluation"], every=EVERY)
        self.view.on_change(self.refresh)
        self._list_due = QTimer(self, interval=LIST_EVERY_MS, singleShot=True)
        self._list_due.timeout.connect(self._read_list)
        self.title = QLabel()
        self.title.setObjectName("day_title")
        self.title.setFont(theme.font(20, bold=True))
        self.export = QPushButton()
        self.export.setObjectName("day_export")
        self.export.clicked.connect(lambda: jobs.start(self, self._export, name="export", busy=self.export))
        self.banner = Banner(14, name="day_said")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.export)
        self.figures = {name: Figure("", name=f"figure_{name}", px=30) for name in self.FIGURES}
        figures = QHBoxLayout()
        figures.setSpacing(12)
        for figure in self.figures.values():
            figure.setFixedHeight(122)
            figures.addWidget(figure, 1)
        self.hours, self.grades = HourBars(), GradeBar()
        self.hours_panel, self.grades_panel = Panel("hours_panel"), Panel("grades_panel")
        self.hours_panel.put(self.hours, 1)
        self.grades_panel.put(self.grades)
        self.grades_panel.column.addStretch(1)
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        pictures.addWidget(self.hours_panel, 3)
        pictures.addWidget(self.grades_panel, 2)
        self.search = QLineEdit()
        self.search.setObjectName("day_search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._show_list())
        self.windows = self._windows_table()
        self.classes = self._services_table("day_classes", lambda: _("Class"))
        self.services = self._services_table("day_services", lambda: _("Service"))
        self.tickets = self._tickets_table()
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.tickets, 1)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("day_tabs")
        self.tabs.tabBar().setObjectName("day_tab")
        for page in (self.windows, self.services, listed, self.classes):
            self.tabs.addTab(page, "")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 12)
        outer.setSpacing(12)
        outer.addLayout(head)
        outer.addWidget(self.banner)
        outer.addLayout(figures)
        outer.addLayout(pictures, 2)
        outer.addWidget(self.tabs, 3)
        self.say_again()

    def begin(self) -> None:
        """The page is opened."""
        self.view.start()
        self.view.again()

    def stop(self) -> None:
        """The page is left."""
        self.view.stop()
        self._list_due.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.export.setText(_("Tickets of the day to Excel"))
        self.search.setPlaceholderText(_("Search number, service, window or state"))
        self.hours_panel.say(_("Hours"), _("grey: issued, blue: finished"))
        self.grades_panel.say(_("Ratings of today"))
        for place, label in enumerate((_("Windows"), _("Services"), _("Tickets"), _("Classes"))):
            self.tabs.setTabText(place, label)
        for table in (self.windows, self.classes, self.services, self.tickets):
            table.say_again()
        self.grades.update()
        self.refresh()

    def refresh(self) -> None:
        """Show what was read."""
        day = self.view.value
        self.title.setText(_("The day"))
        if day is None:
            return
        self.title.setText(f"{_('The day')}  {formats.date_long(day.now, self._zone())}")
        say = {name: figure.say for name, figure in self.figures.items()}
        captions = (
            _("Issued"), _("Waiting"), _("Longest wait now"), _("Mean wait"), _("At the windows"), _("Finished"),
            _("No-show"), _("Windows open"),
        )  # fmt: skip
        for name, caption in zip(self.FIGURES, captions, strict=True):
            self.figures[name].caption.setText(caption)
        say["issued"](formats.number(day.issued))
        say["waiting"](formats.number(day.waiting))
        say["longest"](_time(day.longest_wait_seconds))
        say["mean_wait"](_time(day.mean_wait_seconds))
        service = _time(day.mean_service_seconds)
        say["serving"](formats.number(day.called + day.serving), _("mean service {time}").format(time=service))
        say["finished"](formats.number(day.finished))
        say["no_show"](formats.number(day.no_show))
        say["windows"](
            _("{open} of {all}").format(open=formats.number(day.windows_open), all=formats.number(day.windows_total))
        )
        self.hours.show_hours(day.hours)
        self.grades.show_grades(day.grades)
        self.windows.show_rows(day.windows)
        for table, rows in ((self.classes, day.classes), (self.services, day.services)):
            table.show_rows([one for one in rows if one.issued] or rows)
        if not self._list_due.isActive():
            self._read_list()
            self._list_due.start()

    def _read_list(self) -> None:
        jobs.start(self, self._load_list, name="list", refused=lambda _why: None, offline=lambda _why: None)

    async def _load_list(self) -> None:
        raw = await self._link.report("queue.day_tickets", {}, "json")
        self._tickets = list(orjson.loads(raw)["rows"])
        self._show_list()

    def _show_list(self) -> None:
        wanted = fold(self.search.text()).split()
        rows = [row for row in self._tickets if all(word in _searched(row) for word in wanted)]
        self.tickets.show_rows(list(reversed(rows)))

    async def _export(self) -> None:
        day = self.view.value.business_day if self.view.value is not None else ""
        title = _("Tickets of the day to Excel")
        await save_workbook(self, self.banner, self._link, "queue.day_tickets", {}, title, f"tickets-{day}.xlsx")

    def _zone(self) -> str:
        return self._link.health.zone if self._link.health is not None else "UTC"

    def _windows_table(self) -> DataTable:
        def since(row: Any) -> str:
            return formats.duration((self._link.now() - row.since).total_seconds()) if row.since is not None else "–"

        return DataTable(
            [
                TableColumn("label", lambda: _("Window"), lambda w: formats.digits(w.label), _label, bold=True, width=90),
                TableColumn("state", lambda: _("State"), lambda w: words.window_state(w.state), width=190),
                TableColumn("since", lambda: _("For"), since, figures=True, width=90),
                TableColumn("number", lambda: _("Ticket"), lambda w: w.number or "–", width=100),
                TableColumn("staff", lambda: _("Staff"), lambda w: pick(w.staff) or "–"),
                TableColumn(
                    "served", lambda: _("Served"), lambda w: formats.number(w.served), lambda w: w.served, figures=True, width=90
                ),
                TableColumn(
                    "mean", lambda: _("Mean service"), lambda w: _time(w.mean_service_seconds),
                    lambda w: w.mean_service_seconds, figures=True, width=140,
                ),
            ],
            lambda w: w.window_id,
            name="day_windows",
        )  # fmt: skip

    def _services_table(self, table: str, head: Callable[[], str]) -> DataTable:
        def count(name: str) -> Any:
            return lambda row: formats.number(getattr(row, name))

        def order(name: str) -> Any:
            return lambda row: getattr(row, name)

        def figure(name: str, label: str) -> TableColumn:
            return TableColumn(name, lambda: _(label), count(name), order(name), figures=True, width=100)

        def time(name: str, label: str) -> TableColumn:
            def text(row: Any) -> str:
                return _time(getattr(row, name))

            return TableColumn(name, lambda: _(label), text, order(name), figures=True, width=130)

        return DataTable(
            [
                TableColumn("name", head, lambda s: pick(s.name)),
                figure("issued", N_("Issued")),
                figure("waiting", N_("Waiting")),
                figure("serving", N_("In service")),
                figure("finished", N_("Finished")),
                figure("no_show", N_("No-show")),
                time("mean_wait_seconds", N_("Mean wait")),
                time("mean_service_seconds", N_("Mean service")),
            ],
            lambda s: s.service_id,
            name=table,
        )

    def _tickets_table(self) -> DataTable:
        def moment(name: str) -> Any:
            return lambda row: str(row.get(name) or "–")

        return DataTable(
            [
                TableColumn("number", lambda: _("Ticket"), lambda r: str(r["number"]), bold=True, width=90),
                TableColumn("service", lambda: _("Service"), lambda r: _word(r["service"])),
                TableColumn(
                    "state",
                    lambda: _("State"),
                    lambda r: words.state(str(r["state"])),
                    tone=lambda r: words.STATE_TONES.get(str(r["state"]), "ink"),
                    symbol=lambda r: words.STATE_SYMBOLS.get(str(r["state"]), ""),
                    width=150,
                ),
                TableColumn("issued", lambda: _("Issued"), lambda r: self._clock(r["issued_at"]), moment("issued_at"), width=80),
                TableColumn("called", lambda: _("Called"), lambda r: self._clock(r["called_at"]), moment("called_at"), width=80),
                TableColumn("wait", lambda: _("Waited"), lambda r: _time(r["wait"]), lambda r: r["wait"], figures=True, width=100),
                TableColumn(
                    "served", lambda: _("Served"), lambda r: _time(r["service_time"]), lambda r: r["service_time"],
                    figures=True, width=100,
                ),
                TableColumn("window", lambda: _("Window"), lambda r: formats.digits(str(r["window"] or "–")), width=90),
                TableColumn("staff", lambda: _("Staff"), lambda r: _word(r["staff"]) or "–", width=160),
            ],
            lambda r: r["number"],
            name="day_tickets",
        )  # fmt: skip

    def _clock(self, text: str | None) -> str:
        return formats.time(datetime.fromisoformat(text), self._zone()) if text else "–"


def _time(seconds: int | None) -> str:
    return formats.duration(seconds) if seconds is not None else "–"


def _word(value: Any) -> str:
    return pick(value) if isinstance(value, dict) else str(value or "")


def _label(window: Any) -> tuple[int, str]:
    return (int(window.label) if window.label.isdigit() else 9999, window.label)


def _searched(row: dict[str, Any]) -> str:
    parts = (row["number"], _word(row["service"]), row["window"] or "", words.state(str(row["state"])))
    return fold(" ".join(str(part) for part in parts))
