"""Workplaces and their menus: what the staff program shows to whom (COR-036, ADM-002)."""

from client_staff.screens.registry import Page
from client_staff.screens.workplaces.page import WorkplacesPage
from common.text import N_

PAGE = Page(
    "workplaces", N_("Workplaces and menus"), "columns", "people", "people.workplaces", WorkplacesPage, ("workplace",)
)
