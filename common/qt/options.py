"""The options that every client understands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from common.protocol.messages import LANGUAGES

AddOptions = Callable[[argparse.ArgumentParser], None]
"""A client adds its own options to the common ones."""

SKINS = ("light", "dark", "contrast")


@dataclass(frozen=True)
class Geometry:
    """Where a window lies on the screen, in the desktop's pixels."""

    x: int
    y: int
    width: int
    height: int


def geometry(text: str) -> Geometry:
    """Read `X,Y,W,H`."""
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError as why:
        raise argparse.ArgumentTypeError(f"X,Y,W,H in pixels, not {text!r}") from why
    if width < 1 or height < 1:
        raise argparse.ArgumentTypeError(f"a window needs a width and a height, not {text!r}")
    return Geometry(x, y, width, height)


def read_options(kind: str, title: str, add_options: AddOptions | None, argv: list[str] | None) -> argparse.Namespace:
    """The command line, read; a wrong one says so on stderr and leaves with 2."""
    parser = argparse.ArgumentParser(prog=f"openhall-{kind}", description=title)
    parser.add_argument("--server", metavar="URL", help="the server's address; without it the LAN is searched")
    parser.add_argument("--profile", metavar="FOLDER", type=Path, help="where this program keeps what it must remember")
    parser.add_argument("--language", choices=LANGUAGES, help="the language to begin with; else the desktop's")
    parser.add_argument(
        "--token", metavar="FILE", type=Path, help="a file with the device's token, instead of enrolment"
    )
    parser.add_argument("--driver", metavar="PATH", help="open a driver's socket there; demo halls only")
    parser.add_argument("--geometry", metavar="X,Y,W,H", type=geometry, help="place the window there; not full screen")
    parser.add_argument("--skin", choices=SKINS, default="light", help="colours")
    parser.add_argument("--accent", metavar="COLOUR", help="the hall's own accent colour, as #0a52a0")
    parser.add_argument("--reduce-motion", action="store_true", help="no animations")
    parser.add_argument("--dpi", type=float, help="the screen's true dots per inch, where it does not say them itself")
    if add_options is not None:
        add_options(parser)
    return parser.parse_args(argv)
