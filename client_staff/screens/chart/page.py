"""The organisation chart: drawn, searched, moved by hand or by keys, printed, with its own log (ADM-016 to ADM-018)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QIcon, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.console import LivePage
from client_staff.editors.dates import DayEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.chart.changes import Changes
from client_staff.screens.chart.facts import Chart, Holding, Seat, chart_of
from client_staff.screens.chart.layout import TOP, lay_out
from client_staff.screens.chart.log import LogView
from client_staff.screens.chart.paper import print_chart, write_chart
from client_staff.screens.chart.scene import FACE, ChartView, Look
from client_staff.screens.chart.side import Side
from common.link import Offline, Refusal
from common.qt import dialogs, jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.qt.widgets import StateView, qicon
from common.qt.widgets.state_view import Way
from common.records import BadValue, Field, Query
from common.text import N_, _, formats, ngettext, right_to_left
from common.text.words import pick

KINDS = ("department", "post", "post_holder", "staff_member")
REST_MS = 200
"""Several notices at once are one reading."""
KEYS = (
    ("← ↑ ↓ →", N_("from box to box")),
    ("+ −", N_("unfold, fold")),
    ("Enter", N_("change")),
    ("Ctrl+N", N_("new department below")),
    ("Ctrl+Shift+N", N_("new post")),
    ("Ctrl+G", N_("give the post to somebody")),
    ("Ctrl+X, Ctrl+V", N_("take up, and put where the cursor then is")),
    ("Del", N_("delete")),
    ("Ctrl+Z", N_("take the last change back")),
    ("Ctrl+F", N_("find; Enter goes to the next one")),
    ("Ctrl+0", N_("all of it")),
    ("Ctrl+1", N_("the chart")),
    ("Ctrl++, Ctrl+−", N_("larger, smaller")),
    ("Ctrl+L", N_("chart, log")),
    ("Ctrl+P", N_("print")),
    ("Ctrl+E", N_("save as PDF or picture")),
)


class ChartPage(LivePage):
    """For whoever may see the organisation; whoever may not change it reads."""

    hints = KEYS
    topics = ("organisation",)

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "chart")
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._chart = Chart()
        self._folded: set[str] = set()
        self._carried = ""
        self._to_choose = ""
        self._found: list[str] = []
        self._faces: dict[str, bytes | None] = {}
        self._fitted = False
        self._changes = Changes(self, desk, lambda: self._chart)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._read)
        self._build()
        self.say_again()

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setObjectName("chart_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count = QLabel()
        self.count.setObjectName("chart_count")
        self.count.setProperty("tone", "second")
        self.search = QLineEdit()
        self.search.setObjectName("chart_search")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(180)
        self.search.textChanged.connect(lambda _t: self._look())
        self.search.returnPressed.connect(self._next_found)
        down = QShortcut(QKeySequence("Down"), self.search, self.into_list)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.day = DayEditor(Field("day", "", name="chart_day", required=False), self._desk)
        self.day.changed.connect(self._day_chosen)
        self.day_label = QLabel()
        self.day_label.setProperty("tone", "second")
        self.log_key = self._key("chart_as_log", "clock", self._toggle_log)
        self.log_key.setCheckable(True)
        self.print_key = self._key("chart_print", "printer", self._print)
        self.save_key = self._key("chart_save", "download", self._save)
        self.undo_key = self._key("chart_undo", "recall", self._take_back)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        for widget in (
            self.search, self.day_label, self.day, self.undo_key, self.log_key, self.print_key, self.save_key,
        ):  # fmt: skip
            head.addWidget(widget)
        self.view = ChartView(lambda what, onto: self._chart.may_move(what, onto))
        self.view.chosen.connect(self._chosen)
        self.view.opened.connect(lambda _box: self._act("change"))
        self.view.dropped.connect(self._dropped)
        self.view.fold_asked.connect(self._fold)
        self.zoom_out = self._key("chart_smaller", "", lambda: self._zoom(1 / 1.25), "−")
        self.zoom_in = self._key("chart_larger", "", lambda: self._zoom(1.25), "+")
        self.whole = self._key("chart_whole", "", self._fit)
        self.carried = QLabel()
        self.carried.setObjectName("chart_carried")
        self.carried.setProperty("tone", "warn")
        foot = QHBoxLayout()
        foot.addWidget(self.carried, 1)
        for key in (self.zoom_out, self.zoom_in, self.whole):
            foot.addWidget(key)
        self.side = Side(self._desk, self._act, self._end)
        self.side.setFixedWidth(336)
        drawn = QWidget()
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.view, 1)
        left.addLayout(foot)
        row = QHBoxLayout(drawn)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.side)
        self.log = LogView(self._desk)
        self.state = StateView(name="chart_state")
        self.body = QStackedWidget()
        for page in (self.state, drawn, self.log):
            self.body.addWidget(page)
        self.drawn = drawn
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.body, 1)
        on_keys(
            self,
            ("Ctrl+F", self.search.setFocus), ("Ctrl+1", self.view.setFocus), ("Ctrl+N", partial(self._act, "new_unit")),
            ("Ctrl+Shift+N", partial(self._act, "new_seat")), ("Ctrl+G", partial(self._act, "give")),
            ("Ctrl+X", self._take_up), ("Ctrl+V", self._put_down), ("Del", partial(self._act, "delete")),
            ("Ctrl+Z", self._take_back), ("Ctrl+0", self._fit), ("Ctrl+L", self.log_key.click),
            ("Ctrl++", partial(self._zoom, 1.25)), ("Ctrl+-", partial(self._zoom, 1 / 1.25)),
            ("Ctrl+P", self._print), ("Ctrl+E", self._save),
        )  # fmt: skip

    def _key(self, name: str, symbol: str, act: Callable[[], Any], words: str = "") -> QPushButton:
        key = QPushButton(words)
        key.setObjectName(name)
        key.setIcon(qicon(symbol, "ink_2") if symbol else QIcon())
        key.clicked.connect(lambda _on=False: act())
        return key

    # the page

    def begin(self) -> None:
        """The page is opened."""
        self._desk.schema_changed.connect(self._draw)
        super().begin()

    def stop(self) -> None:
        """The page is left."""
        if self._stops:
            self._desk.schema_changed.disconnect(self._draw)
        super().stop()

    def into_list(self) -> None:
        """First focus: the chart."""
        self.view.setFocus()

    def away(self) -> str:
        """What is said while there is no server."""
        return _("There is no connection to the server. The chart can be read, not changed.")

    def _noticed(self, _notice: Any) -> None:
        self._rest.start()

    def _allow(self) -> None:
        self._draw()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Arrows move   + − unfold   Enter change   Ctrl+N new   Ctrl+X Ctrl+V move   Ctrl+F find")

    def palette_actions(self) -> list[tuple[str, str, Any]]:
        """For Ctrl+K."""
        found = [("chart_print", _("Print the chart"), self._print), ("chart_save", _("Save the chart"), self._save)]
        if self._may():
            found.append(("chart_new_unit", _("New department"), partial(self._act, "new_unit")))
        return found

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Organisation chart"))
        self.search.setPlaceholderText(_("Department, post or person"))
        self.search.setAccessibleName(_("Find"))
        self.day_label.setText(_("As of"))
        self.log_key.setText(_("Log"))
        self.undo_key.setText(_("Undo"))
        self.print_key.setText(_("Print"))
        self.save_key.setText(_("Save as"))
        self.whole.setText(_("All of it"))
        self.zoom_in.setAccessibleName(_("Larger"))
        self.zoom_out.setAccessibleName(_("Smaller"))
        self.side.say_again()
        self.log.say_again()
        self._draw()
        if self._stops:
            self._read()

    def _may(self) -> bool:
        facts = self._desk.schema.record("department")
        return facts is not None and "edit" in facts.operations and self._link.online and self._day() == self._today()

    def _today(self) -> date:
        return formats.local(self._link.now(), self._desk.reader.zone).date()

    def _day(self) -> date:
        try:
            value = self.day.value()
        except BadValue:
            return self._today()
        return date.fromisoformat(value) if value else self._today()

    def _day_chosen(self) -> None:
        self._make()

    # reading

    def _read(self) -> None:
        self._read_by(self._fetch)
        if self._link.online and self.body.currentWidget() is self.log:
            self.log.read()

    async def _fetch(self) -> None:
        if not self._rows:
            self.state.show_state("tree", _("Reading the chart"))
            self.body.setCurrentWidget(self.state)
        rows = {}
        for kind in KINDS:
            rows[kind], labels = await self._link.records.every(kind, Query())
            self._desk.reader.labels.update(labels)
        self._rows = rows
        self._make()

    def _make(self) -> None:
        """The records as the chart of the chosen day."""
        if not self._rows:
            return
        units, seats, holdings, people = (self._rows[kind] for kind in KINDS)
        self._chart = chart_of(units, seats, holdings, people, self._day())
        self._draw()
        if self._to_choose and self._to_choose in self.view.boxes:
            # Also when the notice of the change was quicker than its answer: what was made is chosen as soon as it is drawn.
            self.view.choose(self._to_choose)
            self._to_choose = ""
        wanted = {h.person.photo for s in self._chart.seats.values() for h in s.holders} - {None} - self._faces.keys()
        if wanted and self._link.online:
            jobs.start(self, self._fetch_faces, sorted(str(one) for one in wanted), name="faces", refused=lambda why: None,
                       offline=lambda why: None)  # fmt: skip

    async def _fetch_faces(self, wanted: list[str]) -> None:
        for photo in wanted:
            self._faces[photo] = None
            try:
                content = await self._link.fetch_file(photo)
            except Refusal:
                continue  # a plain head stands there
            face = QPixmap()
            if face.loadFromData(content):
                expanding = Qt.AspectRatioMode.KeepAspectRatioByExpanding
                scaled = face.scaled(QSize(FACE * 3, FACE * 3), expanding, Qt.TransformationMode.SmoothTransformation)
                left, top = (scaled.width() - FACE * 3) // 2, (scaled.height() - FACE * 3) // 2
                self.view.faces[photo] = scaled.copy(left, top, FACE * 3, FACE * 3)
                self.view.repaint_faces()

    # drawing

    def _draw(self) -> None:
        chart = self._chart
        self.undo_key.setEnabled(bool(self._changes.undo) and self._link.online)
        if not chart.units:
            if self._rows:
                ways: list[Way] = (
                    [("chart_first", _("New department"), partial(self._act, "new_unit"))] if self._may() else []
                )
                self.state.show_state("tree", _("No departments yet"), _("The chart grows from the first one."), ways)
                self.body.setCurrentWidget(self.state)
            return
        if self.body.currentWidget() is self.state:
            self.body.setCurrentWidget(self.drawn)
        empty = len(chart.empty_seats)
        said = [
            formats.people(len(chart.people)),
            ngettext("{count} post", "{count} posts", len(chart.seats)).format(count=formats.number(len(chart.seats))),
        ]
        if empty:
            said.append(ngettext("{count} empty", "{count} empty", empty).format(count=formats.number(empty)))
        self.count.setText(formats.listing(said))
        drawing = lay_out(chart, self._folded)
        if right_to_left():
            drawing = drawing.mirrored()
        self.view.movable = self._may()
        self.view.show_chart(drawing, {box: self._look_of(box) for box in drawing.boxes})
        self._show_side()
        if not self._fitted and self.isVisible():
            self._fitted = True
            self._fit()
        self.carried.setText(
            _("{name} is taken up. Go where it shall be and press Ctrl+V; Esc leaves it.").format(
                name=self._name(self._carried)
            )
            if self._carried
            else ""
        )

    def _name(self, box_id: str) -> str:
        found = self._chart.units.get(box_id) or self._chart.seats.get(box_id)
        return found.name if found is not None else self._house()

    def _house(self) -> str:
        health = self._link.health
        return (pick(health.names) or health.name) if health is not None else ""

    def _look_of(self, box: str) -> Look:
        chart, hit = self._chart, box in self._found
        if box == TOP:
            return Look(self._house(), count=formats.number(len(chart.people)))
        unit = chart.units.get(box)
        if unit is not None:
            head = chart.head_of(box)
            names = formats.listing([h.person.name for h in head.holders]) if head is not None else ""
            below = names or (_("Head: nobody") if head is not None else "")
            return Look(
                unit.name, below, formats.number(len(chart.staff(box))), head is not None and not names, [],
                box in self._folded, hit,
            )  # fmt: skip
        seat = chart.seats[box]
        held = formats.listing([h.person.name for h in seat.holders]) or _("nobody")
        count = formats.number(len(seat.holders)) if len(seat.holders) > 1 else ""
        return Look(seat.name, held, count, not seat.holders, [h.person.photo for h in seat.holders], hit=hit)

    def _show_side(self) -> None:
        self.side.show_box(self._chart, self.view.current, self._house(), self._may())

    def _chosen(self, _box: str) -> None:
        self._show_side()

    def _fold(self, box: str, away: bool) -> None:
        unit = box if box in self._chart.units else self._chart.seats[box].department_id if box else TOP
        (self._folded.add if away else self._folded.discard)(unit)
        self.view.current = unit
        self._draw()

    def _zoom(self, by: float) -> None:
        self.view.zoom_to(self.view.zoom * by)

    def _fit(self) -> None:
        self.view.fit()

    # finding

    def _look(self) -> None:
        self._found = self._chart.find(self.search.text())
        hidden = [box for box in self._found if box not in self.view.boxes]
        if hidden:
            self._folded.clear()
        self._draw()
        if self._found:
            self.view.choose(self._found[0])
        elif self.search.text().strip():
            self.banner.say(_("Nothing is called so."), "warn", seconds=4)

    def _next_found(self) -> None:
        if self._found:
            at = self._found.index(self.view.current) + 1 if self.view.current in self._found else 0
            self.view.choose(self._found[at % len(self._found)])

    # changing

    def _act(self, name: str) -> None:
        """What the buttons and keys do with the box under the cursor."""
        box, chart = self.view.current, self._chart
        unit, seat = chart.units.get(box), chart.seats.get(box)
        if name == "open" and (unit or seat):
            self._desk.show_record("department" if unit else "post", box)
            return
        if not self._may():
            return
        if name == "new_unit" and seat is None:
            self._do(partial(self._changes.new_unit, box))
        elif name == "new_seat" and box != TOP:
            home = seat.department_id if seat is not None else box
            self._do(partial(self._changes.new_seat, home, seat.id if seat is not None else None))
        elif name == "give" and seat is not None:
            self._do(partial(self._changes.give, seat))
        elif name == "change" and box != TOP:
            self._do(partial(self._changes.change, box))
        elif name == "delete" and box != TOP:
            self._do(partial(self._changes.delete, box))
        elif name == "move" and box != TOP:
            self._take_up()

    def _end(self, holding: Holding, seat: Seat) -> None:
        self._do(partial(self._changes.end, holding, seat))

    def _take_up(self) -> None:
        if self._may() and self.view.current != TOP:
            self._carried = self.view.current
            self.view.setFocus()
            self._draw()

    def _put_down(self) -> None:
        what, onto, self._carried = self._carried, self.view.current, ""
        self._draw()
        if what:
            self._dropped(what, onto)

    def _dropped(self, what: str, onto: str) -> None:
        if not self._chart.may_move(what, onto):
            self.banner.say(
                _("It cannot be put there: it would lie under itself, or lies there already."), "warn", seconds=6
            )
        elif self._may():
            self._do(partial(self._changes.move, what, onto))

    def _take_back(self) -> None:
        if self._changes.undo and self._link.online:
            self._do(self._changes.take_back)

    def _do(self, change: Callable[[], Awaitable[Any]]) -> None:
        jobs.start(self, self._really, change, name="change", refused=self._refused)

    async def _really(self, change: Callable[[], Awaitable[Any]]) -> None:
        done = await change()
        if not done:
            return
        said = _("Taken back: {what}").format(what=done) if change == self._changes.take_back else _("Saved.")
        self.banner.say(said, "good", seconds=6)
        self._to_choose = done if isinstance(done, str) else ""
        self._read()
        self.view.setFocus()

    def _refused(self, why: Refusal | Offline) -> None:
        """The box stays where it was, and why is said."""
        super()._refused(why)
        if self._link.online and isinstance(why, Refusal) and why.code == "records.changed_meanwhile":
            self._rest.start()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the box under the pointer."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, key in self.side.keys.items():
            if not key.isHidden():
                menu.addAction(key.text(), partial(self._act, name)).setObjectName(f"menu_{name}")
        menu.popup(event.globalPos())

    # the log

    def _toggle_log(self) -> None:
        if self.log_key.isChecked():
            self.body.setCurrentWidget(self.log)
            self.log.read()
            self.log.table.setFocus()
        else:
            self.body.setCurrentWidget(self.drawn if self._chart.units else self.state)
            self.view.setFocus()

    # paper

    def _print(self) -> None:
        if self._chart.units:
            jobs.start(self, print_chart, self, self.view, name="print")

    def _save(self) -> None:
        if self._chart.units:
            jobs.start(self, self._really_save, name="save")

    async def _really_save(self) -> None:
        title = _("Organisation chart")
        path = await dialogs.save_path(
            self, _("Save the chart as PDF or PNG"), f"{title} {self._day().isoformat()}.pdf"
        )
        if path is None:
            return
        if write_chart(path, self.view, title):
            self.banner.say(_("Saved as {name}.").format(name=path.name), "good", seconds=6)
        else:
            self.banner.say(_("{name} cannot be written. Choose another folder.").format(name=path.name), "bad")
