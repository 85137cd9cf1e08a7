"""@integrity: what must be true of the stored rows, declared once by whoever knows it; `verify` runs them all.

A check reads and yields what is wrong as a sentence with its facts; it changes nothing and takes only a connection, so that it
runs on a reading one beside the writer, or on a copy. Checks of modules lie in their `integrity.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from common.text import N_, translate

log = logging.getLogger(__name__)

Wrong = tuple[str, dict[str, Any]]
"""A sentence, marked with `N_`, and its facts."""

F = TypeVar("F", bound=Callable[[Connection], Iterable[Wrong]])

MOST = 100
"""Findings of one check that are named; the others are counted."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or worth a note."""

    check: str
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)
    note: bool = False
    """Nothing is damaged; somebody may want to know."""

    def said(self, language: str = "en") -> str:
        """The sentence in the reader's language."""
        return translate(self.sentence, language).format(**self.facts)

    def __str__(self) -> str:
        return self.said()


@dataclass(frozen=True)
class Check:
    """One declared check."""

    name: str
    label: str
    function: Callable[[Connection], Iterable[Wrong]]


INTEGRITY: dict[str, Check] = {}


def integrity(name: str, label: str) -> Callable[[F], F]:
    """Declare a check of stored rows; `function(connection)` yields `(N_("…{fact}…"), {"fact": …})` for what is wrong."""

    def declare(function: F) -> F:
        if name in INTEGRITY:
            raise RuntimeError(f"integrity check {name} is declared twice")
        INTEGRITY[name] = Check(name, label, function)
        return function

    return declare


def findings_of(name: str, wrong: Iterable[Wrong], *, note: bool = False) -> Iterator[Finding]:
    """At most a hundred findings, then how many more there are."""
    more = 0
    for place, (sentence, facts) in enumerate(wrong):
        if place < MOST:
            yield Finding(name, sentence, facts, note)
        else:
            more += 1
    if more:
        yield Finding(name, N_("… and {count} more of this kind."), {"count": more}, note)


@dataclass(frozen=True)
class Verified:
    """What a verification found."""

    findings: list[Finding]
    checks: int

    @property
    def sound(self) -> bool:
        """Nothing is damaged; notes do not count."""
        return all(finding.note for finding in self.findings)


def verify(
    connection: Connection,
    data: Path,
    server_id: str,
    now: datetime,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Verified:
    """Everything that can be checked, on one state of the database: the database's own, links, declared rules, files, the
    audit chain and its anchors. A check that cannot read is itself a finding. `progress` may raise to stop."""
    from server.engine.audit.anchor import verify_anchors
    from server.engine.audit.verify import verify_chain
    from server.engine.integrity_files import altered_or_missing, orphans
    from server.engine.integrity_links import broken_links, database_sound

    steps: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("database", lambda: findings_of("database", database_sound(connection))),
        ("links", lambda: findings_of("links", broken_links(connection))),
        *((check.name, lambda c=check: findings_of(c.name, c.function(connection))) for check in INTEGRITY.values()),
        ("files", lambda: findings_of("files", altered_or_missing(connection, data))),
        ("files.orphans", lambda: findings_of("files.orphans", orphans(connection, data, now), note=True)),
        ("audit.chain", lambda: verify_chain(connection, now)),
        ("audit.anchors", lambda: verify_anchors(connection, data, server_id)),
    ]
    found: list[Finding] = []
    for place, (name, run) in enumerate(steps):
        progress(name, place, len(steps))
        try:
            found.extend(run())
        except (DatabaseError, OSError, ValueError) as failure:
            log.warning("the check %s could not read", name, exc_info=True)
            said = str(getattr(failure, "orig", failure)).strip()[:200]
            found.append(Finding(name, N_("The check {check} could not read: {said}."), {"check": name, "said": said}))
            if connection.dialect.name == "postgresql":
                # A failed statement ends the transaction's use there; the remaining checks look at the state of now.
                connection.rollback()
                connection.begin()
    progress("done", len(steps), len(steps))
    return Verified(found, len(steps))
