"""What this PC remembers between two starts: language, colours, the last window. Nothing about a citizen."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class Preferences:
    """A small JSON file in the profile; one that cannot be read or written is logged and does no harm."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "preferences.json"
        self._values: dict[str, Any] = {}
        try:
            self._values = dict(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError) as failure:
            log.warning("%s cannot be read: %s", self._path, failure)

    def get(self, name: str) -> str:
        """A value, or nothing."""
        return str(self._values.get(name, ""))

    def put(self, name: str, value: str) -> None:
        """Remember a value."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(self._values), encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError as failure:
            log.warning("%s cannot be written: %s", self._path, failure)
