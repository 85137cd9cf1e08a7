"""How long the log is kept."""

from common.text import N_
from server.engine.settings import setting

KEEP_DAYS = setting(
    "audit.keep_days", 1825, N_("The log of changes is kept for"), unit="d", least=0, most=36500,
    help=N_("0 keeps it for ever. What is older is deleted; a signed mark says where the log begins now."),
)  # fmt: skip
ATTEMPTS_DAYS = setting(
    "access.attempts_days", 180, N_("The log of sign-ins is kept for"), unit="d", least=7, most=3650
)
