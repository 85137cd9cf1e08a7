"""Answers taken: each read by its element's kind, what is needed asked for, everything wrong named at once. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from common.forms.definition import Element, FormDefinition
from common.forms.kinds import FILE_KINDS
from common.forms.state import Answers, Standing, State, begun, state
from common.records.values import NEEDED, BadValue, value_of
from common.records.values import SENTENCES as FIELD_SENTENCES
from common.rules.problems import NotComputed, WrongRule
from common.text import N_

SENTENCES = {
    **FIELD_SENTENCES,
    "unknown": N_("This form has no such field. It may have been changed: open it anew."),
    "pattern": N_("This does not have the right shape: {pattern}"),
    "rows_few": N_("At least {least} rows are needed."),
    "rows_many": N_("At most {most} rows are possible."),
    "choices_many": N_("Choose at most {most}."),
    "leaf": N_("Choose on every level."),
    "too_early": N_("The earliest day is {day}."),
    "too_late": N_("The latest day is {day}."),
    "files_many": N_("At most {most} files."),
    "file_gone": N_("This file is not there any more. Hand it in again."),
    "file_kind": N_("This kind of file is not accepted here: {kinds} only."),
    "file_large": N_("This file is too large: at most {most} kB."),
}
"""What is wrong with an answer, by code."""


@dataclass(frozen=True)
class Fault:
    """One wrong answer: under which key, and what."""

    key: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def said(self, say: Any) -> str:
        """The sentence, in the language of `say` (such as `common.text._`)."""
        return str(say(SENTENCES[self.code])).format(**self.facts)


@dataclass(frozen=True)
class FileFacts:
    """What must be known of a file handed in."""

    kind: str
    size: int
    name: str = ""


@dataclass(frozen=True)
class Taken:
    """Answers in their normal form, the form's state with them, and what is wrong; to be kept only when nothing is."""

    answers: dict[str, Any]
    state: State
    faults: list[Fault]


def taken(
    definition: FormDefinition,
    given: Answers,
    context: Mapping[str, Any] | None = None,
    *,
    whole: bool = True,
    before: Answers | None = None,
    rights: Mapping[str, str] | None = None,
    file: Callable[[UUID], FileFacts | None] | None = None,
) -> Taken:
    """Take what was filled in.

    `whole=False` keeps a draft: nothing need be there yet, but what is there must fit. `before` are the answers as they
    were: elements that may only be read or are hidden from this reader keep them, whatever was sent. `file` tells of a
    file, on the server; clients have looked at it when it was chosen."""
    return _Taking(definition, given, context or {}, whole, before or {}, rights or {}, file).done()


class _Taking:
    def __init__(
        self, definition: FormDefinition, given: Answers, context: Mapping[str, Any], whole: bool, before: Answers,
        rights: Mapping[str, str], file: Callable[[UUID], FileFacts | None] | None,
    ) -> None:  # fmt: skip
        self._of, self._context, self._whole = definition, context, whole
        self._before, self._rights, self._file = before, rights, file
        self._given = given
        self._faults: list[Fault] = []

    def done(self) -> Taken:
        read = {}
        for name, raw in self._given.items():
            element = self._of.by_name.get(name)
            if element is None or not element.answers or name in self._of.rows_of:
                self._faults.append(Fault(str(name)[:80], "unknown"))
            elif element.kind == "rows":
                read[name] = self._rows(element, raw)
            else:
                read[name] = self._read(element, name, raw)
        kept = {**read, **self._kept(read)}
        now = state(self._of, kept, self._context, self._rights)
        for standing in now.standing.values():
            self._stands(standing, now)
        broken = {fault.key for fault in self._faults}
        faults = [
            f for f in self._faults if f.code == "unknown" or f.key not in now.standing or now.standing[f.key].shown
        ]
        answers = {n: v for n, v in now.answers.items() if n not in broken}
        order = {key: n for n, key in enumerate(now.standing)}
        return Taken(answers, now, sorted(faults, key=lambda f: order.get(f.key, -1)))

    def _kept(self, read: dict[str, Any]) -> dict[str, Any]:
        """What this reader cannot change stays as it was, in a new form as it began."""
        now = state(self._of, read, self._context, self._rights)
        began = begun(self._of, self._context)
        return {
            name: self._before.get(name, began.get(name))
            for name, element in self._of.by_name.items()
            if element.answers and not element.value and name not in self._of.rows_of and self._closed(now, name)
        }

    def _closed(self, now: State, name: str) -> bool:
        names = (name, *(one.name for one in reversed(self._of.above[name])))
        right = next((self._rights[one] for one in names if one in self._rights), "write")
        return right != "write" or now.standing[name].read_only

    def _rows(self, rows: Element, raw: Any) -> list[dict[str, Any]]:
        if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
            if raw is not None:
                self._faults.append(Fault(rows.name, "kind"))
            return []
        if len(raw) > rows.most_rows:
            self._faults.append(Fault(rows.name, "rows_many", {"most": rows.most_rows}))
        found = []
        for at, row in enumerate(raw[: rows.most_rows]):
            read = {}
            for name, value in row.items():
                key = f"{rows.name}.{at}.{name}"[:120]
                if self._of.rows_of.get(name) != rows.name or not self._of.by_name[name].answers:
                    self._faults.append(Fault(key, "unknown"))
                else:
                    read[name] = self._read(self._of.by_name[name], key, value)
            closed = {
                n: e.default
                for n, e in self._of.by_name.items()
                if e.read_only and self._of.rows_of.get(n) == rows.name
            }
            found.append({**read, **closed})
        return found

    def _read(self, element: Element, key: str, raw: Any) -> Any:
        if element.value:
            return None  # it is computed, whatever was sent
        try:
            return _plain(answer_of(element, raw))
        except BadValue as bad:
            self._faults.append(Fault(key, bad.code, bad.facts))
            return None

    def _stands(self, standing: Standing, now: State) -> None:
        element, value = standing.element, standing.value
        if not element.answers or not standing.shown:
            return
        wrong = any(fault.key == standing.key for fault in self._faults)
        if element.kind == "rows":
            if self._whole and not wrong and len(value or ()) < element.least_rows:
                self._faults.append(Fault(standing.key, "rows_few", {"least": element.least_rows}))
            return
        if self._whole and standing.required and value in (None, "", [], {}) and not wrong:
            self._faults.append(Fault(standing.key, NEEDED))
        if value is None or wrong:
            return
        if element.kind == "date":
            self._day(standing, now)
        if element.kind in ("file", "image") and self._file is not None:
            self._files(standing)

    def _day(self, standing: Standing, now: State) -> None:
        element, day = standing.element, date.fromisoformat(standing.value)
        earliest, latest = (self._limit(standing, text, now) for text in (element.earliest, element.latest))
        if earliest is not None and day < earliest:
            self._faults.append(Fault(standing.key, "too_early", {"day": earliest.isoformat()}))
        elif latest is not None and day > latest:
            self._faults.append(Fault(standing.key, "too_late", {"day": latest.isoformat()}))

    def _limit(self, standing: Standing, text: str, now: State) -> date | None:
        try:
            rule = self._of.rule(standing.element.name, text, "day") if text else None
            found = rule.value(now.seen_from(standing.key)) if rule is not None else None
        except (WrongRule, NotComputed):
            return None
        return found if isinstance(found, date) else None

    def _files(self, standing: Standing) -> None:
        element = standing.element
        kinds = ["jpeg", "png"] if element.kind == "image" else element.file_kinds
        for identity in standing.value:
            facts = self._file(UUID(identity)) if self._file is not None else None
            if facts is None:
                self._faults.append(Fault(standing.key, "file_gone"))
            elif kinds and facts.kind not in {FILE_KINDS.get(one) for one in kinds}:
                self._faults.append(Fault(standing.key, "file_kind", {"kinds": ", ".join(kinds)}))
            elif facts.size > element.largest:
                self._faults.append(Fault(standing.key, "file_large", {"most": element.largest // 1024}))


def answer_of(element: Element, raw: Any) -> Any:
    """One answer in its normal form, nothing for an empty one. Raises BadValue."""
    if raw is None or raw in ("", [], {}):
        return None
    if element.kind in ("choices",):
        return _choices(element, raw)
    if element.kind == "cascade":
        return _cascade(element, raw)
    value = value_of(element.field, raw)
    if element.kind in ("file", "image") and len(value or ()) > element.most_files:
        raise BadValue("files_many", most=element.most_files)
    if element.kind == "text" and element.pattern and value and not fits(element.pattern, value):
        raise BadValue("pattern", pattern=element.pattern)
    return value


def fits(pattern: str, text: str) -> bool:
    """Whether a text has a shape: A a letter, 9 a digit, * either, other signs themselves; no other way to be slow."""
    if len(pattern) != len(text):
        return False
    tests: dict[str, Callable[[str], bool]] = {
        "A": str.isalpha, "9": lambda sign: re.fullmatch(r"[0-9]", sign) is not None, "*": str.isalnum,
    }  # fmt: skip
    return all(tests.get(wanted, wanted.__eq__)(sign) for wanted, sign in zip(pattern, text, strict=True))


def _choices(element: Element, raw: Any) -> list[str]:
    codes = {c.code for c in element.choices}
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise BadValue("kind")
    if any(one not in codes for one in raw):
        raise BadValue("choice")
    found = list(dict.fromkeys(raw))
    if element.most_choices and len(found) > element.most_choices:
        raise BadValue("choices_many", most=element.most_choices)
    return found


def _cascade(element: Element, raw: Any) -> str:
    """The code of the last choice; those above follow from it."""
    if not isinstance(raw, str) or raw not in {c.code for c in element.choices}:
        raise BadValue("choice")
    if any(c.parent == raw for c in element.choices):
        raise BadValue("leaf")
    return raw


def line_of(element: Element, code: str) -> list[str]:
    """Of a cascade: the codes from the first level to this choice."""
    parents = {c.code: c.parent for c in element.choices}
    line: list[str] = []
    while code in parents and code not in line:
        line.insert(0, code)
        code = parents[code]
    return line


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
