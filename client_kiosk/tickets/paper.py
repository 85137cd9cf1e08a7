"""A ticket as it is printed, from what the server answered."""

from __future__ import annotations

from datetime import timedelta

from common.devices.ticket_image import TicketPaper
from common.protocol.queue import Issued, Offer, ServiceOffer
from common.text import formats, language
from common.text.words import pick


def address(offer: Offer, issued: Issued) -> str:
    """What the code holds: the portal's page of this ticket, by its 128 random bits, never by its id."""
    return f"{offer.public_address}/t/{issued.ticket.token}"


def paper(offer: Offer, service: ServiceOffer, issued: Issued, zone: str) -> TicketPaper:
    """QUE-007: everything that stands on a ticket, in the citizen's language and the hall's time."""
    at = formats.local(issued.ticket.issued_at, zone)
    expected = None
    if issued.ahead and issued.estimate_low is not None and issued.estimate_high is not None:
        expected = (at + timedelta(seconds=issued.estimate_low), at + timedelta(seconds=issued.estimate_high))
    return TicketPaper(
        hall=pick(offer.outlet),
        organisation=pick(offer.organisation),
        service=pick(service.name),
        number=issued.ticket.number,
        issued_at=at,
        language=language(),
        ahead=issued.ahead,
        expected=expected,
        windows=[formats.digits(window) for window in service.windows],
        place=pick(offer.zone),
        qr=address(offer, issued),
        requirements=[pick(one) for one in service.requirements],
        hint=pick(service.hint),
        how=pick(service.instructions),
        green_channel=issued.ticket.priority and issued.ticket.reason == "green_channel",
    )
