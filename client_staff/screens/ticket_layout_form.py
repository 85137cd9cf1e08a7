"""The chosen element of a ticket layout: position, font, size, upright, bold or italic, alignment, own words (QUE-008)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from client_staff.editors.words import WordsEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.ticket_layout_sample import LABELS
from common.protocol.layouts import LayoutElement
from common.qt.theme import theme
from common.records import Field
from common.text import N_, _

FONTS = (("sans", N_("Plain")), ("serif", N_("With serifs")), ("mono", N_("All letters equally wide")))
ALIGNS = (("start", N_("At the start")), ("centre", N_("In the middle")), ("end", N_("At the end")))
MEASURES = {
    "x": (N_("From the start edge"), 2100), "y": (N_("From the top"), 5000), "width": (N_("Width"), 2100),
    "height": (N_("Height"), 2100),
}  # fmt: skip
LETTERS = ("font", "size", "bold", "italic")
NO_LETTERS = ("code", "line", "picture")


class ElementForm(QWidget):
    """`changed(name, value)`: one value of the chosen element, as it is kept."""

    changed = Signal(str, object)
    wants_picture = Signal()
    """Another picture is to be chosen."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self.title = QLabel()
        self.title.setObjectName("element_title")
        self.title.setFont(theme.font(15, bold=True))
        self.form = QFormLayout()
        self.form.setVerticalSpacing(8)
        self._labels: list[tuple[QLabel, str]] = []
        self._parts: dict[str, QWidget] = {}
        for name, (label, most) in MEASURES.items():
            # Kept in tenths of a millimetre.
            self._row(name, label, self._spin(name, most / 10, " mm", 10))
        self.fonts = self._choice("font", FONTS)
        self._row("font", N_("Font"), self.fonts)
        size = self._spin("size", 100, " pt", 10)
        size.setMinimum(5)
        size.setSingleStep(1)
        self._row("size", N_("Size"), size)
        for name, label in (("bold", N_("Bold")), ("italic", N_("Italic"))):
            box = QCheckBox()
            box.setObjectName(f"element_{name}")
            # As wide as what can be clicked.
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            box.toggled.connect(lambda on, one=name: self.changed.emit(one, on))
            self._row(name, label, box)
        self.aligns = self._choice("align", ALIGNS)
        self._row("align", N_("Alignment"), self.aligns)
        self.words = WordsEditor(Field(kind="words", label="", name="text", required=False, length=300), desk)
        self.words.changed.connect(lambda: self.changed.emit("text", self.words.value() or {}))
        self._row("text", N_("Own words"), self.words)
        self.picture = QPushButton()
        self.picture.setObjectName("element_picture")
        self.picture.clicked.connect(self.wants_picture)
        self._row("file_id", N_("Picture"), self.picture)
        self.about = QLabel()
        self.about.setObjectName("element_about")
        self.about.setProperty("tone", "second")
        self.about.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.addWidget(self.title)
        column.addLayout(self.form)
        column.addWidget(self.about)
        column.addStretch(1)
        self.say_again()

    def _row(self, name: str, words: str, part: QWidget) -> None:
        label = QLabel()
        self._labels.append((label, words))
        self._parts[name] = part
        self.form.addRow(label, part)

    def _spin(self, name: str, most: float, unit: str, factor: int) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setObjectName(f"element_{name}")
        box.setRange(0, most)
        box.setDecimals(1)
        box.setSuffix(unit)
        box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        box.setMinimumSize(80, 30)
        box.valueChanged.connect(lambda value: self.changed.emit(name, round(value * factor)))
        return box

    def _choice(self, name: str, choices: tuple[tuple[str, str], ...]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"element_{name}")
        for code, _words in choices:
            box.addItem("", code)
        box.currentIndexChanged.connect(lambda _place: self.changed.emit(name, box.currentData()))
        return box

    def say_again(self) -> None:
        """The reader's language changed."""
        for label, words in self._labels:
            label.setText(_(words))
        for box, choices in ((self.fonts, FONTS), (self.aligns, ALIGNS)):
            for place, (_code, words) in enumerate(choices):
                box.setItemText(place, _(words))
        for name, part in self._parts.items():
            if isinstance(part, QCheckBox):
                part.setText("")
                part.setAccessibleName(_("Bold") if name == "bold" else _("Italic"))

    def show_element(self, element: LayoutElement | None, editable: bool) -> None:
        """Show another element, or its new values; `changed` does not come."""
        self.setEnabled(editable and element is not None)
        if element is None:
            self.title.setText(_("Choose an element on the paper."))
            self.about.setText("")
            return
        self.title.setText(_(LABELS[element.kind]))
        drawn = element.kind in NO_LETTERS
        for name, part in self._parts.items():
            with QSignalBlocker(part):
                self._show(part, getattr(element, name))
            shown = not (drawn and name in (*LETTERS, "text")) and (name != "height" or drawn)
            shown = shown and (name != "file_id" or element.kind == "picture")
            self.form.setRowVisible(part, shown)
        self.picture.setText(_("Choose another…") if element.file_id else _("Choose a picture…"))
        self.about.setText(
            _("As large as fits into width and height, in black dots. A height of 0 makes it as wide as it may be.")
            if element.kind == "picture"
            else ""
            if drawn
            else _("Own words stand there as they are.")
            if element.kind == "text"
            else _("Own words stand before the value, in place of the usual ones. A width of 0 reaches to the edge.")
        )

    @staticmethod
    def _show(part: QWidget, value: Any) -> None:
        if isinstance(part, QDoubleSpinBox):
            if round(part.value() * 10) != value:
                part.setValue(value / 10)
        elif isinstance(part, QComboBox):
            part.setCurrentIndex(part.findData(value))
        elif isinstance(part, QCheckBox):
            part.setChecked(bool(value))
        elif isinstance(part, WordsEditor) and (part.value() or {}) != value:
            part.show_value(value)
