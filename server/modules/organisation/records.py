"""Records of the organisation."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import Index
from sqlalchemy import text as condition
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.dictionaries import dictionary
from server.engine.records.fields import (
    address,
    choice,
    colour,
    day,
    document,
    email,
    entry,
    image,
    link,
    links,
    number,
    parent,
    period,
    phone,
    place,
    text,
    words,
    yes_no,
)
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.engine.records.unique import unique_together
from server.modules.organisation.access import EDIT, FILES, SEE
from server.modules.organisation.events import PostsChanged, RolesGiven, StaffRenamed
from server.modules.organisation.questions import PostInUse
from server.modules.organisation.rules import bad_periods, bare_name

RIGHTS = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
HOURS_WRONG = refusal(
    "organisation.hours_wrong", N_("{field}: give periods as 08:00 to 17:00 that follow one another."), 422
)
ZONE_WRONG = refusal(
    "organisation.time_zone_wrong", N_("{value} is not a time zone. Choose one such as Asia/Tehran."), 422
)
MOBILE_TAKEN = refusal(
    "organisation.mobile_taken",
    N_("{holder} has this mobile number already. Give another one, or change theirs first."),
)
POST_HELD = refusal(
    "organisation.post_held", N_("{who} still holds this post. End that first, or keep the post."),
)  # fmt: skip
POST_IN_USE = refusal("organisation.post_in_use", N_("{what} still waits for this post. Hand it over first."))

STAGES = (("in_setup", N_("Being set up")), ("open", N_("Open to the public")))
"""A half-made hall is not open to the public: only `organisation.open_hall` opens it."""


DEPARTMENT_STATES = (("present", N_("In the hall")), ("withdrawn", N_("Withdrawn")))
SEXES = (("female", N_("Female")), ("male", N_("Male")))
STAFF_CATEGORIES = (("front", N_("Front office")), ("back", N_("Back office")))
STAFF_STATES = (("normal", N_("Normal")), ("leave", N_("On leave")), ("cancelled", N_("Cancelled")))
DISPATCH = dictionary(
    "dispatch_status",
    N_("Dispatch status"),
    (("dispatched", N_("Dispatched")), ("employed", N_("Employed here")), ("contract", N_("On contract"))),
)
DUTIES = dictionary(
    "duty",
    N_("Duty"),
    (("clerk", N_("Clerk")), ("window_head", N_("Window head")), ("section_head", N_("Section head"))),
)
dictionary(
    "matter_category",
    N_("Event handling categories"),
    (
        ("application", N_("Application")), ("consultation", N_("Consultation")), ("complaint", N_("Complaint")),
        ("suggestion", N_("Suggestion")), ("other", N_("Other matter")),
    ),
)  # fmt: skip
"""The categories of all work matters, kept and sorted by the administrator (ADM-031)."""


class Outlet(Record):
    """A place where citizens are served: one public hall with its time zone, hours and languages."""

    label = N_("Outlet")
    plural = N_("Outlets")
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
    region_id: Mapped[UUID] = link("region", N_("Region"), in_list=True, required=False)
    main: Mapped[bool] = yes_no(N_("Greets at this server"), default=False)
    stage: Mapped[str] = choice(N_("Stage"), STAGES, default="open", read_only=True)
    setup: Mapped[dict[str, Any]] = document(N_("First set-up"), required=False, read_only=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if values.get("time_zone") and values["time_zone"] not in available_timezones():
            work.refuse("organisation.time_zone_wrong", value=values["time_zone"])
        if values.get("hours") is not None and bad_periods(values["hours"]):
            work.refuse("organisation.hours_wrong", field="hours")


class SpecialDay(Record):
    """A day with hours of its own: a holiday without any, a long Thursday, a Saturday that is worked (QUE-935)."""

    label = N_("Special day")
    plural = N_("Special days")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), in_list=True, index=False)
    day: Mapped[date] = day(N_("Day"), in_list=True)
    periods: Mapped[list[list[str]]] = document(N_("Opening hours"), default=[])
    """As in a week's hours; without any the hall is closed."""
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True, required=False)

    __table_args__ = (unique_together("ux_special_day", "outlet_id", "day"),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if values.get("periods") is not None and bad_periods({"mon": values["periods"]}):
            work.refuse("organisation.hours_wrong", field="periods")


class Region(Record):
    """A part of the country or town that outlets belong to (COR-037)."""

    label = N_("Region")
    plural = N_("Regions")
    title = ("name",)
    order = ("place", "name")
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    code: Mapped[str] = text(N_("Code"), length=20, in_list=True, search=True, required=False, unique=True)
    parent_id: Mapped[UUID] = parent("region", N_("Belongs to"), in_list=True)
    place: Mapped[int] = place(N_("Place in the order"))


class Hall(Record):
    """A hall of an outlet; a branch hall is one too (COR-021)."""

    label = N_("Hall")
    plural = N_("Halls")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), in_list=True)
    floor: Mapped[str] = text(N_("Floor"), length=20, in_list=True, required=False)
    address: Mapped[dict[str, str]] = address(N_("Address"), required=False)
    telephone: Mapped[str] = phone(N_("Telephone"), protected=False, required=False)
    place: Mapped[int] = place(N_("Place in the order"))


class Location(Record):
    """A spot in a hall that things and people are found at: an entrance, a waiting area, a copy corner (COR-022)."""

    label = N_("Location")
    plural = N_("Locations")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), in_list=True)
    floor: Mapped[str] = text(N_("Floor"), length=20, in_list=True, required=False)
    hint: Mapped[dict[str, str]] = words(N_("How to find it"), required=False)


class Department(Record):
    """A body stationed in the hall (window unit), in a tree of any depth (COR-023, COR-024, COR-038, ADM-016)."""

    label = N_("Department")
    plural = N_("Departments")
    title = ("name",)
    order = ("place", "name")
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    short_name: Mapped[dict[str, str]] = words(N_("Short name"), in_list=True, required=False)
    number: Mapped[str] = text(N_("Number"), length=20, in_list=True, search=True, required=False, unique=True)
    parent_id: Mapped[UUID] = parent("department", N_("Belongs to"), in_list=True)
    section_id: Mapped[UUID] = link("section", N_("Section"), in_list=True, required=False)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), required=False)
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), in_list=True, required=False)
    telephone: Mapped[str] = phone(N_("Telephone"), protected=False, required=False)
    state: Mapped[str] = choice(N_("State"), DEPARTMENT_STATES, default="present", in_list=True)
    place: Mapped[int] = place(N_("Place in the order"))


class Section(Record):
    """A part of the hall's offer, such as registration or taxes."""

    label = N_("Section")
    plural = N_("Sections")
    title = ("name",)
    order = ("place", "name")
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    colour: Mapped[str] = colour(N_("Colour"), in_list=True)
    place: Mapped[int] = place(N_("Place in the order"))


class Zone(Record):
    """A calling zone: its own queues, voice and central display (QUE-010)."""

    label = N_("Zone")
    plural = N_("Zones")
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
    plural = N_("Windows")
    title = ("label_text",)
    rights = RIGHTS
    scope = OPEN

    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"))
    zone_id: Mapped[UUID] = link("zone", N_("Zone"), in_list=True)
    label_text: Mapped[str] = text(N_("Number"), length=8, in_list=True, search=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True, required=False)
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), in_list=True, required=False)
    location_id: Mapped[UUID] = link("location", N_("Location"), required=False)
    department_id: Mapped[UUID] = link("department", N_("Department"), in_list=True, required=False)
    place: Mapped[int] = number(N_("Place in the order"), default=0, least=0, most=9999)
    in_service: Mapped[bool] = yes_no(
        N_("In operation"), default=True, in_list=True,
        help=N_("Nobody can sit down at a window that is out of service, and it accepts nothing."),
    )  # fmt: skip

    __table_args__ = (unique_together("ux_window_label", "outlet_id", "label_text"),)


class Office(Record):
    """A room of the back office (COR-025)."""

    label = N_("Office")
    plural = N_("Offices")
    title = ("number",)
    rights = RIGHTS
    scope = OPEN

    number: Mapped[str] = text(N_("Number"), length=20, in_list=True, search=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True, required=False)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"))
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), in_list=True, required=False)
    department_id: Mapped[UUID] = link("department", N_("Department"), in_list=True, required=False)
    telephone: Mapped[str] = phone(N_("Telephone"), protected=False, required=False)

    __table_args__ = (unique_together("ux_office_number", "outlet_id", "number"),)


class StaffMember(Record):
    """Somebody who works in the hall: what the staff card shows (EVA-017), and the file of the person (COR-018)."""

    label = N_("Staff member")
    plural = N_("Staff members")
    title = ("name",)
    rights = RIGHTS
    scope = OPEN
    attachments = True
    attachments_need = FILES
    sections = (
        ("work", N_("Work")),
        ("contact", N_("Contact")),
        ("person", N_("Person")),
    )

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    staff_number: Mapped[str] = text(N_("Staff number"), length=20, in_list=True, search=True, unique=True)
    post: Mapped[dict[str, str]] = words(N_("Post"), in_list=True, required=False)
    department_id: Mapped[UUID] = link("department", N_("Department"), in_list=True, required=False)
    photo: Mapped[UUID] = image(N_("Photo"))
    post_kind: Mapped[str] = text(N_("Kind of post"), length=30, default="", required=False)
    section_id: Mapped[UUID] = link("section", N_("Section"), section="work", required=False)
    hall_id: Mapped[UUID] = link("hall", N_("Hall"), section="work", in_list=True, required=False)
    window_id: Mapped[UUID] = link("window", N_("Window"), section="work", in_list=True, required=False)
    office_id: Mapped[UUID] = link("office", N_("Office"), section="work", required=False)
    category: Mapped[str] = choice(N_("Category"), STAFF_CATEGORIES, section="work", required=False, in_list=True)
    duty_id: Mapped[UUID] = entry(DUTIES, N_("Duty"), section="work", required=False)
    dispatch_id: Mapped[UUID] = entry(DISPATCH, N_("Dispatch status"), section="work", required=False)
    dispatching_unit: Mapped[str] = text(N_("Dispatching unit"), section="work", required=False)
    entered_on: Mapped[date] = day(N_("Entry"), section="work", in_list=True, required=False)
    state: Mapped[str] = choice(N_("State"), STAFF_STATES, section="work", default="normal", in_list=True)
    appraised: Mapped[bool] = yes_no(N_("Takes part in appraisal"), section="work", default=True)  # ADM-014
    work_phone: Mapped[str] = phone(N_("Work phone"), protected=False, section="contact", required=False)
    mobile: Mapped[str] = phone(N_("Mobile phone"), section="contact", required=False, needs=FILES)
    mail: Mapped[str] = email(N_("E-mail"), section="contact", required=False)
    sex: Mapped[str] = choice(N_("Sex"), SEXES, section="person", required=False, needs=FILES)
    born_on: Mapped[date] = day(N_("Date of birth"), section="person", required=False, needs=FILES)
    work_permit: Mapped[str] = text(N_("Work permit number"), length=40, section="person", required=False, needs=FILES)

    # COR-I12; the database's own word for two who come at once, `_refuse_taken_mobile` says it in words.
    __table_args__ = (
        Index(
            "ux_staff_member_mobile", "mobile_exact", unique=True,
            sqlite_where=condition("deleted_at IS NULL AND state <> 'cancelled'"),
            postgresql_where=condition("deleted_at IS NULL AND state <> 'cancelled'"),
        ),
    )  # fmt: skip

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        _refuse_taken_mobile(work, before, values)
        if before is not None and "name" in values and values["name"] != before.name:
            work.emit(StaffRenamed(person_id=before.id, name=values["name"]))
        if before is not None and {"department_id", "section_id", "hall_id"} & values.keys():
            work.emit(PostsChanged())


class Post(Record):
    """A post of the organisation chart: under another post, held by one or several people, carrying roles (ADM-015,
    ADM-017)."""

    label = N_("Post")
    plural = N_("Posts")
    title = ("name",)
    order = ("place", "name")
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    department_id: Mapped[UUID] = link("department", N_("Department"), in_list=True)
    parent_id: Mapped[UUID] = parent("post", N_("Under the post"), in_list=True)
    head: Mapped[bool] = yes_no(N_("Heads the department"), in_list=True)
    seats: Mapped[int] = number(N_("Seats"), default=1, least=1, most=500)
    roles: Mapped[list[str]] = links("role", N_("Roles"))
    place: Mapped[int] = place(N_("Place in the order"))

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if before is not None and values.get("deleted_at"):
            # ADM-I02: nobody may hold it, and no running step may wait for it, which upper modules say.
            from server.modules.organisation.loaders_staff import holders_of  # it reads this record

            holders = holders_of(work, before.id)
            if holders:
                work.refuse("organisation.post_held", who=", ".join(bare_name(row.name) for row in holders))
            waiting = work.ask(PostInUse(post_id=before.id), "")
            if waiting:
                work.refuse("organisation.post_in_use", what=waiting)
        new = set(values.get("roles") or ()) - set((before.roles if before is not None else None) or ())
        if new:
            work.emit(RolesGiven(role_ids=tuple(sorted(new))))
        work.emit(PostsChanged())


class PostHolder(Record):
    """That a staff member holds a post from a day on, until another (ADM-017)."""

    label = N_("Holder of a post")
    plural = N_("Holders of posts")
    title = ("held",)
    lapses = "held"
    rights = RIGHTS
    scope = OPEN

    post_id: Mapped[UUID] = link("post", N_("Post"), in_list=True)
    staff_member_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True)
    held: Mapped[str] = period(N_("From, until"), in_list=True)
    acting: Mapped[bool] = yes_no(N_("Acting"), in_list=True)

    __table_args__ = (unique_together("ux_post_holder", "post_id", "staff_member_id", "held"),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if not values.get("deleted_at"):
            post = work.find(Post, values.get("post_id") or before.post_id)
            work.emit(RolesGiven(role_ids=tuple((post.roles if post is not None else None) or ())))
        work.emit(PostsChanged())


def _refuse_taken_mobile(work: Any, before: Any, values: dict[str, Any]) -> None:
    """Refuse a mobile number that another active person has: given now, or brought back with its person (COR-I12)."""
    place = StaffMember.plan().place_of("mobile")
    number = values.get("mobile")
    back = before is not None and ("state" in values or "deleted_at" in values)
    if "mobile" not in values and back and before.mobile is not None:
        number = work.engine.vault.open(place, before.mobile)
    state = values.get("state") or (before.state if before is not None else "normal")
    if not number or state == "cancelled" or values.get("deleted_at"):
        return
    from server.modules.organisation.loaders_staff import holder_of_mobile  # it reads this record

    blinds = work.engine.vault.blinds(place, "exact", number)
    holder = holder_of_mobile(work, blinds, before.id if before is not None else None)
    if holder is not None:
        work.refuse("organisation.mobile_taken", holder=bare_name(holder.name))
