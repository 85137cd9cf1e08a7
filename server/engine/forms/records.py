"""Records of forms: their versions, what was filled in, and each answer by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from common.text import N_
from server.engine.database.types import Day, Id
from server.engine.forms.access import ANSWERS, EDIT, SEE
from server.engine.records.fields import choice, document, link, long_text, moment, number, text, words
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN, Scope

VERSION_STATES = (
    ("draft", N_("Draft")),
    ("published", N_("Published")),
    ("retired", N_("Replaced")),
)
PURPOSES = (("form", N_("Form")), ("survey", N_("Survey")))
FILLED_STATES = (("draft", N_("Begun")), ("sent", N_("Sent")))


class Form(Record):
    """A form or survey; what it asks stands in its versions (SVD-012)."""

    label = N_("Form")
    plural = N_("Forms")
    title = ("name",)
    rights = Rights(see=SEE, edit=EDIT)
    scope = OPEN

    code: Mapped[str] = text(N_("Code"), length=60, in_list=True, search=True, read_only=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    purpose: Mapped[str] = choice(N_("Purpose"), PURPOSES, default="form", in_list=True, read_only=True)
    current: Mapped[int] = number(N_("Version in use"), in_list=True, required=False, read_only=True)

    __table_args__ = (Index("ux_form_code", "code", unique=True),)


class FormVersion(Record):
    """One version of a form. A published one never changes again: what was filled in stands on it."""

    label = N_("Version of a form")
    plural = N_("Versions of forms")
    title = ("form_id", "number")
    rights = Rights(see=SEE)
    scope = OPEN

    form_id: Mapped[UUID] = link("form", N_("Form"), in_list=True, index=False)
    number: Mapped[int] = number(N_("Version"), in_list=True)
    state: Mapped[str] = choice(N_("State"), VERSION_STATES, default="draft", in_list=True)
    definition: Mapped[dict[str, Any]] = document(N_("Definition"))
    published_at: Mapped[datetime] = moment(N_("Published"), in_list=True, required=False)
    note: Mapped[str] = long_text(N_("What is new"), required=False, in_list=True)

    __table_args__ = (Index("ux_form_version_number", "form_id", "number", unique=True),)


class FilledIn(Record):
    """A form that somebody filled in. Whole answers stand in it as they were taken; `form_answer` has each by itself."""

    label = N_("Filled form")
    plural = N_("Filled forms")
    title = ("form_id", "sent_at")
    order = ("-sent_at",)
    rights = Rights(see=ANSWERS)
    scope = Scope(own=("created_by",), outlet="outlet_id")
    traced = True

    form_id: Mapped[UUID] = link("form", N_("Form"), in_list=True, index=False)
    form_version_id: Mapped[UUID] = link("form_version", N_("Version"), index=False)
    state: Mapped[str] = choice(N_("State"), FILLED_STATES, default="draft", in_list=True)
    sent_at: Mapped[datetime] = moment(N_("Sent"), in_list=True, required=False)
    about: Mapped[str] = text(N_("Kind of entry"), length=60, required=False)
    about_id: Mapped[UUID] = mapped_column(Id, nullable=True)
    """Bare ids: what a form was about may go, and a place may close, without the answers."""
    outlet_id: Mapped[UUID] = mapped_column(Id, nullable=True)
    answers: Mapped[dict[str, Any]] = document(N_("Answers"), secret=True)

    __table_args__ = (
        Index("ix_filled_in_form", "form_id", "state", "sent_at", "id"),
        Index("ix_filled_in_about", "about_id"),
    )


class FormAnswer(Record):
    """One answer by itself, so that it can be asked for, sorted and counted alike on both databases. Written anew with its
    form, never changed; several choices and rows have several."""

    label = N_("Answer")
    plural = N_("Answers")
    title = ("name",)
    rights = Rights()
    scope = Scope(own=("created_by",))

    filled_in_id: Mapped[UUID] = link("filled_in", N_("Filled form"), index=False)
    form_id: Mapped[UUID] = mapped_column(Id, nullable=False)
    name: Mapped[str] = text(N_("Field"), length=40)
    row: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    number_value: Mapped[int] = mapped_column(BigInteger, nullable=True)
    day_value: Mapped[date] = mapped_column(Day, nullable=True)
    text_value: Mapped[str] = mapped_column(Text, nullable=True)
    text_sort: Mapped[str] = mapped_column(String(80), nullable=True)

    __table_args__ = (
        Index("ix_form_answer_filled", "filled_in_id", "name", "row"),
        Index("ix_form_answer_number", "form_id", "name", "number_value"),
        Index("ix_form_answer_day", "form_id", "name", "day_value"),
        Index("ix_form_answer_text", "form_id", "name", "text_sort"),
    )
