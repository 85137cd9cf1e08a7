"""The working calendar, drawn as a year."""

from client_staff.screens.registry import Page
from client_staff.screens.year.page import YearPage
from common.text import N_

PAGE = Page("working_year", N_("Working calendar"), "calendar", "organisation", "organisation.see", YearPage,
            ("working_calendar",))  # fmt: skip
