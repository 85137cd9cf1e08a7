"""Permissions of backups."""

from common.text import N_
from server.engine.access.permissions import permission

RUN = permission("backup.run", N_("Take backups and check the stored data"))
SEE = permission("backup.see", N_("See backups and what checks found"))
RESTORE = permission("backup.restore", N_("Restore the hall from a backup"))
