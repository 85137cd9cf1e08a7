"""Statistics of operation (ADM-043): server, database, devices and connections by the hour, drawn, listed, exported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from client_staff.app.console import ConsolePage
from client_staff.app.panel import Panel
from client_staff.app.saving import save_workbook
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from client_staff.screens.server_state import Curve
from common.link import View
from common.protocol.operations import AskFigures, Figures, HourFigures
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.text import N_, _, formats, ngettext

SPANS = (1, 7, 31, 92, 366)
EVERY = 300.0
KEYS = (("Ctrl+E", N_("to Excel")), ("Ctrl+C", N_("copy rows for a spreadsheet")))


def _day_and_hour(at: datetime, zone: str) -> str:
    return f"{formats.date(at, zone)}, {formats.time(at, zone)}"


class FiguresPage(ConsolePage):
    """Four drawings over a table, of as many days as are chosen."""

    hints = KEYS

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "figures")
        self.days = QComboBox()
        self.days.setObjectName("figures_days")
        for span in SPANS:
            self.days.addItem("", span)
        self.days.setCurrentIndex(1)
        self.days.currentIndexChanged.connect(lambda _place: self._asked_anew())
        self.tools.addWidget(self.days)
        self.export_key = self.key("figures_export", self._export_pressed)
        on_keys(self, ("Ctrl+E", self.export_key.click))
        self.listed = self._view()
        self.watch(self.listed)
        self.curves = [
            Curve("hours_changes", lambda: _("Until a change is kept"), lambda h: h.changes_ms, "ms", _day_and_hour),
            Curve("hours_load", lambda: _("Load of each processor"), lambda h: h.load, "%", _day_and_hour),
            Curve("hours_devices", lambda: _("Devices that were heard"), lambda h: h.devices_here, "", _day_and_hour),
            Curve("hours_programs", lambda: _("Connected programs"), lambda h: h.programs, "", _day_and_hour),
        ]
        self.drawn, self.panel = Panel("figures_drawn"), Panel("figures_hours")
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 8)
        for place, curve in enumerate(self.curves):
            grid.addWidget(curve, *divmod(place, 2))
        self.drawn.put(holder, 1)
        self.table = DataTable(self._columns(), lambda hour: hour.begins_at, name="figures_table")
        self.panel.put(self.table, 1)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.drawn, 2)
        column.addWidget(self.panel, 3)
        self.words()

    def _view(self) -> View[Figures]:
        asked = AskFigures(days=int(self.days.currentData()))
        return View(self.link, "operations.figures", asked, Figures, ["operations"], every=EVERY)

    def _asked_anew(self) -> None:
        self.listed.stop()
        self.views.remove(self.listed)
        self.listed = self._view()
        self.watch(self.listed)
        self.listed.start()

    def _columns(self) -> list[TableColumn]:
        def counted(name: str, label: Any, width: int, unit: str = "") -> TableColumn:
            def said(hour: HourFigures) -> str:
                value = getattr(hour, name)
                return "–" if value is None else formats.number(value) + (f" {unit}" if unit else "")

            order = lambda hour: -1 if getattr(hour, name) is None else getattr(hour, name)  # noqa: E731
            return TableColumn(name, label, said, order, figures=True, width=width)

        return [
            TableColumn("hour", lambda: _("Hour"), lambda h: _day_and_hour(h.begins_at, self.desk.reader.zone),
                        lambda h: h.begins_at),
            counted("changes_ms", lambda: _("Change"), 96, "ms"),
            counted("slowest_ms", lambda: _("Slowest"), 96, "ms"),
            counted("load", lambda: _("Load"), 84, "%"),
            counted("programs", lambda: _("Programs"), 96),
            counted("people", lambda: _("People"), 84),
            counted("devices_here", lambda: _("Devices"), 90),
            counted("database_mb", lambda: _("Database"), 110, "MB"),
            counted("disk_free_mb", lambda: _("Disk free"), 120, "MB"),
            counted("failed_sign_ins", lambda: _("Failed sign-ins"), 130),
            counted("faults", lambda: _("Faults"), 84),
        ]  # fmt: skip

    def words(self) -> None:
        """In the reader's language."""
        self.title.setText(_("Statistics of operation"))
        self.export_key.setText(_("To Excel") + "   Ctrl+E")
        self.days.setAccessibleName(_("Days"))
        for place, span in enumerate(SPANS):
            words = ngettext("The last {count} day", "The last {count} days", span)
            self.days.setItemText(place, words.format(count=formats.number(span)))
        self.drawn.say(_("By the hour"))
        self.table.say_again()

    def show_values(self) -> None:
        """What the server says."""
        found = self.listed.value
        if found is None:
            return
        for curve in self.curves:
            curve.show_samples(found.hours, self.desk.reader.zone)
        self.panel.say(_("Hours"), formats.number(len(found.hours)))
        self.table.show_rows(list(reversed(found.hours)))

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Ctrl+E to Excel   Ctrl+C copy")

    def _export_pressed(self) -> None:
        jobs.start(self, self._export, name="export", busy=self.export_key, refused=self.refused, offline=self.refused)

    async def _export(self) -> None:
        days = int(self.days.currentData())
        title, name = _("Statistics to Excel"), f"operation-{days}.xlsx"
        await save_workbook(self, self.banner, self.link, "operations.hours", {"days": days}, title, name)


PAGE = Page(
    "operation_figures", N_("Statistics of operation"), "chart", "operations", "operations.see", FiguresPage
)  # fmt: skip
