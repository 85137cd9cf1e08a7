"""What is made once for all processes of a test run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE_SECONDS = 240


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make(folder)` fills, in whichever process wants it first; the others wait until it is done. Where
    making it failed there, it is tried again here."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, done = base / name, base / f"{name}.done"
    end = time.monotonic() + PATIENCE_SECONDS
    while not done.exists():
        try:
            folder.mkdir()
        except FileExistsError:
            if (base / f"{name}.failed").exists() or time.monotonic() > end:
                break
            time.sleep(0.1)
            continue
        try:
            make(folder)
        except BaseException:
            (base / f"{name}.failed").touch()
            raise
        done.touch()
    if done.exists():
        return folder
    own = factory.mktemp(name)
    make(own)
    return own
