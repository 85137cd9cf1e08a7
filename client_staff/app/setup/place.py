"""Step 1: the hall's name in its languages, what is spoken, and its time zone."""

from __future__ import annotations

from zoneinfo import available_timezones

from PySide6.QtCore import QSignalBlocker, Qt, QTimeZone
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QFrame, QGridLayout, QLabel, QLineEdit

from client_staff.app.setup.step import Step, Wrong
from client_staff.app.setup.words import IN_ITSELF
from common.link import Link
from common.protocol.messages import LANGUAGES, Nothing
from common.protocol.setup import FoundHall, Setup
from common.text import _, language


class _Row:
    """One language: offered, the hall's name, the organisation's, spoken."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.offered = QCheckBox(IN_ITSELF[code])
        self.offered.setObjectName(f"place_offered_{code}")
        self.name, self.organisation = QLineEdit(), QLineEdit()
        self.name.setObjectName(f"place_name_{code}")
        self.organisation.setObjectName(f"place_organisation_{code}")
        for field in (self.name, self.organisation):
            field.setMaxLength(120)
            rtl = code == "fa"
            field.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        self.spoken = QCheckBox()
        self.spoken.setObjectName(f"place_spoken_{code}")

    def enable(self) -> None:
        """A language that is not offered has no texts and is not spoken."""
        for widget in (self.name, self.organisation, self.spoken):
            widget.setEnabled(self.offered.isChecked())


class PlaceStep(Step):
    """Founds the hall."""

    name = "place"

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        card = QFrame()
        card.setProperty("card", True)
        grid = QGridLayout(card)
        grid.setContentsMargins(20, 16, 20, 20)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 3)
        self.heads = [QLabel() for _head in range(4)]
        for column, head in enumerate(self.heads):
            head.setProperty("tone", "second")
            grid.addWidget(head, 0, column)
        self.rows = [_Row(code) for code in LANGUAGES]
        for place, row in enumerate(self.rows, start=1):
            for column, widget in enumerate((row.offered, row.name, row.organisation, row.spoken)):
                grid.addWidget(widget, place, column)
            row.offered.toggled.connect(self._offer)
            row.spoken.toggled.connect(self.touch)
            row.name.textEdited.connect(self.touch)
            row.organisation.textEdited.connect(self.touch)
        self.own_label, self.zone_label = QLabel(), QLabel()
        self.own = QComboBox()
        self.own.setObjectName("place_own")
        self.own.activated.connect(self.touch)
        self.zone = QLineEdit()
        self.zone.setObjectName("place_zone")
        self.zone.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._zones = sorted(available_timezones())
        completer = QCompleter(self._zones, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        choices = completer.popup()
        assert choices is not None
        choices.setObjectName("zone_choices")
        completer.activated.connect(self.touch)
        self.zone.setCompleter(completer)
        self.zone.textEdited.connect(self.touch)
        below = QGridLayout()
        below.setHorizontalSpacing(16)
        below.setVerticalSpacing(10)
        below.setColumnStretch(2, 1)
        self.own.setMinimumWidth(260)
        for row_number, (label, field) in enumerate(((self.own_label, self.own), (self.zone_label, self.zone))):
            label.setBuddy(field)
            below.addWidget(label, row_number, 0)
            below.addWidget(field, row_number, 1)
        self.column.addWidget(card)
        self.column.addLayout(below)
        self.column.addStretch(1)
        self._first()
        self.say_again()

    def _first(self) -> None:
        """Before anything is known: the reader's language and this PC's time zone."""
        system = bytes(QTimeZone.systemTimeZoneId().data()).decode()
        self.zone.setText(system if system in self._zones else "UTC")
        for row in self.rows:
            with QSignalBlocker(row.offered), QSignalBlocker(row.spoken):
                row.offered.setChecked(row.code == language())
                row.spoken.setChecked(row.code == language())
            row.enable()
        self._own_choices(language())

    def _own_choices(self, chosen: str) -> None:
        offered = [row.code for row in self.rows if row.offered.isChecked()]
        self.own.clear()
        for code in offered:
            self.own.addItem(IN_ITSELF[code], code)
        self.own.setCurrentIndex(max(0, offered.index(chosen) if chosen in offered else 0))

    def _offer(self, _checked: bool) -> None:
        for row in self.rows:
            row.enable()
        self._own_choices(str(self.own.currentData() or ""))
        self.touch()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Where is the hall, and which languages does it speak?"))
        self.about.setText(
            _(
                "Tick the languages that citizens are offered. A name that is missing is shown in the hall's own language."
            )
        )
        for head, words in zip(
            self.heads, (_("Language"), _("Name of the hall"), _("Organisation"), _("Spoken in calls")), strict=True
        ):
            head.setText(words)
        self.own_label.setText(_("The hall's own language"))
        self.zone_label.setText(_("Time zone"))
        for row in self.rows:
            for field, words in (
                (row.name, _("Name of the hall")),
                (row.organisation, _("Organisation")),
                (row.spoken, _("Spoken in calls")),
            ):
                field.setAccessibleName(f"{words}, {IN_ITSELF[row.code]}")
        self.own.setAccessibleName(self.own_label.text())
        self.zone.setAccessibleName(self.zone_label.text())

    def first_focus(self) -> None:
        """The first name that is offered."""
        next((row.name for row in self.rows if row.offered.isChecked()), self.rows[0].offered).setFocus()

    def show_setup(self, setup: Setup) -> None:
        """What was entered before."""
        place = setup.place
        if place is None:
            return
        for row in self.rows:
            with QSignalBlocker(row.offered), QSignalBlocker(row.spoken):
                row.offered.setChecked(row.code in place.languages)
                row.spoken.setChecked(row.code in place.voice_languages)
            row.name.setText(place.name.get(row.code, ""))
            row.organisation.setText(place.organisation.get(row.code, ""))
            row.enable()
        self._own_choices(place.languages[0] if place.languages else "")
        self.zone.setText(place.time_zone)

    async def save(self) -> None:
        """Found the hall, or change what was founded."""
        offered = [row for row in self.rows if row.offered.isChecked()]
        if not offered:
            raise Wrong(_("Tick at least one language."), self.rows[0].offered)
        own = str(self.own.currentData())
        first = next(row for row in self.rows if row.code == own)
        for field, words in ((first.name, _("Name of the hall")), (first.organisation, _("Organisation"))):
            if not field.text().strip():
                raise Wrong(f"{words}: " + _("Please fill it in at least in the hall's own language."), field)
        if self.zone.text().strip() not in self._zones:
            raise Wrong(
                _("This time zone is not known. Type a city, such as Tehran, and choose from the list."), self.zone
            )
        spoken = [row.code for row in offered if row.spoken.isChecked()]
        wanted = FoundHall(
            name={row.code: row.name.text().strip() for row in offered if row.name.text().strip()},
            organisation={
                row.code: row.organisation.text().strip() for row in offered if row.organisation.text().strip()
            },
            languages=[own, *(row.code for row in offered if row.code != own)],
            voice_languages=sorted(spoken, key=lambda code: code != own),
            time_zone=self.zone.text().strip(),
        )
        await self.link.act("organisation.found", wanted, Nothing)
        self.link.hurry()  # name, time zone and languages of the hall are new to everybody here
