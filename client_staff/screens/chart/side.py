"""Beside the chart: the department or post under the cursor, who is there, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from client_staff.app.panel import Panel
from client_staff.records.condition_bar import Flow
from client_staff.records.desk import RecordDesk
from client_staff.screens.chart.facts import Chart, Holding, Person, Seat, Unit
from client_staff.screens.chart.layout import TOP
from common.qt.theme import theme
from common.records import Field
from common.text import _, formats, ngettext, right_to_left

ACTS = ("new_unit", "new_seat", "give", "change", "move", "delete", "open")


class Side(Panel):
    """`act(name)` is called for its buttons, `end(holding)` for ending that somebody holds a post."""

    def __init__(self, desk: RecordDesk, act: Callable[[str], None], end: Callable[[Holding, Seat], None]) -> None:
        super().__init__("chart_side")
        self._desk, self._end = desk, end
        self.keys: dict[str, QPushButton] = {}
        holder = QWidget()
        flow = Flow(holder)
        for name in ACTS:
            key = QPushButton()
            key.setObjectName(f"chart_{name}")
            key.clicked.connect(partial(act, name))
            if name == "delete":
                key.setProperty("kind", "danger")
            flow.addWidget(key)
            self.keys[name] = key
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(16, 4, 16, 16)
        self.body.setSpacing(10)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        self.put(area, 1)
        foot = QWidget()
        row = QVBoxLayout(foot)
        row.setContentsMargins(16, 8, 16, 12)
        row.addWidget(holder)
        self.put(foot)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        words = {
            "new_unit": _("New department"), "new_seat": _("New post"), "give": _("Give to somebody"),
            "change": _("Change"), "move": _("Move"), "delete": _("Delete"), "open": _("Open the entry"),
        }  # fmt: skip
        for name, key in self.keys.items():
            key.setText(words[name])

    def show_box(self, chart: Chart, box_id: str, house: str, may_edit: bool) -> None:
        """What the cursor stands on."""
        while self.body.count():
            item = self.body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        unit, seat = chart.units.get(box_id), chart.seats.get(box_id)
        shown = {
            "new_unit": seat is None, "new_seat": box_id != TOP, "give": seat is not None, "change": box_id != TOP,
            "move": box_id != TOP, "delete": box_id != TOP, "open": box_id != TOP,
        }  # fmt: skip
        for name, key in self.keys.items():
            key.setVisible(shown[name] and (may_edit or name == "open"))
        if unit is not None:
            self._show_unit(chart, unit)
        elif seat is not None:
            self._show_seat(chart, seat, may_edit)
        else:
            self.say(house)
            self._facts(
                [
                    (_("Departments"), formats.number(len(chart.units))),
                    (_("Posts"), formats.number(len(chart.seats))),
                    (_("People"), formats.number(len(chart.people))),
                ]
            )
        self.body.addStretch(1)

    def _show_unit(self, chart: Chart, unit: Unit) -> None:
        self.say(unit.name)
        head = chart.head_of(unit.id)
        above = chart.units.get(unit.parent_id or "")
        inside = chart.within(unit.id)
        posts = [seat for seat in chart.seats.values() if seat.department_id in inside]
        facts = self._desk.schema.record("department")
        lines = [
            (_("Belongs to"), above.name if above is not None else "–"),
            (_("Head"), self._held(head) if head is not None else _("no such post")),
            (_("People"), formats.number(len(chart.staff(unit.id)))),
            (_("Posts"), self._posts(posts)),
        ]
        for name in ("number", "section_id", "hall_id", "telephone", "state"):
            field = facts.field(name) if facts is not None else None
            if field is not None and unit.row.get(name):
                lines.append((field.label, self._desk.reader.text(field, unit.row[name])))
        self._facts(lines)
        self._people(_("Without a post here"), chart.without_post(unit.id))

    def _show_seat(self, chart: Chart, seat: Seat, may_edit: bool) -> None:
        self.say(seat.name)
        above = chart.seats.get(seat.parent_id or "")
        below = [one.name for one in chart.seats.values() if one.parent_id == seat.id]
        field = Field("links", "", link="role")
        lines = [
            (_("Department"), chart.units[seat.department_id].name),
            (_("Under the post"), above.name if above is not None else "–"),
            (_("Posts below"), formats.listing(below) or "–"),
            (_("Roles"), self._desk.reader.text(field, seat.row.get("roles"))),
            (
                _("Seats"),
                _("{held} of {seats} held").format(
                    held=formats.number(len(seat.holders)), seats=formats.number(seat.seats)
                ),
            ),
        ]
        self._facts(lines)
        self._heading(_("Held by"))
        if not seat.holders:
            self.body.addWidget(_label("chart_nobody", _("nobody"), "bad"))
        for holding in seat.holders:
            name = holding.person.name
            if holding.acting:
                name = _("{name} (acting)").format(name=name)
            period = self._desk.reader.text(Field("period", ""), holding.held)
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(_label("chart_holder", f"{name}\n{period}"), 1)
            if may_edit:
                key = QPushButton(_("End"))
                key.setObjectName("chart_end")
                key.setAccessibleName(_("End of {name}").format(name=name))
                key.clicked.connect(partial(self._end, holding, seat))
                row.addWidget(key)
            self.body.addWidget(line)

    def _facts(self, lines: list[tuple[str, str]]) -> None:
        holder = QWidget()
        form = QFormLayout(holder)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for label, value in lines:
            form.addRow(_label("", label, "second"), _label("chart_fact", value))
        self.body.addWidget(holder)

    def _people(self, title: str, people: list[Person]) -> None:
        if people:
            self._heading(title)
            self.body.addWidget(_label("chart_members", "\n".join(one.name for one in people)))

    def _heading(self, words: str) -> None:
        label = _label("", words, "second")
        label.setFont(theme.font(13, bold=True))
        label.setContentsMargins(0, 8, 0, 0)
        self.body.addWidget(label)

    @staticmethod
    def _held(seat: Seat) -> str:
        return formats.listing([h.person.name for h in seat.holders]) or _("nobody")

    @staticmethod
    def _posts(posts: list[Seat]) -> str:
        empty = sum(not seat.holders for seat in posts)
        words = formats.number(len(posts))
        if empty:
            words += " · " + ngettext("{count} empty", "{count} empty", empty).format(count=formats.number(empty))
        return words


def _label(name: str, words: str, tone: str = "") -> QLabel:
    label = QLabel(words)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    # A text that may be selected takes its side from its letters; a dash and a number would stand at the wrong one.
    side = Qt.AlignmentFlag.AlignRight if right_to_left() else Qt.AlignmentFlag.AlignLeft
    label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
    if tone:
        label.setProperty("tone", tone)
    return label
