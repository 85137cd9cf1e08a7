"""What a program remembers of its server between two starts."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from uuid import UUID

log = logging.getLogger(__name__)


class Profile:
    """A folder of one program: the server it belongs to, its address, its authority and this device's token.

    `link.json` is written whole and renamed into place; only this user may read it where the system knows that.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.server_id: UUID | None = None
        self.url: str | None = None
        self.authority: str | None = None
        """PEM of the hall's certificate authority, pinned at enrolment."""
        self.token: str | None = None
        self._path = folder / "link.json"
        self._load()

    def belong(
        self, server_id: UUID, *, url: str | None, authority: str | None = None, token: str | None = None
    ) -> None:
        """Remember the server; what is not given stays."""
        self.server_id = server_id
        self.url = url or self.url
        self.authority = authority or self.authority
        self.token = token or self.token
        self._save()

    def forget_token(self) -> None:
        """The server does not know this device any more."""
        self.token = None
        self._save()

    def _load(self) -> None:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self.server_id = UUID(kept["server_id"]) if kept.get("server_id") else None
            self.url, self.authority, self.token = kept.get("url"), kept.get("authority"), kept.get("token")
        except FileNotFoundError:
            return
        except (OSError, ValueError, AttributeError) as failure:
            log.warning("%s cannot be read, starting as new: %s", self._path, failure)

    def _save(self) -> None:
        kept = {
            "server_id": str(self.server_id) if self.server_id else None,
            "url": self.url,
            "authority": self.authority,
            "token": self.token,
        }
        new = self._path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._path)
