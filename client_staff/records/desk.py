"""What all record screens of one signed-in person share: the schema, names of links, drafts, layouts, ways to go."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from client_staff.records.keeping import Drafts, Layouts
from client_staff.records.shown import Reader
from common.link import Link, LinkState
from common.qt import jobs
from common.records import ActionFacts, Condition, RecordFacts, Schema

log = logging.getLogger(__name__)


class RecordDesk(QObject):
    """Begins when somebody has signed in, ends when he leaves."""

    schema_changed = Signal()
    """Kinds, fields, labels or rights are others now."""

    def __init__(self, link: Link, profile: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.link = link
        self.reader = Reader()
        self.schema = Schema(version="")
        self.drafts = Drafts(profile, "nobody")
        self.layouts = Layouts(profile, "nobody")
        self.show_record: Callable[[str, str], None] = lambda kind, record_id: None
        """Go to one record on its own page."""
        self.list_records: Callable[[str, list[Condition]], None] = lambda kind, conditions: None
        """Go to a list with these conditions."""
        self.open_page: Callable[[str], None] = lambda name: None
        """Go to a page by its name."""
        self.all_pages: Callable[[], list[Any]] = list
        """Every page that this person may open, for whoever sets menus up."""
        self.hidden_buttons: frozenset[str] = frozenset()
        """Verbs whose buttons the workplace does not show."""
        self.in_view: dict[str, Any] = {}
        """The outlet and the department in view, with which new entries begin."""
        self._profile = profile
        self._language = ""
        self._stop: Callable[[], None] | None = None

    @property
    def languages(self) -> list[str]:
        """The hall's languages, the first one first."""
        health = self.link.health
        return list(health.languages) if health is not None else ["en"]

    def begin(self) -> None:
        """Somebody has signed in: what is kept of the schema at once, what is true as soon as it comes."""
        me = self.link.me
        if me is None:
            return
        self.end()
        self.drafts = Drafts(self._profile, str(me.id))
        self.layouts = Layouts(self._profile, str(me.id))
        self.reader.labels.clear()
        self.schema = Schema(version="")
        self._stop = self.link.on_state(self._link_changed)
        self.say_again()

    def end(self) -> None:
        """He has left."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def say_again(self) -> None:
        """The reader's language changed, or somebody came: labels come in that language."""
        if self._stop is None:
            return
        if self.link.health is not None:
            self.reader.zone = self.link.health.zone
        self._language = self.link.language
        kept = self.link.records.kept_schema()
        if kept is not None:
            self._take(kept)
        self.read()

    def read(self) -> None:
        """Read the schema anew."""
        if self.link.online:
            took = partial(self._take_in, self.link.language)
            jobs.start(self, self.link.records.schema, done=took, offline=self._not_now, refused=self._not_now)

    def actions_on(self, kind: str) -> list[ActionFacts]:
        """The buttons of a kind of record."""
        return [
            one for one in self.schema.actions if one.on == kind and one.label and one.name not in self.hidden_buttons
        ]

    def first_values(self, facts: RecordFacts) -> dict[str, Any]:
        """With what a new entry begins: the outlet and the department in view, where the kind has them."""
        found: dict[str, Any] = {}
        for field in facts.fields:
            if field.kind == "link" and field.link != facts.name and self.in_view.get(field.link or "") is not None:
                found.setdefault(field.name, str(self.in_view[field.link or ""]))
        return found

    def naming(self, kind: str) -> list[tuple[RecordFacts, str]]:
        """Kinds whose records may name one of this kind, each with the field that does."""
        return [
            (facts, field.name)
            for facts in self.schema.records
            for field in facts.fields
            if field.link == kind and field.kind in ("link", "links", "parent", "entry")
        ]

    def _link_changed(self, state: LinkState) -> None:
        if state is LinkState.ONLINE:
            if self.link.health is not None:
                self.reader.zone = self.link.health.zone
            # Rights may have changed while nobody listened.
            self.read()

    def _take_in(self, language: str, schema: Schema) -> None:
        # An answer that was asked for before the language changed comes too late: its words are of the other one.
        if language == self.link.language:
            self._take(schema)

    def _take(self, schema: Schema) -> None:
        if schema.version != self.schema.version or self.link.language != self._language:
            self._language = self.link.language
            self.schema = schema
            self.schema_changed.emit()

    def _not_now(self, why: Any) -> None:
        log.info("the schema could not be read: %s", why)
