"""Merging entries of citizens, and taking a merge back (SM-DUP)."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any
from uuid import UUID

from common.protocol.citizens import Merge, Merged, UndoMerge
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.record import RECORDS, Record
from server.modules.citizens import loaders
from server.modules.citizens.access import MERGE
from server.modules.citizens.records import KINDS, CitizenMerge

SAME = refusal("citizens.same", N_("These are one and the same entry."), 422)
TOO_MANY = refusal(
    "citizens.too_many_links",
    N_("More than {most} entries name the one that would go. Keep that one and merge the other into it."),
)
UNDONE = refusal("citizens.undone_already", N_("This merge was undone already."))
LATER = refusal("citizens.later_merge", N_("The kept entry was merged or deleted since. Undo that first."))

MOST_LINKS = 400
"""Links that one merge moves: each is a change with its audit row, and the writer is held at most 50 ms."""
FIXED = frozenset({"merged_into_id"})


@action(
    "citizens.merge", needs=MERGE, input=Merge, output=Merged,
    locks=lambda r: [("citizen", r.keep_id), ("citizen", r.gone_id)],
)  # fmt: skip
def merge(work: Work, request: Merge) -> Merged:
    """Let one entry go into another: whatever named it names the other from now on (APL-045)."""
    record = KINDS[request.kind]
    if request.keep_id == request.gone_id:
        work.refuse("citizens.same")
    kept, gone = work.get(record, request.keep_id), work.get(record, request.gone_id)
    values, taken = _taken(work, record, kept, gone, request.take)
    links = loaders.links_to(work, request.kind, gone.id, MOST_LINKS)
    if len(links) > MOST_LINKS:
        work.refuse("citizens.too_many_links", most=MOST_LINKS)
    for kind, record_id, field in links:
        _lead(work, RECORDS[kind], record_id, field, gone.id, kept.id, request.reason)
    # The one that goes first: a value that must be unique may move to the other.
    work.change(record, gone, because=request.reason, merged_into_id=kept.id, deleted_at=work.now)
    if values:
        work.change(record, kept, because=request.reason, **values)
    row = work.insert(
        CitizenMerge, kind=request.kind, kept_id=kept.id, gone_id=gone.id, why=request.reason,
        moved=[[kind, str(record_id), field] for kind, record_id, field in links], taken=taken, undone=False,
    )  # fmt: skip
    work.notify("citizens", "merged", type=request.kind, id=kept.id)
    return Merged(merge_id=row.id, moved=len(links))


def _of_merge(request: UndoMerge) -> list[tuple[str, Any]]:
    return [("citizen_merge", request.id)]


@action(
    "citizens.undo_merge", needs=MERGE, input=UndoMerge, output=Merged, locks=_of_merge,
    on=CitizenMerge, label=N_("Undo the merge"), question=N_("Make two entries of it again?"),
)  # fmt: skip
def undo_merge(work: Work, request: UndoMerge) -> Merged:
    """Make both entries what they were. What somebody changed since stays as it is now, and is counted."""
    row = work.get(CitizenMerge, request.id)
    if row.undone:
        work.refuse("citizens.undone_already")
    record = KINDS[row.kind]
    kept, gone = (loaders.row_of(work, record, one) for one in (row.kept_id, row.gone_id))
    if kept is None or gone is None or kept.deleted_at is not None or gone.merged_into_id != kept.id:
        work.refuse("citizens.later_merge")
    back, left = _given_back(work, record, kept, row.taken or {})
    if back:
        work.change(record, kept, **back)
    work.change(record, gone, merged_into_id=None, deleted_at=None)
    moved = 0
    for kind, record_id, field in row.moved:
        if kind in RECORDS and _lead(work, RECORDS[kind], UUID(record_id), field, kept.id, gone.id, None):
            moved += 1
        else:
            left += 1
    work.change(CitizenMerge, row, undone=True)
    work.notify("citizens", "unmerged", type=row.kind, id=kept.id)
    return Merged(merge_id=row.id, moved=moved, left=left)


def _taken(work: Work, record: type[Record], kept: Any, gone: Any, names: list[str]) -> tuple[dict[str, Any], Any]:
    """The values that the kept entry takes over, and what stands of them in the merge's record."""
    values: dict[str, Any] = {}
    stands: dict[str, list[Any]] = {}
    for name in dict.fromkeys(names):
        field = record.fields().get(name)
        if field is None or field.read_only or not work.may_see(field):
            work.refuse("records.unknown_field", field=name)
        values[name] = _open(work, record, name, getattr(gone, name))
        stands[name] = [_sealed(getattr(kept, name)), _sealed(getattr(gone, name))]
    record.check(work, kept, dict(values))
    return values, stands


def _given_back(work: Work, record: type[Record], kept: Any, taken: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The values that the kept entry had before, and how many stay since they were changed meanwhile."""
    back: dict[str, Any] = {}
    left = 0
    for name, (before, after) in taken.items():
        now = _open(work, record, name, getattr(kept, name))
        if now == _restored(work, record, name, after):
            back[name] = _restored(work, record, name, before)
        else:
            left += 1
    return back, left


def _lead(work: Work, record: type[Record], record_id: Any, field: str, old: Any, new: Any, because: Any) -> bool:
    """Let one link lead elsewhere, if it still leads where it did."""
    row = loaders.row_of(work, record, record_id)
    if row is None:
        return False
    value = getattr(row, field)
    if isinstance(value, list):
        if str(old) not in value:
            return False
        changed: Any = list(dict.fromkeys(str(new) if one == str(old) else one for one in value))
    elif value != old:
        return False
    else:
        changed = new
    work.change(record, row, because=because, **{field: changed})
    return True


def _open(work: Work, record: type[Record], name: str, value: Any) -> Any:
    if value is not None and record.fields()[name].protected:
        return work.engine.vault.open(record.plan().place_of(name), value)
    return value


def _sealed(value: Any) -> Any:
    """A value as it stands in a merge's record: ciphertext as text, days as ISO text."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _restored(work: Work, record: type[Record], name: str, value: Any) -> Any:
    field = record.fields()[name]
    if value is None:
        return None
    if field.protected:
        return work.engine.vault.open(record.plan().place_of(name), base64.b64decode(value))
    return date.fromisoformat(value) if field.kind == "day" else value
