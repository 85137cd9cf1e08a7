"""What a link is doing now."""

from __future__ import annotations

from enum import StrEnum


class LinkState(StrEnum):
    """What a link is doing now; `link.sentence` says why in the reader's language, where there is more to say."""

    SEARCHING = "searching"
    """No address yet: looking for a server on the LAN."""
    CONNECTING = "connecting"
    """Reaching the server for the first time since the program's start."""
    ENROLLING = "enrolling"
    """This device asks to join; `link.digits` are shown here and on the console."""
    SIGNED_OUT = "signed_out"
    """The server answers, but nobody is signed in here (a staff PC), or the given token is not accepted."""
    ONLINE = "online"
    """Signed in and listening live."""
    OFFLINE = "offline"
    """The server was there and is gone; the link tries again by itself."""
    INCOMPATIBLE = "incompatible"
    """The server is too old or too new for this program, or is not the server this device belongs to."""
