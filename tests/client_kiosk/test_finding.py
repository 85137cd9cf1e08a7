"""How services are found, and how own numbers are kept: pure, without a window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from client_kiosk.tickets import finding
from client_kiosk.tickets.finding import Place
from client_kiosk.tickets.numbers import Numbers, OwnNumber
from common.link.outbox import Outbox
from common.protocol.messages import Problem
from common.protocol.queue import DepartmentOffer, Offer, SectionOffer, ServiceGroup, ServiceOffer
from common.protocol.queue_kiosk import Entered, EnteredPrinted, EnterPrinted, Leases, NumberLease
from common.text.fold import fold, initials

NOW = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)
MAJOR, MINOR, CIVIL = uuid4(), uuid4(), uuid4()


def service(prefix: str, activity: int, *names: str, **more: Any) -> ServiceOffer:
    shadow = " ".join([*(fold(one) for one in names), *(initials(one) for one in names)])
    return ServiceOffer(
        id=uuid4(), name={str(n): one for n, one in enumerate(names)}, prefix=prefix, waiting=0, activity=activity,
        search=shadow, **more,
    )  # fmt: skip


CARD = service("A", 5, "Identity cards", "身份证办理", "Удостоверения личности", "کارت شناسایی", department_id=CIVIL)
PASS = service("B", 9, "Passports", "护照办理", "Паспорт, приём", "گذرنامه", parent_id=MINOR, department_id=CIVIL)
TAX = service("C", 9, "Property tax", "房产税", "Налог на имущество (учёт)", "مالیات ملک")
OFFER = Offer(
    organisation={}, outlet={}, zone_id=uuid4(), zone={}, state="open", hours=[], languages=["en"], public_address="",
    now=NOW,
    groups=[ServiceGroup(id=MINOR, name={"en": "Travel"}, parent_id=MAJOR), ServiceGroup(id=MAJOR, name={"en": "Papers"})],
    departments=[DepartmentOffer(id=CIVIL, name={"en": "Civil registry"}), DepartmentOffer(id=uuid4(), name={})],
    sections=[SectionOffer(id=uuid4(), name={}, services=[CARD, PASS]), SectionOffer(id=uuid4(), name={}, services=[TAX])],
)  # fmt: skip


def prefixes(services: list[ServiceOffer]) -> str:
    return "".join(one.prefix for one in services)


@pytest.mark.covers("QUE-937", "QUE-047")
def test_most_active_first_and_equal_ones_keep_their_order() -> None:
    assert prefixes(finding.every(OFFER)) == "BCA"
    assert [(one.id, prefixes(one.services)) for one in finding.shelves(OFFER, "department")] == [(CIVIL, "BA")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("pass", "B"), ("SFZ", "A"), ("hz", "B"), ("учет", "C"), ("ПРИЁМ", "B"), ("كارت", "A"), ("مالیات ملك", "C"),
     ("tax prop", "C"), ("护照", "B"), ("zzz", ""), (" ", "BCA")],
)  # fmt: skip
def test_a_search_meets_names_whichever_letters_were_typed(typed: str, found: str) -> None:
    assert prefixes(finding.search(OFFER, typed)) == found


def test_classes_of_any_depth_open_one_below_the_other() -> None:
    section = OFFER.sections[0].id
    first = finding.entries(OFFER, Place(inside=section))
    assert [(one.kind, one.id, one.count) for one in first] == [("group", MAJOR, 1), ("service", CARD.id, 0)]
    below = Place(inside=section, groups=(MAJOR,))
    assert [one.id for one in finding.entries(OFFER, below)] == [MINOR]
    lowest = Place(inside=section, groups=(MAJOR, MINOR))
    assert [one.id for one in finding.entries(OFFER, lowest)] == [PASS.id]
    assert lowest.back() == below and below.back().back().top


# own numbers


class Kiosk:
    """Numbers over a real outbox, with a clock that is moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.moment = NOW
        self.outbox = Outbox(folder / "outbox.sqlite3", lambda: self.moment)
        link: Any = SimpleNamespace(outbox=self.outbox, now=lambda: self.moment)
        self.numbers = Numbers(link, folder / "numbers.sqlite3")

    def given(self, service_id: UUID) -> str:
        found = self.numbers.give(service_id, None)
        return found.number if isinstance(found, OwnNumber) else found

    def close(self) -> None:
        self.numbers.close()
        self.outbox.close()


def leases(*blocks: tuple[UUID, int, int], epoch: str = "1", day: str = "2026-03-02") -> Leases:
    return Leases(
        epoch=epoch, business_day=day, valid_until=NOW + timedelta(hours=2), now=NOW,
        blocks=[
            NumberLease(service_id=one, name={}, prefix="A", digits=5, first=first, last=last)
            for one, first, last in blocks
        ],
    )  # fmt: skip


def test_each_number_is_given_once_also_after_a_power_cut(tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path)
    a, b = uuid4(), uuid4()
    assert kiosk.given(a) == "no_block"
    kiosk.numbers.take(leases((a, 91, 92), (a, 97, 97)))
    assert kiosk.given(a) == "A00091"
    assert kiosk.given(b) == "not_kept"
    kiosk.close()
    again = Kiosk(tmp_path)
    # The ticket waits to be entered, as it was printed.
    fact = again.outbox.first()
    assert fact is not None
    ticket = EnterPrinted.model_validate_json(fact.body).tickets[0]
    assert (ticket.fact_id, ticket.serial, ticket.printed_at) == (fact.fact_id, 91, NOW)
    assert again.numbers.asked().used == {a: 91} and again.numbers.left == 2
    again.numbers.take(leases((a, 91, 92), (a, 97, 97)))
    assert [again.given(a) for _ in range(3)] == ["A00092", "A00097", "used_up"]
    assert again.outbox.waiting == 3 and not again.numbers.any_left
    # Another epoch begins its own row of numbers: the server gave that block for the first time.
    again.numbers.take(leases((a, 91, 92), epoch="2"))
    assert again.given(a) == "A00091"
    again.moment = NOW + timedelta(hours=2)
    assert again.given(a) == "over"
    again.close()


def test_a_ticket_that_the_server_did_not_enter_is_kept_for_staff(tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path)
    a = uuid4()
    kiosk.numbers.take(leases((a, 91, 99)))
    for code, left in (("number_taken", 1), ("from_the_future", 1), ("", 1)):
        kiosk.given(a)
        fact = kiosk.outbox.first()
        assert fact is not None
        state = "refused" if code else "entered"
        result = Entered.model_validate({"fact_id": fact.fact_id, "state": state, "code": code})
        kiosk.outbox.answered(fact, EnteredPrinted(results=[result]).model_dump_json().encode())
        assert len(kiosk.numbers.not_entered) == left
    assert kiosk.outbox.waiting == 0
    # What only came too early goes out once more, under another key: the answer to the old one is kept by the server.
    old = {one.fact.fact_id for one in kiosk.outbox.refused}
    kiosk.numbers.again()
    fact = kiosk.outbox.first()
    assert fact is not None and fact.fact_id not in old and kiosk.outbox.waiting == 1
    assert [one.problem for one in kiosk.outbox.refused] == [
        Problem(status=409, code="number_taken", title="The printed ticket was not entered")
    ]
    kiosk.close()
