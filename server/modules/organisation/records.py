"""Records of the organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import choice, colour, document, image, link, number, text, words, yes_no
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.modules.organisation.access import EDIT, SEE
from server.modules.organisation.rules import bad_periods

RIGHTS = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
HOURS_WRONG = refusal(
    "organisation.hours_wrong", N_("{field}: give periods as 08:00 to 17:00 that follow one another."), 422
)
ZONE_WRONG = refusal(
    "organisation.time_zone_wrong", N_("{value} is not a time zone. Choose one such as Asia/Tehran."), 422
)

STAGES = (("in_setup", N_("Being set up")), ("open", N_("Open to the public")))
"""A half-made hall is not open to the public: only `organisation.open_hall` opens it."""


class Outlet(Record):
    """A place where citizens are served: one public hall with its time zone, hours and languages."""

    label = N_("Outlet")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    organisation: Mapped[dict[str, str]] = words(N_("Organisation"), in_list=True)
    time_zone: Mapped[str] = text(N_("Time zone"), default="UTC", in_list=True)
    languages: Mapped[list[str]] = document(N_("Languages"))
    hours: Mapped[dict[str, list[list[str]]]] = document(N_("Opening hours"))
    day_starts: Mapped[str] = text(N_("The business day starts at"), length=5, default="00:00")
    ticker: Mapped[list[dict[str, str]]] = document(N_("Ticker"), default=[])
    voice_languages: Mapped[list[str]] = document(N_("Languages of announcements"))
    main: Mapped[bool] = yes_no(N_("Greets at this server"), default=False)
    stage: Mapped[str] = choice(N_("Stage"), STAGES, default="open", read_only=True)
    setup: Mapped[dict[str, Any]] = document(N_("First set-up"), required=False, read_only=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if values.get("time_zone") and values["time_zone"] not in available_timezones():
            work.refuse("organisation.time_zone_wrong", value=values["time_zone"])
        if values.get("hours") is not None and bad_periods(values["hours"]):
            work.refuse("organisation.hours_wrong", field="hours")


class Department(Record):
    """A body stationed in the hall (window unit)."""

    label = N_("Department")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)


class Section(Record):
    """A part of the hall's offer, such as registration or taxes."""

    label = N_("Section")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    colour: Mapped[str] = colour(N_("Colour"), in_list=True)
    place: Mapped[int] = number(N_("Place in the order"), default=0, least=0, most=999)


class Zone(Record):
    """A calling zone: its own queues, voice and central display (QUE-010)."""

    label = N_("Zone")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), in_list=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    silent: Mapped[bool] = yes_no(N_("Silent calling"), default=False, in_list=True)
    voice_speed: Mapped[str] = choice(
        N_("Speed of announcements"),
        (("slow", N_("Slow")), ("normal", N_("Normal")), ("fast", N_("Fast"))),
        default="normal",
    )


class Window(Record):
    """The place where a citizen is served."""

    label = N_("Window")
    title = ("label_text",)
    rights = RIGHTS
    scope = OPEN

    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"))
    zone_id: Mapped[UUID] = link("zone", N_("Zone"), in_list=True)
    label_text: Mapped[str] = text(N_("Number"), length=8, in_list=True, search=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True, required=False)
    place: Mapped[int] = number(N_("Place in the order"), default=0, least=0, most=9999)

    __table_args__ = (Index("ux_window_label", "outlet_id", "label_text", unique=True),)


class StaffMember(Record):
    """Somebody who works in the hall: what the staff card shows (EVA-017)."""

    label = N_("Staff member")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    staff_number: Mapped[str] = text(N_("Staff number"), length=20, in_list=True, search=True, unique=True)
    post: Mapped[dict[str, str]] = words(N_("Post"), in_list=True, required=False)
    department_id: Mapped[UUID] = link("department", N_("Department"), in_list=True, required=False)
    photo: Mapped[UUID] = image(N_("Photo"))
    post_kind: Mapped[str] = text(N_("Kind of post"), length=30, default="", required=False)
