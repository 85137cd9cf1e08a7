"""Step 3: a template to begin with, the zones with their windows, and the opening hours."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.setup.step import Step, Wrong
from client_staff.app.setup.words import IN_ITSELF
from common.link import Link
from common.protocol.messages import Nothing, Words
from common.protocol.setup import (
    MOST_ZONES,
    Hours,
    Setup,
    SetUpServices,
    SetupZone,
    SetUpZones,
    TemplateHalls,
    listed_windows,
    window_ranges,
)
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import qicon
from common.text import N_, _
from common.text.words import pick

DAYS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
PERIOD = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})")


def periods_text(periods: list[list[str]]) -> str:
    """`08:30-12:00, 13:30-17:00`; empty when closed."""
    return ", ".join(f"{start}-{end}" for start, end in periods)


def read_periods(text: str) -> list[list[str]] | None:
    """What `periods_text` writes, as people type it; nothing when it cannot be read."""
    found = [[f"{int(a):02d}:{b}", f"{int(c):02d}:{d}"] for a, b, c, d in PERIOD.findall(text)]
    left = PERIOD.sub("", text).strip(" ,;،、")
    return None if left else found


class ZoneRow(QWidget):
    """One zone: its name in every language of the hall, and the numbers of its windows."""

    def __init__(
        self, languages: list[str], zone: SetupZone, touch: Callable[..., None], gone: Callable[..., None]
    ) -> None:
        super().__init__()
        self.zone_id: UUID | None = zone.id
        self._others: Words = {code: text for code, text in zone.name.items() if code not in languages}
        self.names: dict[str, QLineEdit] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for code in languages:
            field = QLineEdit(zone.name.get(code, ""))
            field.setObjectName(f"zone_name_{code}")
            field.setPlaceholderText(IN_ITSELF.get(code, code))
            field.setMaxLength(80)
            field.setCursorPosition(0)
            field.textEdited.connect(touch)
            self.names[code] = field
            row.addWidget(field, 3)
        self.windows = QLineEdit(window_ranges(zone.windows))
        self.windows.setObjectName("zone_windows")
        self.windows.setPlaceholderText("1-6")
        self.windows.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.windows.textEdited.connect(touch)
        row.addWidget(self.windows, 2)
        self.away = QPushButton()
        self.away.setObjectName("zone_remove")
        self.away.setIcon(qicon("cross"))
        self.away.setFixedWidth(36)
        self.away.setStyleSheet("padding: 4px;")
        self.away.clicked.connect(partial(gone, self))
        row.addWidget(self.away)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        for code, field in self.names.items():
            field.setAccessibleName(_("Name of the zone") + f", {IN_ITSELF.get(code, code)}")
        self.windows.setAccessibleName(_("Numbers of its windows"))
        self.away.setToolTip(_("Remove this zone"))
        self.away.setAccessibleName(_("Remove this zone"))

    def zone(self) -> SetupZone:
        """What was entered."""
        said = {code: field.text().strip() for code, field in self.names.items() if field.text().strip()}
        return SetupZone(id=self.zone_id, name={**self._others, **said}, windows=listed_windows(self.windows.text()))


class HallStep(Step):
    """The plan of the hall."""

    name = "hall"

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._languages: list[str] = ["en"]
        self._templates: TemplateHalls | None = None
        self._template = ""
        self._day_starts = "00:00"
        self._offer_wanted: SetUpServices | None = None
        self.template_label = QLabel()
        self.template = QComboBox()
        self.template.setObjectName("hall_template")
        self.template.activated.connect(self._choose)
        self.template_about = QLabel()
        self.template_about.setObjectName("hall_template_about")
        self.template_about.setProperty("tone", "second")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.template_label)
        top.addWidget(self.template)
        top.addWidget(self.template_about, 1)
        self.column.addLayout(top)
        self.column.addWidget(self._zones_card())
        self.column.addWidget(self._hours_card())
        self.column.addStretch(1)
        self.say_again()

    def _zones_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        self.zones_title = QLabel()
        self.zones_title.setFont(theme.font(15, bold=True))
        self.zones_about = QLabel()
        self.zones_about.setProperty("tone", "second")
        self.zones_about.setWordWrap(True)
        self.rows_column = QVBoxLayout()
        self.rows_column.setSpacing(8)
        self.rows: list[ZoneRow] = []
        self.add_zone = QPushButton()
        self.add_zone.setObjectName("zone_add")
        self.add_zone.setIcon(qicon("plus"))
        self.add_zone.clicked.connect(self._add_zone)
        column.addWidget(self.zones_title)
        column.addWidget(self.zones_about)
        column.addLayout(self.rows_column)
        column.addWidget(self.add_zone, 0, Qt.AlignmentFlag.AlignLeading)
        return card

    def _hours_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        self.hours_title = QLabel()
        self.hours_title.setFont(theme.font(15, bold=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        self.days: dict[str, QLineEdit] = {}
        self.day_labels: dict[str, QLabel] = {}
        for place, day in enumerate(DAYS):
            field = QLineEdit()
            field.setObjectName(f"hours_{day}")
            field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            field.textEdited.connect(self.touch)
            self.days[day] = field
            self.day_labels[day] = QLabel()
            self.day_labels[day].setProperty("tone", "second")
            grid.addWidget(self.day_labels[day], place // 4 * 2, place % 4)
            grid.addWidget(field, place // 4 * 2 + 1, place % 4)
        column.addWidget(self.hours_title)
        column.addLayout(grid)
        return card

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("What does the hall look like?"))
        self.about.setText(_("Begin with the hall that is most like yours, then change what is different."))
        self.template_label.setText(_("Template"))
        self.template.setAccessibleName(_("Template"))
        self.zones_title.setText(_("Zones and windows"))
        self.zones_about.setText(
            _("A zone has its own calls, voice and display: a floor or a room. Write its windows as 1-6 or 1, 2, 5.")
        )
        self.add_zone.setText(_("Zone"))
        self.add_zone.setAccessibleName(_("Add a zone"))
        self.hours_title.setText(_("Opening hours"))
        for day, label in self.day_labels.items():
            label.setText(_(DAYS[day]))
            self.days[day].setAccessibleName(_(DAYS[day]))
            self.days[day].setPlaceholderText(_("closed"))
        for row in self.rows:
            row.say_again()
        self._fill_templates()

    def first_focus(self) -> None:
        """Templates are read when the page first comes up."""
        self.template.setFocus()
        if self._templates is None:
            jobs.start(
                self, self.link.read, "services.templates", Nothing(), TemplateHalls, name="templates", done=self._got
            )

    def show_setup(self, setup: Setup) -> None:
        """What was entered before."""
        languages = setup.place.languages if setup.place is not None else ["en"]
        self._languages = [code for code in languages if code in IN_ITSELF] or ["en"]
        self._template = setup.hall.template
        self._day_starts = setup.hall.day_starts
        self._show_zones(setup.hall.zones or [SetupZone(name={}, windows=[])])
        self._show_hours(setup.hall.hours)
        self._fill_templates()

    def _got(self, templates: TemplateHalls) -> None:
        self._templates = templates
        self._fill_templates()

    def _fill_templates(self) -> None:
        items = self._templates.items if self._templates is not None else []
        self.template.clear()
        self.template.addItem(_("Without a template"), "")
        for one in items:
            self.template.addItem(pick(one.name), one.code)
        self.template.setCurrentIndex(max(0, self.template.findData(self._template)))
        about = next((pick(one.about) for one in items if one.code == self._template), "")
        self.template_about.setText(about)

    def _choose(self, _place: int) -> None:
        code = str(self.template.currentData() or "")
        if code == self._template:
            return
        entered = any(row.zone().name or row.zone().windows for row in self.rows)
        if entered:
            jobs.start(self, self._ask_and_take, code, name="template")
        else:
            self._take(code)

    async def _ask_and_take(self, code: str) -> None:
        if await dialogs.ask(
            self,
            _("Replace what stands here?"),
            _("The template's zones, windows, hours and services take the place of what you entered."),
            _("Replace"),
            _("Keep"),
            dangerous=True,
        ):
            self._take(code)
        else:
            self._fill_templates()

    def _take(self, code: str) -> None:
        items = self._templates.items if self._templates is not None else []
        found = next((one for one in items if one.code == code), None)
        self._template = code
        if found is not None:
            ids = [row.zone_id for row in self.rows]
            zones = [
                zone.model_copy(update={"id": ids[place] if place < len(ids) else None})
                for place, zone in enumerate(found.hall.zones)
            ]
            self._show_zones(zones)
            self._show_hours(found.hall.hours)
            self._offer_wanted = found.offer
        self._fill_templates()
        self.touch()

    def _show_zones(self, zones: list[SetupZone]) -> None:
        for row in self.rows:
            self.rows_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for zone in zones:
            self._put_row(zone)

    def _put_row(self, zone: SetupZone) -> ZoneRow:
        row = ZoneRow(self._languages, zone, self.touch, self._remove_zone)
        self.rows.append(row)
        self.rows_column.addWidget(row)
        return row

    def _add_zone(self) -> None:
        if len(self.rows) >= MOST_ZONES:
            return
        row = self._put_row(SetupZone(name={}, windows=[]))
        row.names[self._languages[0]].setFocus()
        self.touch()

    def _remove_zone(self, row: ZoneRow, *_clicked: object) -> None:
        self.rows.remove(row)
        self.rows_column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.touch()
        (self.rows[-1].names[self._languages[0]] if self.rows else self.add_zone).setFocus()

    def _show_hours(self, hours: Hours) -> None:
        for day, field in self.days.items():
            field.setText(periods_text(hours.get(day, [])))
            field.setCursorPosition(0)

    def _hours(self) -> Hours:
        hours: Hours = {}
        for day, field in self.days.items():
            periods = read_periods(field.text())
            if periods is None:
                raise Wrong(_("{day}: write the hours as 08:30-12:00, 13:30-17:00.").format(day=_(DAYS[day])), field)
            if periods:
                hours[day] = periods
        return hours

    async def save(self) -> None:
        """Keep zones, windows and hours; and the template's services, where one was chosen."""
        hours = self._hours()
        zones = [row.zone() for row in self.rows]
        seen: set[str] = set()
        for row, zone in zip(self.rows, zones, strict=True):
            if not zone.name:
                raise Wrong(_("Give the zone a name, or remove it."), row.names[self._languages[0]])
            twice = next((label for label in zone.windows if label in seen), None)
            if twice is not None:
                raise Wrong(_("Window {window} stands in two zones.").format(window=twice), row.windows)
            seen.update(zone.windows)
        wanted = SetUpZones(zones=zones, hours=hours, day_starts=self._day_starts, template=self._template)
        await self.link.act("organisation.set_up_zones", wanted, SetUpZones)
        if self._offer_wanted is not None:
            labels = {label for zone in zones for label in zone.windows}
            services = [
                one.model_copy(update={"windows": [label for label in one.windows if label in labels]})
                for one in self._offer_wanted.services
            ]
            offer = self._offer_wanted.model_copy(update={"services": services, "draft": True})
            await self.link.act("services.set_up", offer, SetUpServices)
            self._offer_wanted = None
