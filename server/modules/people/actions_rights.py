"""The verb that publishes what the grid of rights has changed."""

from __future__ import annotations

from typing import Any

from common.protocol.messages import Nothing
from common.protocol.rights import PublishRoles
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.record import RECORDS
from server.modules.people.access import EDIT
from server.modules.people.guards import ADMINISTRATORS
from server.modules.people.records import Role

NO_REASON = refusal("people.why_these_rights", N_("Say why these rights change; the roles' histories keep it."), 422)
UNKNOWN_FIELD = refusal("people.unknown_field", N_("There is no field {name} to hide."), 422)


def _alone(request: PublishRoles) -> list[tuple[str, Any]]:
    return [ADMINISTRATORS, *[("role", one.id) for one in request.roles]]


@action("people.publish_roles", needs=EDIT, input=PublishRoles, output=Nothing, locks=_alone)
def publish_roles(work: Work, request: PublishRoles) -> Nothing:
    """Give several roles their new rights, all or none; nobody gives what he has not, and an administrator remains."""
    reason = request.reason.strip()
    if not reason:
        work.refuse("people.why_these_rights")
    for one in request.roles:
        row = work.get(Role, one.id)
        if row.version != one.version:
            work.refuse("records.changed_meanwhile", record="role", id=str(row.id), version=row.version)
        _refuse_unknown_fields(work, one.hidden_fields)
        values = {
            "permissions": list(dict.fromkeys(one.permissions)),
            "levels": {n: at for n, at in one.levels.items() if n in one.permissions},
            "hidden_fields": sorted(set(one.hidden_fields)),
        }
        values = {n: v for n, v in values.items() if v != (getattr(row, n) or type(v)())}
        if values:
            Role.check(work, row, values)
            row = work.change(Role, row, because=reason, **values)
            work.notify("people", "changed", type="role", id=row.id, version=row.version)
    return Nothing()


def _refuse_unknown_fields(work: Work, names: list[str]) -> None:
    for name in names:
        kind, _dot, field = name.partition(".")
        record = RECORDS.get(kind)
        if record is None or field not in record.fields():
            work.refuse("people.unknown_field", name=name)
