"""Permissions of forms."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("forms.see", N_("See forms and their versions"))
EDIT = permission("forms.edit", N_("Draw and publish forms"))
FILL = permission("forms.fill", N_("Fill in forms"), devices=("kiosk", "pad", "staff_pc"))
ANSWERS = permission("forms.answers", N_("Read what was filled in"))
REVEAL = permission("forms.reveal", N_("See protected answers in forms"))
