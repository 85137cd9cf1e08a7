"""Puts the demo hall into an empty database, in one action. Ids are made from names, so that pictures and tests can name them."""

from __future__ import annotations

from uuid import UUID, uuid5

from argon2 import PasswordHasher

from server.demo import hall
from server.demo.portraits import portrait
from server.engine.actions.work import Work
from server.engine.files import store as files
from server.engine.house import mark_demo
from server.engine.principal import HOUSE
from server.engine.records.first_entries import plant
from server.modules.devices.public import make_device
from server.modules.organisation.records import Department, Outlet, Section, StaffMember, Window, Zone
from server.modules.organisation.rules import always
from server.modules.people.public import make_account, make_first_roles
from server.modules.services.records import Service, WindowService

SPACE = UUID("6f70656e-6861-4c6c-8d65-6d6f68616c6c")


def id_of(*name: object) -> UUID:
    """The fixed id of something in the demo hall, such as `id_of("window", 3)`."""
    return uuid5(SPACE, ":".join(str(n) for n in name))


def fill(work: Work) -> None:
    """Fill an empty database; must run as the house."""
    assert work.who is HOUSE
    plant(work)
    outlet = work.insert(
        Outlet, id=id_of("outlet"), name=hall.OUTLET, organisation=hall.ORGANISATION, time_zone="UTC",
        languages=list(hall.LANGUAGES), hours=always(), day_starts="04:00", ticker=list(hall.TICKER),
        voice_languages=list(hall.VOICE_LANGUAGES), main=True,
    )  # fmt: skip
    for place, name in enumerate(hall.ZONES):
        work.insert(Zone, id=id_of("zone", place), outlet_id=outlet.id, name=name)
    for place, (colour, name) in enumerate(hall.SECTIONS):
        work.insert(Section, id=id_of("section", place), name=name, colour=colour, place=place)
    for place, name in enumerate(hall.DEPARTMENTS):
        work.insert(Department, id=id_of("department", place), name=name)
    for place, service in enumerate(hall.SERVICES):
        work.insert(
            Service, id=id_of("service", service.prefix), name=service.name, section_id=id_of("section", service.section),
            description=service.description, requirements=list(service.bring), prefix=service.prefix,
            minutes=service.minutes, limit_minutes=service.minutes * 2, place=place,
            hours=hall.MARRIAGE_HOURS if service.hours else None,
        )  # fmt: skip
    for place, accepted in enumerate(hall.WINDOW_SERVICES):
        number = place + 1
        window = work.insert(
            Window, id=id_of("window", number), outlet_id=outlet.id, zone_id=id_of("zone", place // 8),
            label_text=str(number), place=number,
        )  # fmt: skip
        for prefix in accepted:
            work.insert(WindowService, window_id=window.id, service_id=id_of("service", prefix), rank=1)
    make_first_roles(work)
    # Everybody knows this password: a hash that costs anything would only keep the first clerk waiting.
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(hall.PASSWORD)
    for place, (account, role, name) in enumerate(hall.STAFF):
        photo = files.put(work, f"{account}.png", portrait(place), file_id=id_of("photo", account), public=True)
        person = work.insert(
            StaffMember, id=id_of("staff", account), name=name, staff_number=f"{100 + place}", post=hall.POSTS[role],
            department_id=id_of("department", place % len(hall.DEPARTMENTS)), photo=photo,
            post_kind="model" if place % 5 == 0 else "ordinary",
        )  # fmt: skip
        make_account(work, person.id, account, hashed, [role])
    for kind, zone in (("kiosk", 0), ("kiosk", 1), ("led", 0), ("led", 1)):
        make_device(work, kind, f"{kind} {zone + 1}", None, id_of("zone", zone), id=id_of("device", kind, zone))
    for topic in ("organisation", "services", "people", "devices"):
        work.notify(topic, "founded")
    mark_demo(work.connection)
    work.engine.house.demo = True


def accounts() -> list[dict[str, object]]:
    """The demo accounts as printed in the ready line."""
    return [{"name": a, "password": hall.PASSWORD, "roles": [role]} for a, role, _ in hall.STAFF]
