"""Applicants: the generic page, with a hint above the form when whoever is typed may be there already."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from common.protocol.citizens import Hint, Hints, Likeness
from common.qt import jobs
from common.qt.widgets import Icon
from common.records import RecordFacts
from common.text import N_, _, formats

SOON_MS = 400
MOST = 3
WATCHED = ("name", "born_on", "identity", "mobile", "telephone", "mail", "registration")
BECAUSE = {
    "identity": N_("same identity number"),
    "registration": N_("same registration"),
    "mobile": N_("same mobile phone"),
    "telephone": N_("same telephone"),
    "mail": N_("same e-mail"),
    "name": N_("like name"),
    "born_on": N_("same date of birth"),
}


class DuplicateHints(QFrame):
    """Who may be the same one, each with what is alike; a press opens that entry. Hidden while there is nobody."""

    def __init__(self, desk: RecordDesk, kind: str) -> None:
        super().__init__()
        self.setObjectName("duplicates")
        self.setProperty("card", True)
        self._desk, self._kind = desk, kind
        self.title = QLabel()
        self.title.setObjectName("duplicates_title")
        self.title.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(Icon("warning", 20, "warn_strong"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        self.keys = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addLayout(head)
        column.addLayout(self.keys)
        self.hide()

    def show_hints(self, hints: list[Hint]) -> None:
        """Show these, the likest first."""
        while self.keys.count():
            item = self.keys.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        self.title.setText(_("Perhaps already there. Look before you save a second time:"))
        for place, hint in enumerate(hints[:MOST]):
            about = [hint.name, formats.date(hint.born_on) if hint.born_on is not None else "", hint.identity or ""]
            alike = formats.listing([_(BECAUSE[one]) for one in hint.because if one in BECAUSE])
            key = QPushButton(" · ".join(part for part in (*about, alike) if part))
            key.setObjectName(f"duplicate_{place}")
            key.setProperty("kind", "plain")
            key.clicked.connect(partial(self._desk.show_record, self._kind, str(hint.id)))
            self.keys.addWidget(key)
        self.setVisible(bool(hints))


class CitizensPage(RecordsPage):
    """The generic page of applicants or companies, with hints at duplicates while somebody is typed (SM-DUP)."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__(desk, facts)
        self.hints = DuplicateHints(desk, facts.name)
        form = self.view.form
        layout: Any = form.layout()
        layout.insertWidget(2, self.hints)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._ask)
        form.typed.connect(self._typed)
        form.titled.connect(lambda: self.hints.show_hints([]))

    def _typed(self, name: str) -> None:
        if name in WATCHED:
            self._soon.start()

    def _ask(self) -> None:
        draft = self.view.form.draft
        if draft is None or not self.desk.link.online:
            return
        values: dict[str, Any] = {name: draft.values.get(name) for name in WATCHED}
        if values.get("born_on"):
            values["born_on"] = date.fromisoformat(values["born_on"])
        said = {name: value for name, value in values.items() if value and "•" not in str(value)}
        if isinstance(said.get("name"), dict):
            said["name"] = next(iter(said["name"].values()), "")
        own = draft.values.get("id")
        wanted = Likeness(kind=self.facts.name, **said)
        # A hint is a courtesy: without the right, or without a server, the form goes on without it.
        jobs.start(
            self, self._fetch, wanted, own, name="duplicates", refused=lambda why: None, offline=lambda why: None
        )

    async def _fetch(self, wanted: Likeness, own: str | None) -> None:
        found = await self.desk.link.read("citizens.duplicates", wanted, Hints)
        self.hints.show_hints([one for one in found.items if str(one.id) != own])


class Screen(CitizensPage):
    """Applicants."""
