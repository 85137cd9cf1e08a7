"""Settings of the queue."""

from common.text import N_
from server.engine.settings import setting

START_AFTER = setting(
    "queue.start_after", 0, N_("Service starts by itself after"), unit="s", least=0, most=600,
    levels=("window", "zone", "outlet", "system"), help=N_("Counted from the call; 0 leaves the start to the clerk."),
)  # fmt: skip
GREEN_CHANNEL = setting(
    "queue.green_channel_priority", True, N_("Green channel gives priority"), levels=("zone", "outlet", "system")
)
TRANSFER_KEEPS_TIME = setting(
    "queue.transfer_keeps_time", True, N_("A transferred ticket keeps its place by its own time"),
    levels=("zone", "outlet", "system"),
)  # fmt: skip
