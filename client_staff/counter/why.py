"""Why this one, and when is mine: the server's rules and values in plain words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from client_staff.counter.words import WHY
from common.protocol.queue_window import RuleStep, When, Why
from common.text import N_, _, formats, ngettext
from common.text.words import pick

VERDICTS = {
    "decides": (N_("decides"), "check", "accent_strong"),
    "narrows": (N_("narrows"), "down", "ink"),
    "passes": (N_("none"), "", "ink_2"),
    "not_asked": (N_("not asked"), "", "ink_3"),
}


@dataclass(frozen=True)
class Line:
    """A rule as it is shown."""

    title: str
    values: str
    verdict: str
    symbol: str
    tone: str


def title(why: Why) -> str:
    """What the panel is about."""
    if why.ticket is None:
        return _("Nobody is next at window {window}").format(window=formats.digits(why.window or "–"))
    number, window = why.ticket.number, formats.digits(why.window or "–")
    if why.kept:
        return _("Why {number} was called at window {window}").format(number=number, window=window)
    if why.place is None:
        return _("{number} is not called at window {window}").format(number=number, window=window)
    if why.place > 1:
        return _("Why {number} has place {place} at window {window}").format(
            number=number, place=formats.number(why.place), window=window
        )
    return _("Why {number} is next at window {window}").format(number=number, window=window)


def sentence(why: Why) -> str:
    """The answer in one sentence, before its rules."""
    if why.ticket is None:
        return _("Nobody is waiting for this window.")
    number = why.ticket.number
    if why.rule == "chosen":
        return _("{name} called {number} out of its turn: {reason}").format(
            name=pick(why.by) or _("Somebody"), number=number, reason=why.reason or "–"
        )
    if why.rule == "journal":
        return _("{number} was served without the server; it was entered from the paper journal.").format(number=number)
    if why.kept and not why.steps:
        return _("Decided before explanations were kept.")
    if not why.rule:
        return _("This window does not accept the service of {number}.").format(number=number)
    because = why.ticket.reason or ("transfer_priority" if why.ticket.transfers else "priority")
    because = _(WHY[because]) if because in WHY else because
    if why.place is not None and why.place > 1 and why.rule in ("first_come", "priority"):
        before = ngettext("{count} goes before {number} here;", "{count} go before {number} here;", why.place - 1)
        after = _("among the others it stands by ticket time.")
        if why.ticket.priority:
            after = _("it has priority ({because}), and stands by the moment at which that began.").format(
                because=because
            )
        return before.format(count=formats.number(why.place - 1), number=number) + " " + after
    step = next((one for one in why.steps if one.rule == why.rule), None)
    said = {
        "bound": N_("{number} is a return visit that belongs to this window; it goes before everybody else."),
        "longest_wait": N_("{number} has waited beyond the bound; it goes first, whatever its class."),
        "mixing": N_(
            "After so many priority calls in a row it is the turn of the others, and {number} is their first."
        ),
        "priority": N_("{number} has priority ({because}), and of those with priority it is the first."),
        "first_come": N_("{number} is the first by ticket time of the services that come first here."),
    }.get(why.rule)
    if said is None:
        return why.rule
    if why.rule == "priority" and not why.ticket.priority:
        return _("{number} comes after those with priority, by ticket time.").format(number=number)
    text = _(said).format(number=number, because=because)
    if step is not None and why.rule == "longest_wait" and step.facts.get("limit"):
        text += " " + _("The bound is {time}.").format(time=formats.duration(step.facts["limit"]))
    return text


def heading(why: Why) -> str:
    """What the rules below speak of: those of a later place still tell how the next one is chosen."""
    if not why.kept and why.place is not None and why.place > 1:
        return _("How the next one is chosen now")
    return _("Rules in the order they were asked")


def lines(why: Why) -> list[Line]:
    """Every rule with its values and verdict."""
    return [_line(step, why) for step in why.steps]


def _line(step: RuleStep, why: Why) -> Line:
    word, symbol, tone = VERDICTS.get(step.verdict, (step.verdict, "", "ink_2"))
    return Line(_rule(step), _values(step, why), _(word), symbol, tone)


def _rule(step: RuleStep) -> str:
    facts = step.facts
    if step.rule == "longest_wait":
        limit = facts.get("limit") or 0
        return (
            _("Nobody waits over {time}").format(time=formats.duration(limit)) if limit else _("No bound on the wait")
        )
    if step.rule == "mixing":
        ratio = int(facts.get("ratio") or 0)
        if not ratio:
            return _("Others have no turn of their own")
        text = ngettext(
            "After {count} priority call the others have a turn",
            "After {count} priority calls the others have a turn",
            ratio,
        )
        return text.format(count=formats.number(ratio))
    return {
        "bound": _("Return visits to this window"),
        "order_of_services": _("Order of services at this window"),
        "priority": _("Priority first, oldest priority first"),
        "first_come": _("By ticket time"),
    }.get(step.rule, step.rule)


def _values(step: RuleStep, why: Why) -> str:
    numbers = formats.listing(step.tickets)
    facts = step.facts
    if step.rule == "bound":
        return numbers or _("No return visit waits.")
    if step.rule == "longest_wait" and facts.get("longest") is not None:
        return _("Longest: {number}, {time}").format(
            number=step.tickets[0] if step.tickets else "–", time=formats.duration(facts["longest"])
        )
    if step.rule == "order_of_services":
        services = formats.listing([f"{formats.number(n)} {pick(s)}" for n, s in enumerate(why.services, start=1)])
        left = int(facts.get("left_out") or 0)
        if not left:
            return services
        text = ngettext("{count} of a later service steps back", "{count} of later services step back", left)
        return services + "\n" + text.format(count=formats.number(left))
    if step.rule == "mixing":
        run = int(facts.get("run") or 0)
        if not facts.get("ratio"):
            return _("Without priority: {numbers}").format(numbers=numbers) if numbers else ""
        return _("Priority calls in a row here: {count}").format(count=formats.number(run))
    return numbers or _("Nobody")


def expected(when: When, zone: str) -> tuple[str, str]:
    """The expected turn, large, and its range."""
    if when.turn_at is None:
        return "–", _("No window is open for this service.")
    at = formats.time(when.turn_at, zone)
    if when.turn_from is None or when.turn_until is None:
        return at, ""
    begin, end = formats.time(when.turn_from, zone), formats.time(when.turn_until, zone)
    return at, "" if begin == end else _("between {begin} and {end}").format(begin=begin, end=end)


BASES = {
    "queue": N_("Played through with the queue as it is now."),
    "services": N_("From the times of recent services."),
    "usual": N_("From the usual minutes of this service; nothing recent is known."),
    "none": N_("No window is open, so nothing can be foretold."),
}


def made_of(when: When) -> list[tuple[str, str]]:
    """What the expected turn is made of."""
    ahead = formats.number(when.ahead)
    if when.ahead_priority:
        ahead = _("{count}, of them {priority} with priority").format(
            count=ahead, priority=formats.number(when.ahead_priority)
        )
    windows = formats.number(len(when.windows))
    if when.windows:
        windows += f" ({formats.listing([formats.digits(one) for one in when.windows])})"
    found = [(_("People ahead"), ahead), (_("Windows for this service"), windows)]
    if when.usual_seconds is not None:
        usual = formats.stopwatch(when.usual_seconds)
        if when.usual_high_seconds is not None:
            usual = _("{time}, nine of ten within {high}").format(
                time=usual, high=formats.stopwatch(when.usual_high_seconds)
            )
        found.append((_("Usual time, recently"), usual))
    if when.hour_seconds is not None:
        found.append((_("Usual time at this hour"), formats.stopwatch(when.hour_seconds)))
    if when.no_show_of_100 is not None:
        found.append((_("Likely no-shows"), _("{count} of 100").format(count=formats.number(when.no_show_of_100))))
    if when.known:
        found.append((_("Known services"), formats.number(when.known)))
    return found


def as_text(why: Why | None, when: When | None, zone: str) -> str:
    """Everything as text, for the clipboard."""
    parts: list[str] = []
    if why is not None:
        parts += [title(why), sentence(why), ""]
        parts += [f"{one.title}: {one.verdict}\t{one.values}" for one in lines(why)]
    if when is not None:
        at, between = expected(when, zone)
        parts += ["", _("When is {number}'s turn?").format(number=when.ticket.number), f"{at} {between}".strip()]
        parts += [f"{name}\t{value}" for name, value in made_of(when)]
    return "\n".join(parts)
