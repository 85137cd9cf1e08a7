"""Settings of services."""

from common.text import N_
from server.engine.settings import setting

NAME_LENGTH = setting(
    "services.name_length", 80, N_("Longest name of a service"), least=10, most=120,
    help=N_(
        "In letters; a Chinese character counts as two. The name stands on kiosks, tickets, displays and in statistics: "
        "where screens are small, choose less."
    ),
)  # fmt: skip
