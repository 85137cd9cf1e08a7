"""Settings of the queue."""

from common.text import N_
from server.engine.settings import setting

HALL = ("outlet", "system")
ZONE = ("zone", "outlet", "system")
WINDOW = ("window", "zone", "outlet", "system")

START_AFTER = setting(
    "queue.start_after", 0, N_("Service starts by itself after"), unit="s", least=0, most=600,
    levels=WINDOW, help=N_("Counted from the call; 0 leaves the start to the clerk."),
)  # fmt: skip
GREEN_CHANNEL = setting("queue.green_channel_priority", True, N_("Green channel gives priority"), levels=ZONE)
GREEN_AGE = setting(
    "queue.green_age", 0, N_("Green channel by card from this age"), least=0, most=120, levels=ZONE,
    help=N_("For cards whose number tells the day of birth; 0 recognises nobody by age."),
)  # fmt: skip
IDENTITY_DAYS = setting(
    "queue.identity_days", 0, N_("Identities on tickets are kept after their day for"), unit="d", least=0, most=365,
    levels=HALL,
)  # fmt: skip
SPOKEN = (
    ("en", N_("English")), ("zh", N_("Mandarin")), ("yue", N_("Cantonese")), ("ru", N_("Russian")), ("fa", N_("Persian")),
)  # fmt: skip
VOICE_FIRST = setting(
    "queue.voice_first", "outlet", N_("Announcements are spoken in"), levels=ZONE,
    choices=(("outlet", N_("The outlet's languages")), *SPOKEN),
)  # fmt: skip
VOICE_SECOND = setting(
    "queue.voice_second", "none", N_("Then in"), choices=(("none", N_("No further language")), *SPOKEN), levels=ZONE
)
VOICE_THIRD = setting(
    "queue.voice_third", "none", N_("And then in"), choices=(("none", N_("No further language")), *SPOKEN), levels=ZONE
)
VOLUME = setting("queue.voice_volume", 100, N_("Loudness of announcements"), unit="%", least=0, most=100, levels=ZONE)
CHIME = setting("queue.voice_chime", True, N_("A chime before each announcement"), levels=ZONE)
TRANSFER_KEEPS_TIME = setting(
    "queue.transfer_keeps_time", True, N_("A transferred ticket keeps its place by its own time"), levels=ZONE
)
PRIORITY_RUN = setting(
    "queue.priority_run", 0, N_("Others get a turn after so many priority calls"), least=0, most=99, levels=WINDOW,
    help=N_("Counted at each window; 0 calls priority tickets strictly first."),
)  # fmt: skip
LONGEST_WAIT = setting(
    "queue.longest_wait", 0, N_("Nobody waits longer than"), unit="min", least=0, most=600, levels=ZONE,
    help=N_("Whoever waits longer goes first, whatever the class or service; 0 sets no bound."),
)  # fmt: skip
AUTO_CALL = setting(
    "queue.auto_call", 0, N_("Calls by itself after"), unit="s", least=0, most=600, levels=WINDOW,
    help=N_("Counted from the moment at which the window is free; 0 leaves calling to the clerk."),
)  # fmt: skip
RECALLS_NEEDED = setting(
    "queue.recalls_before_no_show", 0, N_("Recalls before a no-show"), least=0, most=9, levels=WINDOW
)
ANTI_REPEAT = setting(
    "queue.anti_repeat", 2, N_("Recalls count once within"), unit="s", least=0, most=30, levels=WINDOW
)
UNDO = setting("queue.undo_seconds", 60, N_("Finish and no-show can be undone for"), unit="s", least=0, most=600)
SERVICES_BY = setting(
    "queue.services_by",
    "window",
    N_("Services are allocated by"),
    choices=(("window", N_("Window")), ("person", N_("Person"))),
    levels=ZONE,
)
PAUSE_COUNTS = setting(
    "queue.pause_counts", 30, N_("A paused window counts as working for"), unit="min", least=0, most=600, levels=ZONE
)
LONG_PAUSE = setting(
    "queue.long_pause", 15, N_("Managers are told of a pause after"), unit="min", least=1, most=600, levels=ZONE
)
WARN_HOLD = setting(
    "queue.warn_hold", 60, N_("A warning needs its value to stand for"), unit="s", least=0, most=3600, levels=HALL
)
OPENING = setting(
    "queue.opening_minutes", 30, N_("Tickets for trial before opening"), unit="min", least=0, most=240, levels=HALL
)
LAST_TICKET = setting(
    "queue.last_ticket", "hours", N_("The last ticket is given"),
    choices=(("hours", N_("Until closing")), ("time", N_("Until a time")), ("estimate", N_("While the wait ends before closing"))),
    levels=HALL,
    help=N_("Until closing, some minutes before, or as long as the expected wait and service fit before closing."),
)  # fmt: skip
LAST_TICKET_MINUTES = setting(
    "queue.last_ticket_minutes", 15, N_("Minutes before closing"), unit="min", least=0, most=240, levels=HALL
)
BLOCK_SIZE = setting(
    "queue.block_size", 20, N_("Numbers that a kiosk holds for the time without the server"), least=0, most=500,
    levels=("device", *ZONE),
)  # fmt: skip
BLOCK_MINUTES = setting(
    "queue.block_minutes", 120, N_("A kiosk goes on without the server for"), unit="min", least=0, most=1440,
    levels=("device", *ZONE),
)  # fmt: skip
PAPERLESS_SECONDS = setting(
    "queue.paperless_seconds", 60, N_("A code on the screen is shown for"), unit="s", least=10, most=600, levels=ZONE
)
PAPERLESS_THEN = setting(
    "queue.paperless_then",
    "print",
    N_("When nobody scanned it"),
    choices=(("print", N_("Print it")), ("void", N_("Take it back"))),
    levels=ZONE,
)
LAYOUT = setting(
    "queue.layout", "", N_("Ticket layout"), levels=("device", *ZONE),
    help=N_("Id of a layout; empty takes the default one."),
)  # fmt: skip
