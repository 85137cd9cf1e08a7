"""Settings of people: what passwords must be, and who needs a second proof."""

from common.text import N_
from server.engine.settings import setting

PASSWORD_LENGTH = setting(
    "people.password_length", 8, N_("Passwords have at least so many characters"), least=6, most=64,
)  # fmt: skip
PASSWORD_MIXED = setting("people.password_mixed", False, N_("Passwords need letters and digits"))
SECOND_FACTOR = setting(
    "people.second_factor", "nobody", N_("Who must give a code of the phone as well"),
    choices=(
        ("nobody", N_("Nobody")), ("administrators", N_("Administrators")), ("everybody", N_("Everybody")),
    ),
    help=N_("Whoever must and has no code yet sets it up at the next sign-in. Anybody may have one."),
)  # fmt: skip
SHORT_SIGN_IN = setting(
    "people.short_sign_in", "off", N_("Signing in by card or PIN at the hall's own PCs"),
    levels=("hall", "outlet", "system"), choices=(
        ("off", N_("Not allowed")), ("card", N_("By card")), ("pin", N_("By name and PIN")),
        ("card_or_pin", N_("By card, or by name and PIN")),
    ),
    help=N_("Once a day the password is asked for all the same."),
)  # fmt: skip
