"""The security rules (ADM-044): each with what offends against it now, and the way to put it right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from client_staff.app.console import ConsolePage
from client_staff.app.panel import Panel
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.link import View
from common.protocol.messages import Nothing
from common.protocol.operations import Offender, SecurityRule, SecurityView
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.text import N_, _, formats, ngettext

EVERY = 60.0
SYMBOLS = {"good": "check_round", "warn": "warning", "bad": "octagon"}
TONES = {"good": "good_strong", "warn": "warn_strong", "bad": "bad_strong"}
KEYS = (
    ("Enter", N_("open the entry")),
    ("Ctrl+G", N_("where it is put right")),
    ("F5", N_("look again")),
    ("Ctrl+C", N_("copy rows for a spreadsheet")),
)


class SecurityPage(ConsolePage):
    """Rules at the side, the gravest first; whoever or whatever offends beside them."""

    hints = KEYS

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "security")
        self.go = self.key("security_go", self._go, "primary")
        self.again_key = self.key("security_again", lambda: self.listed.again())
        on_keys(self, ("Ctrl+G", self.go.click), ("F5", self.again_key.click))
        self.listed: View[SecurityView] = View(
            self.link, "operations.security", Nothing(), SecurityView, ["people", "devices", "settings"], every=EVERY
        )
        self.watch(self.listed)
        rules = [
            TableColumn("rule", lambda: _("Rule"), lambda r: r.title, symbol=lambda r: SYMBOLS[r.grade],
                        tone=lambda r: TONES[r.grade]),
            TableColumn("state", lambda: _("Found"), self._found, width=150, tone=lambda r: TONES[r.grade]),
        ]  # fmt: skip
        self.table = DataTable(rules, lambda rule: rule.code, name="security_table")
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_rule())
        self.table.opened.connect(lambda _rule: self.items.setFocus())
        items = [
            TableColumn("name", lambda: _("Who or what"), lambda o: o.name),
            TableColumn("note", lambda: _("Note"), lambda o: o.note, width=230),
        ]
        self.items: DataTable = DataTable(items, lambda one: (one.kind, one.id, one.name), name="security_items")
        self.items.opened.connect(self._open)
        self.rules, self.panel = Panel("security_rules"), Panel("security_rule")
        self.rules.put(self.table, 1)
        self.advice = QLabel()
        self.advice.setObjectName("security_advice")
        self.advice.setWordWrap(True)
        self.advice.setContentsMargins(16, 4, 16, 10)
        self.heading = QLabel()
        self.heading.setObjectName("security_heading")
        self.heading.setWordWrap(True)
        self.heading.setFont(theme.font(17, bold=True))
        self.heading.setContentsMargins(16, 0, 16, 0)
        for widget in (self.heading, self.advice):
            self.panel.put(widget)
        self.panel.put(self.items, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.rules, 3)
        row.addWidget(self.panel, 2)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row, 1)
        self.words()

    def _found(self, rule: SecurityRule) -> str:
        if rule.grade == "good":
            return _("kept")
        words = ngettext("{count} offence", "{count} offences", len(rule.items))
        return words.format(count=formats.number(len(rule.items)))

    def into_list(self) -> None:
        """First focus: the rules."""
        self.table.setFocus()

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Enter open   Ctrl+G put it right   F5 look again")

    def words(self) -> None:
        """In the reader's language."""
        self.title.setText(_("Security"))
        self.go.setText(_("Put it right") + "   Ctrl+G")
        self.again_key.setText(_("Look again") + "   F5")
        for table in (self.table, self.items):
            table.say_again()

    def show_values(self) -> None:
        """What the server says."""
        found = self.listed.value
        assert found is not None
        wrong = sum(1 for rule in found.rules if rule.grade != "good")
        words = ngettext("{count} rule is not kept", "{count} rules are not kept", wrong)
        self.rules.say(_("Rules"), words.format(count=formats.number(wrong)) if wrong else _("all are kept"))
        self.table.show_rows(found.rules)
        if self.table.current() is None and found.rules:
            self.table.selectRow(0)
        self._show_rule()

    def _show_rule(self) -> None:
        rule: SecurityRule | None = self.table.current()
        self.go.setEnabled(rule is not None and bool(rule.page))
        if rule is None:
            return
        self.panel.say(_("What was found"), formats.number(len(rule.items)) if rule.items else "")
        self.heading.setText(rule.title)
        self.advice.setText(rule.advice if rule.grade != "good" else _("This rule is kept. Nothing is to be done."))
        self.items.show_rows(rule.items)

    def _go(self) -> None:
        rule: SecurityRule | None = self.table.current()
        if rule is not None and rule.page:
            self.desk.open_page(rule.page)

    def _open(self, one: Offender) -> None:
        if one.id is not None and self.desk.schema.record(one.kind) is not None:
            self.desk.show_record(one.kind, str(one.id))


PAGE = Page("security", N_("Security"), "lock", "operations", "operations.security", SecurityPage)
