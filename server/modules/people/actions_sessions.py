"""The verbs that end sessions, and what somebody chooses for the own account."""

from __future__ import annotations

from common.protocol.messages import Nothing
from common.protocol.people import EndSession, Prefer
from common.text import N_
from server.engine.access import tokens
from server.engine.access.sessions import OPEN_SESSIONS
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.people.access import SESSIONS
from server.modules.people.loaders import ACCOUNT_OF_PERSON
from server.modules.people.records import Account

GONE = refusal("people.session_gone", N_("This session has ended already."), 404)


@action("people.end_session", needs=SESSIONS, input=EndSession, output=Nothing)
def end_session(work: Work, request: EndSession) -> Nothing:
    """End one session at once; its program asks to sign in again (ADM-I04)."""
    found = [row for row in work.rows(OPEN_SESSIONS, moment=work.now) if row.hash.hex().startswith(request.session)]
    if not found:
        work.refuse("people.session_gone")
    for row in found:
        tokens.end(work, row.hash)
        work.audit("account", row.principal_id, {"session": [row.hash.hex()[:8], None]})
    return Nothing()


@action("people.end_own_session", needs=None, input=EndSession, output=Nothing)
def end_own_session(work: Work, request: EndSession) -> Nothing:
    """End another session of one's own: a workbench that was left open, a phone that is lost."""
    mine = [
        row
        for row in work.rows(OPEN_SESSIONS, moment=work.now)
        if row.principal_id == work.who.id and row.hash.hex().startswith(request.session)
    ]
    if not mine:
        work.refuse("people.session_gone")
    for row in mine:
        tokens.end(work, row.hash)
        work.audit("account", row.principal_id, {"session": [row.hash.hex()[:8], None]})
    return Nothing()


@action("people.prefer", needs=None, input=Prefer, output=Nothing)
def prefer(work: Work, request: Prefer) -> Nothing:
    """The own language, in which every PC of the hall greets from now on."""
    account = work.first(ACCOUNT_OF_PERSON, key_person=work.who.id)
    if account is None:
        work.refuse("access.denied", action="people.prefer")
    work.change(Account, work.get(Account, account.id), language=request.language)
    work.notify("people", "changed", type="account", id=account.id)
    return Nothing()
