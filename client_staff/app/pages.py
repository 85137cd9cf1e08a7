"""The pages of the workbench beyond the counter's: lists of records, and screens of their own. Made when first opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from client_staff.screens.registry import Page, pages, screen_of
from common.link import Link
from common.records import Condition
from common.text import N_, _

OF_KIND = "records."
"""`records.staff_member` is the page of a kind of record."""

GROUPS = {
    "organisation": N_("Organisation"),
    "people": N_("People and rights"),
    "citizens": N_("Citizens"),
    "services": N_("Services"),
    "devices": N_("Devices"),
    "content": N_("Announcements"),
    "scores": N_("Scores"),
    "queue": N_("Queue"),
    "appointments": N_("Appointments"),
    "evaluation": N_("Evaluation"),
    "signage": N_("Displays"),
    "guide": N_("Terminal guide"),
    "samples": N_("Sample forms"),
    "workstations": N_("Self-service PCs"),
    "residency": N_("Stationed units"),
    "repairs": N_("Repairs"),
    "patrol": N_("Patrol"),
    "attendance": N_("Attendance"),
    "materials": N_("Materials"),
    "assessment": N_("Assessment"),
    "appeals": N_("Appeals"),
    "exchange": N_("Exchange"),
    "requests": N_("Requests"),
    "approvals": N_("Approvals"),
    "hotline": N_("Hotline"),
    "documents": N_("Documents"),
    "office": N_("Office"),
    "fieldwork": N_("Field work"),
    "analytics": N_("Decision support"),
    "reporting": N_("Reports"),
    "integrations": N_("Integrations"),
    "engine": N_("System"),
}
"""Headings of the navigation, in its order; a module of a newer server stands at the end under its own name."""
SAME = {"records": "engine", "backup": "engine"}
"""Parts of the engine that stand under its one heading."""
SYMBOLS = {
    "organisation": "hall", "people": "people", "citizens": "person", "services": "document", "devices": "device",
    "queue": "ticket", "evaluation": "star", "engine": "gear",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    name: str
    label: str
    group: str
    symbol: str


def group_words(group: str) -> str:
    """A heading."""
    return _(GROUPS[group]) if group in GROUPS else group.replace("_", " ").capitalize()


class Pages(QObject):
    """What this person may open. `changed` is called when that is something else."""

    def __init__(
        self, link: Link, profile: Path, work: QStackedWidget, open_page: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.desk = RecordDesk(link, profile, self)
        self.desk.show_record = self.show_record
        self.desk.list_records = self.list_records
        self.desk.open_page = open_page
        self._link, self._work, self._open = link, work, open_page
        self._made: dict[str, QWidget] = {}

    def begin(self) -> None:
        """Somebody has signed in."""
        self.desk.begin()

    def end(self) -> None:
        """He has left: nothing of his stays on the screen."""
        self.desk.end()
        for page in self._made.values():
            page.stop()  # type: ignore[attr-defined]
            self._work.removeWidget(page)
            page.deleteLater()
        self._made.clear()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.desk.say_again()
        for page in self._made.values():
            page.say_again()  # type: ignore[attr-defined]

    def made(self) -> list[QWidget]:
        """The pages that were opened before."""
        return list(self._made.values())

    def entries(self) -> list[Entry]:
        """What may be opened, by group and name."""
        me = self._link.me
        rights = me.permissions if me is not None else []
        allowed = [page for page in pages() if not page.needs or page.needs in rights]
        found = [Entry(page.name, _(page.label), SAME.get(page.group, page.group), page.symbol) for page in allowed]
        for facts in self.desk.schema.records:
            group = SAME.get(facts.module, facts.module) or "engine"
            label = facts.plural or facts.label
            found.append(Entry(OF_KIND + facts.name, label, group, SYMBOLS.get(group, "list")))
        order = list(GROUPS)

        def place(entry: Entry) -> tuple[int, str, bool, str]:
            known = order.index(entry.group) if entry.group in order else len(order)
            return known, entry.group, entry.name.startswith(OF_KIND), entry.label

        return sorted(found, key=place)

    def page(self, name: str) -> QWidget | None:
        """The page of this name, made if need be; nothing where there is none for this person."""
        found = self._made.get(name)
        if found is None:
            found = self._make(name)
            if found is not None:
                self._made[name] = found
                self._work.addWidget(found)
        return found

    def _make(self, name: str) -> QWidget | None:
        if not name.startswith(OF_KIND):
            page: Page | None = next((one for one in pages() if one.name == name), None)
            return page.make(self.desk) if page is not None else None
        facts = self.desk.schema.record(name.removeprefix(OF_KIND))
        if facts is None:
            return None
        screen: Callable[..., QWidget] = screen_of(facts.name) or RecordsPage
        return screen(self.desk, facts)

    # ways to go

    def show_record(self, kind: str, record_id: str) -> None:
        """One record on its kind's page."""
        self._open(OF_KIND + kind)
        page: Any = self._made.get(OF_KIND + kind)
        if page is not None and hasattr(page, "show_one"):
            page.show_one(record_id)

    def list_records(self, kind: str, conditions: list[Condition]) -> None:
        """A kind's list with these conditions."""
        self._open(OF_KIND + kind)
        page: Any = self._made.get(OF_KIND + kind)
        if page is not None and hasattr(page, "show_only"):
            page.show_only(conditions)

    def new_record(self, kind: str) -> None:
        """A kind's form for a new record."""
        self._open(OF_KIND + kind)
        page: Any = self._made.get(OF_KIND + kind)
        if page is not None and hasattr(page, "new"):
            page.new()
