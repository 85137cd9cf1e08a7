"""`python -m server.engine.database.revisions MODULE MESSAGE`: write a module's next revision (installer/hall new-revision)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sqlalchemy.engine import make_url

from server.engine.database.migrations import new_revision


def main(arguments: list[str], load: object = None) -> int:
    """Write the revision against a fresh SQLite database at the present head."""
    module = arguments[0]
    message = arguments[1] if len(arguments) > 1 else f"{module}"
    with tempfile.TemporaryDirectory() as folder:
        url = make_url(f"sqlite:///{Path(folder) / 'new.db'}")
        print(new_revision(module, message, url))
    return 0


if __name__ == "__main__":
    import importlib

    importlib.import_module("server.app").load_modules()
    sys.exit(main(sys.argv[1:]))
