"""`python -m common.qt.screen`: prints the main screen without its panels, `[x, y, width, height]` in logical pixels."""

from __future__ import annotations

import json

from PySide6.QtGui import QGuiApplication


def main() -> None:
    """Ask Qt, for programs that have none."""
    application = QGuiApplication([])
    space = application.primaryScreen().availableGeometry()
    print(json.dumps([space.x(), space.y(), space.width(), space.height()]))


if __name__ == "__main__":
    main()
