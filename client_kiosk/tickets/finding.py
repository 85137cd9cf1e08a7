"""How a service is found: by section, by department, in classes of any depth, by search; the most active first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from common.protocol.messages import Words
from common.protocol.queue import Offer, ServiceGroup, ServiceOffer
from common.text.fold import fold

By = Literal["section", "department"]
Kind = Literal["service", "group", "section", "department"]


@dataclass(frozen=True)
class Place:
    """Where somebody stands in the offer: all of it, a section or department, and the classes opened below."""

    by: By = "section"
    inside: UUID | None = None
    groups: tuple[UUID, ...] = ()

    @property
    def top(self) -> bool:
        """The first page."""
        return self.inside is None and not self.groups

    def back(self) -> Place:
        """One step up."""
        if self.groups:
            return replace(self, groups=self.groups[:-1])
        return replace(self, inside=None)


@dataclass(frozen=True)
class Entry:
    """One key: a service, or something that opens further ones."""

    kind: Kind
    id: UUID
    name: Words
    count: int = 0
    """Services behind it."""
    service: ServiceOffer | None = None
    sub: Words | None = None


@dataclass(frozen=True)
class Shelf:
    """A heading with its most active services, of `count` in all."""

    id: UUID
    name: Words
    services: list[ServiceOffer]


def every(offer: Offer) -> list[ServiceOffer]:
    """Everything on offer, most active first (QUE-047); equal ones keep the offer's order (QUE-937)."""
    return active([one for section in offer.sections for one in section.services])


def active(services: Iterable[ServiceOffer]) -> list[ServiceOffer]:
    """Most active first; stable."""
    return sorted(services, key=lambda one: -one.activity)


def shelves(offer: Offer, by: By) -> list[Shelf]:
    """The sections or departments that have something on offer."""
    if by == "section":
        return [Shelf(one.id, one.name, active(one.services)) for one in offer.sections]
    services = every(offer)
    found = [
        Shelf(one.id, one.name, [service for service in services if service.department_id == one.id])
        for one in offer.departments
    ]
    return [one for one in found if one.services]


def entries(offer: Offer, place: Place) -> list[Entry]:
    """What stands in a section, department or class: classes first, then services (QUE-035, QUE-037)."""
    if place.inside is None:
        services = every(offer)
    else:
        services = next((one.services for one in shelves(offer, place.by) if one.id == place.inside), [])
    known = {one.id: one for one in offer.groups}
    here = place.groups[-1] if place.groups else None
    classes: dict[UUID, int] = {}
    direct: list[Entry] = []
    for service in services:
        path = path_of(service, known)
        if here is not None and here not in path:
            continue
        below = path[path.index(here) + 1 :] if here is not None else path
        if below:
            classes[below[0]] = classes.get(below[0], 0) + 1
        else:
            direct.append(Entry("service", service.id, service.name, service=service))
    opening = [
        Entry("group", one, known[one].name, count, sub=known[one].description) for one, count in classes.items()
    ]
    return [*opening, *direct]


def path_of(service: ServiceOffer, groups: Mapping[UUID, ServiceGroup]) -> list[UUID]:
    """The classes above a service, the major one first; a class that is not told ends the path."""
    path: list[UUID] = []
    above = service.parent_id
    while above is not None and above in groups and above not in path:
        path.insert(0, above)
        above = groups[above].parent_id
    return path


def search(offer: Offer, typed: str) -> list[ServiceOffer]:
    """Services in which every word that was typed occurs: names of all languages, descriptions, initials of pinyin.

    Names that begin with it come first, then the most active ones.
    """
    words = fold(typed).split()
    if not words:
        return every(offer)
    found = []
    for service in every(offer):
        shadow = service.search or fold(" ".join(service.name.values()))
        described = fold(" ".join(service.description.values()))
        if all(word in shadow or word in described for word in words):
            found.append((not any(part.startswith(words[0]) for part in shadow.split()), service))
    return [service for _later, service in sorted(found, key=lambda one: one[0])]


def pages(count: int, of: int) -> int:
    """How many pages so many keys need."""
    return max(1, -(-count // of))


def on_page(things: Sequence[Entry], page: int, of: int) -> Sequence[Entry]:
    """Those of one page."""
    return things[page * of : (page + 1) * of]
