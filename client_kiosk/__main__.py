"""`openhall-kiosk`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from client_kiosk.app.window import KioskWindow
from common.qt.program import Program
from common.text import _


def options(parser: argparse.ArgumentParser) -> None:
    """What only a kiosk understands."""
    parser.add_argument(
        "--printer",
        default="screen",
        metavar="ADDRESS",
        help="serial:/dev/ttyS0, network:HOST:9100, file:PATH, or screen for none",
    )
    parser.add_argument("--keep-tickets", metavar="FOLDER", type=Path, help="keep every printed picture as PNG")
    parser.add_argument("--card-reader", default="", metavar="ADDRESS", help="of identity cards: serial:/dev/ttyUSB0")
    parser.add_argument("--scanner", default="", metavar="ADDRESS", help="of codes, on a line: serial:/dev/ttyUSB1")
    parser.add_argument(
        "--auxiliary", action="store_true", help="a dispenser beside a main kiosk: its numbers go on in the same row"
    )
    parser.add_argument("--idle", metavar="SECONDS", type=float, default=30.0, help="without touch, then it goes home")


def main(argv: list[str] | None = None) -> int:
    """Run the kiosk; gives the exit status."""
    return Program("kiosk", _("Ticket kiosk"), options).run(KioskWindow, argv)


if __name__ == "__main__":
    sys.exit(main())
