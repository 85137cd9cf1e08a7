"""Records of content."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import choice, link, links, moment, number, period, words, yes_no
from server.engine.records.record import Record, Retention, Rights, When
from server.engine.records.scope import OPEN
from server.modules.content.access import EDIT, SEE

PUBLISHED = refusal(
    "content.published", N_("This announcement is published. Withdraw it before you change or delete it.")
)
AUDIENCE_EMPTY = refusal(
    "content.audience_empty", N_("Say for which outlets, halls, departments or roles this is."), 422
)
INTERNAL = refusal(
    "content.internal",
    N_("An announcement for some departments or roles is internal. It cannot be shown to the public as well."),
    422,
)
NOWHERE = refusal(
    "content.nowhere", N_("Say where this is to be read: in the staff program, in the hall or on the portal."), 422
)

STATES = (("draft", N_("Draft")), ("published", N_("Published")), ("withdrawn", N_("Withdrawn")))
AUDIENCES = (
    ("everyone", N_("All staff")),
    ("outlets", N_("Some outlets")),
    ("halls", N_("Some halls")),
    ("departments", N_("Some departments")),
    ("roles", N_("Some roles")),
)
PLACES = ("everyone", "outlets", "halls")
"""Audiences that the public belongs to as well: whoever stands there may read it."""
PUBLIC = ("on_displays", "on_kiosks", "on_portal")
_DRAFT = (When("state", "is_not", "published"),)


class Announcement(Record):
    """Something that staff, and if so marked the public, should know for a time (ADM-I08)."""

    label = N_("Announcement")
    plural = N_("Announcements")
    title = ("name",)
    order = ("-published_at", "name")
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
    scope = OPEN
    attachments = True
    sections = (("audience", N_("For whom")), ("where", N_("Where it is read")))

    name: Mapped[dict[str, str]] = words(N_("Title"), in_list=True, editable_when=_DRAFT)
    text: Mapped[dict[str, str]] = words(N_("Text"), rich=True, editable_when=_DRAFT)
    held: Mapped[str] = period(N_("From, until"), in_list=True, editable_when=_DRAFT)
    pinned: Mapped[bool] = yes_no(N_("Stays on top"), in_list=True, editable_when=_DRAFT)
    confirm: Mapped[bool] = yes_no(N_("Readers confirm that they have read it"), editable_when=_DRAFT)
    audience: Mapped[str] = choice(
        N_("For whom"), AUDIENCES, default="everyone", section="audience", in_list=True, editable_when=_DRAFT
    )
    departments: Mapped[list[str]] = links(
        "department", N_("Departments"), section="audience",
        shown_when=(When("audience", "is", "departments"),), editable_when=_DRAFT,
        help=N_("With all departments below them."),
    )  # fmt: skip
    halls: Mapped[list[str]] = links(
        "hall", N_("Halls"), section="audience", shown_when=(When("audience", "is", "halls"),), editable_when=_DRAFT
    )
    outlets: Mapped[list[str]] = links(
        "outlet", N_("Outlets"), section="audience",
        shown_when=(When("audience", "is", "outlets"),), editable_when=_DRAFT,
    )  # fmt: skip
    roles: Mapped[list[str]] = links(
        "role", N_("Roles"), section="audience", shown_when=(When("audience", "is", "roles"),), editable_when=_DRAFT
    )
    for_staff: Mapped[bool] = yes_no(N_("In the staff program"), default=True, section="where", editable_when=_DRAFT)
    on_displays: Mapped[bool] = yes_no(
        N_("On the hall's displays"), section="where", in_list=True, editable_when=_DRAFT,
        help=N_("Runs through the line below the calls, and over LED signs."),
    )  # fmt: skip
    on_kiosks: Mapped[bool] = yes_no(N_("On the kiosks"), section="where", in_list=True, editable_when=_DRAFT)
    on_portal: Mapped[bool] = yes_no(N_("On the portal"), section="where", in_list=True, editable_when=_DRAFT)
    state: Mapped[str] = choice(N_("State"), STATES, default="draft", read_only=True, in_list=True)
    edition: Mapped[int] = number(N_("Edition"), default=0, read_only=True)
    author_id: Mapped[UUID] = link("staff_member", N_("Author"), required=False, read_only=True, in_list=True)
    published_at: Mapped[datetime] = moment(N_("Published"), required=False, read_only=True, in_list=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if before is not None and before.state == "published":
            work.refuse("content.published")
        if values.get("deleted_at"):
            return
        whole = {
            n: values.get(n, getattr(before, n, None))
            for n in ("audience", "outlets", "halls", "departments", "roles", "for_staff", *PUBLIC)
        }
        audience = whole["audience"] or "everyone"
        public = any(whole[one] for one in PUBLIC)
        if audience != "everyone" and not whole[audience]:
            work.refuse("content.audience_empty")
        if audience not in PLACES and public:
            work.refuse("content.internal")  # ADM-I09
        if not public and whole["for_staff"] is False:
            work.refuse("content.nowhere")


class AnnouncementRead(Record):
    """That somebody has confirmed an edition of an announcement."""

    label = N_("Confirmation of reading")
    plural = N_("Confirmations of reading")
    title = ("announcement_id",)
    rights = Rights(see=SEE)
    scope = OPEN
    retention = Retention(days=1100, why=N_("Three years, as staff matters are kept."))

    announcement_id: Mapped[UUID] = link("announcement", N_("Announcement"), in_list=True, index=False)
    person_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True)
    edition: Mapped[int] = number(N_("Edition"), in_list=True)
    read_at: Mapped[datetime] = moment(N_("Read"), in_list=True)

    __table_args__ = (Index("ux_announcement_read", "announcement_id", "person_id", "edition", unique=True),)
