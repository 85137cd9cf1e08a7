"""What a column may fill: a field, one language of a text, one part of an address; and which one a heading means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from common.protocol.imports import Target, Targets
from common.records.values import ADDRESS_PARTS
from common.text import N_, translate
from common.text.fold import fold
from server.engine.actions.work import Work
from server.engine.records.fields import Field
from server.engine.records.record import Record
from server.engine.records.scope import may
from server.engine.records.shown import fields_for
from server.engine.records.unique import uniques

LANGUAGES = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
PARTS = {
    "country": N_("Country"), "region": N_("Region"), "city": N_("City"), "street": N_("Street"),
    "house": N_("House"), "flat": N_("Flat"), "postcode": N_("Postcode"),
}  # fmt: skip
NEVER = ("image", "files", "document")
"""What cannot stand in a cell."""
KEYS = ("text", "email", "phone", "identity_number", "number")
SEVERAL = re.compile(r"\s*[;,、،\n]\s*")


@dataclass(frozen=True)
class Filled:
    """A target by its name: the field, and the language or part of it."""

    name: str
    field: Field
    part: str = ""

    def label(self, language: str) -> str:
        """What heads its column."""
        label = translate(self.field.label, language)
        if self.field.kind == "words":
            return f"{label} ({LANGUAGES[self.part]})"
        if self.part:
            return f"{label}: {translate(PARTS[self.part], language)}"
        return label + (f" ({self.field.unit})" if self.field.unit else "")


def filled(work: Work, record: type[Record]) -> dict[str, Filled]:
    """Every target of a kind for this reader, in the order of its fields; fields given by the house serve as keys."""
    plan = record.plan()
    found: dict[str, Filled] = {}
    for name, field in fields_for(record, work.who).items():
        if field.computed or field.kind in NEVER:
            continue
        if field.read_only and name not in plan.series:
            continue
        if field.kind == "words":
            for code in LANGUAGES:
                found[f"{name}:{code}"] = Filled(f"{name}:{code}", field, code)
        elif field.kind == "address":
            for part in ADDRESS_PARTS:
                found[f"{name}:{part}"] = Filled(f"{name}:{part}", field, part)
        else:
            found[name] = Filled(name, field)
    return found


def keys(record: type[Record], targets: Iterable[Filled]) -> set[str]:
    """The targets by which rows may meet entries: unique ones, numbers of a series, protected numbers, the only title."""
    plan = record.plan()
    alone = {one.names[0] for one in uniques(record) if len(one.names) == 1} | set(plan.series) | set(plan.protected)
    if len(record.title) == 1:
        alone.add(record.title[0])
    return {one.name for one in targets if one.name in alone and one.field.kind in KEYS}


def shown_targets(work: Work, record: type[Record]) -> Targets:
    """The targets for the reader's screen."""
    known = filled(work, record)
    by = keys(record, known.values())
    return Targets(
        targets=[
            Target(
                name=name,
                label=one.label(work.language),
                kind=one.field.kind,
                required=needed(record, one) and one.part in ("", work.language),
                key=name in by,
                typed=not one.field.read_only,
                help=translate(one.field.help, work.language) if one.field.help else "",
            )
            for name, one in known.items()
        ],
        may_add=may(record, work.who, "add"),
        may_change=may(record, work.who, "edit"),
        reason_to_add="add" in record.reasons,
        reason_to_change="edit" in record.reasons,
    )


def needed(record: type[Record], one: Filled) -> bool:
    """Whether every new entry needs it: one without it cannot be added at all."""
    field = one.field
    if not field.required or field.read_only or field.shown_when or field.default is not None:
        return False
    return record.plan().defaults.get(field.name) is None and field.kind != "yes_no"


def guess(known: dict[str, Filled], headings: Iterable[str], language: str) -> list[str]:
    """For each heading the target that it means in one of the four languages, or nothing; each target once."""
    said: dict[str, str] = {}
    for code in sorted(LANGUAGES, key=lambda one: one == language):  # the reader's own language has the last word
        for name, one in known.items():
            if one.part and one.field.kind == "words":
                # A heading without a language means the reader's.
                if one.part == language:
                    said[_bare(translate(one.field.label, code))] = name
                for called in (one.part, LANGUAGES[one.part]):
                    said[_bare(f"{translate(one.field.label, code)} {called}")] = name
            said[_bare(one.label(code))] = name
            said[_bare(translate(one.field.label, code) if not one.part else one.label(code))] = name
    for name in known:
        said.setdefault(_bare(name), name)
        said.setdefault(_bare(name.removesuffix("_id")), name)
    taken: set[str] = set()
    guessed = []
    for heading in headings:
        name = said.get(_bare(heading), "")
        guessed.append(name if name not in taken else "")
        taken.add(name)
    return guessed


def _bare(heading: str) -> str:
    return " ".join(re.sub(r"[*():：（）\[\]_.,–—-]", " ", fold(heading)).split())
