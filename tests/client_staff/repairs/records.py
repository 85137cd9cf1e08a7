"""Fault reports, with every kind of field; declared in this one file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Mapped

from common.protocol.messages import Message, Nothing
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records import fields as f
from server.engine.records.description import facts
from server.engine.records.record import Record, When

SOLD = refusal("repairs.sold", N_("Money is never paid for {what}. Choose another place."), 422)
STATES = (("reported", N_("Reported")), ("accepted", N_("Accepted")), ("mended", N_("Mended")))


class FaultReport(Record):
    """A fault in the hall's equipment."""

    label = N_("Fault report")
    plural = N_("Fault reports")
    title = ("number", "equipment")
    order = ("-number",)
    reasons = ("delete",)
    attachments = True
    sections = (("about", N_("About it")), ("more", N_("Everything else")))

    number: Mapped[str] = f.numbered(N_("Number"), "F-{serial:04}", in_list=True, search=True)
    equipment: Mapped[str] = f.text(N_("Equipment"), in_list=True, search=True)
    urgency: Mapped[str] = f.choice(
        N_("Urgency"), (("low", N_("Low")), ("normal", N_("Normal")), ("urgent", N_("Urgent"))), default="normal",
        in_list=True,
    )  # fmt: skip
    why_urgent: Mapped[str] = f.text(N_("Why at once"), shown_when=(When("urgency", "is", "urgent"),))
    state: Mapped[str] = f.choice(N_("State"), STATES, default="reported", in_list=True, read_only=True)
    window_id: Mapped[UUID] = f.link("window", N_("Window"), in_list=True, required=False, section="about")
    fault: Mapped[str] = f.long_text(N_("Fault"), required=False, section="about")
    cost: Mapped[int] = f.money(N_("Cost"), "EUR", in_list=True, required=False, least=0, section="about")
    due: Mapped[date] = f.day(N_("Due"), in_list=True, required=False, section="about")
    name: Mapped[dict[str, str]] = f.words(N_("Sign"), required=False, section="more")
    share: Mapped[int] = f.percentage(N_("Share"), required=False, section="more")
    takes: Mapped[int] = f.duration(N_("Takes"), required=False, section="more")
    at: Mapped[datetime] = f.moment(N_("Seen at"), required=False, section="more")
    clock: Mapped[str] = f.time_of_day(N_("Daily at"), required=False, section="more")
    held: Mapped[str] = f.period(N_("Between"), required=False, section="more")
    colour: Mapped[str] = f.colour(N_("Colour"), required=False, section="more")
    staff: Mapped[list[str]] = f.links("staff_member", N_("Helpers"), section="more")
    caller: Mapped[str] = f.phone(N_("Caller"), required=False, section="more")
    mail: Mapped[str] = f.email(N_("E-mail"), required=False, section="more")
    where: Mapped[dict[str, str]] = f.address(N_("Address"), required=False, section="more")
    spot: Mapped[dict[str, float]] = f.coordinates(N_("Spot"), required=False, section="more")
    notes: Mapped[str] = f.rich_text(N_("Notes"), required=False, section="more")
    picture: Mapped[UUID] = f.image(N_("Picture"), section="more")
    paid: Mapped[bool] = f.yes_no(N_("Paid"), section="more")

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        """The moon is not paid for."""
        if values.get("equipment") == "Moon":
            work.refuse("repairs.sold", what="Moon", field="equipment")


class Accept(Message):
    """Input of `repairs.accept`."""

    id: UUID
    by: str = Field(title=N_("Mended by"), max_length=40, json_schema_extra=facts(section=""))


class Named(Message):
    """Input of `repairs.mend`."""

    id: UUID


@action(
    "repairs.accept", needs="fault_report.edit", input=Accept, output=Nothing, label=N_("Accept"), on=FaultReport,
    when=(When("state", "is", "reported"),),
)  # fmt: skip
def accept(work: Work, request: Accept) -> Nothing:
    """Take the report on."""
    row: Any = work.get(FaultReport, request.id)
    if request.by == "nobody":
        work.refuse(
            "repairs.sold", what="nobody", fields=[{"field": "by", "code": "choice", "message": "Name somebody."}]
        )
    work.change(FaultReport, row, state="accepted", fault=request.by)
    work.notify("repairs", "changed", type="fault_report", id=row.id, version=row.version + 1)
    return Nothing()


@action(
    "repairs.mend", needs="fault_report.edit", input=Named, output=Nothing, label=N_("Mended"), on=FaultReport,
    when=(When("state", "is", "accepted"),), question=N_("Is it really mended?"),
)  # fmt: skip
def mend(work: Work, request: Named) -> Nothing:
    """It works again."""
    row: Any = work.get(FaultReport, request.id)
    work.change(FaultReport, row, state="mended")
    work.notify("repairs", "changed", type="fault_report", id=row.id, version=row.version + 1)
    return Nothing()
