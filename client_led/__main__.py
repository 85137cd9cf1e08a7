"""`openhall-led [--role central|strip|sign]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PySide6.QtWidgets import QWidget

from client_led.app.sign_window import SignWindow
from client_led.app.window import LedWindow
from common.devices.pager import FRAMING
from common.devices.serial_port import port_at
from common.devices.sign import PanelShape
from common.devices.sign_wall import sign_place
from common.qt.program import Program
from common.text import _


def options(parser: argparse.ArgumentParser) -> None:
    """What only a display understands."""
    parser.add_argument(
        "--role",
        choices=("central", "strip", "sign"),
        help="else by the device's place: a zone's display or a window's strip; sign drives LED panels on a line",
    )
    parser.add_argument(
        "--sign",
        metavar="ADDRESS",
        type=sign_address,
        help="of role sign: serial:/dev/ttyS0[,9600[,8N1]][:3 or :2x3 panels] or network:host:port[:panels]",
    )
    parser.add_argument(
        "--sign-dots", metavar="96x16", type=sign_dots, default=PanelShape(), help="dots of one panel, across and down"
    )
    parser.add_argument("--sign-beep", action="store_true", help="the sign sounds for each call")
    parser.add_argument(
        "--pagers",
        metavar="ADDRESS",
        type=pagers_address,
        help="a transmitter of customers' pagers on a line: serial:/dev/ttyUSB0[,9600[,7E1]] or network:host:port",
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


def sign_address(text: str) -> str:
    """An address that leads to a sign; argparse says what is wrong with another."""
    try:
        return sign_place(text).address
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def pagers_address(text: str) -> str:
    """An address that leads to a transmitter; argparse says what is wrong with another."""
    try:
        return port_at(text, FRAMING).address
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def sign_dots(text: str) -> PanelShape:
    """`96x16`."""
    across, _times, down = text.partition("x")
    if not (across.isdigit() and down.isdigit() and 8 <= int(across) <= 255 and 7 <= int(down) <= 31):
        raise argparse.ArgumentTypeError(f"not the dots of a panel: {text!r} (8 to 255 across, 7 to 31 down)")
    return PanelShape(int(across), int(down))


def make_window(program: Program) -> QWidget:
    """A display, or the window behind a sign."""
    return SignWindow(program) if program.options.role == "sign" else LedWindow(program)


def main(argv: list[str] | None = None) -> int:
    """Run the display; gives the exit status."""
    return Program("led", _("Hall display"), options).run(make_window, argv)


if __name__ == "__main__":
    sys.exit(main())
