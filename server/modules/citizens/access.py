"""Permissions of citizens."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("citizens.see", N_("See applicants and companies"))
EDIT = permission("citizens.edit", N_("Change applicants and companies"))
MERGE = permission("citizens.merge", N_("Merge duplicate applicants and companies"))
RESTRICT = permission("citizens.restrict", N_("Restrict applicants, and lift restrictions"))
EXPORT = permission("citizens.export", N_("Take lists of applicants and companies out"))
