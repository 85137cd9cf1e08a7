"""A list grouped by a field: each value with how many there are and their totals. Enter goes into one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from client_staff.records.desk import RecordDesk
from common.link import Offline, Refusal
from common.qt import jobs
from common.qt.table import DataTable, TableColumn
from common.records import Condition, Field, Page, Query, RecordFacts
from common.records.query import Group
from common.text import _, formats


class Groups(DataTable):
    """`entered(condition)` comes with the condition that stands for a group."""

    entered = Signal(object)
    failed = Signal(str)

    def __init__(self, desk: RecordDesk, facts: RecordFacts, field: Field, query: Query) -> None:
        self._desk, self._facts, self.field = desk, facts, field
        totals = [found for name in query.totals if (found := facts.field(name)) is not None]
        columns = [
            TableColumn("value", lambda: field.label, self._words, bold=True),
            TableColumn("count", lambda: _("Number"), _count, lambda g: g.count, figures=True, width=110),
        ]
        for one in totals:
            columns.append(
                TableColumn(
                    one.name,
                    lambda one=one: one.label,  # type: ignore[misc]
                    lambda g, one=one: desk.reader.text(one, g.totals.get(one.name)),  # type: ignore[misc]
                    lambda g, one=one: g.totals.get(one.name, 0),  # type: ignore[misc]
                    figures=True,
                    width=150,
                )
            )
        super().__init__(columns, lambda g: str(g.value), name="groups_table")
        self.opened.connect(self._enter)
        asked = query.model_copy(update={"group_by": field.name, "after": None, "sort": []})
        jobs.start(
            self, desk.link.records.query, facts.name, asked, done=self._show, refused=self._say, offline=self._say
        )

    def _words(self, group: Group) -> str:
        if group.value is None:
            return _("nothing")
        return group.label or self._desk.reader.text(self.field, group.value)

    def _show(self, page: Page) -> None:
        self.show_rows(page.groups)
        if page.groups:
            self.selectRow(0)

    def _say(self, why: Refusal | Offline) -> None:
        self.failed.emit(why.sentence)

    def _enter(self, group: Any) -> None:
        value = group.value
        if value is None:
            condition = Condition(field=self.field.name, operator="empty")
        elif self.field.kind == "choice":
            condition = Condition(field=self.field.name, operator="any_of", value=[value])
        else:
            condition = Condition(field=self.field.name, operator="is", value=value)
        if group.label:
            self._desk.reader.labels[str(value)] = group.label
        self.entered.emit(condition)


def _count(group: Any) -> str:
    return formats.number(group.count)
