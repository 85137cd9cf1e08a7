"""A new module comes whole: what is written works in a copy of the house, and a bad name writes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.commands.new_module import TOP, Unfit, write

TRIED = """
from server.app import load_modules
load_modules()
from server.engine.actions.declare import ACTIONS
from server.engine.records.record import RECORDS
kind = RECORDS["lost_property_entry"]
print(ACTIONS["lost_property.close"].on is kind, kind.__table__.name, kind.rights.see, kind.plan().module)
"""


def test_a_new_module_is_known_to_the_server_at_once(tmp_path: Path) -> None:
    for folder in ("server", "common"):
        shutil.copytree(TOP / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.po", "fonts"))
    written = write("lost_property", tmp_path)
    assert {file.name for file in written} == {
        "__init__.py", "access.py", "records.py", "actions.py", "test_lost_property.py",
    }  # fmt: skip
    said = subprocess.run(
        [sys.executable, "-c", TRIED], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, text=True,
        capture_output=True, timeout=120,
    )  # fmt: skip
    assert said.stdout.split() == ["True", "lost_property_entry", "lost_property.see", "lost_property"], said.stderr
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(TOP / "pyproject.toml"), *map(str, written)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ruff.returncode == 0, ruff.stdout + ruff.stderr
    before = (tmp_path / "server" / "app.py").read_bytes()
    for name in ("lost_property", "Lost", "lost__property", "class", "queue", "../x", ""):
        with pytest.raises(Unfit):
            write(name, tmp_path)
    assert (tmp_path / "server" / "app.py").read_bytes() == before
