"""Roles as a grid of rights."""

from client_staff.screens.registry import Page
from client_staff.screens.roles.page import RolesPage
from common.text import N_

PAGE = Page("roles", N_("Roles and rights"), "lock", "people", "people.see", RolesPage)
