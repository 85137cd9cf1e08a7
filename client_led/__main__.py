"""`openhall-led [--role central|strip]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from client_led.app.window import LedWindow
from common.qt.program import Program
from common.text import _


def options(parser: argparse.ArgumentParser) -> None:
    """What only a display understands."""
    parser.add_argument(
        "--role", choices=("central", "strip"), help="else by the device's place: a zone's display or a window's strip"
    )
    parser.add_argument("--mute", action="store_true", help="never ask for the zone's voice")
    parser.add_argument(
        "--old-after",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="so long without news, and it says that it is old",
    )
    parser.add_argument(
        "--keep-announcements", metavar="FOLDER", type=Path, help="keep every announcement as a WAV file"
    )


def main(argv: list[str] | None = None) -> int:
    """Run the display; gives the exit status."""
    return Program("led", _("Hall display"), options).run(LedWindow, argv)


if __name__ == "__main__":
    sys.exit(main())
