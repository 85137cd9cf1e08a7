"""The verb that ends a session."""

from __future__ import annotations

from common.protocol.messages import Nothing
from common.protocol.people import EndSession
from common.text import N_
from server.engine.access import tokens
from server.engine.access.sessions import OPEN_SESSIONS
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.people.access import SESSIONS

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
