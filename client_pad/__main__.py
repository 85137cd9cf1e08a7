"""`openhall-pad`."""

from __future__ import annotations

import sys

from client_pad.app.window import PadWindow
from common.qt.program import Program
from common.text import _


def main(argv: list[str] | None = None) -> int:
    """Run the pad; gives the exit status."""
    return Program("pad", _("Evaluation pad")).run(PadWindow, argv)


if __name__ == "__main__":
    sys.exit(main())
