"""Every text of every program is translated into every language, with its placeholders and plural forms."""

from __future__ import annotations

from common.text.check import faults
from common.text.extract import tree_root


def test_every_text_is_translated() -> None:
    found = faults(tree_root())
    assert not found, f"{len(found)} faults (python -m common.text check):\n" + "\n".join(map(str, found[:40]))
