"""Descriptions that `/api/schema` sends: what the reader may use, in the reader's language."""

from __future__ import annotations

from pydantic import BaseModel

from common.records.field import Field, When


class ActionFacts(BaseModel):
    """A verb that the reader may use. With `on` it is a button of that record's list and form."""

    name: str
    label: str = ""
    doc: str = ""
    reads: bool = False
    on: str | None = None
    subject: str = ""
    """The input field that takes the record's id."""
    when: list[When] = []
    """The button is to be had while all of these hold for the record."""
    question: str = ""
    """To be asked before it is done."""
    fields: list[Field] = []
    """The dialog: what else the verb wants to know."""


class RecordFacts(BaseModel):
    """A kind of record."""

    name: str
    label: str
    plural: str = ""
    module: str = ""
    title: list[str] = []
    fields: list[Field] = []
    operations: list[str] = []
    """Of see, read, add, edit, delete, export: what the reader may do."""
    reasons: list[str] = []
    """Of add, edit, delete: what needs a reason."""
    parent: str | None = None
    """The field that makes it a tree."""
    place: str | None = None
    """The field that keeps the order among its brothers."""
    attachments: bool = False
    order: list[str] = []
    """How the list is sorted when nothing else is asked."""

    def field(self, name: str) -> Field | None:
        """The field of this name, if the reader may know of it."""
        return next((f for f in self.fields if f.name == name), None)


class ReportFacts(BaseModel):
    """A report that the reader may run."""

    name: str
    label: str
    fields: list[Field] = []


class Schema(BaseModel):
    """All of it, with a version that changes when anything of it does."""

    version: str
    records: list[RecordFacts] = []
    actions: list[ActionFacts] = []
    reports: list[ReportFacts] = []

    def record(self, name: str) -> RecordFacts | None:
        """The description of a kind of record, if the reader may use it."""
        return next((r for r in self.records if r.name == name), None)
