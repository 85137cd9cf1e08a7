"""Services of the first set-up: how they stand, and making them what they shall be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from common.protocol.setup import SetupSection, SetupService, SetUpServices
from server.engine.actions.work import Work
from server.modules.organisation.public import Section, clean_words, plan_now
from server.modules.services.loaders import EVERY_ACCEPTED, EVERY_SERVICE, OFFERINGS
from server.modules.services.records import Service, WindowService, fits
from server.modules.services.rules import GoodRow

COLOURS = ("#0a52a0", "#167245", "#9a5b00", "#7a3e9d", "#14606b", "#8c1d18")


def standing(work: Work) -> SetUpServices:
    """All sections and services with their windows."""
    plan, offerings = plan_now(work.connection), OFFERINGS.load(work.connection)
    places = {section_id: place for place, section_id in enumerate(plan.sections)}
    labels = {window.id: window.label_text for window in plan.windows.values()}
    return SetUpServices(
        sections=[SetupSection(id=s.id, name=s.name, colour=s.colour or COLOURS[0]) for s in plan.sections.values()],
        services=[
            SetupService(
                id=s.id,
                prefix=s.prefix,
                name=s.name,
                description=s.description or {},
                section=places.get(s.section_id),
                minutes=s.minutes,
                windows=[labels[w] for w in labels if w in offerings.windows_of.get(s.id, ())],
            )
            for s in offerings.services.values()
        ],
    )


def put(work: Work, wanted: SetUpServices) -> None:
    """Make sections, services and their windows what they shall be; what is not named goes."""
    windows = {row.label_text: row.id for row in plan_now(work.connection).windows.values()}
    sections = _put_sections(work, wanted.sections)
    by_id = {row.id: row for row in _standing_last(work.rows(EVERY_SERVICE))}
    known = {row.prefix: row for row in by_id.values()}
    accepts = {(row.window_id, row.service_id): row for row in _standing_last(work.rows(EVERY_ACCEPTED))}
    kept: set[UUID] = set()
    for place, one in enumerate(wanted.services):
        section_id = sections[one.section] if one.section is not None else None
        row = _put_service(work, one, section_id, place, by_id.get(one.id) if one.id else None, known)
        kept.add(row.id)
        _put_windows(work, row.id, [windows[label] for label in one.windows], accepts)
    for row in by_id.values():
        if row.id not in kept and row.deleted_at is None:
            work.change(Service, row, deleted_at=work.now)


def _standing_last(rows: Iterable[Any]) -> list[Any]:
    """Deleted rows first, so that of several with one value the one that stands is kept."""
    return sorted(rows, key=lambda row: row.deleted_at is None)


def _put_sections(work: Work, wanted: list[SetupSection]) -> list[UUID]:
    free = dict(plan_now(work.connection).sections)
    made: list[UUID] = []
    for place, one in enumerate(wanted):
        name = clean_words(one.name)
        found = free.get(one.id) if one.id is not None else None
        found = found or next((row for row in free.values() if row.name == name), None)
        if found is None:
            made.append(work.insert(Section, name=name, colour=one.colour, place=place).id)
        else:
            del free[found.id]
            made.append(work.change(Section, found, name=name, colour=one.colour, place=place).id)
    for row in free.values():
        work.change(Section, row, deleted_at=work.now)
    return made


def _put_service(
    work: Work, one: SetupService, section_id: UUID | None, place: int, found: Any, known: dict[str, Any]
) -> Any:
    name = clean_words(one.name)
    fits(work, name)
    values: dict[str, Any] = {
        "prefix": one.prefix,
        "name": name,
        "description": clean_words(one.description) or None,
        "section_id": section_id,
        "minutes": one.minutes,
        "place": place,
        "deleted_at": None,
    }
    found = known.get(one.prefix) or found
    return work.insert(Service, **values) if found is None else work.change(Service, found, **values)


def _put_windows(work: Work, service_id: UUID, window_ids: list[UUID], accepts: dict[tuple[UUID, UUID], Any]) -> None:
    for window_id in window_ids:
        row = accepts.get((window_id, service_id))
        if row is None:
            work.insert(WindowService, window_id=window_id, service_id=service_id, rank=1)
        elif row.deleted_at is not None:
            work.change(WindowService, row, deleted_at=None)
    for (window_id, of_service), row in accepts.items():
        if of_service == service_id and window_id not in window_ids and row.deleted_at is None:
            work.change(WindowService, row, deleted_at=work.now)


def merged(present: SetUpServices, rows: list[GoodRow]) -> SetUpServices:
    """The services that stand with those of a sheet: the same prefix is the same service; sections are found by name."""
    sections = list(present.sections)
    services = {one.prefix: one for one in present.services}
    for row in rows:
        before = services.get(row.prefix)
        services[row.prefix] = SetupService(
            id=before.id if before else None,
            prefix=row.prefix,
            name={**(before.name if before else {}), **row.name},
            description={**(before.description if before else {}), **row.description},
            section=_section(sections, row) if row.section else (before.section if before else None),
            minutes=row.minutes,
            windows=row.windows or (before.windows if before else []),
        )
    return SetUpServices(sections=sections, services=list(services.values()))


def _section(sections: list[SetupSection], row: GoodRow) -> int:
    for place, section in enumerate(sections):
        if row.section in section.name.values():
            return place
    language = next(iter(row.name), "en")
    sections.append(SetupSection(name={language: row.section}, colour=COLOURS[len(sections) % len(COLOURS)]))
    return len(sections) - 1


def labels(work: Work) -> Collection[str]:
    """The numbers of the hall's windows."""
    return [row.label_text for row in plan_now(work.connection).windows.values()]
