"""How a zone's displays look: which parts they show, and the welcome that fills the screen (QUE-026)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.records.fields import choice, link, words, yes_no
from server.engine.records.fields import number as whole
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.modules.queue.access import DISPLAYS_EDIT, LAYOUTS

SECOND_DATES = (
    ("none", N_("None")),
    ("lunar", N_("Lunar calendar")),
    ("jalali", N_("Jalali calendar")),
    ("gregorian", N_("Gregorian calendar")),
)


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
    second_date: Mapped[str] = choice(N_("Second date"), SECOND_DATES, default="none")
    welcome: Mapped[dict[str, str]] = words(N_("Welcome over the whole screen"), required=False)
    welcome_after: Mapped[int] = whole(
        N_("Welcome after so long without a call"), default=10, least=0, most=240, unit="min",
        help=N_("The next call takes the screen back at once; 0 shows the welcome only before the day's first call."),
    )  # fmt: skip

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        from server.modules.queue.loaders_display import IN_USE  # it reads this table

        new = {**({} if before is None else before._asdict()), **values}
        if new.get("in_use") and new.get("deleted_at") is None:
            for other in work.rows(IN_USE):
                if other.zone_id == new.get("zone_id") and (before is None or other.id != before.id):
                    work.refuse("queue.display_in_use")
        work.notify("queue.displays", "changed")
