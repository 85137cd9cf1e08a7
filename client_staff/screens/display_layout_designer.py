"""Where the administrator places the parts of a display: dragged on the picture, by keys, or by numbers (QUE-026)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QMenu,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
)

from client_staff.editors.words import WordsEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.display_layout_canvas import Canvas
from client_staff.screens.display_layout_draft import Arrangement
from client_staff.screens.display_layout_sample import ARRANGEMENTS, FAULTS, LABELS
from client_staff.screens.layout_picture import choose_picture
from common.protocol.messages import Words
from common.protocol.queue_display import ACROSS, DOWN, DisplayShape, PartKind, arrangements
from common.qt import dialogs, jobs
from common.qt.widgets import Banner
from common.records import Field
from common.text import N_, _, in_language

NUMBERS = {
    "x": (N_("From the start edge"), ACROSS - 1), "y": (N_("From the top"), DOWN - 1), "width": (N_("Width"), ACROSS),
    "height": (N_("Height"), DOWN),
}  # fmt: skip


class Designer(QDialog):
    """A display of a layout with everything that changes its arrangement; `asked` gives the parts."""

    def __init__(self, desk: RecordDesk, shape: DisplayShape, pictures: dict[UUID, bytes], parent: Any) -> None:
        super().__init__(parent)
        self.setObjectName("display_designer")
        self.setWindowTitle(_("Arrange the parts"))
        self.resize(1160, 660)
        self._desk, self._shape, self._pictures = desk, shape, pictures
        shown = {"earlier": shape.earlier, "queues": shape.queues, "ticker": shape.ticker}
        self.draft = Arrangement(shape.parts, shown)
        self.banner = Banner(14, name="designer_said")
        self.undo_key = self._key("designer_undo", _("Undo"), lambda: self._step("undo"))
        self.redo_key = self._key("designer_redo", _("Redo"), lambda: self._step("redo"))
        self.reset_key = self._key("designer_reset", _("As it was"), lambda: self._step("reset"))
        self.add_key = self._key("designer_add", _("Add"), self._offer_kinds)
        self.remove_key = self._key("designer_remove", _("Take away"), lambda: self._step("remove"))
        self.begin_with = QComboBox()
        self.begin_with.setObjectName("designer_begin")
        self.begin_with.setAccessibleName(_("Begin with an arrangement"))
        self.begin_with.addItem(_("Begin with…"), None)
        for name, words in ARRANGEMENTS.items():
            self.begin_with.addItem(_(words), name)
        self.begin_with.activated.connect(self._begin)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for widget in (self.begin_with, self.add_key, self.remove_key, self.undo_key, self.redo_key, self.reset_key):
            tools.addWidget(widget)
        tools.addStretch(1)
        self.canvas = Canvas(desk)
        self.canvas.chosen.connect(lambda place: self._choose(None if place < 0 else place))
        self.canvas.moved.connect(lambda across, down: self._change(lambda d: d.move(across, down)))
        self.canvas.grown.connect(lambda across, down: self._change(lambda d: d.grow(across, down)))
        self.canvas.rested.connect(self.draft.rest)
        self.canvas.removed.connect(lambda: self._step("remove"))
        self.canvas.stepped.connect(lambda by: self._choose((self.draft.now.chosen or 0) + by))
        self.hint = QLabel(
            _("Arrows move, Shift+arrows size, Tab goes on, Del takes away, Ctrl+Z and Ctrl+Y undo and redo.")
        )
        self.hint.setProperty("tone", "second")
        self.wrong = QLabel()
        self.wrong.setObjectName("designer_wrong")
        self.wrong.setProperty("tone", "bad")
        self.wrong.setWordWrap(True)
        self.take = QPushButton(_("Take over"))
        self.take.setObjectName("designer_take")
        self.take.setProperty("kind", "primary")
        self.take.setAutoDefault(False)
        self.take.clicked.connect(self.accept)
        cancel = QPushButton(_("Cancel"))
        cancel.setObjectName("designer_cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.wrong, 1)
        foot.addWidget(cancel)
        foot.addWidget(self.take)
        left = QVBoxLayout()
        left.addWidget(self.canvas, 1)
        left.addWidget(self.hint)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addLayout(self._side())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(tools)
        column.addWidget(self.banner)
        column.addLayout(row, 1)
        column.addLayout(foot)
        for keys, act in (
            ("Ctrl+Z", lambda: self._step("undo")), ("Ctrl+Y", lambda: self._step("redo")), ("Ctrl+Return", self.take.click),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self, act)
        self._show()
        self.canvas.setFocus()

    def _key(self, name: str, words: str, act: Callable[[], None]) -> QPushButton:
        key = QPushButton(words)
        key.setObjectName(name)
        key.setAutoDefault(False)
        key.clicked.connect(lambda _on=False: act())
        return key

    def _side(self) -> QVBoxLayout:
        self.list = QListWidget()
        self.list.setObjectName("designer_parts")
        self.list.setFixedWidth(250)
        self.list.currentRowChanged.connect(lambda place: self._choose(place if place >= 0 else None))
        self.list.itemActivated.connect(lambda _item: self.canvas.setFocus())
        self.form = QFormLayout()
        self.form.setVerticalSpacing(6)
        self.numbers: dict[str, QSpinBox] = {}
        for name, (words, most) in NUMBERS.items():
            box = QSpinBox()
            box.setObjectName(f"designer_{name}")
            box.setRange(0 if name in "xy" else 1, most)
            box.setAccessibleName(_(words))
            box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
            box.setKeyboardTracking(False)
            box.setMinimumHeight(30)
            box.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.valueChanged.connect(lambda value, one=name: self._change(lambda d: d.change(one, **{one: value})))
            self.numbers[name] = box
            self.form.addRow(_(words), box)
        self.picture = self._key("designer_picture", _("Choose another…"), lambda: self._choose_picture(new=False))
        self.form.addRow(self.picture)
        self.words = WordsEditor(
            Field(kind="words", label="", name="part_text", required=False, length=300), self._desk
        )
        self.words.changed.connect(
            lambda: self._change(lambda d: d.change("text", text=self.words.value() or {}), by_hand=True)
        )
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.list, 1)
        side.addLayout(self.form)
        side.addWidget(self.words)
        return side

    async def asked(self) -> list[dict[str, Any]] | None:
        """The parts as they are saved; nothing when the person thinks better of it."""
        if await dialogs.open(self, keep=True) != QDialog.DialogCode.Accepted.value:
            self.deleteLater()
            return None
        values = self.draft.values()
        self.deleteLater()
        return values

    # changing

    def _change(self, act: Callable[[Arrangement], None], *, by_hand: bool = False) -> None:
        act(self.draft)
        self._show(by_hand=by_hand)

    def _step(self, what: str) -> None:
        self._change(lambda draft: getattr(draft, what)())

    def _choose(self, place: int | None) -> None:
        self.draft.choose(place)
        self._show()

    def _begin(self, place: int) -> None:
        name = self.begin_with.itemData(place)
        self.begin_with.setCurrentIndex(0)
        if name is not None:
            parts = [
                one.model_copy(update={"text": self._greeting()}) if one.kind == "text" else one
                for one in arrangements()[name]
            ]
            self._change(lambda draft: draft.use(parts))
            self.canvas.setFocus()

    def _offer_kinds(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("designer_kinds")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, words in LABELS.items():
            line = menu.addAction(_(words))
            line.setObjectName(f"part_kind_{kind}")
            line.setEnabled(self.draft.may_add(kind))
            line.triggered.connect(lambda _on=False, one=kind: self._add(one))
        menu.popup(self.add_key.mapToGlobal(self.add_key.rect().bottomLeft()))

    def _add(self, kind: PartKind) -> None:
        if kind == "picture":
            self._choose_picture(new=True)
            return
        self._change(lambda draft: draft.add(kind, **({"text": self._greeting()} if kind == "text" else {})))
        self.canvas.setFocus()

    def _greeting(self) -> Words:
        """To begin with, in the hall's languages."""
        found = {}
        for code in self._desk.languages:
            with in_language(code):
                found[code] = _("Welcome")
        return found

    def _choose_picture(self, *, new: bool) -> None:
        jobs.start(
            self, self._picture, new, name="picture", refused=lambda why: self.banner.say(why.sentence, "warn"),
            offline=lambda why: self.banner.say(why.sentence, "warn", seconds=8),
        )  # fmt: skip

    async def _picture(self, new: bool) -> None:
        sent = await choose_picture(self, self._desk.link)
        if isinstance(sent, str):
            self.banner.say(sent, "warn", seconds=12)
        elif sent is not None:
            file_id, self._pictures[file_id] = sent
            if new:
                self._change(lambda draft: draft.add("picture", file_id=file_id))
            else:
                self._change(lambda draft: draft.change("file_id", file_id=file_id))

    # what is shown

    def _show(self, *, by_hand: bool = False) -> None:
        draft, part = self.draft, self.draft.part
        wrong = draft.faults
        self.undo_key.setEnabled(draft.can_undo)
        self.redo_key.setEnabled(draft.can_redo)
        self.reset_key.setEnabled(draft.dirty)
        self.remove_key.setEnabled(part is not None)
        self.take.setEnabled(not wrong)
        said = ""
        if wrong:
            code, place = wrong[0]
            name = _(LABELS[draft.now.parts[place].kind]) if place < len(draft.now.parts) else ""
            said = _(FAULTS[code]).format(part=name)
        self.wrong.setText(said)
        names = [_(LABELS[one.kind]) for one in draft.now.parts]
        with QSignalBlocker(self.list):
            if [self.list.item(n).text() for n in range(self.list.count())] != names:
                self.list.clear()
                self.list.addItems(names)
            self.list.setCurrentRow(-1 if draft.now.chosen is None else draft.now.chosen)
        for name, box in self.numbers.items():
            with QSignalBlocker(box):
                box.setEnabled(part is not None)
                if part is not None:
                    box.setValue(getattr(part, name))
        self.picture.setVisible(part is not None and part.kind == "picture")
        self.words.setVisible(part is not None and part.kind == "text")
        if part is not None and part.kind == "text" and not by_hand:
            self.words.show_value(part.text)
        self.canvas.show_shape(self._shape.model_copy(update={"parts": list(draft.now.parts)}), self._pictures)
        places = frozenset(place for code, place in wrong if code != "no_call")
        self.canvas.show_parts(draft.now.parts, draft.now.chosen, places)
