"""How a zone's displays look: which parts they show, and the welcome that fills the screen (QUE-026)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.orm import Mapped

from common.protocol.queue_display import MOST_PARTS, DisplayPart, faults
from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import choice, document, link, words, yes_no
from server.engine.records.fields import number as whole
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.modules.queue.access import DISPLAYS_EDIT, LAYOUTS
from server.modules.queue.records_day import picture_fits

SECOND_DATES = (
    ("none", N_("None")),
    ("lunar", N_("Lunar calendar")),
    ("jalali", N_("Jalali calendar")),
    ("gregorian", N_("Gregorian calendar")),
)


PARTS_WRONG = refusal("queue.display_wrong", N_("Part {place} of the arrangement cannot be read: {what}."), 422)
MANY_PARTS = refusal("queue.display_parts", N_("A display has at most {most} parts. Take some away."), 422)
NO_CALL = refusal("queue.display_no_call", N_("A display shows the call: add that part."), 422)
FAULTS = {
    "outside": N_("Part {place} of the arrangement reaches beyond the screen. Move it, or make it smaller."),
    "small": N_("Part {place} of the arrangement is too small to be read. Make it larger."),
    "twice": N_("Part {place} of the arrangement stands there already. Take one of the two away."),
    "overlap": N_("Part {place} of the arrangement lies over another part. Move it, or make it smaller."),
}
for _code, _words in FAULTS.items():
    refusal(f"queue.display_{_code}", _words, 422)


def parts_fit(work: Any, parts: Any) -> None:
    """Refuse an arrangement that cannot be shown, before anything is changed."""
    if not isinstance(parts, list) or len(parts) > MOST_PARTS:
        work.refuse("queue.display_parts", most=MOST_PARTS)
    read = []
    for place, one in enumerate(parts, start=1):
        try:
            read.append(DisplayPart.model_validate(one))
        except ValidationError as wrong:
            first = wrong.errors()[0]
            where = ".".join(str(step) for step in first["loc"])
            work.refuse("queue.display_wrong", place=place, what=f"{where}: {first['msg']}")
        if read[-1].file_id is not None:
            picture_fits(work, read[-1].file_id)
    for code, place in faults(read):
        if code == "no_call":
            work.refuse("queue.display_no_call")
        work.refuse(f"queue.display_{code}", place=place + 1)


class DisplayLayout(Record):
    """A layout of displays: that of its zone, or of all zones that have none of their own."""

    label = N_("Display layout")
    plural = N_("Display layouts")
    title = ("name",)
    rights = Rights(see=LAYOUTS, add=DISPLAYS_EDIT, edit=DISPLAYS_EDIT, delete=DISPLAYS_EDIT)
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    zone_id: Mapped[UUID] = link(
        "zone",
        N_("Zone"),
        in_list=True,
        required=False,
        help=N_("Without one it holds for all zones without their own."),
    )
    in_use: Mapped[bool] = yes_no(N_("In use"), default=True, in_list=True)
    earlier: Mapped[bool] = yes_no(N_("Calls just before"), default=True)
    queues: Mapped[bool] = yes_no(N_("Queues of the services"), default=True)
    ticker: Mapped[bool] = yes_no(N_("Scrolling line"), default=True)
    parts: Mapped[list[dict[str, Any]]] = document(
        N_("Arrangement"), required=False,
        help=N_("Which part stands where; empty is the house's own arrangement of the three above."),
    )  # fmt: skip
    second_date: Mapped[str] = choice(N_("Second date"), SECOND_DATES, default="none")
    welcome: Mapped[dict[str, str]] = words(N_("Welcome over the whole screen"), required=False)
    welcome_after: Mapped[int] = whole(
        N_("Welcome after so long without a call"), default=10, least=0, most=240, unit="min",
        help=N_("The next call takes the screen back at once; 0 shows the welcome only before the day's first call."),
    )  # fmt: skip

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        from server.modules.queue.loaders_display import IN_USE  # it reads this table

        if values.get("parts"):
            parts_fit(work, values["parts"])
        new = {**({} if before is None else before._asdict()), **values}
        if new.get("in_use") and new.get("deleted_at") is None:
            for other in work.rows(IN_USE):
                if other.zone_id == new.get("zone_id") and (before is None or other.id != before.id):
                    work.refuse("queue.display_in_use")
        work.notify("queue.displays", "changed")
