"""What whoever holds a ticket may see of it: by its 128 random bits, never by its id, and nothing about anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.protocol.messages import Words
from server.engine.actions.work import Work
from server.engine.ports import Place
from server.modules.organisation.public import PLAN
from server.modules.queue import loaders, rules
from server.modules.queue.cards import wait_of
from server.modules.queue.hall import hall_now, open_windows, place_and_day, sentence_now, serving_windows
from server.modules.queue.issuing import ahead_of
from server.modules.services.public import OFFERINGS


@dataclass(frozen=True)
class OwnTicket:
    """A ticket as its holder sees it on a phone."""

    number: str
    state: str
    test: bool
    service: Words
    zone: Words
    outlet: Words
    place: Place
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    recalls: int
    ahead: int
    wait: rules.Estimate | None
    """Nothing where no window is open, or where it does not wait."""
    windows: list[str]
    """The open windows that accept its service, while it waits."""
    window: str
    """Where it was called to."""
    window_name: Words
    hall_state: str
    sentence: Words
    """What a manager says to the public just now."""
    now: datetime


def own_ticket(work: Work, token: str) -> OwnTicket | None:
    """The ticket of a code, on its business day only: a code that is over is as unknown as one that never was."""
    row = work.first(loaders.BY_TOKEN, token=token)
    if row is None or row.deleted_at is not None:
        return None
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    outlet, zone = plan.outlets.get(row.outlet_id), plan.zones.get(row.zone_id)
    service = offerings.services.get(row.service_id)
    if outlet is None or zone is None or service is None:
        return None
    place, day = place_and_day(work, outlet.id)
    if row.business_day != day:
        return None
    window = plan.windows.get(row.window_id) if row.window_id is not None and row.state != "waiting" else None
    hall = hall_now(work, outlet, work.now.astimezone(place.zone), day)
    ahead, wait, serving = 0, None, []
    if row.state == "waiting":
        ahead = ahead_of(work, zone.id, service.id, day, row.priority, row.position)
        serving = serving_windows(work, service.id, zone, open_windows(work, zone.id))
        wait = wait_of(work, zone.id, service, ahead, len(serving))
    return OwnTicket(
        number=row.number,
        state=row.state,
        test=bool(row.test),
        service=service.name,
        zone=zone.name,
        outlet=outlet.name,
        place=place,
        issued_at=row.issued_at,
        called_at=row.called_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        recalls=row.recalls,
        ahead=ahead,
        wait=wait if hall.calls else None,
        windows=_labels(plan, serving),
        window=window.label_text if window is not None else "",
        window_name=(window.name or {}) if window is not None else {},
        hall_state=hall.state,
        sentence=sentence_now(work, outlet.id) if hall.ordered else {},
        now=work.now,
    )


def _labels(plan: Any, windows: list[Any]) -> list[str]:
    labels = [plan.windows[w].label_text for w in windows if w in plan.windows]
    return sorted(labels, key=lambda label: (not label.isdigit(), int(label) if label.isdigit() else 0, label))
