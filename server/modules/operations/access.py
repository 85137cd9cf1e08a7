"""Permissions of operations."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("operations.see", N_("See faults and figures of operation"))
REPORT = permission("operations.report", N_("Report faults"))
CHANGE = permission("operations.change", N_("Plan changes of the configuration and carry them out"))
HANDLE = permission("operations.handle", N_("Handle faults"))
SECURITY = permission("operations.security", N_("See offences against the security rules and plan training"))
