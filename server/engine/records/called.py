"""What people are called who work here. Whoever is shown that a colleague did something is shown the name, whether or not that
colleague's file is open to the reader."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Table, select

from server.engine.actions.work import Work
from server.engine.records.record import RECORDS
from server.engine.records.shown import name_of

MOST = 500


def called(work: Work, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of people in the reader's language, also of those who left; whoever is no person is missing."""
    record = RECORDS["staff_member"]
    table: Table = record.__table__  # type: ignore[assignment]
    everyone, found = list({one for one in ids if one is not None}), {}
    for begin in range(0, len(everyone), MOST):
        rows = work.connection.execute(
            select(table.c.id, *[table.c[n] for n in record.title]).where(
                table.c.id.in_(everyone[begin : begin + MOST])
            )
        )
        found.update({row.id: name_of(record, row._mapping, work.language) for row in rows})
    return found
