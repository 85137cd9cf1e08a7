"""How a server announces itself on the hall's LAN; programs look for it (zeroconf)."""

from __future__ import annotations

from uuid import UUID

SERVICE_TYPE = "_openhall._tcp.local."

ID = "id"
"""TXT: the server's id. Nothing is proven by it; the certificate's name must fit it."""
NAME = "name"
"""TXT: the hall's name in its first language."""
PROTOCOL = "protocol"
"""TXT: the protocol that the server speaks."""
SCHEME = "scheme"
"""TXT: `https`, or `http` on loopback."""
GROUP = "group"
"""TXT: programs of one group find each other only; empty in a hall. Test suites side by side never meet."""

WHERE_VARIABLE = "OPENHALL_ZEROCONF"
"""Environment: `loopback` announces and looks on this machine only."""
LOOPBACK = "loopback"
GROUP_VARIABLE = "OPENHALL_ZEROCONF_GROUP"
"""Environment: the group."""

NOBODY = "off"
"""`OPENHALL_ZEROCONF=off`: announce nothing."""


def server_name(server_id: UUID) -> str:
    """The name that a server's certificate must bear, whatever its address is."""
    return f"openhall-{server_id}"
