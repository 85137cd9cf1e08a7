"""The TLS of one server process: a short-lived certificate of the hall's authority, made anew while it serves."""

from __future__ import annotations

import logging
import ssl
import threading
from datetime import UTC, datetime

from server.engine.access.authority import Authority

log = logging.getLogger(__name__)

LOOK_SECONDS = 3600.0


class Certificates:
    """Holds a server's context. New connections get the new certificate; standing ones go on."""

    def __init__(self, authority: Authority, addresses: list[str]) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._authority = authority
        self._addresses = addresses
        self._made = datetime.now(UTC)
        self._until = authority.serve_with(self.context, addresses)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="certificates", daemon=True)
        self._thread.start()

    def renew_when_due(self, now: datetime) -> bool:
        """Make a new certificate once half of the present one's time is over; says whether it did."""
        if now < self._made + (self._until - self._made) / 2:
            return False
        self._until = self._authority.serve_with(self.context, self._addresses)
        self._made = now
        log.info("the server's certificate was renewed; it holds until %s", self._until)
        return True

    def close(self) -> None:
        """Watch no more."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.renew_when_due(datetime.now(UTC))
            except (OSError, ValueError):
                log.exception("the certificate could not be renewed; it holds until %s", self._until)
