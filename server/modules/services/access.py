"""Permissions of services."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("services.see", N_("See services"), devices=("kiosk", "pad", "led", "staff_pc"))
EDIT = permission("services.edit", N_("Change services"))
