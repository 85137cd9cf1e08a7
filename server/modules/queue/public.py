"""What other modules may call of the queue."""

from server.modules.queue.cards import place_and_day, staff_card, window_row
from server.modules.queue.events import TicketFinished, WindowClosed
from server.modules.queue.loaders import SESSION
from server.modules.queue.questions import GradesOfDay, MayCallNext, OpenRequest
from server.modules.queue.records import Ticket, WindowSession

__all__ = [
    "SESSION",
    "GradesOfDay",
    "MayCallNext",
    "OpenRequest",
    "Ticket",
    "TicketFinished",
    "WindowClosed",
    "WindowSession",
    "place_and_day",
    "staff_card",
    "window_row",
]
