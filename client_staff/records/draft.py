"""One record being written: what the server gave, what was changed, what is wrong with it. Pure, no widgets."""

from __future__ import annotations

from typing import Any

from common.records import BadValue, Field, RecordFacts, holds, value_of
from common.records.field import KINDS
from common.records.values import NEEDED, missing


class Draft:
    """`base` is the record as read, empty for a new one. Values are JSON, as they travel."""

    def __init__(self, facts: RecordFacts, base: dict[str, Any] | None) -> None:
        self.facts = facts
        self.new = base is None
        self.base: dict[str, Any] = base if base is not None else defaults(facts)
        self.changes: dict[str, Any] = {}
        self.theirs: dict[str, Any] = {}
        """Fields that were changed on both sides, with the other side's value; empty again once each is decided."""
        self._before: list[tuple[str, bool, Any]] = []

    @property
    def version(self) -> int | None:
        """The version on which the changes stand."""
        return self.base.get("version")

    @property
    def values(self) -> dict[str, Any]:
        """The record with the changes in it."""
        return {**self.base, **self.changes}

    def set(self, name: str, value: Any) -> None:
        """The person gave a value; giving back what was there is no change."""
        had = name in self.changes
        if (self.changes[name] if had else self.base.get(name)) == value:
            return
        # One step a field: typing letter by letter is undone as one.
        if not self._before or self._before[-1][0] != name:
            self._before.append((name, had, self.changes.get(name)))
        self._put(name, value)

    def undo(self) -> str | None:
        """Take the last step back; gives the field's name."""
        if not self._before:
            return None
        name, had, value = self._before.pop()
        if had:
            self._put(name, value)
        else:
            self.changes.pop(name, None)
        return name

    def discard(self) -> None:
        """Take all of it back."""
        self.changes.clear()
        self.theirs.clear()
        self._before.clear()

    def _put(self, name: str, value: Any) -> None:
        if _same(value, self.base.get(name)):
            self.changes.pop(name, None)
        else:
            self.changes[name] = value

    # what a field may be

    def shown(self, field: Field) -> bool:
        """Whether the form shows it now."""
        return all(holds(one, self.values) for one in field.shown_when)

    def editable(self, field: Field) -> bool:
        """Whether it may be written now."""
        if field.read_only or field.computed or (field.name not in self.base and not self.new):
            return False
        if field.kind not in KINDS or field.kind in ("document", "id") or (field.once and not self.new):
            return False
        operation = "add" if self.new else "edit"
        if operation not in self.facts.operations or self.base.get("deleted_at"):
            return False
        return all(holds(one, self.values) for one in field.editable_when)

    # what is wrong

    def fault(self, field: Field, raw: Any = ...) -> BadValue | None:
        """What is wrong with a field's value alone."""
        value = self.values.get(field.name) if raw is ... else raw
        if field.protected and isinstance(value, str) and "•" in value:
            return None
        try:
            value_of(field, value)
        except BadValue as why:
            return why
        return None

    def faults(self) -> dict[str, BadValue]:
        """Everything that the server would refuse of what may be written, by field in the form's order."""
        found: dict[str, BadValue] = {}
        values = self.values
        for field in self.facts.fields:
            if not self.shown(field) or not self.editable(field):
                continue
            if missing(field, values.get(field.name), values):
                found[field.name] = BadValue(NEEDED)
            elif (why := self.fault(field)) is not None:
                found[field.name] = why
        return found

    def to_send(self) -> dict[str, Any]:
        """What travels: for a new record everything that is there, else the changes."""
        if not self.new:
            return dict(self.changes)
        writable = {f.name for f in self.facts.fields if not f.read_only and not f.computed}
        return {n: v for n, v in self.values.items() if n in writable and v not in (None, "")}

    # somebody else was first

    def meet(self, current: dict[str, Any]) -> list[str]:
        """Take a newer version as the base. Gives the fields that the other side changed; where both did, `theirs` holds
        the other value until `decide`."""
        moved = [
            f.name
            for f in self.facts.fields
            if f.name in current and not f.computed and not _same(current[f.name], self.base.get(f.name))
        ]
        self.base = current
        for name in moved:
            if name not in self.changes:
                continue
            if _same(self.changes[name], current[name]):
                del self.changes[name]
            else:
                self.theirs[name] = current[name]
        return moved

    def decide(self, name: str, take_theirs: bool) -> None:
        """One side was chosen."""
        self.theirs.pop(name, None)
        if take_theirs:
            self.changes.pop(name, None)

    # for the disk

    def to_keep(self) -> dict[str, Any]:
        """The draft as it may lie on the disk: without protected values."""
        hidden = {f.name for f in self.facts.fields if f.protected}
        return {
            "version": self.version,
            "changes": {n: v for n, v in self.changes.items() if n not in hidden},
        }

    def take_kept(self, kept: dict[str, Any]) -> bool:
        """Go on with what was kept; says whether there is anything."""
        known = {f.name for f in self.facts.fields}
        for name, value in kept.get("changes", {}).items():
            if name in known:
                self._put(name, value)
        return bool(self.changes)


def defaults(facts: RecordFacts) -> dict[str, Any]:
    """What a new form begins with."""
    return {
        f.name: f.default if f.default is not None else (False if f.kind == "yes_no" else None) for f in facts.fields
    }


def _same(one: Any, other: Any) -> bool:
    return (one if one not in ("", {}, []) else None) == (other if other not in ("", {}, []) else None)
