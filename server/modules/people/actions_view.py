"""What somebody has in view: told and switched (COR-038, COR-039)."""

from __future__ import annotations

from typing import Any

from common.protocol.messages import Nothing
from common.protocol.workplaces import Choice, InView, SwitchView
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.people.loaders import ACCOUNT_OF_PERSON
from server.modules.people.loaders_view import REACH, VIEWED, chosen, reachable

BEYOND = refusal(
    "people.view_beyond",
    N_("This outlet or department does not lie within your rights, or it is not there any more."),
    403,
)


@reading("people.in_view", needs=None, input=Nothing, output=InView)
def in_view(work: Work, request: Nothing) -> InView:
    """What this person has in view, and what else may be."""
    return _told(work, work.first(ACCOUNT_OF_PERSON, key_person=work.who.id))


@action("people.switch_view", needs=None, input=SwitchView, output=InView)
def switch_view(work: Work, request: SwitchView) -> InView:
    """Look at another outlet or department from now on, at every PC: lists, pages and new entries follow."""
    account = work.first(ACCOUNT_OF_PERSON, key_person=work.who.id)
    if account is None:
        work.refuse("access.denied", action="people.switch_view")
    outlets, departments = reachable(work.connection, work.who.level(REACH), work.who.places)
    wanted = {"outlet": request.outlet_id, "department": request.department_id}
    for name, one in wanted.items():
        if one is not None and one not in (outlets if name == "outlet" else departments):
            work.refuse("people.view_beyond")
    kept = {name: str(one) for name, one in wanted.items() if one is not None}
    # Beside the account's version: whoever edits the account meanwhile is not disturbed.
    work.run(VIEWED, key_id=account.id, view=kept or None)
    work.audit("account", account.id, {"in_view": [account.in_view, kept or None]})
    work.notify("people", "view", type="account", id=account.id, person=work.who.id)
    return _told(work, work.first(ACCOUNT_OF_PERSON, key_person=work.who.id))


def _told(work: Work, account: Any) -> InView:
    level, places = work.who.level(REACH), work.who.places
    outlets, departments = reachable(work.connection, level, places)
    now = chosen(work.connection, account.in_view, level, places) if account is not None else {}
    return InView(
        outlet_id=now.get("outlet"), department_id=now.get("department"),
        outlets=[Choice(id=row.id, name=row.name) for row in outlets.values()],
        departments=[Choice(id=row.id, name=row.name, above=row.parent_id) for row in departments.values()],
    )  # fmt: skip
