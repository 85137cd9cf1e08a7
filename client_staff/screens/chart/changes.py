"""What is changed in the chart: moved, made, given, ended, deleted; each after its question, each to be taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from client_staff.records.actions import AskDialog
from client_staff.records.desk import RecordDesk
from client_staff.screens.chart.facts import Chart, Holding, Seat, Unit
from client_staff.screens.chart.layout import TOP
from common.link import Offline, Refusal, new_key
from common.qt import dialogs
from common.records import Field
from common.text import _, formats, ngettext
from common.text.direction import name as apart

UNIT_FIELDS = ("name", "short_name", "number", "section_id", "hall_id", "telephone", "state")
POST_FIELDS = ("name", "head", "seats", "roles")
HOLDER_FIELDS = ("staff_member_id", "held", "acting")


@dataclass(frozen=True)
class Undo:
    """How the last change is taken back."""

    what: str
    act: Callable[[], Awaitable[Any]]


class Changes:
    """Asks, does, and remembers how to take it back. Raises Refusal and Offline; nothing is changed then."""

    def __init__(self, page: QWidget, desk: RecordDesk, chart: Callable[[], Chart]) -> None:
        self._page, self._desk, self._chart = page, desk, chart
        self.undo: list[Undo] = []

    # moving

    async def move(self, what: str, onto: str) -> bool:
        """A department under another, or a post into a department or under a post; says first what goes with it."""
        chart = self._chart()
        if what in chart.units:
            return await self._move_unit(chart, chart.units[what], onto)
        return await self._move_seat(chart, chart.seats[what], onto)

    async def _move_unit(self, chart: Chart, unit: Unit, onto: str) -> bool:
        inside = chart.within(unit.id)
        posts = sum(seat.department_id in inside for seat in chart.seats.values())
        goes = formats.listing(
            [
                ngettext("{count} post", "{count} posts", posts).format(count=formats.number(posts)),
                formats.people(len(chart.staff(unit.id))),
            ]
        )
        where = _("to the top") if onto == TOP else _("under {name}").format(name=apart(chart.units[onto].name))
        sentence = _(
            "{what} goes {where}. With it go: {goes}. Rights that reach over a department then reach here from there."
        ).format(what=apart(unit.name), where=where, goes=goes)
        if not await dialogs.ask(self._page, _("Move the department?"), sentence, _("Move"), _("Leave it")):
            return False
        brothers = [one.id for one in chart.units.values() if one.parent_id == unit.parent_id]
        after = brothers.index(unit.id) + 1
        before_id = brothers[after] if after < len(brothers) else None
        records = self._desk.link.records
        await records.move("department", unit.id, onto or None, None)
        self._keep(
            _("Move of {name}").format(name=apart(unit.name)),
            lambda: records.move("department", unit.id, unit.parent_id, before_id),
        )
        return True

    async def _move_seat(self, chart: Chart, seat: Seat, onto: str) -> bool:
        above = chart.seats.get(onto)
        home = above.department_id if above is not None else onto
        name = above.name if above is not None else chart.units[onto].name
        holders = formats.listing([h.person.name for h in seat.holders]) or _("nobody")
        sentence = _("{what} goes to {name}. It is held by: {holders}. What the post carries stays with it.").format(
            what=apart(seat.name), name=apart(name), holders=apart(holders)
        )
        if not await dialogs.ask(self._page, _("Move the post?"), sentence, _("Move"), _("Leave it")):
            return False
        old = {"department_id": seat.department_id, "parent_id": seat.parent_id}
        new = {"department_id": home, "parent_id": above.id if above is not None else None}
        records = self._desk.link.records
        await records.edit("post", seat.id, new, version=seat.row.get("version"))
        self._keep(_("Move of {name}").format(name=apart(seat.name)), lambda: records.edit("post", seat.id, old))
        return True

    # making and changing

    async def new_unit(self, parent_id: str) -> str | None:
        """A department below another, or at the top."""
        return await self._make("department", _("New department"), UNIT_FIELDS, {"parent_id": parent_id or None})

    async def new_seat(self, department_id: str, parent_id: str | None) -> str | None:
        """A post in a department, under another post or not."""
        fixed = {"department_id": department_id, "parent_id": parent_id}
        return await self._make("post", _("New post"), POST_FIELDS, fixed)

    async def give(self, seat: Seat) -> str | None:
        """The post to somebody, from today on."""
        today = self._today()
        return await self._make(
            "post_holder", _("Give the post {name}").format(name=apart(seat.name)), HOLDER_FIELDS,
            {"post_id": seat.id}, {"held": f"{today}/"},
        )  # fmt: skip

    async def change(self, box_id: str) -> bool:
        """The fields of a department or post."""
        chart = self._chart()
        kind = "department" if box_id in chart.units else "post"
        row = dict((chart.units.get(box_id) or chart.seats[box_id]).row)
        names = UNIT_FIELDS if kind == "department" else POST_FIELDS
        title = self._desk.reader.text(Field("words", ""), row["name"])
        old = {name: row.get(name) for name in names}
        records = self._desk.link.records

        async def send(given: dict[str, Any], key: str) -> None:
            fresh = {name: given.get(name) for name in names if name in row}
            await records.edit(kind, box_id, fresh, version=row.get("version"), key=key)

        if await self._ask(title, self._fields(kind, names, old), _("Save"), send) is None:
            return False
        self._keep(_("Change of {name}").format(name=apart(title)), lambda: records.edit(kind, box_id, old))
        return True

    async def _make(
        self, kind: str, title: str, names: tuple[str, ...], fixed: dict[str, Any], first: dict[str, Any] | None = None
    ) -> str | None:
        records = self._desk.link.records

        async def send(given: dict[str, Any], key: str) -> str:
            return str((await records.create(kind, {**given, **fixed}, key=key))["id"])

        made = await self._ask(title, self._fields(kind, names, first or {}), _("Add"), send)
        if made is not None:
            self._keep(title, lambda: records.delete(kind, made))
        return made

    def _fields(self, kind: str, names: tuple[str, ...], values: dict[str, Any]) -> list[Field]:
        facts = self._desk.schema.record(kind)
        found = [facts.field(name) for name in names] if facts is not None else []
        return [replace(f, default=values.get(f.name, f.default)) for f in found if f is not None and not f.read_only]

    async def _ask(
        self, title: str, fields: list[Field], do: str, send: Callable[[dict[str, Any], str], Awaitable[Any]]
    ) -> Any:
        """The dialog until it is accepted by the server too; nothing when it was cancelled."""
        dialog = AskDialog(self._page, self._desk, title, fields, do)
        key = new_key()
        while True:
            if await dialogs.open(dialog, keep=True) != QDialog.DialogCode.Accepted.value:
                dialog.deleteLater()
                return None
            try:
                done = await send(dialog.values() or {}, key)
            except Offline as why:
                dialog.refuse(why)
                continue
            except Refusal as why:
                dialog.refuse(why)
                key = new_key()
                continue
            dialog.deleteLater()
            return done if done is not None else True

    # ending

    async def end(self, holding: Holding, seat: Seat) -> bool:
        """From today on this person does not hold the post any more."""
        sentence = _("{name} no longer holds {post} from today on, and loses what the post carries.").format(
            name=apart(holding.person.name), post=apart(seat.name)
        )
        if not await dialogs.ask(self._page, _("End it?"), sentence, _("End"), _("Leave it"), dangerous=True):
            return False
        records, first = self._desk.link.records, holding.held.partition("/")[0]
        yesterday = (self._desk.link.now().date() - timedelta(days=1)).isoformat()
        what = _("End of {name}").format(name=apart(holding.person.name))
        if first > yesterday:
            await records.delete("post_holder", holding.id)
            self._keep(what, lambda: records.restore("post_holder", holding.id))
        else:
            await records.edit("post_holder", holding.id, {"held": f"{first}/{yesterday}"})
            self._keep(what, lambda: records.edit("post_holder", holding.id, {"held": holding.held}))
        return True

    async def delete(self, box_id: str) -> bool:
        """A department or a post; the server refuses while anybody is there."""
        chart = self._chart()
        kind = "department" if box_id in chart.units else "post"
        name = (chart.units.get(box_id) or chart.seats[box_id]).name
        sentence = _("{name} leaves the chart. Its history stays, and it can be brought back.").format(name=apart(name))
        if not await dialogs.ask(self._page, _("Delete it?"), sentence, _("Delete"), _("Leave it"), dangerous=True):
            return False
        records = self._desk.link.records
        await records.delete(kind, box_id)
        self._keep(_("Deletion of {name}").format(name=apart(name)), lambda: records.restore(kind, box_id))
        return True

    async def take_back(self) -> str | None:
        """The last change; gives what it was, or nothing when there is none."""
        if not self.undo:
            return None
        last = self.undo[-1]
        await last.act()
        self.undo.pop()
        return last.what

    def _keep(self, what: str, act: Callable[[], Awaitable[Any]]) -> None:
        self.undo.append(Undo(what, act))

    def _today(self) -> str:
        return formats.local(self._desk.link.now(), self._desk.reader.zone).date().isoformat()
