"""What this database is: its id, the epoch of its notices, whether it is a demo."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from server.engine.database.schema import head, house


@dataclass
class House:
    """The values of the `house` table, read at start."""

    server_id: uuid.UUID
    epoch: str
    demo: bool
    portal_secret: str

    @classmethod
    def load(cls, connection: Connection) -> House:
        """Read them; an empty database gets an id, a first epoch and the heads of its chains."""
        stored = connection.execute(select(house.c.name, house.c.value))
        rows: dict[str, Any] = {row.name: row.value for row in stored}
        fresh = {
            "server_id": str(uuid.uuid4()),
            "epoch": secrets.token_hex(6),
            "demo": "no",
            "portal_secret": secrets.token_urlsafe(24),
        }
        for name, value in fresh.items():
            if name not in rows:
                connection.execute(insert(house).values(name=name, value=value))
                rows[name] = value
        standing = {name for (name,) in connection.execute(select(head.c.name))}
        for name in ("audit", "notice"):
            if name not in standing:
                connection.execute(insert(head).values(name=name, number=0, hash=b"\0" * 32))
        return cls(uuid.UUID(rows["server_id"]), rows["epoch"], rows["demo"] == "yes", rows["portal_secret"])


def mark_demo(connection: Connection) -> None:
    """This database holds the demo hall; only then may drivers and demo clocks be used."""
    connection.execute(house.update().where(house.c.name == "demo").values(value="yes"))
