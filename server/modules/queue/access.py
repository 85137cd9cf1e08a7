"""Permissions of the queue."""

from common.text import N_
from server.engine.access.permissions import permission

ISSUE = permission("queue.issue", N_("Take tickets for citizens"), devices=("kiosk",))
OFFER = permission("queue.offer", N_("See what can be taken at a kiosk"), devices=("kiosk",))
BOARD = permission("queue.board", N_("See the displays' content"), devices=("led", "kiosk", "pad", "staff_pc"))
SEE = permission("queue.see", N_("See tickets"))
CALL = permission("queue.call", N_("Call and serve at a window"))
CHOSEN = permission("queue.call_chosen", N_("Call a chosen ticket out of its turn"))
PRIORITY = permission("queue.priority", N_("Give and take away priority"))
VOID = permission("queue.void", N_("Make tickets void"))
REPRINT = permission("queue.reprint", N_("Print a ticket again"))
SUPERVISE = permission("queue.supervise", N_("Hold several windows and act for others"))
HALL = permission("queue.hall", N_("Open, close and stop the hall and its services, and silence zones"))
DAY = permission("queue.day", N_("See the day's figures"))
LEASE = permission("queue.lease", N_("Hold numbers for the time without the server"), devices=("kiosk",))
LISTS = permission("queue.lists", N_("Keep the black and white lists of tickets"))
IDENTITIES = permission("queue.identities", N_("See whose tickets they are, each look with a trace"))
LAYOUTS = permission("queue.layouts", N_("See ticket layouts"), devices=("kiosk",))
DISPLAYS_EDIT = permission("queue.displays_edit", N_("Change how displays look"))
LAYOUTS_EDIT = permission("queue.layouts_edit", N_("Change ticket layouts"))
