"""`python -m server.demo [--journey]`: the demo hall with all its programs; what `installer/hall demo` starts."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from common.protocol.messages import LANGUAGES
from server.demo.desktop import show
from server.demo.journey.run import journey
from server.demo.show.screen import desktop_there


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="installer/hall demo",
        description="The demo hall: a server and five windows on your desktop. Without a desktop: the journey.",
    )
    made.add_argument(
        "--journey",
        action="store_true",
        help="on a virtual screen, take a citizen's way through the hall in three languages and say what was seen",
    )
    made.add_argument("--folder", type=Path, help="where the journey keeps what it saw; else a new temporary one")
    made.add_argument("--without", choices=("kiosk", "staff", "pad", "led"), help="leave a program out")
    made.add_argument("--language", choices=LANGUAGES, help="the language of the windows; else the desktop's")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Show the hall or take the journey; gives the exit status."""
    options = parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, _stop)
    watched = not options.journey and desktop_there()
    try:
        if not watched:
            return journey(_folder(options.folder), options.without, _say)
        return show(options.language, options.without, _say)
    except KeyboardInterrupt:
        _say("stopped")
        return 0 if watched else 130


def _stop(number: int, _frame: FrameType | None) -> None:
    """The first signal ends everything, in order; further ones do not disturb that."""
    for one in (signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def _folder(wanted: Path | None) -> Path:
    """An empty folder; what an earlier journey saw is never mixed with this one's."""
    if wanted is None:
        return Path(tempfile.mkdtemp(prefix=time.strftime("openhall-journey-%Y%m%d-%H%M%S-")))
    wanted = wanted.resolve()
    wanted.mkdir(parents=True, exist_ok=True)
    if any(wanted.iterdir()):
        parser().error(f"{wanted} is not empty")
    return wanted


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
