"""Ticket layouts: written on the paper itself, seen as they are printed, printed for trial, one of them the default.

What is shown is drawn by the code that draws the kiosk's paper (QUE-008, QUE-928).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.panel import Panel
from client_staff.editors.words import WordsEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.layout_picture import choose_picture
from client_staff.screens.ticket_layout_canvas import Canvas
from client_staff.screens.ticket_layout_draft import LayoutDraft
from client_staff.screens.ticket_layout_form import ElementForm
from client_staff.screens.ticket_layout_sample import LABELS, sample
from common.devices.fonts import FontMissing
from common.devices.printer import Printed, open_printer
from common.devices.ticket_layout import Drawn, draw
from common.link import Offline, Refusal, new_key
from common.protocol.layouts import ElementKind, Layout, LayoutChosen, LayoutFor
from common.protocol.messages import Notice
from common.qt import dialogs, jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.records import Condition, Field, Query, RecordFacts
from common.text import N_, _, language, right_to_left
from common.text.words import pick

KIND = "ticket_layout"
PANEL_PX = 340
KEYS = (
    ("Ctrl+S", N_("save")),
    ("Ctrl+Z, Ctrl+Y", N_("one step back, and again")),
    (N_("Arrows"), N_("move the element by a millimetre, with Shift by a tenth")),
    ("Tab", N_("next element on the paper")),
    ("Del", N_("take the element away")),
    ("Ctrl+D", N_("the element once more")),
    ("Ctrl+P", N_("print for trial")),
)


class Screen(QWidget):
    """In place of the generic page of the kind."""

    keys = KEYS

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName(f"records_{KIND}")
        self.desk, self.facts = desk, facts
        self.draft: LayoutDraft | None = None
        self._rows: dict[str, Layout] = {}
        self._wanted: str | None = None
        self._stops: list[Any] = []
        self._key = new_key()
        self._pictures: dict[UUID, bytes] = {}
        """Of the layouts that were looked at, as the file store holds them."""
        self.title = QLabel()
        self.title.setObjectName("layouts_title")
        self.title.setFont(theme.font(20, bold=True))
        self.banner = Banner(14, name="layouts_said")
        self.new_key = self._button("layout_new", self._new)
        self.undo_key = self._button("layout_undo", lambda: self._step("undo"))
        self.redo_key = self._button("layout_redo", lambda: self._step("redo"))
        self.print_key = self._button("layout_print", lambda: jobs.start(self, self._print, name="print"))
        self.default_key = self._button("layout_default", lambda: jobs.start(self, self._make_default, name="default"))
        self.delete_key = self._button("layout_delete", lambda: jobs.start(self, self._delete, name="delete"))
        self.save_key = self._button("layout_save", self._save)
        self.save_key.setProperty("kind", "primary")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title, 1)
        for key in (
            self.new_key, self.undo_key, self.redo_key, self.print_key, self.default_key, self.delete_key, self.save_key,
        ):  # fmt: skip
            head.addWidget(key)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._left(), 2)
        row.addWidget(self._middle(), 5)
        row.addWidget(self._right(), 3)
        column.addLayout(row, 1)
        on_keys(
            self,
            ("Ctrl+S", self._save), ("Ctrl+Z", lambda: self._step("undo")), ("Ctrl+Y", lambda: self._step("redo")),
            ("Ctrl+D", lambda: self._step("double")), ("Ctrl+N", self._new), ("Ctrl+P", self.print_key.click),
        )  # fmt: skip
        self.say_again()
        self._show()

    def _button(self, name: str, act: Any) -> QPushButton:
        key = QPushButton()
        key.setObjectName(name)
        key.clicked.connect(lambda _on=False: act())
        return key

    def _left(self) -> QWidget:
        self.list_panel = Panel("layouts_panel")
        self.list = QListWidget()
        self.list.setObjectName("layouts_list")
        self.list.currentRowChanged.connect(self._picked)
        self.name = WordsEditor(Field(kind="words", label="", name="layout_name", length=80), self.desk)
        self.name.changed.connect(lambda: self._change(lambda d: d.set_name(self.name.value() or {})))
        self.paper_width = QSpinBox()
        self.paper_width.setObjectName("layout_width")
        self.paper_width.setRange(40, 210)
        self.paper_width.setSuffix(" mm")
        self.paper_width.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.paper_width.setKeyboardTracking(False)
        self.paper_width.valueChanged.connect(lambda mm: self._change(lambda d: d.set_width(mm)))
        self.name_label, self.width_label = QLabel(), QLabel()
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 8, 16, 12)
        for part in (self.name_label, self.name, self.width_label, self.paper_width):
            inside.addWidget(part)
        self.list_panel.put(self.list, 1)
        self.list_panel.column.addLayout(inside)
        return self.list_panel

    def _middle(self) -> QWidget:
        self.paper_panel = Panel("layout_paper")
        self.canvas = Canvas()
        self.canvas.chosen.connect(lambda place: self._choose(None if place < 0 else place))
        self.canvas.moved.connect(lambda across, down: self._change(lambda d: d.move(across, down)))
        self.canvas.rested.connect(lambda: self.draft.rest() if self.draft is not None else None)
        self.canvas.removed.connect(lambda: self._step("remove"))
        self.canvas.stepped.connect(lambda by: self._choose(self._chosen + by))
        self.language = QComboBox()
        self.language.setObjectName("layout_language")
        self.language.currentIndexChanged.connect(lambda _place: self._draw())
        self.paper_panel.tools.addWidget(self.language)
        area = QScrollArea()
        area.setObjectName("layout_area")
        area.setWidgetResizable(True)
        area.setWidget(self.canvas)
        self.paper_panel.put(area, 1)
        return self.paper_panel

    def _right(self) -> QWidget:
        self.element_panel = Panel("layout_elements")
        self.elements = QListWidget()
        self.elements.setObjectName("elements_list")
        self.elements.currentRowChanged.connect(lambda place: self._choose(place if place >= 0 else None))
        self.elements.itemActivated.connect(lambda _item: self.canvas.setFocus())
        self.add_key = self._button("element_add", self._offer_kinds)
        self.remove_key = self._button("element_remove", lambda: self._step("remove"))
        for key in (self.add_key, self.remove_key):
            self.element_panel.tools.addWidget(key)
        self.form = ElementForm(self.desk)
        self.form.changed.connect(lambda name, value: self._change(lambda d: d.change(name, **{name: value})))
        self.form.wants_picture.connect(
            lambda: self._choose_picture(lambda draft, file_id: draft.change("file_id", file_id=file_id))
        )
        area = QScrollArea()
        area.setObjectName("element_area")
        area.setWidgetResizable(True)
        area.setWidget(self.form)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.element_panel.setMinimumWidth(PANEL_PX)
        self.element_panel.put(self.elements, 2)
        self.element_panel.put(area, 5)
        return self.element_panel

    # as every page

    def begin(self) -> None:
        """The page is opened."""
        if not self._stops:
            self._stops = [self.desk.link.watch(topic, self._noticed) for topic in ("queue.layouts",)]
        self._read()

    def stop(self) -> None:
        """The page is left; what is being written stays."""
        for stop in self._stops:
            stop()
        self._stops = []

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Ticket layouts"))
        for key, words in (
            (self.new_key, _("New")), (self.undo_key, _("Undo")), (self.redo_key, _("Redo")),
            (self.print_key, _("Print for trial")), (self.default_key, _("Make default")),
            (self.delete_key, _("Delete")), (self.save_key, _("Save")), (self.add_key, _("Add")),
            (self.remove_key, _("Take away")),
        ):  # fmt: skip
            key.setText(words)
        self.list_panel.title.setText(_("Layouts"))
        self.paper_panel.title.setText(_("As it is printed"))
        self.element_panel.title.setText(_("Elements"))
        self.name_label.setText(_("Name"))
        self.width_label.setText(_("Paper width"))
        names = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
        with QSignalBlocker(self.language):
            if self.language.count() == 0:
                for code in self.desk.languages:
                    self.language.addItem(names.get(code, code), code)
                self.language.setCurrentIndex(max(0, self.language.findData(language())))
        self.form.say_again()
        self._show()

    def show_one(self, record_id: str) -> None:
        """Go to one layout."""
        self._wanted = record_id
        self._read()

    def show_only(self, _conditions: list[Condition]) -> None:
        """There are few layouts: all are shown."""

    @property
    def _chosen(self) -> int:
        chosen = self.draft.now.chosen if self.draft is not None else None
        return -1 if chosen is None else chosen

    @property
    def _may_edit(self) -> bool:
        needed = "add" if self.draft is not None and self.draft.id is None else "edit"
        return needed in self.facts.operations

    # the list

    def _noticed(self, _notice: Notice | None) -> None:
        self._read()

    def _read(self) -> None:
        jobs.start(
            self, self.desk.link.records.query, KIND, Query(limit=100), name="read", done=self._came,
            offline=lambda why: self.banner.say(why.sentence, "warn", seconds=8),
        )  # fmt: skip

    def _came(self, page: Any) -> None:
        self._rows = {str(row["id"]): Layout.model_validate(row) for row in page.items}
        self.list_panel.count.setText(str(len(self._rows)))
        wanted, self._wanted = self._wanted, None
        if wanted is None and self.draft is not None and (self.draft.dirty or str(self.draft.id) in self._rows):
            wanted = str(self.draft.id)
        if wanted is None or (wanted not in self._rows and not (self.draft is not None and self.draft.dirty)):
            first = sorted(self._rows.values(), key=lambda one: not one.is_default)
            wanted = str(first[0].id) if first else None
        self._fill_list(wanted)
        row = self._rows.get(wanted or "")
        stands = self.draft is not None and (self.draft.dirty or self.draft.id is None)
        if self.draft is not None and row is not None and self.draft.id == row.id:
            self.draft.is_default = row.is_default
            if not self.draft.dirty and self.draft.version != row.version:
                self.draft = LayoutDraft(row)
        elif not stands and row is not None:
            self.draft = LayoutDraft(row)
        self._show()

    def _fill_list(self, wanted: str | None) -> None:
        with QSignalBlocker(self.list):
            self.list.clear()
            for layout_id, row in self._rows.items():
                words = pick(row.name)
                item = QListWidgetItem(_("{name} (default)").format(name=words) if row.is_default else words)
                item.setData(Qt.ItemDataRole.UserRole, layout_id)
                self.list.addItem(item)
                if layout_id == wanted:
                    self.list.setCurrentItem(item)

    def _picked(self, place: int) -> None:
        item = self.list.item(place)
        if item is not None:
            jobs.start(self, self._open, str(item.data(Qt.ItemDataRole.UserRole)), name="open")

    async def _open(self, layout_id: str) -> None:
        if self.draft is not None and str(self.draft.id) == layout_id:
            return
        if not await self._may_leave():
            self._fill_list(str(self.draft.id) if self.draft is not None else None)
            return
        if layout_id in self._rows:
            self.draft = LayoutDraft(self._rows[layout_id])
            self._show()

    async def _may_leave(self) -> bool:
        if self.draft is None or not self.draft.dirty or not self._may_edit:
            return True
        return await dialogs.ask(
            self, _("Leave without saving?"), _("What was changed in this layout would be lost."), _("Leave it"),
            _("Stay"), dangerous=True,
        )  # fmt: skip

    def _new(self) -> None:
        if "add" in self.facts.operations:
            jobs.start(self, self._begin_new, name="new")

    async def _begin_new(self) -> None:
        if not await self._may_leave():
            return
        # As it is printed now: the default one, or the one that is built in.
        start = await self.desk.link.read("queue.layout", LayoutFor(), Layout)
        names = {code: pick({"en": "New layout", "zh": "新版式", "ru": "Новый макет", "fa": "چیدمان نو"}, code)
                 for code in self.desk.languages}  # fmt: skip
        self.draft = LayoutDraft(start.model_copy(update={"name": names}), new=True)
        self._key = new_key()
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(-1)
        self._show()
        self.canvas.setFocus()

    # writing

    def _change(self, act: Any) -> None:
        if self.draft is not None and self._may_edit:
            act(self.draft)
            self._show(by_hand=True)

    def _add(self, kind: ElementKind) -> None:
        if kind == "picture":
            self._choose_picture(lambda draft, file_id: draft.add("picture", file_id=file_id))
        else:
            self._change(lambda d: d.add(kind))

    def _choose_picture(self, use: Callable[[LayoutDraft, UUID], None]) -> None:
        if self.draft is not None and self._may_edit:
            jobs.start(
                self, self._picture, self.draft, use, name="picture",
                offline=lambda why: self.banner.say(why.sentence, "warn", seconds=8),
            )  # fmt: skip

    async def _picture(self, draft: LayoutDraft, use: Callable[[LayoutDraft, UUID], None]) -> None:
        sent = await choose_picture(self, self.desk.link)
        if isinstance(sent, str):
            self.banner.say(sent, "warn", seconds=12)
        elif sent is not None and self.draft is draft:
            file_id, self._pictures[file_id] = sent
            self._change(lambda d: use(d, file_id))

    def _step(self, what: str) -> None:
        self._change(lambda draft: getattr(draft, what)())

    def _choose(self, place: int | None) -> None:
        if self.draft is not None:
            self.draft.choose(place)
            self._show()

    def _offer_kinds(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("element_kinds")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in LABELS:
            line = menu.addAction(_(LABELS[kind]))
            line.setObjectName(f"kind_{kind}")
            line.triggered.connect(lambda _on=False, one=kind: self._add(one))
        menu.popup(self.add_key.mapToGlobal(self.add_key.rect().bottomLeft()))

    # what is shown

    def _show(self, *, by_hand: bool = False) -> None:
        draft, may = self.draft, self._may_edit
        self.undo_key.setEnabled(draft is not None and draft.can_undo)
        self.redo_key.setEnabled(draft is not None and draft.can_redo)
        self.save_key.setEnabled(draft is not None and draft.dirty and may)
        kept = draft is not None and draft.id is not None
        self.default_key.setEnabled(
            draft is not None and kept and not draft.dirty and not draft.is_default and "edit" in self.facts.operations
        )
        self.delete_key.setEnabled(kept and "delete" in self.facts.operations)
        self.new_key.setVisible("add" in self.facts.operations)
        self.print_key.setEnabled(draft is not None)
        for part in (self.name, self.paper_width, self.add_key):
            part.setEnabled(draft is not None and may)
        self.remove_key.setEnabled(draft is not None and may and draft.element is not None)
        self.canvas.editable = may
        if draft is None:
            self.paper_panel.count.setText(_("No layout was made yet: tickets are printed as built in."))
            return
        self.paper_panel.count.setText(_("not saved") if draft.dirty else "")
        if not by_hand or self.name.value() != draft.now.name:
            self.name.show_value(draft.now.name)
        with QSignalBlocker(self.paper_width):
            self.paper_width.setValue(draft.now.width_mm)
        self._show_elements(draft)
        self.form.show_element(draft.element, may)
        self.canvas.choose(draft.now.chosen)
        self._draw()

    def _show_elements(self, draft: LayoutDraft) -> None:
        words = [
            f"{_(LABELS[one.kind])}  {pick(one.text)}" if pick(one.text) else _(LABELS[one.kind])
            for one in draft.now.elements
        ]
        with QSignalBlocker(self.elements):
            if [self.elements.item(n).text() for n in range(self.elements.count())] != words:
                self.elements.clear()
                self.elements.addItems(words)
            self.elements.setCurrentRow(self._chosen)

    def _draw(self) -> None:
        if self.draft is None:
            return
        code = str(self.language.currentData() or language())
        jobs.start(self, self._drawn, self.draft.layout, code, done=self._show_drawn)

    async def _drawn(self, layout: Layout, code: str) -> tuple[Layout, str, Drawn | None]:
        health = self.desk.link.health
        paper = sample(layout, self.desk.link.now(), health.names if health is not None else {}, self.desk.languages)
        await self._fetch_pictures(layout)
        zone = health.zone if health is not None else "UTC"
        try:
            drawn = await asyncio.to_thread(
                draw, layout, paper, language=code, zone=zone, pictures=dict(self._pictures)
            )
        except FontMissing as missing:
            self.banner.say(str(missing), "bad")
            return layout, code, None
        return layout, code, drawn

    async def _fetch_pictures(self, layout: Layout) -> None:
        for element in layout.elements:
            if element.file_id is not None and element.file_id not in self._pictures:
                try:
                    self._pictures[element.file_id] = await self.desk.link.fetch_file(element.file_id)
                except Offline as why:
                    self.banner.say(why.sentence, "warn", seconds=8)
                except Refusal:
                    self.banner.say(_("A picture of this layout is not there any more. Choose another one."), "warn")

    def _show_drawn(self, result: tuple[Layout, str, Drawn | None]) -> None:
        layout, code, drawn = result
        # Several drawings may be on their way: only that of the layout as it stands now is shown.
        if drawn is not None and self.draft is not None and layout == self.draft.layout:
            self.canvas.show_drawn(drawn, layout.width_mm, mirrored=right_to_left(code))

    # keeping

    def _save(self) -> None:
        if self.draft is not None and self.draft.dirty and self._may_edit:
            jobs.start(
                self, self._keep, self.draft, name="save", busy=self.save_key, refused=self._not_kept,
                offline=lambda why: self.banner.say(why.sentence, "warn", seconds=8),
            )  # fmt: skip

    async def _keep(self, draft: LayoutDraft) -> None:
        if not any(text.strip() for text in draft.now.name.values()):
            self.banner.say(_("Give the layout a name first."), "warn", seconds=8)
            return
        records = self.desk.link.records
        if draft.id is None:
            row = await records.create(KIND, draft.values(), key=self._key)
        else:
            row = await records.edit(KIND, str(draft.id), draft.values(), version=draft.version)
        made = Layout.model_validate(row)
        draft.saved(made.version, made.id)
        self.banner.say(_("Saved. Kiosks print by it from the next ticket on."), "good", seconds=6)
        self._wanted = str(made.id)
        self._read()
        self._show()

    def _not_kept(self, why: Refusal) -> None:
        words = why.sentence
        if why.code == "records.changed_meanwhile":
            words = _("Somebody else has changed this layout meanwhile. Yours is kept here; save it under a new name.")
            if self.draft is not None:
                self.draft.id = None
                self._key = new_key()
        self.banner.say(words, "warn")
        self._show()

    async def _make_default(self) -> None:
        """One layout is the default (QUE-928): tried on the screen or on paper first, since it must be saved."""
        draft = self.draft
        if draft is None or draft.id is None:
            return
        await self.desk.link.act("queue.set_default_layout", LayoutChosen(layout_id=draft.id), Layout)
        self.banner.say(_("This is the default now."), "good", seconds=6)
        self._wanted = str(draft.id)
        self._read()

    async def _delete(self) -> None:
        draft = self.draft
        if draft is None or draft.id is None:
            return
        sentence = _("Tickets are printed by another layout, or as built in.")
        if not await dialogs.ask(self, _("Delete this layout?"), sentence, _("Delete"), _("Keep"), dangerous=True):
            return
        await self.desk.link.records.delete(KIND, str(draft.id), version=draft.version)
        self.draft = None
        self._read()

    async def _print(self) -> None:
        """Print the sample on a ticket printer that this PC reaches (QUE-928)."""
        draft = self.draft
        if draft is None:
            return
        address = await ask_address(self, str(self.desk.layouts.get(KIND).get("printer", "")))
        if not address:
            return
        self.desk.layouts.put(KIND, printer=address)
        try:
            printer = open_printer(address)
        except ValueError:
            self.banner.say(_("{address} is no printer's address.").format(address=address), "warn")
            return
        code = str(self.language.currentData() or language())
        _layout, _code, drawn = await self._drawn(draft.layout, code)
        try:
            if drawn is None:
                return
            outcome = await asyncio.wrap_future(printer.print(drawn.picture))
        finally:
            await asyncio.to_thread(printer.close)
        if isinstance(outcome, Printed):
            self.banner.say(_("The ticket for trial was printed."), "good", seconds=6)
        else:
            self.banner.say(f"{outcome.sentence} {outcome.extent_sentence}", "warn")


async def ask_address(parent: QWidget, suggested: str) -> str:
    """Which ticket printer; nothing when the person thinks better of it."""
    asked = dialogs.Question(
        parent,
        _("Print for trial"),
        _("Address of the ticket printer, for example network:192.168.1.20:9100 or serial:COM3"),
        _("Print"),
        _("Cancel"),
        False,
    )
    line = QLineEdit(suggested)
    line.setObjectName("printer_address")
    line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    column = asked.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertWidget(2, line)
    line.returnPressed.connect(asked.accept)
    line.setFocus()
    if await dialogs.open(asked, keep=True) != asked.DialogCode.Accepted.value:
        asked.deleteLater()
        return ""
    address = line.text().strip()
    asked.deleteLater()
    return address
