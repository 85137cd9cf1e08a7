"""Kinds of record that only these tests know, each declared as a module would; taken out of the house afterwards."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Mapped

from server.engine.access.permissions import PERMISSIONS
from server.engine.database.schema import metadata
from server.engine.records.fields import (
    When,
    choice,
    computed,
    day,
    duration,
    email,
    identity_number,
    link,
    links,
    long_text,
    moment,
    money,
    number,
    numbered,
    parent,
    percentage,
    period,
    phone,
    place,
    rich_text,
    text,
    time_of_day,
    words,
    yes_no,
)
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import Scope


@contextmanager
def declared() -> Iterator[dict[str, Any]]:
    """The kinds while the block runs."""
    before = set(RECORDS), set(PERMISSIONS), set(metadata.tables)
    try:
        with warnings.catch_warnings():
            # Declared anew for the next file of tests, after the former was taken out of the house.
            warnings.simplefilter("ignore", SAWarning)
            made = _declare()
        yield made
    finally:
        for name in set(RECORDS) - before[0]:
            del RECORDS[name]
        for name in set(PERMISSIONS) - before[1]:
            del PERMISSIONS[name]
        for name in set(metadata.tables) - before[2]:
            metadata.remove(metadata.tables[name])


def _declare() -> dict[str, Any]:
    class Shelf(Record):
        """A shelf of the archive, in a tree."""

        label = "Shelf"
        title = ("name",)
        scope = Scope(own=("created_by",))

        name: Mapped[str] = text("Name", in_list=True, search=True)
        parent_id: Mapped[UUID] = parent("shelf", "Under")
        place: Mapped[int] = place("Order")

    class Dossier(Record):
        """A dossier with a field of every kind that is typed."""

        label = "Dossier"
        title = ("name",)
        scope = Scope(own=("clerk_id", "created_by"), department="department_id")
        reasons = ("delete",)
        attachments = True
        traced = True

        reference: Mapped[str] = numbered("Number", "D-{year}-{serial:04}", in_list=True)
        name: Mapped[dict[str, str]] = words("Name", in_list=True)
        applicant: Mapped[str] = text("Applicant", in_list=True, search=True, required=False)
        note: Mapped[str] = long_text("Note", required=False)
        story: Mapped[str] = rich_text("Story", required=False)
        kind: Mapped[str] = choice("Kind", (("plain", "Plain"), ("leave", "Leave")), default="plain")
        until: Mapped[date] = day("Until", shown_when=(When("kind", "is", "leave"),))
        identity: Mapped[str] = identity_number("Identity number", scheme="cn", required=False)
        mobile: Mapped[str] = phone("Mobile", required=False)
        mail: Mapped[str] = email("Mail", required=False)
        fee: Mapped[int] = money("Fee", "CNY", required=False, least=0)
        share: Mapped[int] = percentage("Share", required=False)
        takes: Mapped[int] = duration("Takes", required=False)
        opens: Mapped[str] = time_of_day("Opens", required=False)
        valid: Mapped[str] = period("Valid", required=False)
        came: Mapped[datetime] = moment("Came", required=False)
        pages: Mapped[int] = number("Pages", default=1, least=1, most=500)
        closed: Mapped[bool] = yes_no("Closed")
        salary: Mapped[int] = number("Salary", required=False, needs="people.edit")
        shelf_id: Mapped[UUID] = link("shelf", "Shelf", required=False)
        shelves: Mapped[list[str]] = links("shelf", "More shelves")
        clerk_id: Mapped[UUID] = link("staff_member", "Clerk", required=False)
        department_id: Mapped[UUID] = link("department", "Department", required=False)
        thick = computed("yes_no", "Thick", lambda work, row: row.pages > 100)

    return {"shelf": Shelf, "dossier": Dossier}
