"""The pages of the workbench beyond the counter's: lists of records, and screens of their own. Made when first opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from client_staff.app.menu import Entry, arranged, parts_of
from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from client_staff.screens.registry import Page, pages, screen_of
from common.link import Link, View
from common.protocol.messages import Nothing
from common.protocol.workplaces import RECORD, SEARCH, InView, Workplace
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
    "operations": N_("Operation"),
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
    "flows": N_("Flows and forms"),
    "engine": N_("System"),
}
"""Headings of the navigation, in its order; a module of a newer server stands at the end under its own name."""
SAME = {"records": "engine", "backup": "engine", "calendars": "flows", "forms": "flows"}
"""Parts of the engine that stand under its one heading."""
SYMBOLS = {
    "organisation": "hall", "people": "people", "citizens": "person", "services": "document", "devices": "device",
    "queue": "ticket", "evaluation": "star", "engine": "gear",
    "content": "bell", "operations": "gear",
}  # fmt: skip


def group_words(group: str) -> str:
    """A heading."""
    return _(GROUPS[group]) if group in GROUPS else group.replace("_", " ").capitalize()


class Pages(QObject):
    """What this person may open, in the order that his workplace gives it. `own` are the workbench's own pages."""

    changed = Signal()
    """The menu is another one."""
    view_told = Signal()
    """What is in view, or may be, was read."""
    view_switched = Signal()
    """Another outlet or department is in view: what was open shows something else."""

    def __init__(
        self, link: Link, profile: Path, work: QStackedWidget, open_page: Callable[[str], None],
        own: Callable[[], list[Entry]], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._own = own
        self.workplace: View[Workplace] = View(link, "people.workplace", Nothing(), Workplace, ["people"])
        self.workplace.on_change(self._workplace_changed)
        self.in_view: View[InView] = View(link, "people.in_view", Nothing(), InView, ["people", "organisation"])
        self.in_view.on_change(self._view_changed)
        self._seen: tuple[object, object] | None = None
        self._started = False
        self.desk = RecordDesk(link, profile, self)
        self.desk.show_record = self.show_record
        self.desk.list_records = self.list_records
        self.desk.open_page = open_page
        self.desk.all_pages = self.all_entries
        self._link, self._work, self._open = link, work, open_page
        self._made: dict[str, QWidget] = {}

    def begin(self) -> None:
        """Somebody has signed in."""
        self.desk.begin()
        self._seen, self._started = None, False
        for view in (self.workplace, self.in_view):
            view.value = None
            view.start()
            view.again()

    def end(self) -> None:
        """He has left: nothing of his stays on the screen."""
        self.desk.end()
        self.desk.hidden_buttons, self.desk.in_view = frozenset(), {}
        for view in (self.workplace, self.in_view):
            view.stop()
            view.value = None
        self.close_all()

    def close_all(self) -> None:
        """Every page is made anew when it is next opened."""
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
        """What the navigation shows."""
        kept = self.workplace.value
        return arranged(self.all_entries(), kept.menu if kept is not None else None, self._may)

    def found_entries(self) -> list[Entry]:
        """What Ctrl+K finds: what the navigation shows, and lists for which another page stands there."""
        shown = self.entries()
        names = {parts_of(one.name)[0] for one in shown}
        kept = self.workplace.value
        if kept is not None and kept.menu is not None and not kept.menu.rest:
            return shown
        return [*shown, *(one for one in self.all_entries() if one.aside and one.name not in names)]

    def all_entries(self) -> list[Entry]:
        """Everything that this person may open, in the program's own order."""
        allowed = [page for page in pages() if not page.needs or self._may(page.needs)]
        aside = {kind for page in allowed for kind in page.stands_for}
        found = [Entry(page.name, _(page.label), SAME.get(page.group, page.group), page.symbol) for page in allowed]
        own = self._own()
        taken = {entry.label for entry in (*own, *found)}
        for facts in self.desk.schema.records:
            group = SAME.get(facts.module, facts.module) or "engine"
            label = facts.plural or facts.label
            if label in taken:
                label = _("{name} (list)").format(name=label)
            entry = Entry(OF_KIND + facts.name, label, group, SYMBOLS.get(group, "list"), aside=facts.name in aside)
            found.append(entry)
        order = list(GROUPS)

        def place(entry: Entry) -> tuple[int, str, bool, str]:
            known = order.index(entry.group) if entry.group in order else len(order)
            return known, entry.group, entry.name.startswith(OF_KIND), entry.label

        return [*own, *sorted(found, key=place)]

    def _may(self, right: str) -> bool:
        me = self._link.me
        return me is not None and right in me.permissions

    def start_page(self) -> str:
        """The page that the workplace opens first, if this person may; asked once a sign-in."""
        kept = self.workplace.value
        if kept is None or self._started:
            return ""
        self._started = True
        return kept.start if any(one.name == kept.start for one in self.all_entries()) else ""

    def _workplace_changed(self) -> None:
        kept = self.workplace.value
        if kept is not None:
            self.desk.hidden_buttons = frozenset(kept.hidden_buttons)
            self.changed.emit()

    def _view_changed(self) -> None:
        view = self.in_view.value
        if view is None:
            return
        self.desk.in_view = {"outlet": view.outlet_id, "department": view.department_id}
        now = (view.outlet_id, view.department_id)
        before, self._seen = self._seen, now
        self.view_told.emit()
        if before is not None and before != now:
            self.close_all()
            self.view_switched.emit()

    def page(self, name: str) -> QWidget | None:
        """The page of this name, made if need be; nothing where there is none for this person."""
        found = self._made.get(name)
        if found is None:
            found = self._make(name)
            if found is not None:
                self._made[name] = found
                self._work.addWidget(found)
                kept = self.workplace.value
                search = kept.searches.get(name) if kept is not None else None
                if search and hasattr(found, "show_search"):
                    found.show_search(search)
        return found

    def open_line(self, name: str) -> bool:
        """Open what a line of the menu leads to inside of a page; false where it is a page itself."""
        page, kind, target = parts_of(name)
        if kind not in (SEARCH, RECORD):
            return False
        self._open(page)
        found: Any = self._made.get(page)
        show = getattr(found, "show_search" if kind == SEARCH else "show_one", None)
        if show is not None:
            show(target)
        return True

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
