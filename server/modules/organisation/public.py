"""What other modules may call of the organisation."""

from __future__ import annotations

from server.engine.ports import ports
from server.modules.organisation.loaders import PLAN, OutletPlace, Places, Plan, place_of
from server.modules.organisation.records import Outlet, StaffMember, Window, Zone
from server.modules.organisation.rules import always, bad_periods, periods_of, public_hours, within

__all__ = [
    "PLAN",
    "Outlet",
    "OutletPlace",
    "Plan",
    "StaffMember",
    "Window",
    "Zone",
    "always",
    "bad_periods",
    "periods_of",
    "place_of",
    "public_hours",
    "within",
]

ports.places = Places()
