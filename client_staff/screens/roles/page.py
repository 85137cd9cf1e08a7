"""Roles and rights as a grid; nothing holds until it is published, and the side says whom it concerns (ADM-003, ADM-004)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.console import LivePage
from client_staff.app.pages import GROUPS, group_words
from client_staff.app.panel import Panel
from client_staff.records.actions import AskDialog
from client_staff.records.desk import RecordDesk
from client_staff.screens.roles.draft import EVERYTHING, NONE, Change, Draft
from client_staff.screens.roles.grid import Grid, GridModel, Line, level_words
from client_staff.screens.roles.hidden import HiddenDialog
from client_staff.screens.roles.why import WhyDialog
from common.link import Offline, Refusal, new_key
from common.protocol.messages import Nothing
from common.protocol.rights import Holder, KindFacts, PublishRoles, RightsGrid
from common.qt import dialogs, jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.text import N_, _, formats, ngettext, right_to_left
from common.text.direction import name as apart
from common.text.fold import fold
from common.text.words import pick

OPERATIONS = {
    "see": N_("See in lists"),
    "read": N_("Read"),
    "add": N_("Add"),
    "edit": N_("Change"),
    "delete": N_("Delete"),
    "export": N_("Take out as a file"),
}
KEYS = (
    ("← ↑ ↓ →", N_("from cell to cell")),
    ("O U S H T A, 1 … 6", N_("own, department, section, hall, outlet, all")),
    ("Del, 0", N_("no such right")),
    ("Space", N_("how far: the next")),
    ("Ctrl+Z", N_("take the last step back")),
    ("Ctrl+S", N_("publish")),
    ("Ctrl+F", N_("find a right or role")),
    ("Ctrl+N", N_("new role")),
    ("Ctrl+H", N_("fields that the role hides")),
    ("Ctrl+Y", N_("what may somebody do, and why")),
)
MOST_NAMES = 12


class RolesPage(LivePage):
    """For whoever may see accounts and roles; whoever may not change them reads."""

    hints = KEYS
    topics = ("people", "organisation")

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "roles")
        self._facts = RightsGrid(rights=[], roles=[], kinds=[])
        self._draft = Draft()
        self._build()
        self.say_again()

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setObjectName("roles_title")
        self.title.setFont(theme.font(20, bold=True))
        self.count = QLabel()
        self.count.setObjectName("roles_count")
        self.count.setProperty("tone", "second")
        self.view = QComboBox()
        self.view.setObjectName("roles_view")
        self.view.addItem("", "rights")
        self.view.addItem("", "kinds")
        self.view.currentIndexChanged.connect(lambda _n: self._fill())
        self.search = QLineEdit()
        self.search.setObjectName("roles_search")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(180)
        self.search.textChanged.connect(lambda _t: self._fill())
        self.differing = QCheckBox()
        self.differing.setObjectName("roles_differing")
        self.differing.toggled.connect(lambda _on: self._fill())
        self.why = self._key("roles_why", self._ask_why)
        self.groups = self._key("roles_groups", lambda: self._desk.list_records("role_group", []))
        self.new = self._key("roles_new", self._new_role)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for widget in (self.view, self.search, self.differing):
            tools.addWidget(widget)
        tools.addStretch(1)
        for key in (self.why, self.groups, self.new):
            tools.addWidget(key)
        self.model = GridModel(self._draft)
        self.grid = Grid(self.model, self._may)
        self.grid.asked.connect(self._set)
        self.grid.moved.connect(self._side)
        self.legend = QLabel()
        self.legend.setObjectName("roles_legend")
        self.legend.setProperty("tone", "second")
        self.legend.setWordWrap(True)
        left = QVBoxLayout()
        left.addWidget(self.grid, 1)
        left.addWidget(self.legend)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self._build_side())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(tools)
        column.addWidget(self.banner)
        column.addLayout(row, 1)
        on_keys(
            self,
            ("Ctrl+F", self.search.setFocus), ("Ctrl+S", self._publish), ("Ctrl+Z", self._undo),
            ("Ctrl+N", self._new_role), ("Ctrl+H", self._hide), ("Ctrl+Y", self._ask_why),
        )  # fmt: skip

    def _build_side(self) -> QWidget:
        self.panel = Panel("roles_side")
        self.panel.setFixedWidth(336)
        self.about = QLabel()
        self.about.setObjectName("roles_about")
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.about.setContentsMargins(16, 4, 16, 8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.about)
        self.panel.put(area, 1)
        self.reason = QLineEdit()
        self.reason.setObjectName("roles_reason")
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda _t: self._allow())
        self.reason.returnPressed.connect(self._publish)
        self.hide_key = self._key("roles_hide", self._hide)
        self.discard = self._key("roles_discard", self._discard)
        self.publish = self._key("roles_publish", self._publish)
        self.publish.setProperty("kind", "primary")
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(16, 8, 16, 12)
        column.addWidget(self.hide_key)
        column.addWidget(self.reason)
        keys = QHBoxLayout()
        keys.addWidget(self.discard)
        keys.addStretch(1)
        keys.addWidget(self.publish)
        column.addLayout(keys)
        self.panel.put(foot)
        return self.panel

    def _key(self, name: str, act: Any) -> QPushButton:
        key = QPushButton()
        key.setObjectName(name)
        key.clicked.connect(lambda _on=False: act())
        return key

    # the page

    def into_list(self) -> None:
        """First focus: the last cell used."""
        self.grid.setFocus()

    def away(self) -> str:
        """What is said while there is no server."""
        return _("There is no connection to the server. What you changed stays here.")

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Arrows move   O U S H T A how far   Del no   Ctrl+Z undo   Ctrl+S publish")

    def palette_actions(self) -> list[tuple[str, str, Any]]:
        """For Ctrl+K."""
        return [("roles_why", _("What may somebody do?"), self._ask_why)]

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Roles and rights"))
        self.view.setItemText(0, _("By rights"))
        self.view.setItemText(1, _("By kinds of record"))
        self.search.setPlaceholderText(_("Right or role"))
        self.differing.setText(_("Only differences"))
        self.why.setText(_("What may … do?"))
        self.groups.setText(_("Role groups"))
        self.new.setText(_("New role"))
        self.hide_key.setText(_("Hidden fields…"))
        self.reason.setPlaceholderText(_("Reason, kept with the change"))
        self.discard.setText(_("Discard"))
        self.publish.setText(_("Publish"))
        self.legend.setText(
            " · ".join(
                (
                    _("– no"), _("Own: what is one's own"), _("Department: with those below"), _("Section"), _("Hall"),
                    _("Outlet"), _("All: everywhere"),
                )
            )
        )  # fmt: skip
        self._side()
        if self._stops:
            self._read()

    def _noticed(self, _notice: Any) -> None:
        if not self._draft.changes():
            self._read()

    def _may(self) -> bool:
        me = self._link.me
        return me is not None and "people.edit" in me.permissions and self._link.online

    # reading

    def _read(self) -> None:
        if not self._draft.changes():
            self._read_by(self._fetch)

    async def _fetch(self) -> None:
        facts = await self._link.read("people.rights", Nothing(), RightsGrid)
        if self._draft.changes():
            return  # something was changed here meanwhile; keeping it says what stands against it
        self._facts = facts
        self._draft.take(self._facts)
        self._fill()

    def _fill(self) -> None:
        wanted = fold(self.search.text()).split()

        def said(text: str) -> bool:
            there = fold(text)
            return all(word in there for word in wanted)

        roles = [str(r.id) for r in self._facts.roles if said(f"{r.name} {pick(r.name_words)}")]
        by_role = bool(wanted) and bool(roles)
        lines: list[Line] = []
        for heading, group in self._groups():
            inside = [
                line
                for line in group
                if (by_role or not wanted or said(f"{heading} {line.label} {line.search}"))
                and (not self.differing.isChecked() or self._draft.differs(line.permission))
            ]
            if inside:
                lines += [Line(heading), *inside]
        cell = self.grid.cell()
        self.model.show(lines, roles if by_role else [str(one.id) for one in self._facts.roles])
        if cell is not None:
            self.grid.go_to(*cell)
        if not self.grid.currentIndex().isValid() and len(lines) > 1:
            self.grid.setCurrentIndex(self.model.index(1, 0))
        rights = len(self._facts.rights)
        self.count.setText(
            formats.listing(
                [
                    ngettext("{count} role", "{count} roles", len(self._facts.roles)).format(
                        count=formats.number(len(self._facts.roles))
                    ),
                    ngettext("{count} right", "{count} rights", rights).format(count=formats.number(rights)),
                ]
            )
        )
        self._side()

    def _groups(self) -> list[tuple[str, list[Line]]]:
        order = list(GROUPS)

        def place(module: str) -> tuple[int, str]:
            return (order.index(module) if module in order else len(order)), module

        if self.view.currentData() == "kinds":
            found = []
            for kind in sorted(self._facts.kinds, key=lambda one: (place(one.module), one.label)):
                lines = [
                    Line(_(OPERATIONS[op]) if op in OPERATIONS else op, right, self._label(right))
                    for op, right in kind.operations.items()
                ]
                found.append((f"{group_words(kind.module)}: {kind.label}", lines))
            return found
        groups: dict[str, list[Line]] = {}
        for one in self._facts.rights:
            groups.setdefault(one.module, []).append(Line(one.label, one.name, one.name))
        first = (_("Everything"), [Line(_("Every right, also those to come"), EVERYTHING)])
        return [first, *[(group_words(module), groups[module]) for module in sorted(groups, key=place)]]

    def _label(self, permission: str) -> str:
        if permission == EVERYTHING:
            return _("Every right, also those to come")
        return next((one.label for one in self._facts.rights if one.name == permission), permission)

    def _role(self, role_id: str) -> str:
        role = self._draft.roles[role_id]
        return pick(role.name_words) or role.name

    # changing

    def _set(self, role_id: str, permission: str, level: str) -> None:
        if self._draft.fixed(role_id, permission):
            self.banner.say(_("This role gives everything. Take that away first."), "warn", seconds=5)
        elif self._draft.set(role_id, permission, level):
            self._redraw()

    def _redraw(self) -> None:
        self.grid.viewport().update()
        self._side()

    def _undo(self) -> None:
        cell = self._draft.undo()
        if cell is not None:
            self.grid.go_to(*cell)
            self._redraw()

    def _discard(self) -> None:
        self._draft.take(self._facts)
        self.reason.clear()
        self.banner.hide()
        self._redraw()
        self._read()
        self.grid.setFocus()

    def _publish(self) -> None:
        if self.publish.isEnabled():
            change = PublishRoles(roles=self._draft.to_publish(), reason=self.reason.text().strip())
            jobs.start(self, self._send, change, name="publish", refused=self._refused, busy=self.publish)
        elif self._draft.changes() and self._may():
            self.reason.setFocus()
            self.banner.say(_("Say why these rights change; the roles' histories keep it."), "warn", seconds=6)

    async def _send(self, change: PublishRoles) -> None:
        await self._link.act("people.publish_roles", change, Nothing)
        self._facts = await self._link.read("people.rights", Nothing(), RightsGrid)
        self._draft.take(self._facts)
        self.reason.clear()
        self._fill()
        self.banner.say(_("Published. It holds at once, for everybody who is signed in too."), "good", seconds=6)
        self.grid.setFocus()

    # the side

    def _side(self) -> None:
        changes = self._draft.changes()
        if changes:
            self.panel.say(
                ngettext("{count} change, not published", "{count} changes, not published", len(changes)).format(
                    count=formats.number(len(changes))
                )
            )
            self.about.setText("\n\n".join([*[self._change_words(one) for one in changes], *self._concerned()]))
        else:
            self._about_cell()
        self._allow()

    def _change_words(self, change: Change) -> str:
        arrow = "←" if right_to_left() else "→"
        if change.hides:
            what = self._field(change.hides)
            how = _("hidden") if change.after else _("shown")
        else:
            what = self._label(change.permission)
            how = f"{level_words(change.before)} {arrow} {level_words(change.after)}"
        return f"{what}\n{self._role(change.role_id)}: {how}"

    def _concerned(self) -> list[str]:
        found = []
        for role_id, people in self._draft.concerned().items():
            names = [self._holder(one) for one in people[:MOST_NAMES]]
            if len(people) > MOST_NAMES:
                more = len(people) - MOST_NAMES
                names.append(ngettext("and {count} more", "and {count} more", more).format(count=formats.number(more)))
            title = _("Whom it concerns, {role}:").format(role=self._role(role_id))
            found.append("\n".join([title, *(names or [_("nobody")])]))
        return found

    def _holder(self, holder: Holder) -> str:
        way = {
            "group": _("by the group {through}"), "post": _("by the post {through}"),
        }.get(holder.by, "").format(through=pick(holder.through))  # fmt: skip
        name = apart(pick(holder.name))
        return f"{name} · {way}" if way else name

    def _about_cell(self) -> None:
        cell = self.grid.cell()
        if cell is None:
            self.panel.say(_("Roles and rights"))
            self.about.setText(_("Reading the rights") if not self._facts.rights else _("No right is called so."))
            return
        role_id, permission = cell
        role = self._draft.roles[role_id]
        self.panel.say(self._role(role_id))
        parts = [f"{self._label(permission)}: {level_words(self._draft.level(role_id, permission))}"]
        opened = self._opened(permission)
        if opened:
            parts.append("\n".join([_("It opens:"), *opened]))
        if role.hidden_fields:
            fields = [self._field(name) for name in role.hidden_fields]
            parts.append("\n".join([_("Hidden from this role:"), *fields]))
        people: dict[str, Holder] = {}
        for holder in role.holders:
            people.setdefault(str(holder.account_id), holder)
        names = [self._holder(one) for one in list(people.values())[: MOST_NAMES * 2]]
        title = _("Who has this role ({count}):").format(count=formats.number(len(people)))
        parts.append("\n".join([title, *(names or [_("nobody")])]))
        self.about.setText("\n\n".join(parts))

    def _opened(self, permission: str) -> list[str]:
        right = next((one for one in self._facts.rights if one.name == permission), None)
        kinds: dict[str, KindFacts] = {one.name: one for one in self._facts.kinds}
        found: dict[str, list[str]] = {}
        for one in right.governs if right is not None else []:
            kind, _dot, operation = one.partition(".")
            if kind in kinds:
                words = OPERATIONS.get(operation, operation)
                found.setdefault(kinds[kind].label, []).append(_(words))
        return [f"{label}: {formats.listing(operations)}" for label, operations in sorted(found.items())]

    def _field(self, name: str) -> str:
        kind, _dot, field = name.partition(".")
        facts = next((one for one in self._facts.kinds if one.name == kind), None)
        return f"{facts.label}: {facts.fields.get(field, field)}" if facts is not None else name

    def _allow(self) -> None:
        changes, may = bool(self._draft.changes()), self._may()
        for widget in (self.reason, self.discard, self.publish):
            widget.setVisible(changes)
        self.publish.setEnabled(changes and may and bool(self.reason.text().strip()))
        self.publish.setToolTip("" if self.publish.isEnabled() else _("Say why first."))
        self.new.setVisible(may)
        self.hide_key.setVisible(may)
        self.hide_key.setEnabled(self.grid.cell() is not None)

    # dialogs

    def _ask_why(self) -> None:
        jobs.start(self, dialogs.open, WhyDialog(self, self._desk), name="why")

    def _hide(self) -> None:
        cell = self.grid.cell()
        if cell is not None and self._may():
            jobs.start(self, self._really_hide, cell[0], name="hide")

    async def _really_hide(self, role_id: str) -> None:
        kinds = self._facts.kinds
        every = {f"{kind.name}.{field}" for kind in kinds for field in kind.fields}
        before = {name for name in every if self._draft.level(role_id, f"hide:{name}") != NONE}
        dialog = HiddenDialog(self, self._role(role_id), kinds, before)
        if await dialogs.open(dialog, keep=True) == QDialog.DialogCode.Accepted.value:
            after = dialog.chosen()
            for name in sorted(before ^ after):
                self._draft.set(role_id, f"hide:{name}", "all" if name in after else NONE)
            self._redraw()
        dialog.deleteLater()

    def _new_role(self) -> None:
        if self._may():
            jobs.start(self, self._really_new, name="new role")

    async def _really_new(self) -> None:
        facts = self._desk.schema.record("role")
        fields = [facts.field(name) for name in ("name", "name_words")] if facts is not None else []
        dialog = AskDialog(self, self._desk, _("New role"), [one for one in fields if one is not None], _("Add"))
        key = new_key()
        while True:
            if await dialogs.open(dialog, keep=True) != QDialog.DialogCode.Accepted.value:
                break
            try:
                await self._link.records.create("role", {**(dialog.values() or {}), "permissions": []}, key=key)
            except (Refusal, Offline) as why:
                dialog.refuse(why)
                key = new_key() if isinstance(why, Refusal) else key
                continue
            self._read()
            break
        dialog.deleteLater()
