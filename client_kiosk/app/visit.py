"""What one citizen has chosen so far; forgotten as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from client_kiosk.tickets.finding import Place
from common.link import new_key
from common.protocol.access import SignedIn
from common.protocol.queue import ServiceOffer
from common.protocol.queue_identity import CitizenIdentity


@dataclass
class Visit:
    """From the first touch until the kiosk is home again."""

    place: Place = field(default_factory=Place)
    service: ServiceOffer | None = None
    """The service whose page is open; it stays as it was when it is hidden meanwhile."""
    green: bool = False
    key: str = ""
    """However often it is touched or asked again, it is one ticket (QUE-908)."""
    on_screen: bool = False
    """Without paper, by the citizen's wish (QUE-048)."""
    identity: CitizenIdentity | None = field(default=None, repr=False)
    identity_asked: bool = False
    staff: SignedIn | None = field(default=None, repr=False)
    """Who takes tickets for citizens here now (QUE-045)."""

    def choose(self, service: ServiceOffer | None) -> None:
        """Another service is another ticket, and whose it is to be is asked anew."""
        self.service = service
        self.key = new_key() if service is not None else ""
        self.on_screen = False
        self.identity = None
        self.identity_asked = False

    @property
    def untouched(self) -> bool:
        """Nothing would be lost by going home."""
        return self.service is None and self.place.top and not self.green and self.staff is None
