"""Dialogs of the list: one generic, filled by what is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QDialog, QWidget

from client_staff.records.actions import AskDialog
from client_staff.records.desk import RecordDesk
from common.link import Offline, Refusal
from common.protocol.to_do import Startable, Startables, Submit, Submitted
from common.qt import dialogs
from common.records import Field
from common.text import _
from common.text.words import pick

ACCEPTED = QDialog.DialogCode.Accepted.value
KINDS = {"number": "number", "yes_no": "yes_no", "text": "text", "day": "day", "date": "day", "moment": "moment"}
"""How a flow's value is asked for; what stands not here is typed as text."""


async def ask(
    parent: QWidget, desk: RecordDesk, title: str, fields: list[Field], do: str,
    send: Callable[[dict[str, Any]], Awaitable[Any]],
) -> Any:  # fmt: skip
    """Ask until it is sent or cancelled; gives what `send` gave. A refusal stays in the dialog, with what was typed."""
    dialog = AskDialog(parent, desk, title, fields, do)
    found = None
    while found is None and await dialogs.open(dialog, keep=True) == ACCEPTED:
        try:
            found = await send(dialog.values() or {})
        except (Refusal, Offline) as why:
            dialog.refuse(why)
    dialog.deleteLater()
    return found


def person(label: str) -> Field:
    """Somebody who works here."""
    return Field("link", label, name="person_id", link="staff_member")


def words(label: str, *, needed: bool = False) -> Field:
    """A few sentences."""
    return Field("long_text", label, name="opinion", required=needed)


async def start(parent: QWidget, desk: RecordDesk, offered: Startables) -> Submitted | Startable | None:
    """What to submit, then what that wants to know; gives the case, or what begins with a form of its own (ASM-003)."""
    choices = tuple((one.code, pick(one.name)) for one in offered.items)
    first = Field(
        "choice", _("What"), name="code", choices=choices, default=choices[0][0] if len(choices) == 1 else None
    )
    dialog = AskDialog(parent, desk, _("Submit something"), [first], _("Continue"))
    chosen: Startable | None = None
    if await dialogs.open(dialog, keep=True) == ACCEPTED:
        code = str((dialog.values() or {}).get("code") or "")
        chosen = next((one for one in offered.items if one.code == code), None)
    dialog.deleteLater()
    if chosen is None or chosen.subject:
        return chosen
    fields = [Field("text", _("Subject"), name="subject", length=200)]
    fields += [
        Field(KINDS.get(one.kind, "text"), pick(one.label) or one.name, name=f"value_{one.name}", required=one.required)
        for one in chosen.fields
    ]
    code = chosen.code

    async def send(given: dict[str, Any]) -> Submitted:
        values = {n.removeprefix("value_"): v for n, v in given.items() if n.startswith("value_") and v is not None}
        told = Submit(code=code, subject=str(given.get("subject") or ""), values=values)
        return await desk.link.act("to_do.submit", told, Submitted)

    found: Submitted | None = await ask(parent, desk, pick(chosen.name), fields, _("Submit"), send)
    return found


def an_id(value: Any) -> UUID:
    """The id that a link's editor gave."""
    return UUID(str(value))
