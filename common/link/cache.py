"""The last known views on disk, for a start without the server. Nothing personal belongs here."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

log = logging.getLogger(__name__)

M = TypeVar("M", bound=BaseModel)

_NAME = re.compile(r"[a-z0-9_.-]{1,120}")
_MOMENT = TypeAdapter(datetime)


@dataclass(frozen=True)
class Kept(Generic[M]):
    """A view and the server's time when it was kept; whoever shows it says that it is old."""

    value: M
    at: datetime


class Cache:
    """Views by name (`queue.board`), one file each."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    def put(self, name: str, value: BaseModel) -> None:
        """Keep the newest view of this name; a full disk is logged, not raised: a cache is no promise."""
        path = self._path(name)
        new = path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_text(f"{self._now().isoformat()}\n{value.model_dump_json()}", encoding="utf-8")
            os.replace(new, path)
        except OSError as failure:
            log.warning("the view %s could not be kept: %s", name, failure)

    def get(self, name: str, kind: type[M]) -> Kept[M] | None:
        """The last view kept under this name; nothing when there is none or it cannot be read any more."""
        try:
            at, _, body = self._path(name).read_text(encoding="utf-8").partition("\n")
            return Kept(kind.model_validate_json(body), _MOMENT.validate_python(at))
        except (OSError, UnicodeDecodeError, ValidationError):
            return None

    def clear(self) -> None:
        """Forget everything: the device belongs to another server now."""
        for path in self._folder.glob("*.view"):
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a view")
        return self._folder / f"{name}.view"
