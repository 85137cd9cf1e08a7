"""Settings of operations."""

from common.text import N_
from server.engine.settings import setting

AWAY = setting(
    "operations.device_away", 10, N_("A device counts as faulty after an absence of"), unit="min", least=0, most=1440,
    help=N_("Only while the hall is open; 0 raises no alarm."),
)  # fmt: skip
SLOW = setting(
    "operations.slow_change", 1000, N_("The database is too slow when a change takes"), unit="ms", least=50, most=60000
)
FIRST_LEVEL = setting(
    "operations.first_level", 30, N_("The first level diagnoses a fault within"), unit="min", least=0, most=10080,
    help=N_("Then it goes up to the second level by itself; 0 leaves that to people."),
)  # fmt: skip
SECOND_LEVEL = setting(
    "operations.second_level", 240, N_("The second level handles a fault within"), unit="min", least=0, most=10080,
    help=N_("Then it goes up to the third level by itself; 0 leaves that to people."),
)  # fmt: skip
WATCHING = setting(
    "operations.watching", 60, N_("A change of the configuration is watched for"), unit="min", least=0, most=20160,
    help=N_("Before that it cannot be confirmed, only taken back."),
)  # fmt: skip
UNUSED = setting(
    "operations.unused_account", 90, N_("An account is idle when nobody signed in for"), unit="d", least=7, most=730
)
LIFELESS = setting(
    "operations.lifeless_device", 14, N_("A device is lifeless when it was not heard for"), unit="d", least=1, most=730
)
GUESSES = setting(
    "operations.failed_sign_ins", 20, N_("Failed sign-ins in a day that are suspicious"), least=3, most=1000
)
