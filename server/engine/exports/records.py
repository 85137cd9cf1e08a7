"""The runs of exports: whose, of what, how far."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.records.fields import choice, document, moment, number, text, yes_no
from server.engine.records.record import Record, Retention
from server.engine.records.scope import Rights, Scope

FORMS = (("xlsx", N_("Excel")), ("csv", N_("CSV")), ("pdf", N_("PDF")))
STATES = (
    ("waiting", N_("Waiting")),
    ("running", N_("Running")),
    ("done", N_("Done")),
    ("failed", N_("Failed")),
    ("stopped", N_("Stopped")),
)


class Export(Record):
    """A list on its way into a file."""

    label = N_("Export")
    plural = N_("Exports")
    title = ("file_name",)
    rights = Rights()
    scope = Scope(own=("created_by",))
    retention = Retention(days=30, after="created_at", why=N_("The file itself is kept for a day."))

    record_type: Mapped[str] = text(N_("Kind of entry"), length=60)
    form: Mapped[str] = choice(N_("Form"), FORMS)
    query: Mapped[dict[str, Any]] = document(N_("Search"))
    columns: Mapped[list[str]] = document(N_("Columns"))
    language: Mapped[str] = text(N_("Language"), length=2)
    state: Mapped[str] = choice(N_("State"), STATES, default="waiting")
    percent: Mapped[int] = number(N_("Progress"), default=0)
    rows: Mapped[int] = number(N_("Rows"), default=0)
    file_name: Mapped[str] = text(N_("File"), length=200, required=False)
    size: Mapped[int] = number(N_("Size"), default=0)
    problem: Mapped[str] = text(N_("What went wrong"), length=80, required=False)
    problem_facts: Mapped[dict[str, Any]] = document(N_("What went wrong, in detail"), required=False)
    beat_at: Mapped[datetime] = moment(N_("Last sign of life"), required=False)
    stop_wanted: Mapped[bool] = yes_no(N_("To be stopped"))
