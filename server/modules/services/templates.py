"""The template halls, as data in `template_halls/`: `halls.json` names services of `offer.json` by their prefix."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from common.protocol.setup import (
    SetupSection,
    SetupService,
    SetUpServices,
    SetupZone,
    SetUpZones,
    TemplateHall,
    TemplateHalls,
    listed_windows,
)

FOLDER = Path(__file__).with_name("template_halls")


@lru_cache(maxsize=1)
def template_halls() -> TemplateHalls:
    """All of them, read once."""
    offer = json.loads((FOLDER / "offer.json").read_text(encoding="utf-8"))
    halls = json.loads((FOLDER / "halls.json").read_text(encoding="utf-8"))
    return TemplateHalls(items=[_hall(one, offer) for one in halls])


def _hall(one: dict[str, Any], offer: dict[str, Any]) -> TemplateHall:
    zones, number = [], 1
    for zone in one["zones"]:
        zones.append(SetupZone(name=zone["name"], windows=[str(n) for n in range(number, number + zone["windows"])]))
        number += zone["windows"]
    wanted: dict[str, str] = one["services"]
    known = {service["prefix"]: service for service in offer["services"]}
    used = {known[prefix]["section"] for prefix in wanted}
    sections = [section for section in offer["sections"] if section["code"] in used]
    places = {section["code"]: place for place, section in enumerate(sections)}
    services = [
        SetupService(
            prefix=prefix,
            name=known[prefix]["name"],
            description=known[prefix]["description"],
            section=places[known[prefix]["section"]],
            minutes=known[prefix]["minutes"],
            windows=listed_windows(windows),
        )
        for prefix, windows in wanted.items()
    ]
    return TemplateHall(
        code=one["code"],
        name=one["name"],
        about=one["about"],
        hall=SetUpZones(zones=zones, hours=one["hours"], template=one["code"]),
        offer=SetUpServices(
            sections=[SetupSection(name=section["name"], colour=section["colour"]) for section in sections],
            services=services,
        ),
    )
