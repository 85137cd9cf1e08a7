"""The form of one record: sections, drafts, errors, conflicts, save and discard; its actions above, its tabs beside."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from client_staff.editors.typed import sentence
from client_staff.records.actions import ask_reason
from client_staff.records.desk import RecordDesk
from client_staff.records.draft import Draft
from client_staff.records.field_row import NARROW_PX, FieldRow
from client_staff.records.keeping import Drafts
from common.link import Offline, Refusal, new_key
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.records import BadValue, RecordFacts
from common.text import _, formats, ngettext

KEEP_MS = 250
"""A draft is on the disk this long after a key."""


class RecordForm(QWidget):
    """Shows one record and lets it be written. `saved(record)` comes after each save."""

    saved = Signal(dict)
    titled = Signal()
    """The record, or its name, is another one."""
    opened = Signal(str, str)
    stepped = Signal(int)
    """Alt+Up and Alt+Down: the record before, the next one."""
    typed = Signal(str)
    """A field's value is another one, by the person's hand."""
    left = Signal()
    """Esc with nothing to discard: back to the list."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("record_form")
        self.desk, self.facts = desk, facts
        self.draft: Draft | None = None
        self._half: set[str] = set()
        """Fields in which something stands that is no value."""
        self.rows: dict[str, FieldRow] = {}
        self._sections: list[tuple[QWidget, list[str]]] = []
        self.beside: frozenset[str] = frozenset()
        """Fields that a screen shows and writes (`put`) beside the form."""
        self._key = ""
        """The key of the save that is being tried; another one as soon as something else is to be saved."""
        self._keep = QTimer(self, interval=KEEP_MS, singleShot=True)
        self._keep.timeout.connect(self.keep_draft)
        self.banner = Banner(13, name="form_said")
        self.errors = QLabel()
        self.errors.setObjectName("form_errors")
        self.errors.setWordWrap(True)
        self.errors.setTextFormat(Qt.TextFormat.RichText)
        self.errors.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.errors.setProperty("ground", "bad")
        self.errors.setContentsMargins(12, 8, 12, 8)
        self.errors.linkActivated.connect(lambda name: self._into(name))
        self.errors.hide()
        self.inside = QWidget()
        self.column = QVBoxLayout(self.inside)
        self.column.setContentsMargins(16, 12, 16, 16)
        self.column.setSpacing(8)
        self.area = QScrollArea()
        self.area.setObjectName("form_area")
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.inside)
        self.foot = QFrame()
        self.foot.setObjectName("form_foot")
        self.unsaved = QLabel()
        self.unsaved.setObjectName("form_unsaved")
        self.discard_key = QPushButton()
        self.discard_key.setObjectName("form_discard")
        self.discard_key.clicked.connect(lambda: jobs.start(self, self.ask_discard, name="discard"))
        self.save_key = QPushButton()
        self.save_key.setObjectName("form_save")
        self.save_key.setProperty("kind", "primary")
        self.save_key.clicked.connect(self.save)
        low = QHBoxLayout(self.foot)
        low.setContentsMargins(16, 8, 12, 8)
        low.addWidget(self.unsaved, 1)
        low.addWidget(self.discard_key)
        low.addWidget(self.save_key)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addWidget(self.errors)
        whole.addWidget(self.area, 1)
        whole.addWidget(self.foot)
        self._build()

    def _build(self) -> None:
        """One row a field, under its section's heading."""
        while self.column.count():
            item = self.column.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows, self._sections = {}, []
        by_section: dict[str, list[FieldRow]] = {}
        for field in self.facts.fields:
            row = FieldRow(field, self.desk)
            row.changed.connect(self._changed)
            row.left.connect(self._check)
            row.opened.connect(self.opened)
            row.reveal_wanted.connect(lambda name: jobs.start(self, self._reveal, name, name=f"reveal {name}"))
            row.decided.connect(self._decide)
            self.rows[field.name] = row
            by_section.setdefault(field.section, []).append(row)
        for section, rows in by_section.items():
            heading = QLabel(section)
            heading.setFont(theme.font(13, bold=True))
            heading.setProperty("tone", "second")
            heading.setContentsMargins(0, 10, 0, 4)
            if section:
                self.column.addWidget(heading)
                self._sections.append((heading, [row.field.name for row in rows]))
            for row in rows:
                self.column.addWidget(row)
        self.column.addStretch(1)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.discard_key.setText(_("Discard") + "  Esc")
        self.save_key.setText(_("Save") + "  Ctrl+S")
        self._draw_foot()

    def describe(self, facts: RecordFacts) -> None:
        """The kind is described anew: other labels, other rights."""
        self.facts = facts
        draft = self.draft
        self._build()
        if draft is not None:
            draft.facts = facts
            self._draw()

    # what it shows

    @property
    def record_id(self) -> str:
        """The record's id; empty while there is none, or a new one."""
        return str(self.draft.base.get("id", "")) if self.draft is not None and not self.draft.new else ""

    @property
    def dirty(self) -> bool:
        """Something is not saved."""
        return self.draft is not None and bool(self.draft.changes or self._half)

    @property
    def title(self) -> str:
        """What the record is called."""
        if self.draft is None:
            return ""
        if self.draft.new:
            return _("New: {kind}").format(kind=self.facts.label)
        return self.desk.reader.title(self.facts, self.draft.base)

    def show_record(self, values: dict[str, Any] | None) -> None:
        """Show a record as read, or a new one; a draft of it comes back."""
        self.keep_draft(only_if_waiting=True)
        self.draft = Draft(self.facts, values)
        kept = self.desk.drafts.get(self.facts.name, self.record_id or Drafts.NEW)
        self.banner.hide()
        self.errors.hide()
        self._key = ""
        if kept is not None:
            self.desk.reader.labels.update(kept.get("labels", {}))
            if self.draft.take_kept(kept):
                self.banner.say(_("What you had not saved is here again."), "accent")
            old = kept.get("version")
            if not self.draft.new and old is not None and old != self.draft.version:
                # Written on an older version: nothing of the newer one is overwritten unseen.
                self.draft.theirs = {name: self.draft.base.get(name) for name in self.draft.changes}
        self._draw()
        self.titled.emit()

    def fresh(self, values: dict[str, Any]) -> None:
        """The record as it is now: what is being written stays."""
        if self.draft is None or self.draft.new or values.get("id") != self.record_id:
            return
        if values == self.draft.base:
            return
        if not self.draft.changes:
            self.draft.base = values
            self._draw()
        elif values.get("version") != self.draft.version:
            self._meet(values)
        self.titled.emit()

    def begin_with(self, values: dict[str, Any]) -> None:
        """Give a new record first values, such as the place under which it was made."""
        if self.draft is not None and self.draft.new:
            for name, value in values.items():
                self.draft.set(name, value)
            self._draw()

    def _draw(self) -> None:
        """Everything, from the draft."""
        draft = self.draft
        if draft is None:
            return
        self._half.clear()
        values = draft.values
        for name, row in self.rows.items():
            hidden = not draft.new and name not in draft.base
            row.say_wrong(None)
            row.settle()
            row.show_value(values.get(name), writing=draft.editable(row.field), hidden=hidden)
        for name, other in draft.theirs.items():
            self._say_theirs(name, other)
        self._follow()
        self._draw_foot()

    def _follow(self) -> None:
        """Fields that depend on others come and go, are writable or not."""
        draft = self.draft
        if draft is None:
            return
        values = draft.values
        for name, row in self.rows.items():
            shown = draft.shown(row.field) and not (draft.new and (row.field.read_only or row.field.computed))
            shown = shown and name not in self.beside
            row.setVisible(shown)
            row.turn(draft.editable(row.field))
            row.mark_changed(name in draft.changes)
            row.mark_needed(values.get(name))
        for heading, names in self._sections:
            heading.setVisible(any(not self.rows[name].isHidden() for name in names))

    def _draw_foot(self) -> None:
        draft = self.draft
        count = len({*draft.changes, *self._half}) if draft is not None else 0
        new = draft is not None and draft.new
        self.foot.setVisible(bool(count) or new)
        ground = "warn" if count else ""
        if self.foot.property("ground") != ground:
            self.foot.setProperty("ground", ground)
            self.foot.style().unpolish(self.foot)
            self.foot.style().polish(self.foot)
        self.unsaved.setText(
            ngettext("{count} unsaved", "{count} unsaved", count).format(count=formats.number(count)) if count else ""
        )

    # writing

    def _changed(self, name: str) -> None:
        draft, row = self.draft, self.rows[name]
        if draft is None:
            return
        try:
            value = row.value()
        except BadValue:
            # Half-typed: nothing is said before the field is left, nothing is kept that is no value.
            self._half.add(name)
            self._draw_foot()
            return
        self._half.discard(name)
        draft.set(name, value)
        self._key = ""
        row.say_wrong(None)
        self._follow()
        self._draw_foot()
        self._keep.start()
        self.typed.emit(name)

    def put(self, name: str, value: Any) -> None:
        """A value that was written beside the form: from now on it is one of its changes."""
        if self.draft is not None:
            self.draft.set(name, value)
            self._key = ""
            self._follow()
            self._draw_foot()
            self._keep.start()
            self.typed.emit(name)

    def _check(self, name: str) -> None:
        """A field was left."""
        row, draft = self.rows[name], self.draft
        if draft is None:
            return
        try:
            value = row.value()
        except BadValue as why:
            row.say_wrong(why)
            return
        if name in draft.changes or draft.new:
            row.say_wrong(draft.fault(row.field, value))

    def undo(self) -> None:
        """Take the last change back."""
        name = self.draft.undo() if self.draft is not None else None
        if name is not None and self.draft is not None:
            row = self.rows[name]
            row.show_value(self.draft.values.get(name), writing=self.draft.editable(row.field))
            row.say_wrong(None)
            self._half.discard(name)
            self._key = ""
            self._follow()
            self._draw_foot()
            self._keep.start()

    def keep_draft(self, only_if_waiting: bool = False) -> None:
        """Write the draft to the disk, or take it away when there is nothing to keep."""
        if only_if_waiting and not self._keep.isActive():
            return
        self._keep.stop()
        if self.draft is None:
            return
        name = self.record_id or Drafts.NEW
        if not self.draft.changes:
            self.desk.drafts.drop(self.facts.name, name)
            return
        kept = self.draft.to_keep()
        links = [f.name for f in self.facts.fields if f.link]
        ids = {str(one) for n in links for one in _ids(kept["changes"].get(n))}
        kept["labels"] = {one: self.desk.reader.labels[one] for one in ids if one in self.desk.reader.labels}
        self.desk.drafts.put(self.facts.name, name, kept)

    def discard(self) -> None:
        """Take everything back."""
        if self.draft is not None:
            self.draft.discard()
            self.desk.drafts.drop(self.facts.name, self.record_id or Drafts.NEW)
            self._keep.stop()
            self._key = ""
            self.banner.hide()
            self.errors.hide()
            self._draw()

    async def ask_discard(self) -> None:
        """Esc: one change goes at once, more after a question; a new record is left."""
        draft = self.draft
        if draft is None:
            return
        if len(draft.changes) > 1 and not await dialogs.ask(
            self,
            _("Discard what you wrote?"),
            ngettext("{count} field would be as it was.", "{count} fields would be as they were.", len(draft.changes)).format(
                count=formats.number(len(draft.changes))
            ),
            _("Discard"),
            _("Keep"),
            dangerous=True,
        ):  # fmt: skip
            return
        nothing = not self.dirty
        new = draft.new
        self.discard()
        if nothing or new:
            self.left.emit()

    # saving

    def save(self) -> None:
        """Ctrl+S."""
        if self.dirty or (self.draft is not None and self.draft.new):
            jobs.start(
                self, self._save, name="save", busy=self.save_key, done=self._saved, refused=self._refused,
                offline=self._offline,
            )  # fmt: skip

    async def _save(self) -> dict[str, Any] | None:
        draft = self.draft
        if draft is None or not self._all_right(draft):
            return None
        reason = ""
        operation = "add" if draft.new else "edit"
        if operation in self.facts.reasons:
            asked = await ask_reason(
                self, _("Why is this changed?"), self.title, _("Save"), dangerous=False, needed=True
            )
            if asked is None:
                return None
            reason = asked
        self._key = self._key or new_key()
        records = self.desk.link.records
        if draft.new:
            return await records.create(self.facts.name, draft.to_send(), reason=reason or None, key=self._key)
        return await records.edit(
            self.facts.name, self.record_id, draft.to_send(), version=draft.version, reason=reason or None,
            key=self._key,
        )  # fmt: skip

    def _all_right(self, draft: Draft) -> bool:
        faults: dict[str, BadValue] = {}
        for name, row in self.rows.items():
            if row.isHidden():
                continue
            try:
                row.value()
            except BadValue as why:
                faults[name] = why
        for name, found in draft.faults().items():
            faults.setdefault(name, found)
        if draft.theirs:
            self._list_errors({name: _("Choose yours or theirs.") for name in draft.theirs})
            return False
        self._list_errors({n: sentence(faults[n]) for n in self.rows if n in faults})
        return not faults

    def _list_errors(self, wrong: dict[str, str], also: str = "") -> None:
        """A list of errors, each a link, and the focus in the first wrong field."""
        for name, row in self.rows.items():
            row.say_wrong(wrong.get(name))
        lines = [also] if also else []
        lines += [
            f'<a href="{name}" style="color: {theme.tokens.bad_strong};">{self.rows[name].field.label}</a>: {words}'
            for name, words in wrong.items()
        ]
        self.errors.setText("<br>".join(lines))
        self.errors.setVisible(bool(lines))
        if wrong:
            self._into(next(iter(wrong)))

    def _into(self, name: str) -> None:
        row = self.rows.get(name)
        if row is not None:
            self.area.ensureWidgetVisible(row, 0, 40)
            row.take_focus()

    def _saved(self, record: dict[str, Any] | None) -> None:
        if record is None or self.draft is None:
            return
        self.desk.drafts.drop(self.facts.name, self.record_id or Drafts.NEW)
        self._keep.stop()
        self._key = ""
        self.draft = Draft(self.facts, record)
        self.errors.hide()
        self._draw()
        self.banner.say(_("Saved."), "good", seconds=3)
        self.titled.emit()
        self.saved.emit(record)

    def _refused(self, why: Refusal) -> None:
        # A refused save changed nothing; put right, it is another one.
        self._key = ""
        if why.code == "records.changed_meanwhile" and self.draft is not None:
            jobs.start(
                self, self.desk.link.records.get, self.facts.name, self.record_id, done=self._met,
                name="theirs",
            )  # fmt: skip
            return
        wrong = {
            str(one["field"]): str(one["message"])
            for one in why.facts.get("fields", [])
            if isinstance(one, dict) and str(one.get("field")) in self.rows
        }
        if not wrong and str(why.facts.get("field", "")) in self.rows:
            wrong = {str(why.facts["field"]): why.sentence}
        if wrong:
            self._list_errors(wrong)
        else:
            self.banner.say(why.sentence, "bad")

    def _offline(self, why: Offline) -> None:
        self.keep_draft()
        self.banner.say(
            _("{why} What you wrote is kept on this PC; save it again later.").format(why=why.sentence), "warn"
        )

    # somebody else was first

    def _met(self, shown: Any) -> None:
        self.desk.reader.labels.update(shown.labels)
        self._meet(shown.values)

    def _meet(self, values: dict[str, Any]) -> None:
        draft = self.draft
        if draft is None:
            return
        moved = draft.meet(values)
        self._draw()
        who = self.desk.reader.labels.get(str(values.get("changed_by")), "")
        if draft.theirs:
            words = _("{who} saved first. Choose yours or theirs where both of you wrote.")
            self.banner.say(words.format(who=who or _("Somebody else")), "warn")
            self._into(next(iter(draft.theirs)))
        elif moved:
            names = formats.listing([self.rows[name].field.label for name in moved])
            self.banner.say(
                _("{who} changed meanwhile: {fields}. What you wrote is untouched.").format(
                    who=who or _("Somebody else"), fields=names
                ),
                "accent",
            )
        self._keep.start()

    def _say_theirs(self, name: str, other: Any) -> None:
        base = self.draft.base if self.draft is not None else {}
        who = self.desk.reader.labels.get(str(base.get("changed_by")), "") or _("somebody else")
        self.rows[name].say_theirs(other, who, self.desk.reader.moment(base.get("changed_at")))

    def _decide(self, name: str, take_theirs: bool) -> None:
        if self.draft is None:
            return
        self.draft.decide(name, take_theirs)
        row = self.rows[name]
        row.settle()
        row.say_wrong(None)
        row.show_value(self.draft.values.get(name), writing=self.draft.editable(row.field))
        if not self.draft.theirs:
            self.errors.hide()
            self.banner.hide()
        self._follow()
        self._draw_foot()
        self._keep.start()
        self.typed.emit(name)
        row.take_focus()

    async def _reveal(self, name: str) -> None:
        value = await self.desk.link.records.reveal(self.facts.name, self.record_id, name)
        self.rows[name].show_clear(value)

    # keys and size

    def first_focus(self) -> None:
        """Into the first field that may be written, else the first one."""
        draft = self.draft
        rows = [row for row in self.rows.values() if not row.isHidden()]
        writable = [row for row in rows if draft is not None and draft.editable(row.field)]
        for row in (writable or rows)[:1]:
            row.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc discards or goes back; Ctrl+Z takes the last change back; Alt with arrows goes to another record."""
        mods, key = event.modifiers(), event.key()
        if key == Qt.Key.Key_Escape:
            if self.dirty or (self.draft is not None and self.draft.new):
                jobs.start(self, self.ask_discard, name="discard")
            else:
                self.left.emit()
        elif key == Qt.Key.Key_Z and mods == Qt.KeyboardModifier.ControlModifier:
            self.undo()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and mods == Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Labels above the fields in a narrow form."""
        super().resizeEvent(event)
        # Never wider than what is to be seen: fields shrink rather than run out at the side.
        self.inside.setMaximumWidth(max(200, self.width() - self.area.verticalScrollBar().sizeHint().width()))
        for row in self.rows.values():
            row.narrow(self.width() < NARROW_PX)


def _ids(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
