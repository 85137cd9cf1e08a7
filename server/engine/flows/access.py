"""Permissions of flows. Acting on a step needs none of them: whoever holds the step may act on it."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("flows.see", N_("See flows and their versions"))
EDIT = permission("flows.edit", N_("Draw, publish and retire flows"))
CASES = permission("flows.cases", N_("See cases and where they stand"))
SUPERVISE = permission("flows.supervise", N_("Supervise cases: hand steps to others, move and cancel cases"))
