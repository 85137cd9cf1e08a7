"""Permissions of ratings."""

from common.text import N_
from server.engine.access.permissions import permission

PAD = permission("evaluation.pad", N_("Show a window's pad"), devices=("pad",))
RATE = permission("evaluation.rate", N_("Give a rating, as the window's pad"), devices=("pad",))
REQUEST = permission("evaluation.request", N_("Ask for a rating"))
SEE = permission("evaluation.see", N_("See ratings"))
