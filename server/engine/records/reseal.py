"""Renewing the vault's key: a new key seals what comes, and what stands is sealed anew, a hundred rows at a time.

Which rows are left is told by the rows themselves, so that it goes on after a kill. Older keys stay: backups need them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select, update

from common.protocol.keeping import KeysView
from common.protocol.messages import Nothing
from common.text import N_
from server.engine.access.permissions import permission
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.jobs.declare import job
from server.engine.records.record import RECORDS, Record
from server.engine.vault import add_key

ROTATE = permission("vault.rotate", N_("Renew the key of protected values"))
BUSY = refusal(
    "vault.busy", N_("{left} values are still sealed with an older key. Wait until they are done, then renew it again.")
)

PIECE = 100


def _kinds() -> list[type[Record]]:
    return [record for _, record in sorted(RECORDS.items()) if record.plan().protected]


def _left(work: Work, record: type[Record]) -> Any:
    """Rows with a value under an older key: a ciphertext begins with its key's version."""
    table: Any = record.__table__
    current = work.engine.vault.current.to_bytes(2, "big")
    older = [func.substr(table.c[n], 1, 2) != current for n in record.plan().protected]
    return or_(*older)


@reading("vault.state", needs=ROTATE, input=Nothing, output=KeysView)
def state(work: Work, request: Nothing) -> KeysView:
    """How far protected values are sealed with the newest key."""
    whole = left = 0
    for record in _kinds():
        table: Any = record.__table__
        any_value = or_(*[table.c[n].is_not(None) for n in record.plan().protected])
        whole += work.connection.execute(select(func.count()).select_from(table).where(any_value)).scalar_one()
        left += work.connection.execute(select(func.count()).select_from(table).where(_left(work, record))).scalar_one()
    return KeysView(version=work.engine.vault.current, whole=whole, left=left)


@action("vault.rotate", needs=ROTATE, input=Nothing, output=KeysView, locks=lambda _r: [("vault", "rotate")])
def rotate(work: Work, request: Nothing) -> KeysView:
    """Make a new key and begin to seal everything with it."""
    now = state(work, request)
    if now.left:
        work.refuse("vault.busy", left=now.left)
    # The file first: a key that nothing uses yet does no harm, a value without its key would be lost.
    version = add_key(work.engine.data)
    work.audit("vault", None, {"key": [now.version, version]})
    work.notify("vault", "rotated", version=version)
    work.outcome.after.append(work.engine.vault.read)
    work.outcome.after.append(work.engine.jobs.wake)
    return KeysView(version=version, whole=now.whole, left=now.whole)


def next_piece(work: Work) -> type[Record] | None:
    """A kind with values under an older key, or nothing."""
    for record in _kinds():
        table: Any = record.__table__
        if work.connection.execute(select(table.c.id).where(_left(work, record)).limit(1)).first() is not None:
            return record
    return None


@job("vault.reseal", every_seconds=5, look=next_piece, label=N_("Seal protected values with the newest key"))
def reseal(work: Work, record: type[Record]) -> None:
    """Seal up to a hundred rows of one kind anew. Their versions stay: nothing that a reader sees has changed."""
    plan, vault = record.plan(), work.engine.vault
    table: Any = record.__table__
    rows = work.connection.execute(select(table).where(_left(work, record)).limit(PIECE)).all()
    for row in rows:
        values: dict[str, Any] = {}
        for name in plan.protected:
            sealed = getattr(row, name)
            if sealed is not None and int.from_bytes(bytes(sealed)[:2], "big") != vault.current:
                place = plan.place_of(name)
                fresh = vault.columns(place, vault.open(place, sealed))
                values[name], values[f"{name}_exact"], values[f"{name}_tail"] = fresh
        # Only where it still stands as it was read: somebody may have changed it on PostgreSQL meanwhile.
        same = [table.c[name] == getattr(row, name) for name in plan.protected if name in values]
        work.connection.execute(update(table).where(table.c.id == row.id, *same).values(**values))
    work.audit("vault", None, {str(table.name): [None, len(rows)]})
    work.notify("vault", "sealed", type=str(table.name))
