"""The one metadata of all tables, and the engine's own rows: plain tables with integer keys, written by prepared statements."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
)

from server.engine.database.types import Document, Id, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# AUTOINCREMENT, else SQLite gives the numbers of purged rows again.
Number = BigInteger().with_variant(Integer, "sqlite")

counter = Table(
    "counter",
    metadata,
    Column("series", String(80), primary_key=True),
    Column("period", String(12), primary_key=True),
    Column("last", BigInteger, nullable=False),
)
"""One row a series and period; numbers come from it by UPDATE … RETURNING inside the action's transaction."""

action_key = Table(
    "action_key",
    metadata,
    Column("scope", LargeBinary(20), primary_key=True),
    Column("digest", LargeBinary(20), nullable=False),
    Column("at", Utc, nullable=False),
    Column("result", LargeBinary),
)
"""Answers kept for repeats: scope is the hash of caller, action and key; digest that of the body. Kept seven days."""
Index("ix_action_key_at", action_key.c.at)

audit = Table(
    "audit",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", Utc, nullable=False),
    Column("who", Id),
    Column("who_kind", String(10), nullable=False),
    Column("action", String(80), nullable=False),
    Column("record_type", String(60), nullable=False),
    Column("record_id", Id),
    Column("changes", Text, nullable=False),
    Column("reason", Text),
    Column("address", String(60)),
    Column("number", BigInteger),
    Column("hash", LargeBinary(32)),
    sqlite_autoincrement=True,
)
"""What was changed by whom and from which address, before and after. `number` and `hash` are the chain, written after the
action's own part."""
Index("ix_audit_record", audit.c.record_id, audit.c.id)
Index("ix_audit_number", audit.c.number, unique=True)

head = Table(
    "head",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""The last number given: of the audit chain (with its hash) and, on PostgreSQL, of the notices."""

notice = Table(
    "notice",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("topic", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("ids", Document, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_autoincrement=True,
)
"""Numbered notices in commit order; live clients resume from a number."""
Index("ix_notice_at", notice.c.at)

notice_outbox = Table(
    "notice_outbox",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("topic", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("ids", Document, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_autoincrement=True,
)
"""PostgreSQL only: notices of committed actions that the sequencer has not numbered yet."""

house = Table(
    "house",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What this database is: its id, the epoch of its notices, whether it is a demo, whether its hall is founded."""

access_token = Table(
    "access_token",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("principal_id", Id, nullable=False),
    Column("device_id", Id),
    Column("issued_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("address", String(60), nullable=False, server_default=""),
    Column("seen_at", Utc),
)
"""Sessions of people and tokens of devices, by the SHA-256 of the token; the token itself is nowhere."""
Index("ix_access_token_principal", access_token.c.principal_id)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("name", String(80), nullable=False),
    Column("address", String(60), nullable=False),
    Column("at", Utc, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
"""Written in a transaction of its own, so that it survives the refusal."""
Index("ix_sign_in_attempt_address", sign_in_attempt.c.address, sign_in_attempt.c.at)

provider_sign_in = Table(
    "provider_sign_in",
    metadata,
    Column("state", LargeBinary(32), primary_key=True),
    Column("ticket", LargeBinary(32), nullable=False),
    Column("provider", String(30), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("begun_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("account_id", Id),
    Column("session", LargeBinary(32)),
)
"""Sign-ins through a provider that were begun: the hashes of their state and of what the program alone knows, and sealed what
must be known when the person comes back; later the account that the provider proved, and the session with its sealed token."""
Index("ix_provider_sign_in_begun", provider_sign_in.c.begun_at)
Index("ix_provider_sign_in_session", provider_sign_in.c.session)

setting_value = Table(
    "setting_value",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("name", String(80), nullable=False),
    Column("level", String(10), nullable=False),
    Column("level_id", Id),
    Column("value", Document, nullable=False),
    Column("valid_from", Utc, nullable=False),
    Column("author", Id),
    sqlite_autoincrement=True,
)
"""Values of settings; the newest valid one of the nearest level wins."""
Index("ix_setting_value_name", setting_value.c.name, setting_value.c.level, setting_value.c.level_id)

job = Table(
    "job",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("name", String(80), nullable=False),
    Column("input", Document, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("leased_until", Utc),
    Column("done_at", Utc),
    Column("error", Text),
    Column("unique_key", String(120), unique=True),
    Column("paused", Boolean, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)
"""Work to do after a commit or at a time; run at least once, by whichever server process leases it first."""
Index("ix_job_due", job.c.done_at, job.c.due_at)

stored_file = Table(
    "stored_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("made_by", Id),
    Column("public", Boolean, nullable=False, server_default="0"),
)
"""Files of the file store; their bytes lie in the data folder under their hash."""

enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(80), nullable=False),
    Column("address", String(60), nullable=False),
    Column("device_key", LargeBinary(32), nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("server_nonce", LargeBinary(32), nullable=False),
    Column("device_nonce", LargeBinary(32)),
    Column("state", String(10), nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("sealed_token", Text),
)
"""Devices that ask to join: five minutes each. No secret lies here; the token is sealed for the device alone."""
Index("ix_enrolment_expires_at", enrolment.c.expires_at)

alert = Table(
    "alert",
    metadata,
    Column("id", Id, primary_key=True),
    Column("watch", String(80), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("name", Document, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("bound", BigInteger, nullable=False),
    Column("facts", Document, nullable=False),
    Column("since", Utc, nullable=False),
    Column("raised_at", Utc),
    Column("ended_at", Utc),
    Column("seen_at", Utc),
    Column("seen_by", Id),
)
"""Watched figures over their limit: since when, told when, ended when. Not told yet: still within its hold time."""
Index(
    "ux_alert_open", alert.c.watch, alert.c.subject, unique=True,
    sqlite_where=alert.c.ended_at.is_(None), postgresql_where=alert.c.ended_at.is_(None),
)  # fmt: skip
Index("ix_alert_raised", alert.c.raised_at)

queue_place = Sequence("queue_place", metadata=metadata)
"""PostgreSQL only: places in a queue; on a counter row every window would wait for the other's disk."""
