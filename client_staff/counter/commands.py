"""Which command may be given now, and which is the expected one: pure, from how the window stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from client_staff.counter.journal import PaperLine
from common.protocol.queue import WindowView
from common.text import N_, _, formats, ngettext, pgettext
from common.text.words import pick

COMMANDS = ("next", "start", "recall", "finish", "transfer", "no_show", "pause")
"""Their places never change."""
KEYS = {
    "next": "F2", "recall": "F3", "finish": "F4", "start": "F5", "transfer": "F6", "no_show": "F7", "pause": "F9",
}  # fmt: skip
LABELS = {
    "next": N_("Next"),
    "start": N_("Start"),
    "recall": N_("Recall"),
    "finish": N_("Finish"),
    "transfer": N_("Transfer"),
    "no_show": N_("No-show"),
    "pause": N_("Pause"),
    "resume": N_("Resume"),
    "note": N_("Note next"),
}
SYMBOLS = {
    "next": "arrow_next", "start": "play", "recall": "speaker", "finish": "check", "transfer": "transfer",
    "no_show": "no_show", "pause": "pause", "resume": "play", "note": "document",
}  # fmt: skip
PAUSED = ("paused", "back_office")
PAUSE_REASONS = {
    "break": N_("Break"),
    "meal": N_("Meal"),
    "meeting": N_("Meeting"),
    "back_office": N_("Back-office processing"),
}


@dataclass(frozen=True)
class Given:
    """How one command stands: whether it may be given, whether it is expected, and else why not."""

    allowed: bool
    expected: bool = False
    why_not: str = ""


def as_of(view: WindowView, now: datetime) -> WindowView:
    """The window now: a request for a rating ends by itself, and nobody sends word of that."""
    if view.state == "rating" and (view.request is None or now >= view.request.expires_at):
        return view.model_copy(update={"state": "free", "request": None, "locked_until": None})
    return view


def commands(
    view: WindowView | None, now: datetime, *, online: bool, paper: PaperLine | None = None
) -> dict[str, Given]:
    """Every command's standing (QUE-050 to QUE-055, QUE-905). `paper` is who is served on paper at this window."""
    if not online or view is None:
        standing = dict.fromkeys(COMMANDS, Given(False, why_not=_("There is no connection to the server.")))
        return standing | _on_paper(view, paper)
    if view.state == "closed":
        return dict.fromkeys(COMMANDS, Given(False, why_not=_("Nobody is signed in at this window.")))
    if paper is not None and view.state in ("free", "rating"):
        # The server is back while somebody is still served on paper: first to his end, then calls go on.
        first = Given(False, why_not=_("Finish the ticket on paper first."))
        return dict.fromkeys(COMMANDS, first) | _on_paper(view, paper) | {"next": first}
    return {name: _given(name, view, now) for name in COMMANDS}


def _on_paper(view: WindowView | None, paper: PaperLine | None) -> dict[str, Given]:
    """Without the server nobody is called; who comes is noted, and ended."""
    if view is None or view.state == "closed" or not view.service_ids:
        return {}
    if paper is None:
        return {"next": Given(True, expected=True)}
    busy = Given(False, why_not=_("Finish the ticket on paper first."))
    return {"next": busy, "finish": Given(True, expected=True), "no_show": Given(True)}


def _given(name: str, view: WindowView, now: datetime) -> Given:
    state = view.state
    if name == "pause":
        if state in PAUSED:
            return Given(True, expected=True)
        busy = _("Finish the ticket first.")
        return Given(state not in ("called", "serving"), why_not=busy if state in ("called", "serving") else "")
    if state in PAUSED:
        return Given(False, why_not=_("The window is paused."))
    if name == "next":
        return _next(view, now)
    if name in ("start", "recall", "no_show"):
        why = _("No ticket has just been called.")
        return Given(state == "called", expected=name == "start" and state == "called", why_not=why)
    why = _("There is no ticket at this window.")
    return Given(state in ("called", "serving"), expected=name == "finish" and state == "serving", why_not=why)


def _next(view: WindowView, now: datetime) -> Given:
    if view.state == "called":
        return Given(False, why_not=_("A ticket is called. Start it, or say that nobody came."))
    if view.locked_until is not None and now < view.locked_until:
        seconds = max(1, round((view.locked_until - now).total_seconds()))
        why = ngettext(
            "A rating is awaited for {count} second more.", "A rating is awaited for {count} seconds more.", seconds
        )
        return Given(False, why_not=why.format(count=formats.number(seconds)))
    return Given(True, expected=view.state in ("free", "rating"))


def on_paper(view: WindowView, paper: PaperLine | None, *, online: bool) -> tuple[str, str, str, str]:
    """What stands at the strip's head while the window works on paper."""
    if paper is not None:
        return _("Paper journal"), paper.number or _("No number"), pick(paper.service), "bad_strong"
    if view.ticket is not None and view.state == "called" and not online:
        # Called before the server went; whether he came nobody knows here.
        number = view.ticket.number
        return _("No server"), number, _("{number} as last known").format(number=number), "bad_strong"
    return _("No server"), _("No ticket"), _("Note whoever comes now on paper."), "bad_strong"


def heading(view: WindowView, now: datetime) -> tuple[str, str, str, str]:
    """What stands at the strip's head: a line above, the large word, a line below, and a tone."""
    service = pick(view.service)
    ticket = view.ticket
    if view.state == "called" and ticket is not None:
        above = (
            _("Called")
            if not ticket.recalls
            else ngettext("Called again, {count} time", "Called again, {count} times", ticket.recalls).format(
                count=formats.number(ticket.recalls)
            )
        )
        return above, ticket.number, service, "accent_strong"
    if view.state == "serving" and ticket is not None:
        over = seconds_over(view, now) > 0
        return (
            (_("Over the usual time") if over else _("In service")),
            ticket.number,
            service,
            ("bad_strong" if over else "accent_strong"),
        )
    if view.state == "rating" and view.request is not None:
        return _("Asks for the rating"), view.request.number, _("The pad shows the four keys."), "accent_strong"
    if view.state in PAUSED:
        code = view.pause_reason or ""
        reason = _(PAUSE_REASONS[code]) if code in PAUSE_REASONS else code
        return _("Paused"), reason, "", "warn_strong"
    if view.state == "closed":
        return _("Closed"), _("No window"), "", "ink_2"
    below = _("Nobody is waiting") if view.waiting == 0 else ""
    if view.auto_call_at is not None and view.waiting:
        below = _("The next one is called by itself.")
    return pgettext("window", "Open"), _("No ticket"), below, "ink_2"


def seconds_since(view: WindowView, now: datetime) -> int | None:
    """How long the present state lasts: the call, the service, the pause."""
    ticket = view.ticket
    begin = {
        "called": ticket.called_at if ticket else None,
        "serving": ticket.started_at if ticket else None,
        "paused": view.paused_at,
        "back_office": view.paused_at,
    }.get(view.state)
    return max(0, int((now - begin).total_seconds())) if begin is not None else None


def seconds_over(view: WindowView, now: datetime) -> int:
    """How far beyond the service's handling-time limit (QUE-041)."""
    since = seconds_since(view, now) if view.state == "serving" else None
    if since is None or view.limit_seconds is None:
        return 0
    return max(0, since - view.limit_seconds)
