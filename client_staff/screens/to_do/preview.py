"""The case beside the list: where it stands and who has it, its values, every opinion, every change before and after, urging,
the ledger of its deadline; below it the words for the next step and the keys of what may be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client_staff.records.condition_bar import Flow
from client_staff.records.desk import RecordDesk
from client_staff.screens.to_do.paper import held_words
from client_staff.screens.to_do.path import PathView
from client_staff.screens.to_do.words import (
    CASE_STATES,
    DAY_KINDS,
    EVENTS,
    SAID,
    TONES,
    due_words,
    figure,
    light_now,
    line_words,
    named,
    term_words,
    value_words,
)
from common.protocol.deadlines import Ledger, LedgerEvent
from common.protocol.flows import CaseView, MyStep
from common.protocol.to_do import ToDoItem
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.qt.widgets.light import Light
from common.text import _, formats
from common.text.words import pick

KEYS = ("complete", "return", "hand_over", "ask", "reject", "urge", "withdraw", "pdf", "record")


class Preview(QFrame):
    """`acts` by the key's name: what the page does."""

    def __init__(self, desk: RecordDesk, acts: dict[str, Callable[[], None]]) -> None:
        super().__init__()
        self.setObjectName("to_do_preview")
        self.setProperty("card", True)
        self.setMinimumWidth(360)
        self._desk = desk
        self.case: CaseView | None = None
        self.item: ToDoItem | None = None
        self.ledger: Ledger | None = None
        self.files: list[dict[str, Any]] = []
        self.about, self.title = QLabel(), QLabel()
        self.about.setObjectName("to_do_about")
        self.about.setProperty("tone", "second")
        self.title.setObjectName("to_do_case")
        self.title.setFont(theme.font(16, bold=True))
        for label in (self.about, self.title):
            label.setWordWrap(True)
        self.light = Light(name="to_do_light")
        self.why = QPushButton()
        self.why.setObjectName("to_do_why")
        self.why.setCheckable(True)
        self.why.toggled.connect(lambda _on: self._fill())
        due = QHBoxLayout()
        due.addWidget(self.light)
        due.addStretch(1)
        due.addWidget(self.why)
        self.path = PathView()
        self.said = Banner(13, name="to_do_case_said")
        self.inside = QWidget()
        self.lines = QVBoxLayout(self.inside)
        self.lines.setContentsMargins(0, 0, 8, 0)
        self.lines.setSpacing(4)
        self.area = QScrollArea()
        self.area.setObjectName("to_do_inside")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.inside)
        self.words = QPlainTextEdit()
        self.words.setObjectName("to_do_words")
        self.words.setFixedHeight(64)
        self.words.setTabChangesFocus(True)
        self.keys: dict[str, QPushButton] = {}
        row = QWidget()
        flow = Flow(row)
        for name in KEYS:
            key = QPushButton()
            key.setObjectName(f"to_do_{name}")
            key.clicked.connect(lambda _on=False, act=acts[name]: act())
            self.keys[name] = key
            flow.addWidget(key)
        self.keys["complete"].setProperty("kind", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for widget in (self.about, self.title):
            column.addWidget(widget)
        column.addLayout(due)
        column.addWidget(self.path)
        column.addWidget(self.said)
        column.addWidget(self.area, 1)
        column.addWidget(self.words)
        column.addWidget(row)
        self.say_again()
        self.show_case(None, None, None)

    def say_again(self) -> None:
        """The reader's language changed."""
        names = {
            "complete": (_("Complete"), "Alt+A"), "return": (_("Return"), "Alt+R"), "hand_over": (_("Hand over…"), "Alt+D"),
            "ask": (_("Ask for an opinion…"), ""), "reject": (_("Refuse"), ""), "urge": (_("Urge"), "Alt+U"),
            "withdraw": (_("Withdraw"), ""), "pdf": (_("As PDF…"), "Ctrl+P"), "record": (_("Open"), "Enter"),
        }  # fmt: skip
        for name, (text, keys) in names.items():
            self.keys[name].setText(text)
            self.keys[name].setToolTip(f"{text} ({keys})" if keys else text)
        self.why.setText(_("Why then"))
        self.why.setToolTip(_("The deadline, day by day (Alt+L)"))
        self.words.setPlaceholderText(_("Your words, read by the next step. Needed when you return or refuse."))
        self.words.setAccessibleName(_("Your words"))
        self._fill()

    @property
    def mine(self) -> MyStep | None:
        """The chosen open step, where it is the reader's."""
        if self.case is None or self.item is None:
            return None
        wanted = self.item.step_id
        return next((one for one in self.case.mine if wanted in (None, one.step_id)), None)

    def show_case(
        self,
        item: ToDoItem | None,
        case: CaseView | None,
        ledger: Ledger | None,
        files: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Another case; the words that were typed for the one before go."""
        same = item is not None and self.item is not None and item.case_id == self.item.case_id
        if not same:
            self.words.clear()
            self.said.hide()
        self.item, self.case, self.ledger, self.files = item, case, ledger, list(files)
        self._fill()

    def allow(self, online: bool) -> None:
        """What may be done now can be pressed."""
        mine, case = self.mine, self.case
        running = case is not None and case.state == "running"
        works = mine is not None and mine.kind in ("step", "countersign")
        possible = {
            "complete": mine is not None,
            "return": works and bool(mine and mine.may_return_to),
            "hand_over": works and bool(mine and mine.may_transfer),
            "ask": works,
            "reject": works and bool(mine and mine.may_refuse),
            "urge": running and case is not None and any(one.state == "open" for one in case.steps) and mine is None,
            "withdraw": running and self.item is not None and self.item.own,
            "pdf": case is not None,
            "record": case is not None and case.subject_id is not None,
        }
        for name, key in self.keys.items():
            key.setVisible(possible[name])
            key.setEnabled(possible[name] and (online or name == "pdf"))
        opinion = mine is not None and mine.kind == "opinion"
        self.keys["complete"].setText(
            _("Give the opinion") if opinion else _("Sign…") if mine and mine.signature else _("Complete")
        )
        self.words.setVisible(mine is not None or possible["urge"])

    # filling

    def refresh_light(self, now: datetime) -> None:
        """The clock went on."""
        item = self.item
        if item is None:
            self.light.hide()
            return
        self.light.show()
        self.light.set(TONES[light_now(item, now)], _("Due") + ": " + due_words(item, now, self._desk.reader.zone))

    def _fill(self) -> None:
        while self.lines.count():
            taken = self.lines.takeAt(0)
            if taken is not None and (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        case, item = self.case, self.item
        self.refresh_light(self._desk.link.now())
        self.why.setVisible(self.ledger is not None)
        self.path.show_case(case)
        if case is None:
            self.about.setText("")
            self.title.setText(pick(item.name) if item is not None else "")
            self.lines.addStretch(1)
            self.allow(self._desk.link.online)
            return
        state = named(CASE_STATES, case.state)
        self.about.setText(f"{pick(case.flow)} · {case.number} · {state}")
        self.title.setText(pick(case.name))
        if self.why.isChecked() and self.ledger is not None:
            self._ledger(self.ledger)
        self._waits(case)
        self._values(case)
        self._papers()
        self._opinions(case)
        self._changes(case)
        self._urged(case)
        self.lines.addStretch(1)
        self.allow(self._desk.link.online)

    def _moment(self, at: datetime | None) -> str:
        return formats.date_time(at, self._desk.reader.zone) if at is not None else "–"

    def _head(self, text: str) -> None:
        label = QLabel(text)
        label.setFont(theme.font(13, bold=True))
        label.setContentsMargins(0, 8, 0, 0)
        self.lines.addWidget(label)

    def _line(self, left: str, right: str = "", below: str = "", name: str = "") -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        first = QLabel(left)
        first.setWordWrap(True)
        if name:
            first.setObjectName(name)
        grid.addWidget(first, 0, 0)
        if right:
            second = QLabel(right)
            second.setProperty("tone", "second")
            grid.addWidget(second, 0, 1, Qt.AlignmentFlag.AlignTop)
        if below:
            third = QLabel(below)
            third.setProperty("tone", "second")
            third.setWordWrap(True)
            third.setFont(theme.font(12))
            grid.addWidget(third, 1, 0, 1, 2)
        self.lines.addWidget(holder)

    def _waits(self, case: CaseView) -> None:
        waiting = [one for one in case.steps if one.state == "open"]
        if not waiting:
            return
        self._head(_("Now with"))
        for n, one in enumerate(waiting):
            people, held = formats.listing([pick(p) for p in one.held.people]), held_words(one.held)
            self._line(
                f"{pick(one.name) or one.node}: {held or _('nobody')}",
                self._moment(one.due_at) if one.due_at else "",
                people if people != held else "",
                f"to_do_holder_{n}",
            )

    def _values(self, case: CaseView) -> None:
        shown = {n: v for n, v in case.content.items() if not isinstance(v, dict)}
        if shown:
            self._head(_("Values"))
            for name, value in shown.items():
                self._line(pick(case.labels.get(name, {})) or name, value_words(value))

    def _papers(self) -> None:
        if self.files:
            self._head(_("Papers"))
        for n, one in enumerate(self.files):
            key = QPushButton(f"{one['name']}   {formats.number(max(1, round(int(one['size']) / 1024)))} kB")
            key.setObjectName(f"to_do_paper_{n}")
            key.setProperty("kind", "plain")
            key.setToolTip(_("Save the file"))
            key.clicked.connect(lambda _on=False, one=one: jobs.start(self, self._save, one, name="paper"))
            self.lines.addWidget(key)

    async def _save(self, one: dict[str, Any]) -> None:
        path = await dialogs.save_path(self, _("Save the file"), str(one["name"]))
        if path is not None:
            content = await self._desk.link.fetch_file(one["file_id"])
            await asyncio.to_thread(path.write_bytes, content)
            self.said.say(_("Saved as {name}.").format(name=path.name), "good", seconds=4)

    def _opinions(self, case: CaseView) -> None:
        if case.opinions:
            self._head(_("So far"))
        for n, one in enumerate(case.opinions):
            who = pick(one.by)
            if one.instead_of:
                who = _("{who} in place of {other}").format(who=who, other=pick(one.instead_of))
            if one.to:
                who = _("{who} to {other}").format(who=who, other=pick(one.to))
            self._line(f"{named(SAID, one.kind)}: {who}", self._moment(one.at), one.opinion, f"to_do_opinion_{n}")

    def _changes(self, case: CaseView) -> None:
        if case.changes:
            self._head(_("Changes"))
        for n, one in enumerate(case.changes):
            label = pick(one.label) or one.field
            arrow = "←" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "→"
            self._line(
                f"{label}: {value_words(one.before)} {arrow} {value_words(one.after)}", self._moment(one.at), pick(one.by),
                f"to_do_change_{n}",
            )  # fmt: skip

    def _urged(self, case: CaseView) -> None:
        if case.urged:
            self._head(_("Urging"))
        for n, one in enumerate(case.urged):
            to = formats.listing([pick(p) for p in one.people])
            self._line(
                f"{named(SAID, one.kind)}: {pick(one.by)}", self._moment(one.at),
                " · ".join(part for part in (to, one.message) if part), f"to_do_urged_{n}",
            )  # fmt: skip

    def _ledger(self, ledger: Ledger) -> None:
        deadline = ledger.deadline
        self._head(_("Why due {moment}").format(moment=self._moment(deadline.due_at)))
        of = figure(deadline.amount if deadline.unit == "days" else deadline.amount * _hours(deadline.unit))
        for line in ledger.lines:
            counted = figure(line.counted) if line.counted else "–"
            self._line(
                f"{formats.weekday(line.day)} {formats.date(line.day)}", f"{counted}   "
                + _("{part} of {whole}").format(part=figure(line.total), whole=of), line_words(line),
                f"to_do_day_{line.day}",
            )  # fmt: skip
        if not ledger.lines:
            self._line(_("The working calendar has too little working time ahead; nothing can be counted."))
        self._line(
            _("Term: {term}").format(term=term_words(deadline)),
            _("near from {moment}").format(moment=self._moment(deadline.yellow_at)),
        )
        for n, event in enumerate(ledger.events):
            self._event(n, event)

    def _event(self, n: int, event: LedgerEvent) -> None:
        below = [" · ".join(part for part in (event.by, event.why) if part)]
        if event.due_before and event.due_after and event.due_before != event.due_after:
            below.append(
                _("due {before}, now {after}").format(
                    before=self._moment(event.due_before), after=self._moment(event.due_after)
                )
            )
        below += [
            _("{day}: {before} {was}, now {after} {now}").format(
                day=formats.date(one.day), before=named(DAY_KINDS, one.kind_before),
                was=figure(one.counted_before), after=named(DAY_KINDS, one.kind), now=figure(one.counted),
            )
            for one in event.days[:20]
        ]  # fmt: skip
        self._line(
            named(EVENTS, event.what), self._moment(event.at), "\n".join(part for part in below if part),
            f"to_do_event_{n}",
        )  # fmt: skip


def _hours(unit: str) -> float:
    return {"hours": 1.0, "minutes": 1 / 60}.get(unit, 1 / 3600)
