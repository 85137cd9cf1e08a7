"""`openhall-staff`."""

from __future__ import annotations

import sys

from client_staff.app.hardware import options
from client_staff.app.window import StaffWindow
from common.qt.program import Program
from common.text import _


def main(argv: list[str] | None = None) -> int:
    """Run the workbench; gives the exit status."""
    return Program("staff", _("Openhall workbench"), options).run(StaffWindow, argv)


if __name__ == "__main__":
    sys.exit(main())
