"""Permissions of the queue."""

from common.text import N_
from server.engine.access.permissions import permission

ISSUE = permission("queue.issue", N_("Take tickets for citizens"), devices=("kiosk",))
OFFER = permission("queue.offer", N_("See what can be taken at a kiosk"), devices=("kiosk",))
BOARD = permission("queue.board", N_("See the displays' content"), devices=("led", "kiosk", "pad", "staff_pc"))
SEE = permission("queue.see", N_("See tickets"))
CALL = permission("queue.call", N_("Call and serve at a window"))
SUPERVISE = permission("queue.supervise", N_("Hold several windows and act for others"))
DAY = permission("queue.day", N_("See the day's figures"))
