"""What other modules may call of the queue."""

from server.modules.queue.cards import staff_card
from server.modules.queue.events import TicketFinished, TicketReopened, WindowClosed
from server.modules.queue.hall import place_and_day, window_row
from server.modules.queue.issuing import issue
from server.modules.queue.loaders import SESSION
from server.modules.queue.own_ticket import OwnTicket, own_ticket
from server.modules.queue.questions import GradesOfDay, GradesOfPerson, MayCallNext, MayReopen, OpenRequest
from server.modules.queue.records import Ticket, WindowSession
from server.modules.queue.steps import restart_countdown

__all__ = [
    "SESSION",
    "GradesOfDay",
    "GradesOfPerson",
    "MayCallNext",
    "MayReopen",
    "OpenRequest",
    "OwnTicket",
    "Ticket",
    "TicketFinished",
    "TicketReopened",
    "WindowClosed",
    "WindowSession",
    "issue",
    "own_ticket",
    "place_and_day",
    "restart_countdown",
    "staff_card",
    "window_row",
]
