"""Who is signed in now, and who signed in when."""

from __future__ import annotations

import heapq
from itertools import islice
from typing import Any
from uuid import UUID

from common.protocol.messages import Nothing
from common.protocol.people import AskLog, LogEntry, Online, OnlineSession, OwnAccount, SignInLog
from common.text import N_
from common.text.fold import fold
from server.engine.access.sessions import OPEN_SESSIONS
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.ports import ports
from server.modules.people.access import LOG, SESSIONS
from server.modules.people.loaders import ACCOUNT_OF_PERSON, ALL_ACCOUNTS
from server.modules.people.loaders_log import attempts, deletions

SHOWN_OF_TOKEN = 32
"""Hexadecimal digits of a token's hash by which its session is named."""


@reading("people.online", needs=SESSIONS, input=Nothing, output=Online, label=N_("Online users"))
def online(work: Work, request: Nothing) -> Online:
    """All who are signed in now, with address, time and PC (ADM-029)."""
    return Online(items=_open_sessions(work))


@reading("people.own", needs=None, input=Nothing, output=OwnAccount)
def own(work: Work, request: Nothing) -> OwnAccount:
    """The own account: how one signs in, and where one is signed in now (COR-013)."""
    account = work.first(ACCOUNT_OF_PERSON, key_person=work.who.id)
    if account is None:
        work.refuse("access.denied", action="people.own")
    return OwnAccount(
        account=account.sign_in_name,
        directory=bool(account.directory),
        codes_since=account.second_factor_since,
        recovery_left=len(account.recovery or ()),
        card=account.card_index is not None,
        pin=account.pin_hash is not None,
        short_ways=ports.people.short_ways(work.connection, work.who.id, work.now),
        language=account.language or "",
        password_at=account.password_at,
        sessions=_open_sessions(work, of=work.who.id),
    )


def _open_sessions(work: Work, of: UUID | None = None) -> list[OnlineSession]:
    """Sessions of people who can sign in, latest first; of one person if told."""
    people = {row.staff_member_id: row for row in work.rows(ALL_ACCOUNTS)}
    labels: dict[UUID, str] = {}
    found = []
    for row in work.rows(OPEN_SESSIONS, moment=work.now):
        account = people.get(row.principal_id)
        if account is None or account.locked or (of is not None and row.principal_id != of):
            continue
        if row.device_id is not None and row.device_id not in labels:
            device = ports.devices.device(work.connection, row.device_id)
            labels[row.device_id] = device.name if device is not None else ""
        found.append(
            OnlineSession(
                session=row.hash.hex()[:SHOWN_OF_TOKEN],
                person_id=row.principal_id,
                account_id=account.id,
                account=account.sign_in_name,
                name=account.name,
                address=row.address,
                device=labels.get(row.device_id, ""),
                since=row.issued_at,
                last_seen=work.engine.tokens.last_used(row.hash) or row.seen_at or row.issued_at,
                own=row.hash == work.who.token,
            )
        )
    return found


@reading("people.sign_in_log", needs=LOG, input=AskLog, output=SignInLog, label=N_("Log of sign-ins and deletions"))
def sign_in_log(work: Work, request: AskLog) -> SignInLog:
    """Sign-ins, failed ones and deletions, by name, address, kind and time (ADM-027)."""
    people = {row.staff_member_id: row for row in work.rows(ALL_ACCOUNTS)}
    by_name = {row.sign_in_name: row for row in people.values()}

    def signed(row: Any) -> tuple[LogEntry, str]:
        known = by_name.get(row.name)
        kind = "signed_in" if row.succeeded else "failed"
        return LogEntry(at=row.at, kind=kind, name=row.name, address=row.address), _said(row.name, known)

    def deleted(row: Any) -> tuple[LogEntry, str]:
        known = people.get(row.who)
        name = known.sign_in_name if known is not None else ""
        entry = LogEntry(
            at=row.at, kind="deleted", name=name, record_type=row.record_type, record_id=row.record_id
        )  # fmt: skip
        return entry, _said(name, known)

    sources = []
    if request.kind != "deleted":
        sources.append(map(signed, attempts(work.connection, request)))
    if request.kind in ("", "deleted") and not request.address:
        sources.append(map(deleted, deletions(work.connection, request)))
    wanted = fold(request.name)
    merged = heapq.merge(*sources, key=lambda pair: pair[0].at, reverse=True)
    return SignInLog(items=list(islice((entry for entry, said in merged if wanted in said), request.limit)))


def _said(name: str, known: Any) -> str:
    """Everything by which the person of an entry is searched."""
    return fold(" ".join([name, *(known.name.values() if known is not None else ())]))
