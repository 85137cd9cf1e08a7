"""What this PC keeps of record screens, by person: drafts that survive a crash, and how lists are laid out."""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,120}")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as failure:
        log.warning("%s cannot be read: %s", path, failure)
        return None


def _write(path: Path, value: Any) -> None:
    """Whole and renamed into place; only this user may read it where the system knows that."""
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(value, file)
        os.replace(fresh, path)
    except OSError as failure:
        log.warning("%s cannot be written: %s", path, failure)


class Drafts:
    """What was typed into forms and is not saved yet, one file a record. Protected values are never written here."""

    NEW = "new"

    def __init__(self, profile: Path, person: str) -> None:
        self._folder = profile / "drafts" / person

    def put(self, kind: str, record_id: str, draft: dict[str, Any]) -> None:
        """Keep a draft: `changes` by field, `version` on which they stand, `labels` of links."""
        _write(self._path(kind, record_id), draft)

    def get(self, kind: str, record_id: str) -> dict[str, Any] | None:
        """The draft of a record, if there is one."""
        found = _read(self._path(kind, record_id))
        return found if isinstance(found, dict) and isinstance(found.get("changes"), dict) else None

    def drop(self, kind: str, record_id: str) -> None:
        """Saved or discarded."""
        try:
            self._path(kind, record_id).unlink(missing_ok=True)
        except OSError as failure:
            log.warning("a draft could not be removed: %s", failure)

    def of(self, kind: str) -> set[str]:
        """The ids of records with drafts."""
        return {path.stem.split("~", 1)[1] for path in self._folder.glob(f"{kind}~*.json")}

    def _path(self, kind: str, record_id: str) -> Path:
        if not _NAME.fullmatch(kind) or not _NAME.fullmatch(record_id):
            raise ValueError(f"{kind} {record_id} is no name for a draft")
        return self._folder / f"{kind}~{record_id}.json"


class Layouts:
    """Columns, widths, order and the like of one person's lists."""

    def __init__(self, profile: Path, person: str) -> None:
        self._path = profile / "layouts" / f"{person}.json"
        kept = _read(self._path)
        self._all: dict[str, Any] = kept if isinstance(kept, dict) else {}

    def get(self, kind: str) -> dict[str, Any]:
        """The layout of a list."""
        found = self._all.get(kind)
        return dict(found) if isinstance(found, dict) else {}

    def put(self, kind: str, **changes: Any) -> None:
        """Remember something of a list."""
        before = self.get(kind)
        after = {**before, **changes}
        if after != before:
            self._all[kind] = after
            _write(self._path, self._all)
