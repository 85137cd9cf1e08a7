"""Column types that behave alike on SQLite and PostgreSQL.

`to_sqlite` and `from_sqlite` are what prepared statements call: SQLAlchemy's processors wrap each value in three calls
more, 60 µs of an issued ticket's 440.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import orjson
import uuid_utils
from sqlalchemy import JSON, Date, DateTime, LargeBinary, String, Text, TypeDecorator, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine


def new_id() -> uuid.UUID:
    """A UUIDv7: sorted by the time it was made, so that indexes grow at their end."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


class Id(TypeDecorator[uuid.UUID]):
    """A UUID: 16 bytes on SQLite (half the index of text), native on PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    @staticmethod
    def to_sqlite(value: uuid.UUID | None) -> bytes | None:
        """The sixteen bytes."""
        return None if value is None else value.bytes

    @staticmethod
    def from_sqlite(value: bytes | None) -> uuid.UUID | None:
        """The UUID of sixteen bytes."""
        return None if value is None else uuid.UUID(bytes=value)

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else self.to_sqlite(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        return value if isinstance(value, uuid.UUID) else self.from_sqlite(value)


_last_moment: tuple[datetime | None, str] = (None, "")


class Utc(TypeDecorator[datetime]):
    """A moment, always with its zone; SQLite would lose it. Naive values are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(26))

    @staticmethod
    def to_sqlite(value: datetime | None) -> str | None:
        """UTC as text that sorts."""
        if value is None:
            return None
        if value.tzinfo is not UTC:
            if value.tzinfo is None:
                raise ValueError("a moment needs its time zone")
            value = value.astimezone(UTC)
        # One action binds its one moment nine times (2 µs each); a tuple is replaced whole, so threads cannot mix it up.
        global _last_moment
        last, written = _last_moment
        if value is not last:
            written = value.isoformat(" ", "microseconds")[:26]
            _last_moment = (value, written)
        return written

    @staticmethod
    def from_sqlite(value: str | None) -> datetime | None:
        """The moment, in UTC."""
        return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value if dialect.name == "postgresql" else self.to_sqlite(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return self.from_sqlite(value)
        moment: datetime = value.astimezone(UTC)
        return moment


class Day(TypeDecorator[date]):
    """A day of the outlet's calendar, as ISO text on SQLite."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Date())
        return dialect.type_descriptor(String(10))

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        if isinstance(value, str):
            return date.fromisoformat(value)
        return value  # type: ignore[no-any-return]


class Document(TypeDecorator[Any]):
    """A JSON value: text on SQLite, jsonb-compatible JSON on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSON())
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if isinstance(value, str) and dialect.name != "postgresql":
            return orjson.loads(value)
        return value


def to_json(value: Any) -> str:
    """Compact JSON text of plain values, ids and moments."""
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "value"):
        return value.value
    return str(value)
