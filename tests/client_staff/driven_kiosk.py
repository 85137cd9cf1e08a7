"""A kiosk with a driver at any hall, as `driven_staff`."""

from __future__ import annotations

import sys

from client_kiosk.__main__ import options
from client_kiosk.app.window import KioskWindow
from tests.client_staff.driven_staff import DrivenProgram

if __name__ == "__main__":
    sys.exit(DrivenProgram("kiosk", "Ticket kiosk", options).run(KioskWindow))
