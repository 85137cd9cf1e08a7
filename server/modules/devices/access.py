"""Permissions of devices."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("devices.see", N_("See devices and their health"))
EDIT = permission("devices.edit", N_("Add and remove devices"))
RESTART = permission("devices.restart", N_("Restart the programs of devices"))
BEAT = permission("devices.beat", N_("Report its own health"), devices=("kiosk", "pad", "led", "staff_pc", "pc"))
