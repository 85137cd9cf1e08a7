"""Prepared reading of whose ticket it is and of the lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary, bindparam, delete, select

from server.engine.database.statements import Prepared
from server.modules.queue.records_identity import TicketHolder, TicketListEntry

_holder: Any = TicketHolder.__table__
_entry = TicketListEntry.__table__

LISTED = Prepared(
    select(_entry.c.list, _entry.c.service_id, _entry.c.held).where(
        _entry.c.identity_exact == bindparam("exact", type_=LargeBinary()),
        _entry.c.document == bindparam("document"),
        _entry.c.deleted_at.is_(None),
    )
)
HOLDER = Prepared(select(_holder).where(_holder.c.ticket_id == bindparam("ticket")))
OVER = Prepared(
    select(_holder.c.id)
    .where(_holder.c.outlet_id == bindparam("outlet"), _holder.c.business_day < bindparam("day"))
    .limit(200)
)
"""Whose day is over."""
FORGET = Prepared(delete(_holder).where(_holder.c.id == bindparam("key_id")))
