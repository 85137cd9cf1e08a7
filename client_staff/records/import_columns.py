"""Which column of a file fills what: each with a few of its cells beside it; how the file is read; what rows do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from common.protocol.imports import CheckImport, ImportState, Reading, Targets
from common.qt.theme import theme
from common.text import N_, _

if TYPE_CHECKING:
    from client_staff.records.importing import ImportDialog

ENCODINGS = (
    ("", N_("Found out by itself")), ("utf-8", "UTF-8"), ("gb18030", N_("Chinese (GB18030)")),
    ("windows-1251", N_("Cyrillic (Windows-1251)")), ("windows-1256", N_("Persian (Windows-1256)")), ("utf-16", "UTF-16"),
)  # fmt: skip
SEPARATORS = ((",", N_("comma")), (";", N_("semicolon")), ("\t", N_("tab")), ("|", N_("stroke")))
NUMBERS = (("", N_("Numbers as in my language")), ("point", "1,234.56"), ("comma", "1.234,56"))
DATES = (("", N_("Days as 31.12.2026, 31/12/2026")), ("month_first", N_("Days as 12/31/2026")))
CALENDARS = (
    ("", N_("Calendar by the year")),
    ("gregorian", N_("Gregorian calendar")),
    ("jalali", N_("Jalali calendar")),
)
WAYS = (
    ("add", N_("Every row is a new entry")),
    ("update", N_("Every row changes an entry that is there")),
    ("both", N_("Change what is there, add the rest")),
)


class ColumnsPage(QWidget):
    """The mapping. `asked` is what is to be checked, `reading` how the file is to be read."""

    def __init__(self, dialog: ImportDialog) -> None:
        super().__init__()
        self._dialog = dialog
        self._targets = Targets(targets=[], may_add=False, may_change=False)
        self.boxes: list[QComboBox] = []
        self.encoding = _box("import_encoding", ENCODINGS)
        self.separator = _box("import_separator", SEPARATORS)
        self.sheet = QComboBox()
        self.sheet.setObjectName("import_sheet")
        self.head = QSpinBox()
        self.head.setObjectName("import_head")
        self.head.setRange(1, 1000)
        self.head.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.head.setFixedWidth(64)
        self.again = QPushButton(_("Read again"))
        self.again.setObjectName("import_read_again")
        self.again.setAutoDefault(False)
        self.again.clicked.connect(lambda: dialog.run(dialog.read_again))
        self.names = {name: QLabel(words) for name, words in (
            ("encoding", _("Encoding")), ("separator", _("Between the cells")), ("sheet", _("Sheet")),
            ("head", _("Headings in line")),
        )}  # fmt: skip
        file = QHBoxLayout()
        file.setSpacing(8)
        for name, widget in (
            ("encoding", self.encoding), ("separator", self.separator), ("sheet", self.sheet), ("head", self.head),
        ):  # fmt: skip
            file.addWidget(self.names[name])
            file.addWidget(widget)
        file.addStretch(1)
        file.addWidget(self.again)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(1, 1)
        inner = QWidget()
        whole = QVBoxLayout(inner)
        whole.addLayout(self.grid)
        whole.addStretch(1)
        self.area = QScrollArea()
        self.area.setObjectName("import_columns")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(inner)
        self.way = _box("import_way", WAYS)
        self.way.currentIndexChanged.connect(lambda _at: self._fit())
        self.key_name = QLabel(_("found by"))
        self.key = QComboBox()
        self.key.setObjectName("import_key")
        self.twice = QCheckBox(_("Rows that say the same as an earlier one are taken too"))
        self.twice.setObjectName("import_twice")
        self.numbers = _box("import_numbers", NUMBERS)
        self.dates = _box("import_dates", DATES)
        self.calendar = _box("import_calendar", CALENDARS)
        what = QHBoxLayout()
        what.setSpacing(8)
        for part in (self.way, self.key_name, self.key):
            what.addWidget(part)
        what.addStretch(1)
        how = QHBoxLayout()
        how.setSpacing(8)
        for part in (self.numbers, self.dates, self.calendar):
            how.addWidget(part)
        how.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(file)
        column.addWidget(self.area, 1)
        column.addLayout(what)
        column.addLayout(how)
        column.addWidget(self.twice)

    def show_state(self, now: ImportState, targets: Targets) -> None:
        """A file that was read."""
        self._targets = targets
        about, options = now.about, now.options
        csv = about.get("form") == "csv"
        for name, widget in (("encoding", self.encoding), ("separator", self.separator)):
            self.names[name].setVisible(csv)
            widget.setVisible(csv)
        sheets = about.get("sheets") or []
        self.names["sheet"].setVisible(len(sheets) > 1)
        self.sheet.setVisible(len(sheets) > 1)
        self.sheet.clear()
        self.sheet.addItems(sheets)
        self.sheet.setCurrentText(about.get("sheet", ""))
        _choose(self.encoding, about.get("encoding", ""))
        _choose(self.separator, about.get("separator", ","))
        self.head.setValue(int(about.get("head") or 1))
        reading = options.get("reading") or {}
        _choose(self.numbers, reading.get("numbers", ""))
        _choose(self.dates, reading.get("dates", ""))
        _choose(self.calendar, reading.get("calendar", ""))
        self.twice.setChecked(bool(options.get("allow_twice")))
        self._show_columns(now)
        allowed = [w for w in WAYS if (w[0] == "update" or targets.may_add) and (w[0] == "add" or targets.may_change)]
        self.way.blockSignals(True)
        self.way.clear()
        for code, words in allowed:
            self.way.addItem(_(words), code)
        _choose(self.way, options.get("way", "add"))
        self.way.blockSignals(False)
        self._fit(options.get("key", ""))

    def _show_columns(self, now: ImportState) -> None:
        while self.grid.count():
            item = self.grid.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = []
        for place, words in enumerate((_("In the file"), _("For instance"), _("Fills"))):
            head = QLabel(words)
            head.setProperty("tone", "second")
            self.grid.addWidget(head, 0, place)
        for row, one in enumerate(now.columns, 1):
            heading = QLabel(one.heading or _("(no heading)"))
            heading.setFont(theme.font(14, bold=True))
            heading.setTextFormat(Qt.TextFormat.PlainText)
            samples = QLabel("   ·   ".join(one.samples))
            samples.setTextFormat(Qt.TextFormat.PlainText)
            samples.setProperty("tone", "second")
            samples.setMinimumWidth(120)
            box = QComboBox()
            box.setObjectName(f"import_column_{row - 1}")
            box.setMinimumWidth(300)
            box.setAccessibleName(one.heading)
            box.addItem(_("– not taken over –"), "")
            only = _("to find entries only")
            for target in self._targets.targets:
                mark = " *" if target.required else "" if target.typed else f" ({only})"
                box.addItem(target.label + mark, target.name)
            _choose(box, one.target)
            box.currentIndexChanged.connect(lambda _at: self._fit())
            self.boxes.append(box)
            for label in (heading, samples):
                # What the file says may run the other way than the reader's language; it stands at the reader's start all the
                # same.
                side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
                label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
            for place, widget in enumerate((heading, samples, box)):
                self.grid.addWidget(widget, row, place)

    def _fit(self, wanted: str | None = None) -> None:
        """The keys that are among the columns, where one is needed."""
        chosen = self.key.currentData() if wanted is None else wanted
        taken = {box.currentData() for box in self.boxes}
        self.key.clear()
        for target in self._targets.targets:
            if target.key and target.name in taken:
                self.key.addItem(target.label, target.name)
        _choose(self.key, chosen or "")
        needed = self.way.currentData() != "add"
        self.key.setVisible(needed)
        self.key_name.setVisible(needed)

    def reading(self) -> Reading:
        """How the file is to be read."""
        return Reading(
            encoding=self.encoding.currentData() or "", separator=self.separator.currentData() or "",
            sheet=self.sheet.currentText(), head=self.head.value(), numbers=self.numbers.currentData() or "",
            dates=self.dates.currentData() or "", calendar=self.calendar.currentData() or "",
        )  # fmt: skip

    def asked(self, run_id: UUID) -> CheckImport:
        """What is to be checked."""
        way: Any = self.way.currentData() or "add"
        return CheckImport(
            id=run_id, mapping=[box.currentData() or "" for box in self.boxes], way=way,
            key=(self.key.currentData() or "") if way != "add" else "", allow_twice=self.twice.isChecked(),
            reading=self.reading(),
        )  # fmt: skip


def _box(name: str, choices: tuple[tuple[str, str], ...]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    for code, words in choices:
        box.addItem(_(words), code)
    return box


def _choose(box: QComboBox, code: str) -> None:
    box.setCurrentIndex(max(0, box.findData(code)))
