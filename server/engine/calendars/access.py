"""Permissions of deadlines."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("deadlines.see", N_("See deadlines and open their ledger"))
CHANGE = permission("deadlines.change", N_("Stop, resume and extend deadlines"))
