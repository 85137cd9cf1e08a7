"""The security rules (ADM-044): each looks at accounts, devices, sign-ins, backups or training, and says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from common.protocol.operations import Offender, SecurityRule
from common.text import N_, _, formats, in_language
from server.engine.actions.work import Work
from server.engine.backup import loaders as backups
from server.engine.backup.settings import ALARM_HOURS
from server.modules.operations import loaders
from server.modules.operations.settings import GUESSES, LIFELESS, UNUSED
from server.modules.people.public import PASSWORD_LENGTH, SECOND_FACTOR, AccountSecurity, accounts_now

Grade = Literal["good", "warn", "bad"]
ADMINISTRATORS = 5
"""More than so many who may do everything are no administrators but a habit."""
GRACE = timedelta(days=7)
"""For a first password to be changed."""
A_YEAR = timedelta(days=365)
GOOD_LENGTH = 8


@dataclass(frozen=True)
class Facts:
    """What the rules look at, read once."""

    work: Work
    today: date
    accounts: list[AccountSecurity]


@dataclass(frozen=True)
class Rule:
    """One declared rule."""

    code: str
    title: str
    advice: str
    grade: Grade
    """Of an offence."""
    page: str
    look: Callable[[Facts], Iterator[Offender]]


def _account(one: AccountSecurity, note: str = "") -> Offender:
    return Offender(kind="account", id=one.id, name=f"{one.name} ({one.sign_in_name})", note=note)


def _moment(at: datetime | None) -> str:
    return formats.date(at.date()) if at is not None else _("never")


def _without_codes(facts: Facts) -> Iterator[Offender]:
    for one in facts.accounts:
        if one.everything and not one.codes and not one.elsewhere:
            yield _account(one)


def _many_administrators(facts: Facts) -> Iterator[Offender]:
    found = [one for one in facts.accounts if one.everything]
    if len(found) > ADMINISTRATORS:
        yield from (_account(one) for one in found)


def _idle(facts: Facts) -> Iterator[Offender]:
    before = facts.work.now - timedelta(days=facts.work.setting(UNUSED))
    for one in facts.accounts:
        if (one.used_at or one.made_at) < before:
            yield _account(one, _("last signed in: {moment}").format(moment=_moment(one.used_at)))


def _first_password(facts: Facts) -> Iterator[Offender]:
    for one in facts.accounts:
        if one.first_password and not one.elsewhere and facts.work.now - one.made_at > GRACE:
            yield _account(one, _("made {moment}").format(moment=_moment(one.made_at)))


def _weak_rules(facts: Facts) -> Iterator[Offender]:
    length = facts.work.setting(PASSWORD_LENGTH)
    if length < GOOD_LENGTH:
        yield Offender(name=_("Passwords may have {count} characters").format(count=formats.number(length)))
    if facts.work.setting(SECOND_FACTOR) == "nobody":
        yield Offender(name=_("Nobody needs to give a code of the phone"))


def _guessing(facts: Facts) -> Iterator[Offender]:
    now, most = facts.work.now, facts.work.setting(GUESSES)
    for row in facts.work.rows(loaders.GUESSED, first=now - timedelta(days=1), end=now + timedelta(seconds=1)):
        if row.n >= most:
            note = _("{count} times from {address}").format(count=formats.number(row.n), address=row.address or "–")
            yield Offender(name=row.name, note=note)


def _lifeless(facts: Facts) -> Iterator[Offender]:
    before = facts.work.now - timedelta(days=facts.work.setting(LIFELESS))
    for row in facts.work.rows(loaders.HEARD):
        if (row.seen_at or row.created_at) < before:
            yield Offender(
                kind="device",
                id=row.id,
                name=row.name,
                note=_("last heard: {moment}").format(moment=_moment(row.seen_at)),
            )


def _backup(facts: Facts) -> Iterator[Offender]:
    work = facts.work
    last, hours = backups.last_good(work), work.setting(ALARM_HOURS)
    since = last or backups.first_change(work)
    if hours and since is not None and work.now - since > timedelta(hours=hours):
        yield Offender(name=_("Last good backup: {moment}").format(moment=_moment(last)))
    check = work.first(backups.LAST_CHECK)
    if check is not None and check.state != "good":
        yield Offender(name=_("The last check of the data was not good"))


def _training(facts: Facts) -> Iterator[Offender]:
    row = facts.work.first(loaders.LAST_TRAINING)
    if row is None or row.held is None or facts.today - row.held > A_YEAR:
        held = formats.date(row.held) if row is not None and row.held is not None else _("never")
        yield Offender(name=_("Last training in security: {day}").format(day=held))
    for late in facts.work.rows(loaders.MISSED_TRAINING, today=facts.today):
        yield Offender(kind="security_training", id=late.id, name=formats.date(late.planned_on), note=_("not held"))


RULES = (
    Rule(
        "second_factor", N_("Administrators give a code of their phone as well"),
        N_("Whoever is named sets the code up on the page “My account”; the setting can ask it of all administrators."),
        "bad", "records.account", _without_codes,
    ),
    Rule(
        "guessing", N_("Nobody tries passwords out"),
        N_("Ask the person whose account it is; look up the address in the log of sign-ins, and lock the account if need be."),
        "bad", "sign_in_log", _guessing,
    ),
    Rule(
        "backup", N_("A good backup stands, and checks find nothing"),
        N_("Take a backup and check the data on the page of backups."), "bad", "records.backup_run", _backup,
    ),
    Rule(
        "idle", N_("Accounts that nobody uses are locked"),
        N_("Lock the accounts that nobody needs any more; whoever comes back is unlocked."), "warn", "records.account", _idle,
    ),
    Rule(
        "first_password", N_("First passwords are changed within a week"),
        N_("Give the person a new first password, or lock the account until it is needed."),
        "warn", "records.account", _first_password,
    ),
    Rule(
        "maintenance", N_("Few people may do everything"),
        N_("Give roles with fewer rights to those who do not administer the house."), "warn", "roles", _many_administrators,
    ),
    Rule(
        "passwords", N_("Passwords are long, and administrators need a second proof"),
        N_("Change the rules for passwords in the settings."), "warn", "settings", _weak_rules,
    ),
    Rule(
        "devices", N_("Every device that is enrolled is alive"),
        N_("Take devices that are gone out of the list: their keys must open nothing any more."),
        "warn", "devices", _lifeless,
    ),
    Rule(
        "training", N_("Staff is trained in security every year"),
        N_("Plan a training, and enter when it was held."), "warn", "records.security_training", _training,
    ),
)  # fmt: skip


def looked_at(work: Work, today: date) -> list[SecurityRule]:
    """Every rule with what was found, the gravest first; good ones last."""
    with in_language(work.language):
        return _looked_at(Facts(work, today, accounts_now(work, today)))


def _looked_at(facts: Facts) -> list[SecurityRule]:
    found: list[Any] = []
    for rule in RULES:
        items = list(rule.look(facts))
        found.append(
            SecurityRule(
                code=rule.code, title=_(rule.title), advice=_(rule.advice), grade=rule.grade if items else "good",
                items=items, page=rule.page,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: ("bad", "warn", "good").index(one.grade))
