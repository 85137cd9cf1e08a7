"""The verbs of workplaces: what somebody's own shows, all of them, keeping one (COR-036, ADM-002)."""

from __future__ import annotations

from typing import Any

from common.protocol.messages import Nothing
from common.protocol.workplaces import KeepWorkplace, Menu, Workplace, Workplaces
from common.text import N_
from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.declare import ACTIONS, action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.people.access import WORKPLACES
from server.modules.people.loaders import ALL_ROLES
from server.modules.people.loaders_workplaces import KEPT_WORKPLACES, WORKPLACES_NOW
from server.modules.people.records_workplaces import Workplace as Kept
from server.modules.people.rules_workplaces import fitting, problem

UNNAMED = refusal("people.workplace_unnamed", N_("Give the workplace a name."), 422)
BUTTON = refusal("people.workplace_button", N_("There is no button {name}."), 422)
LINE = refusal("people.workplace_line", N_("The line {name} of the menu lacks its name or what it leads to."), 422)
GROUP = refusal("people.workplace_group", N_("The heading {name} of the menu stands twice, or has no name."), 422)
TWICE = refusal("people.workplace_twice", N_("{name} stands twice in the menu. Take one of both out."), 422)
CHANGED = refusal(
    "people.workplace_changed", N_("Somebody has changed this workplace meanwhile. Read it again, then change it.")
)


@reading("people.workplace", needs=None, input=Nothing, output=Workplace)
def workplace(work: Work, request: Nothing) -> Workplace:
    """What the staff program shows to this person; nothing of its own where no workplace fits."""
    held = {row.id for row in work.rows(ALL_ROLES) if row.name in work.who.roles}
    found = fitting(WORKPLACES_NOW.read(work.connection), held)
    return _shown(found) if found is not None else Workplace()


@reading("people.workplaces", needs=WORKPLACES, input=Nothing, output=Workplaces, label=N_("Workplaces and menus"))
def workplaces(work: Work, request: Nothing) -> Workplaces:
    """Every workplace, in the order in which they are tried."""
    return Workplaces(items=[_shown(row) for row in work.rows(KEPT_WORKPLACES)])


@action(
    "people.keep_workplace", needs=WORKPLACES, input=KeepWorkplace, output=Workplace,
    locks=lambda r: [("workplace", r.workplace.id or "new")],
)  # fmt: skip
def keep_workplace(work: Work, request: KeepWorkplace) -> Workplace:
    """Keep a workplace as a whole; everybody whose it is sees it at once."""
    wanted = request.workplace
    wrong = problem(wanted, PERMISSIONS, ACTIONS, {row.id for row in work.rows(ALL_ROLES)})
    if wrong is not None:
        work.refuse(wrong[0], **wrong[1])
    values: dict[str, Any] = {
        "name": {code: text for code, text in wanted.name.items() if text},
        "roles": [str(role) for role in wanted.roles], "place": wanted.place, "start": wanted.start or None,
        "menu": wanted.menu.model_dump(mode="json") if wanted.menu is not None else None,
        "hidden_buttons": list(wanted.hidden_buttons), "searches": dict(wanted.searches),
    }  # fmt: skip
    if wanted.id is None:
        row = work.insert(Kept, **values)
    else:
        before = work.get(Kept, wanted.id)
        if before.version != wanted.version:
            work.refuse("people.workplace_changed")
        row = work.change(Kept, before, **values)
    work.notify("people", "workplace", type="workplace", id=row.id)
    return _shown(row)


def _shown(row: Any) -> Workplace:
    return Workplace(
        id=row.id, version=row.version, name=row.name, roles=row.roles or [], place=row.place,
        menu=Menu.model_validate(row.menu) if row.menu else None, start=row.start or "",
        hidden_buttons=row.hidden_buttons or [], searches=row.searches or {},
    )  # fmt: skip
