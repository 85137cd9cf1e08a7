"""Permissions of what every hall keeps: dictionaries, attachments, shared searches."""

from common.text import N_
from server.engine.access.permissions import permission

DICTIONARIES_SEE = permission("dictionaries.see", N_("See dictionaries"), devices=("kiosk", "pad", "led", "staff_pc"))
DICTIONARIES_EDIT = permission("dictionaries.edit", N_("Change dictionaries"))
SEARCHES_SHARE = permission("searches.share", N_("Share searches with everybody"))
FILES_SEE = permission("files.see", N_("Open attached files"))
FILES_ADD = permission("files.add", N_("Attach files"))
