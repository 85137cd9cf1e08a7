"""Performing an action: its key, its locks, its transaction, its one stored answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.exc import DBAPIError

from common.text import N_
from server.engine.actions.declare import Action
from server.engine.actions.work import Work
from server.engine.database.outcome import ANSWERED, Outcome
from server.engine.database.schema import action_key
from server.engine.database.statements import Prepared
from server.engine.errors import Refused, refusal
from server.engine.principal import Principal

if TYPE_CHECKING:
    from server.engine.engine import Engine

KEY_NEEDED = refusal(
    "actions.key_needed", N_("This request carries no key, so it could happen twice. Update this program."), 400
)
KEY_REUSED = refusal("actions.key_reused", N_("This key was used for another request. Nothing was changed."), 422)
STILL_RUNNING = refusal(
    "actions.still_running", N_("The same request is still being worked on. Ask again in a moment."), 409
)

LOCK_NOT_AVAILABLE = "55P03"
WAIT_FOR_FIRST = "2s"
"""How long a repeat waits for the first that still runs."""

_find = Prepared(select(action_key.c.result, action_key.c.digest).where(action_key.c.scope == bindparam("key_scope")))
_claim = Prepared(
    postgresql_dialect.insert(action_key)
    .values(scope=bindparam("scope"), digest=bindparam("digest"), at=bindparam("at"), result=bindparam("result"))
    .on_conflict_do_nothing()
)
_answer = Prepared(
    update(action_key).where(action_key.c.scope == bindparam("key_scope")).values(result=bindparam("the_result"))
)


def scope_of(who: Principal, action: str, key: str) -> bytes:
    """The hash under which an answer is kept: bound to caller, action and key."""
    return hashlib.blake2b(who.id.bytes + action.encode() + b"\0" + key.encode(), digest_size=20).digest()


def serialised(result: Any) -> bytes:
    """An answer as JSON, once for the reply and the key row."""
    return result.__pydantic_serializer__.to_json(result)  # type: ignore[no-any-return]


def act_of(
    engine: Engine,
    action: Action,
    who: Principal,
    request: BaseModel,
    raw: bytes,
    key: str | None,
    prepared: Any = None,
) -> Callable[[Connection], Outcome]:
    """The transaction of one action, ready for the store."""
    if action.keyless or action.secret:
        return _plain(engine, action, who, request, prepared)
    if not key:
        raise Refused("actions.key_needed")
    scope = scope_of(who, action.name, key[:200])
    # Under the key, of which no more than a hash is kept: a body may hold somebody's number, which a bare hash would let
    # anybody find by trying.
    digest = hashlib.blake2b(raw, digest_size=20, key=key.encode()[:64]).digest()
    if engine.store.kind == "sqlite":
        return _kept_sqlite(engine, action, who, request, scope, digest, prepared)
    return _kept_postgresql(engine, action, who, request, scope, digest, prepared)


def _plain(
    engine: Engine, action: Action, who: Principal, request: BaseModel, prepared: Any
) -> Callable[[Connection], Outcome]:
    def act(connection: Connection) -> Outcome:
        work = Work(connection, engine, who, action.name, prepared)
        lock(connection, action, request)
        result = action.function(work, request)
        outcome = work.finish()
        outcome.result = serialised(result)
        return outcome

    return act


def _kept_sqlite(
    engine: Engine, action: Action, who: Principal, request: BaseModel, scope: bytes, digest: bytes, prepared: Any
) -> Callable[[Connection], Outcome]:
    """One writer: look first; the key row is written whole at the end of the batch."""

    def act(connection: Connection) -> Outcome:
        work = Work(connection, engine, who, action.name, prepared)
        earlier = connection.info[ANSWERED].get(scope)
        if earlier is not None:
            return _repeated(earlier["digest"], earlier["result"], digest)
        stored = work.first(_find, key_scope=scope)
        if stored is not None:
            return _repeated(stored.digest, stored.result, digest)
        result = serialised(action.function(work, request))
        outcome = work.finish()
        outcome.key = {"scope": scope, "digest": digest, "at": work.now, "result": result}
        outcome.result = result
        return outcome

    return act


def _kept_postgresql(
    engine: Engine, action: Action, who: Principal, request: BaseModel, scope: bytes, digest: bytes, prepared: Any
) -> Callable[[Connection], Outcome]:
    """Many writers: the key row first, so that a repeat waits for the first and gets its answer."""

    def act(connection: Connection) -> Outcome:
        work = Work(connection, engine, who, action.name, prepared)
        try:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_FOR_FIRST}'")
            claimed = work.run(_claim, scope=scope, digest=digest, at=work.now, result=None)
        except DBAPIError as failure:
            raise _too_long(failure) from failure
        except Exception as failure:
            if getattr(failure, "pgcode", None) == LOCK_NOT_AVAILABLE:
                raise Refused("actions.still_running") from failure
            raise
        if not claimed:
            stored = work.first(_find, key_scope=scope)
            if stored is None:
                raise Refused("actions.still_running")
            return _repeated(stored.digest, stored.result, digest)
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        lock(connection, action, request)
        result = serialised(action.function(work, request))
        outcome = work.finish()
        work.run(_answer, key_scope=scope, the_result=result)
        outcome.result = result
        return outcome

    return act


def _too_long(failure: DBAPIError) -> Exception:
    if getattr(failure.orig, "pgcode", None) == LOCK_NOT_AVAILABLE:
        return Refused("actions.still_running")
    return failure


def _repeated(kept: bytes, result: bytes | None, digest: bytes) -> Outcome:
    if bytes(kept) != digest:
        raise Refused("actions.key_reused")
    if result is None:
        raise Refused("actions.still_running")
    return Outcome(result=bytes(result))


def lock(connection: Connection, action: Action, request: BaseModel) -> None:
    """Take the declared locks in order (PostgreSQL); they end with the transaction."""
    if action.locks is None or connection.dialect.name != "postgresql":
        return
    take_locks(connection, [f"{kind}:{identity}" for kind, identity in action.locks(request)])


def take_locks(connection: Connection, names: list[str]) -> None:
    """Advisory locks by name, sorted, so that two actions never wait for each other in a ring."""
    if connection.dialect.name != "postgresql":
        return
    for name in sorted(set(names)):
        number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
