"""What the queue refuses, each with the next step."""

from common.text import N_
from server.engine.errors import refusal

NOBODY = refusal("queue.nobody_waiting", N_("Nobody is waiting for this window."))
HIDDEN = refusal("queue.service_hidden", N_("This service cannot be had just now."))
UNKNOWN = refusal("queue.service_unknown", N_("This service does not exist any more. Choose another."), 404)
RANGE_FULL = refusal("queue.range_full", N_("All numbers of this service are used for today."))
TAKEN = refusal("queue.window_taken", N_("{name} works at this window already. Take it over?"))
OUT_OF_SERVICE = refusal("queue.window_out_of_service", N_("Window {window} is out of service. Choose another one."))
ELSEWHERE = refusal(
    "queue.elsewhere", N_("You are signed in at window {window}. Leave it first, or take this one over.")
)
NOT_OPEN = refusal("queue.window_closed", N_("Nobody is signed in at this window. Choose the window first."))
NOT_YOURS = refusal("queue.not_your_window", N_("Somebody else works at this window."), 403)
PAUSED = refusal("queue.window_paused", N_("This window is paused. Resume first."))
SERVING = refusal("queue.still_serving", N_("Ticket {number} is still at this window. Finish it first."))
NO_TICKET = refusal("queue.no_ticket", N_("There is no ticket at this window."))
WRONG_STATE = refusal("queue.wrong_state", N_("Ticket {number} is not in a state that allows this."))
AWAITED = refusal("queue.rating_awaited", N_("A rating is awaited. The next call is possible in {seconds} seconds."))
SAME_QUEUE = refusal("queue.same_queue", N_("The ticket is in this queue already."))
NO_WINDOW = refusal(
    "queue.no_window_open", N_("No window is open for this service. Choose another, or ask a manager to open one.")
)
NO_COUNTDOWN = refusal("queue.no_countdown", N_("No call is about to come by itself at this window."))
STOPPED = refusal("queue.hall_stopped", N_("The hall is stopped: nobody is called until a manager lifts it."))
RECALL_FIRST = refusal("queue.recall_first", N_("Call ticket {number} {left} more times before it is a no-show."))
NOT_ACCEPTED = refusal("queue.not_accepted", N_("This window does not accept the service of ticket {number}."))
BOUND_ELSEWHERE = refusal(
    "queue.bound_elsewhere", N_("Ticket {number} belongs to window {window}. Choose another window for it first.")
)
NOTHING_TO_UNDO = refusal("queue.nothing_to_undo", N_("There is nothing at this window that can still be undone."))
NOTHING_KEPT = refusal("queue.nothing_kept", N_("No ticket stayed with this window."))
NO_TRIAL = refusal("queue.no_trial", N_("Tickets for trial are given before opening only."))
CLOSED_WINDOW = refusal(
    "queue.supplement_window_closed",
    N_("Window {window} is closed now. Come back when it is open, or ask staff for another window."),
)
NO_EARLIER = refusal("queue.no_earlier_ticket", N_("No earlier ticket has this code. Ask staff."), 404)
IDENTITY_MISSING = refusal(
    "queue.identity_missing", N_("This service is given with an identity document only. Show or type yours first."), 422
)
IDENTITY_WRONG = refusal(
    "queue.identity_wrong",
    N_("This identity number cannot be right for this kind of document. Compare it digit by digit."),
    422,
)
LISTED = refusal(
    "queue.listed", N_("No ticket can be given to you for this service at present. Please ask staff in the hall.")
)
NOT_ON_LIST = refusal(
    "queue.not_on_list", N_("This service is for people who are on its list. Please ask staff in the hall.")
)
IDENTITY_UNKNOWN = refusal("queue.identity_unknown", N_("No identity was taken with ticket {number}."))
DISPLAY_IN_USE = refusal(
    "queue.display_in_use",
    N_("Another layout is in use for these displays. Take that one out of use first, or choose another zone."),
)
PAGER_OUT = refusal(
    "queue.pager_out", N_("Pager {pager} is with ticket {number} still. Give another one, or take it back there.")
)
NOT_WAITING = refusal("queue.not_waiting", N_("Ticket {number} does not wait any more."))
