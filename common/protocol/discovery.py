"""How a server announces itself on the hall's LAN; programs look for it (zeroconf)."""

from __future__ import annotations

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
