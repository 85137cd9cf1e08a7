"""Roles and rights as a whole: the grid of the console, and what one account may do and why (ADM-003, ADM-022)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from common.protocol.messages import Nothing, Words
from common.protocol.rights import Held, Holder, KindFacts, MayDo, Right, RightsGrid, RoleFacts, WhatMay, Why
from common.text import translate
from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.principal import ALL
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import OPEN, OPERATIONS
from server.modules.organisation.public import PERSON
from server.modules.people.access import SEE
from server.modules.people.loaders import ALL_ROLES
from server.modules.people.loaders_rights import rights_of
from server.modules.people.loaders_ways import ALL_GRANTS, RoleHeld, roles_held, today
from server.modules.people.records import Account
from server.modules.people.rules import EVERYTHING, wider


@reading("people.rights", needs=SEE, input=Nothing, output=RightsGrid)
def rights(work: Work, request: Nothing) -> RightsGrid:
    """Every permission, every role with what it gives and who holds it today, and what opens which kind of record."""
    holders: dict[UUID, list[Holder]] = {}
    for way in roles_held(work):
        if not way.account.locked:
            holders.setdefault(way.role_id, []).append(
                Holder(account_id=way.account.id, name=way.account.name, by=way.by, through=way.through)
            )
    governs: dict[str, list[str]] = {}
    kinds = []
    for name, record in sorted(RECORDS.items()):
        operations = {op: right for op in OPERATIONS if (right := record.rights.of(op)) is not None}
        for op, right in operations.items():
            governs.setdefault(right, []).append(f"{name}.{op}")
        kinds.append(_kind(record, operations, work.language))
    return RightsGrid(
        rights=[
            Right(
                name=one.name, label=translate(one.label, work.language), module=_module(one.name),
                governs=governs.get(one.name, []),
            )
            for one in PERMISSIONS.values()
        ],
        roles=[
            RoleFacts(
                id=row.id, version=row.version, name=row.name, name_words=row.name_words,
                permissions=row.permissions or [], levels=row.levels or {}, hidden_fields=row.hidden_fields or [],
                holders=holders.get(row.id, []),
            )
            for row in work.rows(ALL_ROLES)
        ],
        kinds=[one for one in kinds if one.operations],
    )  # fmt: skip


@reading("people.what_may", needs=SEE, input=WhatMay, output=MayDo)
def what_may(work: Work, request: WhatMay) -> MayDo:
    """What an account may do today, each permission with every way by which it is held."""
    account = work.get(Account, request.account_id)
    person = work.first(PERSON, key_id=account.staff_member_id)
    roles = {row.id: row for row in work.rows(ALL_ROLES)}
    ways: dict[str, list[Why]] = {}

    def add(names: Iterable[str], levels: dict[str, str], by: str, role: Words, through: Words) -> None:
        everything = EVERYTHING in names
        for name in PERMISSIONS if everything else [n for n in names if n in PERMISSIONS]:
            level = ALL if everything else levels.get(name, ALL)
            ways.setdefault(name, []).append(Why(by=by, role=role, through=through, level=level))

    for way in _of(account.id, roles_held(work)):
        row = roles.get(way.role_id)
        if row is not None:
            add(row.permissions or (), row.levels or {}, way.by, row.name_words, way.through)
    for grant in work.rows(ALL_GRANTS):
        if grant.account_id == account.id:
            add((grant.permission,), {grant.permission: grant.level}, "grant", {}, {})
    now = rights_of(work.connection, account, account.staff_member_id, work.now, today(work))
    for giver in now.lent:
        lender = work.first(PERSON, key_id=giver.id)
        name = lender.name if lender is not None else {"en": giver.name}
        add(giver.permissions, dict(giver.levels), "mandate", {}, name)
    held = []
    for name, found in ways.items():
        level: str | None = None
        for why in found:
            level = wider(level, why.level)
        label = translate(PERMISSIONS[name].label, work.language)
        held.append(Held(permission=name, label=label, module=_module(name), level=level or ALL, ways=found))
    return MayDo(
        name=person.name if person is not None else {}, account=account.sign_in_name, locked=account.locked,
        held=sorted(held, key=lambda one: one.permission), hidden_fields=sorted(now.holds.hidden),
    )  # fmt: skip


def _of(account_id: UUID, ways: Iterable[RoleHeld]) -> list[RoleHeld]:
    return [way for way in ways if way.account.id == account_id]


def _kind(record: type[Record], operations: dict[str, str], language: str) -> KindFacts:
    return KindFacts(
        name=record.__tablename__,
        label=translate(record.plural or record.label, language),
        module=record.plan().module,
        operations=operations,
        scoped=record.scope is not None and record.scope != OPEN,
        fields={n: translate(f.label, language) for n, f in record.fields().items() if not f.secret},
    )


def _module(permission: str) -> str:
    return permission.partition(".")[0]
