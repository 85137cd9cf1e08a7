"""Permissions of the organisation."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission(
    "organisation.see", N_("See outlets, zones, windows and staff"), devices=("kiosk", "pad", "led", "staff_pc")
)
EDIT = permission("organisation.edit", N_("Change outlets, zones, windows and staff"))
FILES = permission("organisation.staff_files", N_("See the files of staff members"))
FILES_EDIT = permission("organisation.staff_files_edit", N_("Change the files of staff members"))
AUDIT_SEE = permission("audit.see", N_("See who changed what"))
CALENDAR = permission("organisation.calendar", N_("Change the working calendar"))
