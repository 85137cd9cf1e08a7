"""Settings of ratings."""

from common.text import N_
from server.engine.settings import setting

WAIT = setting(
    "evaluation.wait_seconds", 30, N_("A rating is awaited for"), unit="s", least=5, most=300,
    levels=("window", "zone", "outlet", "system"),
)  # fmt: skip
LOCK = setting(
    "evaluation.one_ticket_one_rating", True, N_("The next call waits for the rating or the end of its time"),
    levels=("window", "zone", "outlet", "system"),
)  # fmt: skip
