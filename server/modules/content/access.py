"""Permissions of content."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("content.see", N_("See all announcements and who has read them"))
EDIT = permission("content.edit", N_("Write announcements"))
PUBLISH = permission("content.publish", N_("Publish and withdraw announcements"))
SHOWN = permission("content.shown", N_("Show what is published in the hall"), devices=("led", "kiosk"))
