"""What other modules may call of the organisation."""

from __future__ import annotations

from server.engine.ports import ports
from server.modules.organisation.events import CalendarChanged, PostsChanged, RolesGiven, StaffRenamed
from server.modules.organisation.loaders import (
    DEPARTMENTS,
    PERSON,
    PLAN,
    OutletPlace,
    Places,
    Plan,
    place_of,
    places_of,
    posts_of,
    posts_of_all,
)
from server.modules.organisation.loaders_departments import (
    Departments,
    below,
    heads,
    line,
    members,
    subordinates,
    superiors,
)
from server.modules.organisation.questions import PlaceInUse, SetupProblems, WindowOpen
from server.modules.organisation.records import Hall, Outlet, Post, PostHolder, Section, StaffMember, Window, Zone
from server.modules.organisation.rules import (
    always,
    bad_periods,
    bare_name,
    clean_words,
    periods_of,
    periods_on,
    public_hours,
    within,
    within_period,
)
from server.modules.organisation.setup import outlet_in_setup, passed, plan_now
from server.modules.organisation.timelines import CalendarsOfPlaces, timeline_at

__all__ = [
    "DEPARTMENTS",
    "PERSON",
    "PLAN",
    "CalendarChanged",
    "Hall",
    "Outlet",
    "OutletPlace",
    "PlaceInUse",
    "Plan",
    "Post",
    "PostHolder",
    "PostsChanged",
    "RolesGiven",
    "Section",
    "SetupProblems",
    "StaffMember",
    "StaffRenamed",
    "Window",
    "WindowOpen",
    "Zone",
    "always",
    "bad_periods",
    "bare_name",
    "below",
    "clean_words",
    "heads",
    "line",
    "members",
    "outlet_in_setup",
    "passed",
    "periods_of",
    "periods_on",
    "place_of",
    "places_of",
    "plan_now",
    "posts_of",
    "posts_of_all",
    "public_hours",
    "subordinates",
    "superiors",
    "timeline_at",
    "within",
    "within_period",
]

ports.places = Places()
ports.calendars = CalendarsOfPlaces()
ports.departments = Departments()
