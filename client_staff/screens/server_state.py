"""How the whole house stands, in one view: server, database, disks, backups, devices, jobs and warnings; the last day drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.app.console import ConsolePage
from client_staff.app.panel import Panel
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.link import View
from common.protocol.alerts import AlertCard, Alerts, AlertSeen, AskAlerts
from common.protocol.backup import BackupView
from common.protocol.devices import DeviceCards
from common.protocol.messages import Nothing
from common.protocol.system import DiskCard, SystemState
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import Figure, fitting
from common.text import N_, _, formats
from common.text.words import pick

EVERY = 30.0
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
DISKS = {"data": N_("Data of the hall"), "backups": N_("Backups")}
TONES = {"good": "good_strong", "old": "bad_strong", "off": "warn_strong"}


class Curve(QWidget):
    """One figure over the last hours, the newest at the right edge; its highest value stands at its top. Of days, `when`
    says how a moment is written."""

    def __init__(
        self,
        name: str,
        label: Callable[[], str],
        value: Callable[[Any], float | None],
        unit: str,
        when: Callable[[Any, str], str] = formats.time,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMinimumHeight(104)
        self._label, self._value, self._unit, self._when = label, value, unit, when
        self._samples: Sequence[Any] = []
        self._zone = "UTC"

    def show_samples(self, samples: Sequence[Any], zone: str) -> None:
        """Show others."""
        self._samples, self._zone = samples, zone
        self.setAccessibleName(self.driver_text())
        self.update()

    def _values(self) -> list[float]:
        return [v for one in self._samples if (v := self._value(one)) is not None]

    def _said(self, value: float) -> str:
        if self._unit == "%":
            return formats.percent(value / 100)
        shown = formats.number(round(value, 1), 1 if value < 10 and value != int(value) else 0)
        return _("{count} ms").format(count=shown) if self._unit == "ms" else shown

    def driver_text(self) -> str:
        """Its name and last value."""
        values = self._values()
        return f"{self._label()}: {self._said(values[-1])}" if values else f"{self._label()}: –"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        room = QRectF(self.rect().adjusted(14, 8, -14, -8))
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        trailing = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        head = QRectF(room.x(), room.y(), room.width(), 22)
        values = self._values()
        half = head.adjusted(0, 0, -110, 0) if not self.isRightToLeft() else head.adjusted(110, 0, 0, 0)
        fitting.draw(painter, half, self._label(), largest=14, colour=t.ink_2, align=leading)
        last = self._said(values[-1]) if values else "–"
        fitting.draw(painter, head, last, largest=15, bold=True, colour=t.ink, align=trailing)
        plot = room.adjusted(0, 28, 0, -18)
        painter.fillRect(QRectF(plot.x(), plot.bottom(), plot.width(), 1), QColor(t.edge))
        if len(values) < 2:
            said = (
                _("A few minutes are measured first.")
                if self._when is formats.time
                else _("A few hours are measured first.")
            )
            fitting.draw(painter, plot, said, largest=13, colour=t.ink_3, align=Qt.AlignmentFlag.AlignCenter)
            return
        most = max(values) or 1.0
        step = plot.width() / (len(values) - 1)
        points = [QPointF(plot.x() + n * step, plot.bottom() - plot.height() * v / most) for n, v in enumerate(values)]
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        filled = QPainterPath(path)
        filled.lineTo(plot.bottomRight())
        filled.lineTo(plot.bottomLeft())
        painter.fillPath(filled, QColor(t.accent_soft))
        painter.setPen(QPen(QColor(t.accent), 2))
        painter.drawPath(path)
        foot = QRectF(room.x(), plot.bottom() + 2, room.width(), 16)
        # Time runs from left to right in every language.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        first, end = (self._when(self._samples[n].at, self._zone) for n in (0, -1))
        fitting.draw(painter, foot, first, largest=11, colour=t.ink_3, align=Qt.AlignmentFlag.AlignLeft)
        fitting.draw(painter, foot, end, largest=11, colour=t.ink_3, align=Qt.AlignmentFlag.AlignRight)


class DiskBar(QWidget):
    """How full a disk is: a bar with its words."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("disk_bar")
        self.setFixedHeight(58)
        self._disk: DiskCard | None = None

    def show_disk(self, disk: DiskCard) -> None:
        """Show another."""
        self._disk = disk
        self.setToolTip(disk.folder)
        self.setAccessibleName(self.driver_text())
        self.update()

    def driver_text(self) -> str:
        """Its words."""
        disk = self._disk
        if disk is None:
            return ""
        name = _(DISKS[disk.what]) if disk.what in DISKS else disk.what
        if not disk.there:
            return _("{name}: the folder is not there").format(name=name)
        free = formats.number(disk.free_mb / 1024, 1)
        whole = formats.number(disk.total_mb / 1024, 0)
        return _("{name}: {free} of {whole} GB free").format(name=name, free=free, whole=whole)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        disk = self._disk
        if disk is None:
            return
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        room = QRectF(self.rect().adjusted(16, 6, -16, -6))
        used = 1 - disk.free_mb / disk.total_mb if disk.total_mb else 0.0
        tone = "bad" if used > 0.9 or not disk.there else "warn" if used > 0.8 else "accent"
        words = QRectF(room.x(), room.y(), room.width(), 22)
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        colour = t.ink if tone == "accent" else getattr(t, f"{tone}_strong")
        fitting.draw(painter, words, self.driver_text(), largest=14, smallest=10, colour=colour, align=leading)
        bar = QRectF(room.x(), words.bottom() + 4, room.width(), 12)
        painter.fillRect(bar, QColor(t.line))
        wide = bar.width() * used
        x = bar.right() - wide if self.isRightToLeft() else bar.x()
        painter.fillRect(QRectF(x, bar.y(), wide, bar.height()), QColor(getattr(t, tone)))


class StatePage(ConsolePage):
    """For whoever may see how the server stands; what else one may not see is left out."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "system")
        self.listed: View[SystemState] = View(
            self.link, "system.state", Nothing(), SystemState, ["jobs", "backup"], every=EVERY
        )
        self.watch(self.listed)
        self.devices: View[DeviceCards] = View(
            self.link, "devices.list", Nothing(), DeviceCards, ["devices"], every=EVERY
        )
        self.backups: View[BackupView] = View(self.link, "backup.runs", Nothing(), BackupView, ["backup"], every=EVERY)
        self.alerts: View[Alerts] = View(self.link, "alerts.list", AskAlerts(ended=True), Alerts, ["alerts"])
        for view in (self.devices, self.backups, self.alerts):
            self.watch(view)
        self.figures = {
            name: Figure("", name=f"system_{name}", px=20)
            for name in ("server", "database", "devices", "backup", "jobs", "alerts")
        }
        top = QGridLayout()
        top.setSpacing(12)
        for place, figure in enumerate(self.figures.values()):
            figure.setFixedHeight(106)
            top.addWidget(figure, 0, place)
            top.setColumnStretch(place, 1)
        for name, page in (("backup", "records.backup_run"), ("jobs", "jobs"), ("devices", "devices")):
            self.figures[name].opened.connect(lambda page=page: desk.open_page(page))
        self.curves = [
            Curve("curve_write", lambda: _("Until a change is kept"), lambda s: s.write_ms, "ms"),
            Curve("curve_read", lambda: _("Until a look is answered"), lambda s: s.read_ms, "ms"),
            Curve("curve_load", lambda: _("Load of each processor"), lambda s: s.load and 100 * s.load, "%"),
            Curve("curve_programs", lambda: _("Connected programs"), lambda s: float(s.programs), ""),
        ]
        self.plots = Panel("system_plots")
        drawn = QWidget()
        grid = QGridLayout(drawn)
        grid.setContentsMargins(0, 0, 0, 8)
        for place, curve in enumerate(self.curves):
            grid.addWidget(curve, *divmod(place, 2))
        self.plots.put(drawn, 1)
        self.disks = Panel("system_disks")
        self.bars = [DiskBar(), DiskBar()]
        for bar in self.bars:
            self.disks.put(bar)
        self.disks.column.addStretch(1)
        self.panel = Panel("system_alerts")
        self.seen = QPushButton()
        self.seen.setObjectName("alert_seen")
        self.seen.clicked.connect(self._seen_pressed)
        self.panel.tools.addWidget(self.seen)
        self.nothing = QLabel()
        self.nothing.setObjectName("alerts_none")
        self.nothing.setProperty("tone", "second")
        self.nothing.setContentsMargins(16, 8, 16, 12)
        self.table = DataTable(self._columns(), lambda a: a.id, name="alerts_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_n: self._allow())
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.panel.put(self.nothing, 1)
        self.panel.put(self.table, 1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.plots, 3)
        middle.addWidget(self.disks, 2)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addLayout(middle, 3)
        column.addWidget(self.panel, 2)
        self.words()

    def _columns(self) -> list[TableColumn]:
        def name(card: Any) -> str:
            return pick(card.name) or card.subject

        def value(card: Any) -> str:
            return f"{formats.number(card.value)} {card.unit} / {formats.number(card.limit)} {card.unit}"

        def state(card: Any) -> str:
            if card.ended_at is not None:
                return _("over")
            return _("somebody takes care") if card.seen_at is not None else _("stands")

        def tone(card: Any) -> str:
            if card.ended_at is not None:
                return "ink_2"
            return "warn_strong" if card.seen_at is not None else "bad_strong"

        return [
            TableColumn("label", lambda: _("Warning"), lambda a: a.label, bold=True),
            TableColumn("name", lambda: _("Of"), name, width=220),
            TableColumn("value", lambda: _("Value and limit"), value, figures=True, width=160),
            TableColumn("since", lambda: _("Since"), lambda a: self._moment(a.since), lambda a: a.since, width=170),
            TableColumn(
                "state", lambda: _("State"), state, width=170, tone=tone,
                symbol=lambda a: "check" if a.ended_at is not None else "warning",
            ),
        ]  # fmt: skip

    def _moment(self, at: Any) -> str:
        return formats.date_time(at, self.desk.reader.zone) if at is not None else "–"

    def words(self) -> None:
        """In the reader's language."""
        self.title.setText(_("System state"))
        captions = {
            "server": _("Server"), "database": _("Database"), "devices": _("Devices"), "backup": _("Last good backup"),
            "jobs": _("Jobs"), "alerts": _("Warnings"),
        }  # fmt: skip
        for name, figure in self.figures.items():
            figure.caption.setText(captions[name])
        self.plots.say(_("The last day"))
        self.disks.say(_("Disks"))
        self.panel.say(_("Warnings"))
        self.seen.setText(_("I take care"))
        self.nothing.setText(_("No warning stands, and none stood today."))
        self.table.say_again()

    def show_values(self) -> None:
        """What the server says."""
        state = self.listed.value
        assert state is not None
        up = formats.duration((state.now - state.started_at).total_seconds())
        self.figures["server"].say(
            state.version, _("runs for {time} · {system}").format(time=up, system=state.system), "good_strong"
        )
        size = _("{size} MB · {count} files").format(
            size=formats.number(state.database_mb), count=formats.number(state.files)
        )
        self.figures["database"].say(
            f"{DATABASES.get(state.database, state.database)} {formats.digits(state.database_version)}", size
        )
        waiting = _("{count} wait").format(count=formats.number(state.jobs_waiting))
        failed = _("{count} failed").format(count=formats.number(state.jobs_failed))
        self.figures["jobs"].say(
            failed if state.jobs_failed else waiting, waiting if state.jobs_failed else _("nothing failed"),
            "bad_strong" if state.jobs_failed else "good_strong",
        )  # fmt: skip
        for bar, disk in zip(self.bars, state.disks, strict=False):
            bar.show_disk(disk)
        for curve in self.curves:
            curve.show_samples(state.samples, self.desk.reader.zone)
        self._show_others()

    def _show_others(self) -> None:
        hidden = _("not for you")
        devices = self.devices.value
        if devices is None:
            self.figures["devices"].say("–", hidden if self.devices.refused is not None else "")
        else:
            away = sum(1 for one in devices.items if not one.online)
            whole = _("of {count}").format(count=formats.number(len(devices.items)))
            said = _("{count} away").format(count=formats.number(away)) if away else _("all here")
            here = formats.number(len(devices.items) - away)
            self.figures["devices"].say(f"{here} {whole}", said, "warn_strong" if away else "good_strong")
        backups = self.backups.value
        if backups is None:
            self.figures["backup"].say("–", hidden if self.backups.refused is not None else "")
        else:
            words = {"good": _("recent enough"), "old": _("too old"), "off": _("no alarm is set")}
            last = self._moment(backups.last_good_at) if backups.last_good_at is not None else _("None yet")
            note = words.get(backups.state, "") if backups.last_good_at is not None or backups.state == "old" else ""
            self.figures["backup"].say(last, note, TONES.get(backups.state, "ink") if note else "warn_strong")
        alerts = self.alerts.value
        stand = [one for one in alerts.items if one.ended_at is None] if alerts is not None else []
        if alerts is None:
            self.figures["alerts"].say("–", hidden if self.alerts.refused is not None else "")
        else:
            said = _("nothing stands") if not stand else _("take care of them below")
            self.figures["alerts"].say(formats.number(len(stand)), said, "bad_strong" if stand else "good_strong")
            self.table.show_rows(alerts.items)
        self.nothing.setVisible(alerts is not None and not alerts.items)
        self.table.setVisible(alerts is not None and bool(alerts.items))
        self._allow()

    def _allow(self) -> None:
        card: AlertCard | None = self.table.current()
        open_ = card is not None and card.ended_at is None and card.seen_at is None
        self.seen.setEnabled(open_ and self.may("alerts.see"))

    def _seen_pressed(self) -> None:
        card: AlertCard | None = self.table.current()
        if card is not None:
            self.send("alerts.seen", AlertSeen(alert_id=card.id), Nothing, lambda _done: self.alerts.again(), self.seen)


PAGE = Page("system", N_("System state"), "chart", "engine", "system.see", StatePage)
