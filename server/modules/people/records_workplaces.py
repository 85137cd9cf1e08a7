"""Records of what the staff program shows to whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.records.fields import document, links, place, text, words
from server.engine.records.record import Record, Rights
from server.modules.people.access import WORKPLACES


class Workplace(Record):
    """What those of some roles see in the staff program: menu, first page, buttons, searches (COR-036, ADM-002). Kept by
    `people.keep_workplace`, which checks it as a whole."""

    label = N_("Workplace")
    plural = N_("Workplaces")
    title = ("name",)
    order = ("place",)
    rights = Rights(see=WORKPLACES, delete=WORKPLACES)

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    roles: Mapped[list[str]] = links("role", N_("Roles"), in_list=True)
    place: Mapped[int] = place(N_("Place"))
    start: Mapped[str] = text(N_("First page"), length=80, required=False)
    menu: Mapped[dict[str, Any]] = document(N_("Menu"), required=False)
    hidden_buttons: Mapped[list[str]] = document(N_("Buttons that are not shown"), required=False)
    searches: Mapped[dict[str, str]] = document(N_("Searches with which lists open"), required=False)
