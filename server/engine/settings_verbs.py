"""Settings as verbs: what a page of the console shows and changes, generated from the declarations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from common.protocol.settings import (
    SetSetting,
    SettingPast,
    SettingsAt,
    SettingState,
    SettingStates,
    SettingValue,
    SettingValues,
)
from common.text import N_, translate
from server.engine.access.permissions import permission
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.schema import setting_value
from server.engine.database.statements import Prepared
from server.engine.errors import Said, refusal
from server.engine.records.record import RECORDS
from server.engine.records.shown import names
from server.engine.settings import LEVELS, SETTINGS, TAKEN_BACK, Setting, read_values

SEE = permission("settings.see", N_("See settings"))
EDIT = permission("settings.edit", N_("Change settings"))

UNKNOWN = refusal("settings.unknown", N_("There is no setting {name}. Update this program."), 404)
NO_LEVEL = refusal("settings.no_level", N_("{named} cannot be set there."), 422)
NO_PLACE = refusal("settings.no_place", N_("The place of this setting does not exist any more."), 404)
PAST = refusal("settings.past", N_("A setting can begin now or later, not in the past."), 422)

_insert = Prepared(insert(setting_value).inline(), ("name", "level", "level_id", "value", "valid_from", "author"))
_of = Prepared(
    select(setting_value)
    .where(setting_value.c.name == bindparam("key_name"))
    .order_by(setting_value.c.valid_from.desc(), setting_value.c.id.desc())
    .limit(200)
)
_latest = Prepared(
    select(
        setting_value.c.name, setting_value.c.level, setting_value.c.level_id, setting_value.c.valid_from,
        setting_value.c.author,
    ).order_by(setting_value.c.valid_from, setting_value.c.id)
)  # fmt: skip


@reading("settings.at", needs=SEE, input=SettingsAt, output=SettingStates)
def at(work: Work, request: SettingsAt) -> SettingStates:
    """The settings that a level may have, with what holds there, where it comes from, since when and by whom."""
    _placed(work, request)
    chain = _above(work, request)
    said = {
        (row.name, row.level, row.level_id): (row.valid_from, row.author)
        for row in work.rows(_latest)
        if row.valid_from <= work.now
    }
    authors = names(work, "staff_member", {author for _, author in said.values() if author is not None})
    values = read_values(work.connection)  # as they stand, not as they were a fifth of a second ago
    states = []
    for declared in sorted(SETTINGS.values(), key=lambda s: s.name):
        if request.level not in declared.levels:
            continue
        state = _state(work, declared)
        for level in LEVELS[LEVELS.index(request.level) :]:
            if level not in declared.levels or level not in chain:
                continue
            found, value = work.engine.settings.own(values, declared.name, level, chain[level], work.now)
            if found:
                since, author = said.get((declared.name, level, chain[level]), (None, None))
                state |= {"value": value, "source": level, "since": since, "author": authors.get(str(author), "")}
                break
        found, own = work.engine.settings.own(values, declared.name, request.level, request.level_id, work.now)
        states.append(SettingState(**state, own=own if found else None))
    return SettingStates(settings=states)


def _state(work: Work, declared: Setting[Any]) -> dict[str, Any]:
    pairs = [one if isinstance(one, tuple) else (one, one) for one in declared.choices]
    return {
        "name": declared.name,
        "module": declared.name.split(".", 1)[0],
        "label": translate(declared.label, work.language),
        "help": translate(declared.help, work.language) if declared.help else "",
        "kind": declared.kind,
        "unit": declared.unit,
        "least": declared.least,
        "most": declared.most,
        "choices": [(code, translate(words, work.language)) for code, words in pairs],
        "default": declared.default,
        "levels": list(declared.levels),
        "value": declared.default,
    }


@action(
    "settings.set",
    needs=EDIT,
    input=SetSetting,
    output=SettingStates,
    locks=lambda request: [("setting", request.name)],
)
def set_one(work: Work, request: SetSetting) -> SettingStates:
    """Give a setting its value at a level, from now or from a moment to come; nothing takes it back."""
    declared = SETTINGS.get(request.name)
    if declared is None:
        work.refuse("settings.unknown", name=request.name)
    if request.level not in declared.levels:
        work.refuse("settings.no_level", named=Said(declared.label), level=request.level)
    _placed(work, request)
    value = None if request.value is None else declared.checked(request.value)
    begins = request.valid_from or work.now
    if begins < work.now:
        work.refuse("settings.past")
    found, before = work.engine.settings.own(
        read_values(work.connection), declared.name, request.level, request.level_id, work.now
    )
    work.run(
        _insert, name=declared.name, level=request.level, level_id=request.level_id,
        value=TAKEN_BACK if value is None else value,
        valid_from=begins, author=work.who.id,
    )  # fmt: skip
    work.audit("setting", request.level_id, {declared.name: [before if found else None, value]})
    work.notify("settings", "changed", name=declared.name)
    return SettingStates(settings=[])


@reading("settings.history", needs=SEE, input=SettingPast, output=SettingValues)
def history(work: Work, request: SettingPast) -> SettingValues:
    """Every value of a setting with its place, its begin and its author, the latest first."""
    if request.name not in SETTINGS:
        work.refuse("settings.unknown", name=request.name)
    rows = work.rows(_of, key_name=request.name)
    called = names(work, "staff_member", {row.author for row in rows if row.author is not None})
    places: dict[str, str] = {}
    for level in LEVELS[:-1]:
        places |= names(work, level, {row.level_id for row in rows if row.level == level and row.level_id is not None})
    return SettingValues(
        values=[
            SettingValue(
                level=row.level,
                level_id=row.level_id,
                place=places.get(str(row.level_id), ""),
                value=None if row.value == TAKEN_BACK else row.value,
                valid_from=row.valid_from,
                author=called.get(str(row.author), ""),
            )
            for row in rows
        ]
    )


def _placed(work: Work, request: SettingsAt) -> None:
    """Refuse a place that is not there."""
    if request.level == "system":
        if request.level_id is not None:
            work.refuse("settings.no_place")
        return
    record = RECORDS.get(request.level)
    if record is None or request.level_id is None or work.find(record, request.level_id) is None:
        work.refuse("settings.no_place")


def _above(work: Work, request: SettingsAt) -> dict[str, UUID | None]:
    """The places that a place lies in, by level, itself included."""
    chain: dict[str, UUID | None] = {"system": None}
    level: str = request.level
    place = request.level_id
    row: Any = work.find(RECORDS[level], place) if place is not None and level in RECORDS else None
    while row is not None:
        chain[level] = row.id
        following = [(n, getattr(row, f"{n}_id", None)) for n in LEVELS[LEVELS.index(level) + 1 : -1]]
        for name, identity in following:
            if identity is not None:
                chain.setdefault(name, identity)
        near = next(((n, i) for n, i in following if i is not None), None)
        if near is None:
            break
        level, place = near
        row = work.find(RECORDS[level], place)
    return chain
