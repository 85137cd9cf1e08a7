"""The workbench with a driver at any hall: the first set-up happens where no demo hall is, and there no driver opens."""

from __future__ import annotations

import sys

from client_staff.app.window import StaffWindow
from common.link import LinkState
from common.qt.driver import Driver
from common.qt.program import Program


class DrivenProgram(Program):
    """Opens its driver as soon as a server is known, whatever its hall."""

    def _maybe_drive(self, _state: LinkState) -> None:
        if self._driver is None and self.link.health is not None:
            self._driver = Driver(self.options.driver, self)


if __name__ == "__main__":
    sys.exit(DrivenProgram("staff", "Openhall workbench").run(StaffWindow))
