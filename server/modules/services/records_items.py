"""Records of service items (SM-ITEM): what the guide, the sample terminal and the portal tell of a matter, whether or not it
has a queue here."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.dictionaries import dictionary
from server.engine.records.fields import (
    choice,
    entry,
    link,
    links,
    money,
    parent,
    phone,
    place,
    text,
    words,
    yes_no,
)
from server.engine.records.fields import (
    number as whole,
)
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.engine.records.unique import unique_together
from server.modules.services.access import EDIT, SEE

RIGHTS = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
ADDRESS_WRONG = refusal(
    "services.address_wrong", N_("The address in the QR code begins with https:// or http:// and names a page."), 422
)

ITEM_TYPES = dictionary(
    "service_type",
    N_("Service type"),
    (
        ("permit", N_("Permit")),
        ("confirmation", N_("Confirmation")),
        ("registration", N_("Registration")),
        ("payment", N_("Payment")),
        ("public", N_("Public service")),
    ),
)
AUDIENCES = (("person", N_("Natural persons")), ("legal", N_("Legal persons")), ("both", N_("Both")))
CLASSES = (("department", N_("By department")), ("event", N_("By event")))
HOW = (("paper", N_("On paper")), ("electronic", N_("Electronic")), ("either", N_("Either")))
CURRENCIES = tuple((code, code) for code in ("CNY", "RUB", "IRR", "EUR", "USD"))
_ADDRESS = re.compile(r"https?://[^\s/?#.]+(\.[^\s/?#.]+|:\d+)[^\s]*")


class ItemCategory(Record):
    """A place in the guide's tree: by department or by event in life (SMP-001, GDE-006)."""

    label = N_("Category of items")
    plural = N_("Categories of items")
    title = ("name",)
    order = ("place", "name")
    rights = RIGHTS
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    parent_id: Mapped[UUID] = parent("item_category", N_("Belongs to"), in_list=True)
    grouping: Mapped[str] = choice(N_("Kind of category"), CLASSES, default="event", in_list=True)
    audience: Mapped[str] = choice(N_("For"), AUDIENCES, default="both", in_list=True)
    place: Mapped[int] = place(N_("Place in the order"))


class ServiceItem(Record):
    """A matter that citizens can have handled, with everything they ask about it (GDE-026, SMP-018)."""

    label = N_("Service item")
    plural = N_("Service items")
    title = ("name",)
    order = ("place", "name")
    rights = RIGHTS
    scope = OPEN
    attachments = True
    sections = (("handling", N_("Handling")), ("time", N_("Time and cost")), ("shown", N_("Showing")))

    number: Mapped[str] = text(N_("Number"), length=40, in_list=True, search=True, required=False)
    name: Mapped[dict[str, str]] = words(N_("Item name"), in_list=True)
    type_id: Mapped[UUID] = entry(ITEM_TYPES, N_("Service type"), in_list=True, required=False)
    audience: Mapped[str] = choice(N_("For"), AUDIENCES, default="both", in_list=True)
    categories: Mapped[list[str]] = links("item_category", N_("Categories"))
    content: Mapped[dict[str, str]] = words(N_("Item content"), required=False)
    conditions: Mapped[dict[str, str]] = words(N_("Conditions"), section="handling", required=False)
    process: Mapped[dict[str, str]] = words(N_("Process"), section="handling", required=False)
    amount_and_method: Mapped[dict[str, str]] = words(N_("Quantity and method"), section="handling", required=False)
    authority_id: Mapped[UUID] = link(
        "department", N_("Accepting authority"), section="handling", in_list=True, required=False
    )
    handled_at: Mapped[dict[str, str]] = words(N_("Place of handling"), section="handling", required=False)
    telephone: Mapped[str] = phone(N_("Contact phone"), protected=False, section="handling", required=False)
    service_id: Mapped[UUID] = link(
        "service", N_("Service with a queue"), section="handling", required=False,
        help=N_("Whoever reads about the item can take a ticket of this service."),
    )  # fmt: skip
    charge: Mapped[dict[str, str]] = words(N_("Charge standard"), section="time", required=False)
    promised_days: Mapped[int] = whole(
        N_("Promised time, working days"), least=0, most=2000, section="time", in_list=True, required=False,
        help=N_("Nought: done at once."),
    )  # fmt: skip
    legal_days: Mapped[int] = whole(
        N_("Statutory time, working days"), least=0, most=2000, section="time", required=False
    )
    code_address: Mapped[str] = text(N_("Address in the QR code"), length=500, section="shown", required=False)
    shown: Mapped[bool] = yes_no(N_("Shown to citizens"), default=True, section="shown", in_list=True)
    place: Mapped[int] = place(N_("Place in the order"), section="shown")

    __table_args__ = (unique_together("ux_service_item_number", "number"),)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if values.get("code_address") and not _ADDRESS.fullmatch(values["code_address"]):
            work.refuse("services.address_wrong", field="code_address")


class ItemRequirement(Record):
    """Something to bring for an item; a sample may be attached."""

    label = N_("Requirement")
    plural = N_("Requirements")
    title = ("name",)
    order = ("item_id", "place")
    rights = RIGHTS
    scope = OPEN
    attachments = True

    item_id: Mapped[UUID] = link("service_item", N_("Service item"), in_list=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    copies: Mapped[int] = whole(N_("Copies"), default=1, least=0, most=99, in_list=True)
    original: Mapped[bool] = yes_no(N_("The original is shown"), in_list=True)
    how: Mapped[str] = choice(N_("Form"), HOW, default="paper", in_list=True)
    needed: Mapped[bool] = yes_no(N_("Always needed"), default=True, in_list=True)
    note: Mapped[dict[str, str]] = words(N_("Note"), required=False)
    place: Mapped[int] = place(N_("Place in the order"))


class ItemFee(Record):
    """What an item costs."""

    label = N_("Fee")
    plural = N_("Fees")
    title = ("name",)
    order = ("item_id", "place")
    rights = RIGHTS
    scope = OPEN

    item_id: Mapped[UUID] = link("service_item", N_("Service item"), in_list=True)
    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    amount: Mapped[int] = money(N_("Amount"), "", in_list=True)
    currency: Mapped[str] = choice(N_("Currency"), CURRENCIES, in_list=True)
    place: Mapped[int] = place(N_("Place in the order"))
