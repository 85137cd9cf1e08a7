"""A ticket's content and its picture: by the hall's own layout, or as the house draws it where none was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from PIL import Image

from common.devices import ticket_image, ticket_layout
from common.protocol.layouts import Layout, TicketPaper
from common.protocol.queue import Issued, Offer, ServiceOffer
from common.text import _, formats, in_language, language
from common.text.words import pick

WITHOUT_SERVER = "block"
"""The channel of tickets from a kiosk's own block."""


def address(offer: Offer, issued: Issued) -> str:
    """What the code holds: the portal's page of this ticket, by its 128 random bits, never by its id; nothing of a ticket
    that the server does not know yet."""
    return f"{offer.public_address}/t/{issued.ticket.token}" if issued.ticket.token else ""


def content(
    offer: Offer, service: ServiceOffer, issued: Issued, layout: Layout, taken_by: Mapping[str, str] | None = None
) -> TicketPaper:
    """QUE-007: everything that stands on a ticket, in all languages, as the server would say it."""
    ticket = issued.ticket
    return TicketPaper(
        ticket_id=ticket.id,
        number=ticket.number,
        issued_at=ticket.issued_at,
        service=service.name,
        windows=service.windows,
        waiting=issued.ahead,
        estimate_seconds=issued.estimate_seconds,
        estimate_low=issued.estimate_low,
        estimate_high=issued.estimate_high,
        organisation=offer.organisation,
        outlet=offer.outlet,
        zone=offer.zone,
        hint=service.hint,
        instructions=service.instructions,
        requirements=service.requirements,
        token=ticket.token,
        address=address(offer, issued),
        priority=ticket.priority,
        test=ticket.test,
        source=ticket.channel,
        taken_by=dict(taken_by or {}),
        languages=offer.languages,
        layout=layout,
    )


def picture(
    paper: TicketPaper,
    zone: str,
    code: str | None = None,
    *,
    pictures: Mapping[UUID, bytes] | None = None,
    copy: bool = False,
) -> Image.Image:
    """What goes to the printer, in the citizen's language and the hall's time. Any thread: hand the language in."""
    with in_language(code or language()):
        if paper.layout.id is None:
            return ticket_image.draw(_house(paper, zone, copy))
        notes = [_("Taken without connection, valid")] if paper.source == WITHOUT_SERVER else []
        if copy:
            notes.append(_("Copy"))
        return ticket_layout.draw(
            paper.layout, paper, language=language(), zone=zone, pictures=pictures, notes=notes
        ).picture


def _house(paper: TicketPaper, zone: str, copy: bool) -> ticket_image.TicketPaper:
    at = formats.local(paper.issued_at, zone)
    expected = None
    if paper.waiting and paper.estimate_low is not None and paper.estimate_high is not None:
        expected = (at + timedelta(seconds=paper.estimate_low), at + timedelta(seconds=paper.estimate_high))
    source = ticket_layout.source_words(paper) if paper.source != WITHOUT_SERVER else ""
    return ticket_image.TicketPaper(
        hall=pick(paper.outlet),
        organisation=pick(paper.organisation),
        service=pick(paper.service),
        number=paper.number,
        issued_at=at,
        language=language(),
        ahead=paper.waiting,
        expected=expected,
        windows=[formats.digits(window) for window in paper.windows],
        place=pick(paper.zone),
        qr=paper.address,
        requirements=[pick(one) for one in paper.requirements],
        hint=pick(paper.hint),
        how=pick(paper.instructions),
        green_channel=paper.priority,
        offline=paper.source == WITHOUT_SERVER,
        copy_by="" if copy else None,
        extra=[one for one in (_("For trial, not valid") if paper.test else "", source) if one],
    )
