"""What other modules may call of residency: an approval flow decides a filing through `decide`."""

from server.modules.residency.deciding import KINDS, decide
from server.modules.residency.events import FilingDecided, FilingSubmitted

__all__ = ["KINDS", "FilingDecided", "FilingSubmitted", "decide"]
