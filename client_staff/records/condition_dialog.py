"""A condition, or several of which one must hold, being written."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.editors import Editor, editor_for
from client_staff.editors.typed import sentence
from client_staff.records.conditions import BARE, SEVERAL, WORDS, operators, value_field
from client_staff.records.desk import RecordDesk
from common.qt import jobs
from common.qt.theme import theme
from common.records import BadValue, Condition, Field, Page, Query, RecordFacts
from common.text import _, formats

CODE = Qt.ItemDataRole.UserRole


class ConditionRow(QWidget):
    """Field, comparison, value."""

    wanted = Signal()
    """Enter in the value: take it."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts, condition: Condition | None, asked: Query) -> None:
        super().__init__()
        self.desk, self.facts, self._asked = desk, facts, asked
        self.fields = QComboBox()
        self.fields.setObjectName("condition_field")
        self.fields.setAccessibleName(_("Field"))
        for field in facts.fields:
            if operators(field, desk.schema):
                self.fields.addItem(field.label, field.name)
        self.operators = QComboBox()
        self.operators.setObjectName("condition_operator")
        self.operators.setAccessibleName(_("Comparison"))
        self.wrong = QLabel()
        self.wrong.setObjectName("condition_wrong")
        self.wrong.setProperty("tone", "bad")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        self._editors: list[Editor] = []
        self._checks: QListWidget | None = None
        self.place = QVBoxLayout()
        self.place.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.fields, 3)
        head.addWidget(self.operators, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addLayout(self.place)
        column.addWidget(self.wrong)
        if condition is not None:
            self.fields.setCurrentIndex(max(0, self.fields.findData(condition.field)))
        self._field_chosen(condition)
        self.fields.activated.connect(lambda _place: self._field_chosen(None))
        self.operators.activated.connect(lambda _place: self._operator_chosen(None))

    @property
    def field(self) -> Field:
        """The field chosen."""
        return self.facts.field(str(self.fields.currentData())) or self.facts.fields[0]

    def _field_chosen(self, condition: Condition | None) -> None:
        self.operators.clear()
        for operator in operators(self.field, self.desk.schema):
            self.operators.addItem(_(WORDS[operator]), operator)
        if condition is not None:
            self.operators.setCurrentIndex(max(0, self.operators.findData(condition.operator)))
        self._operator_chosen(condition)

    def _operator_chosen(self, condition: Condition | None) -> None:
        while self.place.count():
            item = self.place.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._editors, self._checks = [], None
        self.wrong.hide()
        operator = str(self.operators.currentData())
        value = condition.value if condition is not None else None
        if operator in BARE:
            return
        if operator in SEVERAL and self.field.kind == "choice":
            self._offer_choices(value or [])
            return
        shape = value_field(self.field, operator)
        for place, one in enumerate(value if operator == "between" and value else [None, None]):
            editor = editor_for(shape, self.desk)
            if editor is None:
                return
            editor.setObjectName(f"condition_value_{place}")
            editor.show_value(one if operator == "between" else value if value is not None else _first(shape))
            self.place.addWidget(editor)
            self._editors.append(editor)
            if operator != "between":
                break

    def _offer_choices(self, chosen: list[Any]) -> None:
        self._checks = checks = QListWidget()
        checks.setObjectName("condition_choices")
        for code, label in self.field.choices:
            item = QListWidgetItem(label)
            item.setData(CODE, code)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if code in chosen else Qt.CheckState.Unchecked)
            checks.addItem(item)
        checks.setFixedHeight(min(8, checks.count()) * 30 + 6)
        self.place.addWidget(checks)
        checks.setCurrentRow(0)
        query = Query(group_by=self.field.name, deleted=self._asked.deleted)
        jobs.start(
            self, self.desk.link.records.query, self.facts.name, query, done=self._counted,
            refused=lambda why: None, offline=lambda why: None,
        )  # fmt: skip

    def _counted(self, page: Page) -> None:
        """How many there are of each."""
        counts = {group.value: group.count for group in page.groups}
        for place in range(self._checks.count() if self._checks is not None else 0):
            item = self._checks.item(place)  # type: ignore[union-attr]
            label = dict(self.field.choices).get(item.data(CODE), "")
            item.setText(f"{label}  ({formats.number(counts.get(item.data(CODE), 0))})")

    def first_focus(self) -> None:
        """Into the value, where there is one to give."""
        (self._editors[0] if self._editors else self._checks or self.operators).setFocus()

    def condition(self) -> Condition | None:
        """The condition; nothing, with a sentence below, while it is not whole."""
        operator = str(self.operators.currentData())
        try:
            value = self._value(operator)
        except BadValue as why:
            self.wrong.setText(sentence(why))
            self.wrong.show()
            return None
        self.wrong.hide()
        return Condition(field=self.field.name, operator=operator, value=value)

    def _value(self, operator: str) -> Any:
        if operator in BARE:
            return None
        if self._checks is not None:
            chosen = [
                self._checks.item(n).data(CODE)
                for n in range(self._checks.count())
                if self._checks.item(n).checkState() == Qt.CheckState.Checked
            ]
            if not chosen:
                raise BadValue("needed")
            return chosen
        values = [_plain(editor.value()) for editor in self._editors]
        if operator == "between":
            if values == [None, None]:
                raise BadValue("needed")
            return values
        if not values or values[0] is None:
            raise BadValue("needed")
        if operator in SEVERAL and not isinstance(values[0], list):
            return values
        return values[0]


class ConditionDialog(QDialog):
    """`conditions()` gives what was written when it is accepted."""

    def __init__(
        self, parent: QWidget, desk: RecordDesk, facts: RecordFacts, condition: Condition | None, asked: Query
    ) -> None:
        super().__init__(parent)
        self.setObjectName("condition_dialog")
        self.setWindowTitle(_("Condition"))
        self._desk, self._facts, self._asked = desk, facts, asked
        self._made: Condition | None = None
        title = QLabel(_("Show only what fits"))
        title.setFont(theme.font(16, bold=True))
        self.rows = QVBoxLayout()
        self.rows.setSpacing(12)
        self._rows: list[ConditionRow] = []
        more = QPushButton(_("Or another condition"))
        more.setObjectName("condition_or")
        more.setProperty("kind", "plain")
        more.setAutoDefault(False)
        more.clicked.connect(lambda: self._add(None))
        self.take = QPushButton(_("Apply"))
        self.take.setObjectName("condition_apply")
        self.take.setProperty("kind", "primary")
        self.take.setDefault(True)
        self.take.clicked.connect(self._apply)
        leave = QPushButton(_("Cancel"))
        leave.setObjectName("condition_cancel")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(more)
        keys.addStretch(1)
        keys.addWidget(leave)
        keys.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(self.rows)
        column.addStretch(1)
        column.addLayout(keys)
        self.setMinimumWidth(480)
        for one in (condition.either or [condition]) if condition is not None else [None]:
            self._add(one)

    def _add(self, condition: Condition | None) -> None:
        if self._rows:
            either = QLabel(_("or"))
            either.setProperty("tone", "second")
            self.rows.addWidget(either)
        row = ConditionRow(self._desk, self._facts, condition, self._asked)
        self.rows.addWidget(row)
        self._rows.append(row)
        row.fields.setFocus() if condition is None else row.first_focus()

    def _apply(self) -> None:
        made = [row.condition() for row in self._rows]
        if all(one is not None for one in made):
            whole = [one for one in made if one is not None]
            self._made = whole[0] if len(whole) == 1 else Condition(either=whole)
            self.accept()

    def condition(self) -> Condition | None:
        """What was written."""
        return self._made


def _first(shape: Field) -> Any:
    return True if shape.kind == "yes_no" else None


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool | list | dict) else str(value)
