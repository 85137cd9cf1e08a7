"""What may somebody do, and why: an account, its rights, and every way by which each is held."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.app.pages import group_words
from client_staff.editors.links import LinkEditor
from client_staff.records.desk import RecordDesk
from client_staff.screens.roles.grid import level_words
from common.link import Offline, Refusal
from common.protocol.rights import Held, MayDo, WhatMay, Why
from common.qt import jobs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.records import BadValue, Field
from common.text import N_, _, formats
from common.text.words import pick

BY = {
    "role": N_("role {role}"),
    "group": N_("role {role}, by the group {through}"),
    "post": N_("role {role}, by the post {through}"),
    "grant": N_("given singly"),
    "mandate": N_("mandate of {through}"),
}


def way_words(why: Why) -> str:
    """One way in words."""
    return _(BY[why.by]).format(role=pick(why.role), through=pick(why.through))


class WhyDialog(QDialog):
    """Somebody is chosen, the table says what he may do."""

    def __init__(self, parent: QWidget, desk: RecordDesk) -> None:
        super().__init__(parent)
        self.setObjectName("why_dialog")
        self.setWindowTitle(_("What may somebody do?"))
        self._desk = desk
        title = QLabel(_("What may somebody do?"))
        title.setFont(theme.font(17, bold=True))
        self.account = LinkEditor(Field("link", _("Account"), name="why_account", link="account"), desk)
        self.account.changed.connect(self._chosen)
        self.said = QLabel(_("Choose an account."))
        self.said.setObjectName("why_said")
        self.said.setWordWrap(True)
        columns = [
            TableColumn("module", lambda: _("Subject"), lambda h: group_words(h.module), width=150),
            TableColumn("label", lambda: _("Right"), lambda h: h.label, bold=True),
            TableColumn("level", lambda: _("How far"), lambda h: level_words(h.level), width=110),
            TableColumn("why", lambda: _("Why"), self._why),
        ]
        self.table = DataTable(columns, lambda held: held.permission, name="why_table")
        close = QPushButton(_("Close"))
        close.setObjectName("why_close")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for widget in (title, self.account, self.said):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(close)
        self.resize(980, 640)
        self.account.line.setFocus()

    def _why(self, held: Held) -> str:
        return formats.listing([way_words(one) for one in held.ways])

    def _chosen(self) -> None:
        try:
            account_id = self.account.value()
        except BadValue:
            return
        if account_id:
            asked = WhatMay(account_id=account_id)
            jobs.start(self, self._read, asked, refused=self._failed, offline=self._failed)

    async def _read(self, asked: WhatMay) -> None:
        found = await self._desk.link.read("people.what_may", asked, MayDo)
        said = _("{name} ({account}) holds {count} rights today.").format(
            name=pick(found.name), account=found.account, count=formats.number(len(found.held))
        )
        if found.locked:
            said += " " + _("The account is locked: none of them can be used.")
        if found.hidden_fields:
            said += " " + _("Hidden: {fields}.").format(fields=formats.listing(self._fields(found.hidden_fields)))
        self.said.setText(said)
        self.table.show_rows(found.held)

    def _fields(self, names: list[str]) -> list[str]:
        words = []
        for name in names:
            kind, _dot, field = name.partition(".")
            facts = self._desk.schema.record(kind)
            found = facts.field(field) if facts is not None else None
            words.append(f"{facts.label}: {found.label}" if facts is not None and found is not None else name)
        return words

    def _failed(self, why: Refusal | Offline) -> None:
        self.said.setText(why.sentence)
