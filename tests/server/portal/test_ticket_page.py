"""The page behind a ticket's code, as a phone gets it: over HTTP, in four languages, in every state, and unknown."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from sqlalchemy.engine import make_url

from server.demo.fill import fill
from server.engine.database.migrations import migrate
from server.engine.engine import Engine
from server.engine.http.app import make_app
from server.portal.guessing import WRONG_ALLOWED
from server.portal.pages import add_portal
from tests.ground.databases import Databases
from tests.ground.serving import Answer, serving
from tests.server.conftest import Hall, HandClock


@pytest.fixture
def database_url(database_kind: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of a demo hall that was filled once."""

    def filled(url: str) -> None:
        migrate(make_url(url))
        made = Engine(make_url(url), tmp_path_factory.mktemp("demo"))
        made.open(jobs=False)
        made.act("demo.fill", fill)
        made.close()

    with databases.fresh(database_kind, "ticket page", filled) as url:
        yield url


@pytest.fixture
def hall(engine: Engine) -> Iterator[Hall]:
    """The demo hall with its portal."""
    with serving(make_app(engine, extra=add_portal)) as http:
        yield Hall(engine, http)


class Words(HTMLParser):
    """What a reader reads."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(hall: Hall, token: str, language: str = "en", query: str = "") -> tuple[str, Answer]:
    """The page's words and the whole answer."""
    answer = hall.http.get(f"/t/{token}{query}", {"Accept-Language": language})
    parser = Words()
    parser.feed(answer.text)
    text = " ".join(" ".join(parser.words).split())
    return re.sub("[\u2066-\u2069]", "", text), answer


def test_a_ticket_s_day_on_a_phone(hall: Hall, clock: HandClock) -> None:
    hall.open(1)
    hall.open(2)
    for _ in range(5):
        hall.ticket("A")
    ticket = hall.ticket("A")
    hall.settle()
    said, answer = page(hall, ticket["token"])
    assert answer.status_code == 200 and "A006" in said and "Identity cards" in said and "You are waiting" in said
    assert "People ahead of you 5 you" in said and "about " in said and " minutes" in said
    assert "At window 1 2" in said and "taken at 10:24" in said and "Linden Street Hall" in said
    assert 'http-equiv="refresh" content="20"' in answer.text and "<script" not in answer.text
    hall.post("queue.call_next", hall.window(1))
    hall.settle()
    assert "People ahead of you 4" in page(hall, ticket["token"])[0]
    hall.post("queue.call_next", hall.window(2))
    for number in (1, 2, 1, 2):
        hall.post("queue.start", hall.window(number))
        hall.post("queue.finish", {**hall.window(number), "request_rating": False})
        clock.forward(minutes=1)
        called = hall.post("queue.call_next", hall.window(number))["ticket"]
    assert called["number"] == "A006"
    hall.settle()
    said, answer = page(hall, ticket["token"])
    assert "It is your turn" in said and "Go to window 2" in said and "Called at 10:28." in said
    assert '<body class="called">' in answer.text
    hall.post("queue.recall", hall.window(2))
    hall.settle()
    assert "Called again once." in page(hall, ticket["token"])[0]
    hall.post("queue.start", hall.window(2))
    hall.settle()
    assert "You are being served" in page(hall, ticket["token"])[0]
    clock.forward(minutes=9)
    hall.post("queue.finish", {**hall.window(2), "request_rating": False})
    hall.settle()
    said, answer = page(hall, ticket["token"])
    assert "Thank you for your visit" in said and "10:28" in said and "10:37" in said
    assert "http-equiv" not in answer.text, "what is over is not read again"
    clock.forward(days=1)
    assert page(hall, ticket["token"])[1].status_code == 404


def test_without_a_window_it_says_so_and_promises_nothing(hall: Hall) -> None:
    hall.open(1)
    ticket = hall.ticket("A")
    hall.post("queue.close_window", hall.window(1))
    hall.settle()
    said, _answer = page(hall, ticket["token"])
    assert "No window for this service is open just now. Your place is kept." in said
    assert "minutes" not in said and "At window" not in said


WAITING = {"en": "You are waiting", "zh": "等候中", "ru": "Вы ждёте", "fa": "شما در صف هستید"}


def test_the_phone_s_language_or_the_chosen_one(hall: Hall) -> None:
    hall.open(1)
    ticket = hall.ticket("A")
    hall.settle()
    for language, waiting in WAITING.items():
        for accept, query in ((f"{language}-XX,en;q=0.5", ""), ("de", f"?lang={language}")):
            said, answer = page(hall, ticket["token"], accept, query)
            direction = "rtl" if language == "fa" else "ltr"
            assert waiting in said and f'<html lang="{language}" dir="{direction}">' in answer.text
        assert all(f'href="?lang={code}"' in answer.text for code in set(WAITING) - {language})
        if language != "en":
            foreign = re.sub(r"A\d+|English|Русский|中文|فارسی", "", said)
            assert not re.search("[A-Za-z]{3,}", foreign), foreign
    assert "You are waiting" in page(hall, ticket["token"], "de", "?lang=xx")[0]


def test_unknown_over_and_broken_codes_are_the_same_page(hall: Hall, clock: HandClock) -> None:
    hall.open(1)
    ticket = hall.ticket("A")
    clock.forward(days=1)
    answers = [
        page(hall, code)[1]
        for code in (ticket["token"], secrets.token_urlsafe(16), "x", "a" * 22, "%3Cscript%3E", ticket["id"])
    ]
    assert {one.status_code for one in answers} == {404} and len({one.body for one in answers}) == 1
    assert "This ticket is not known" in answers[0].text and "ask the staff" in answers[0].text
    same = [{k.lower(): v for k, v in one.headers.items() if k.lower() != "date"} for one in answers]
    assert all(one == same[0] for one in same)


def test_nothing_of_a_person_and_nothing_for_others(hall: Hall) -> None:
    hall.open(1, "anna")
    ticket = hall.ticket("A")
    hall.post("queue.call_next", hall.window(1), who="anna")
    hall.settle()
    _said, answer = page(hall, ticket["token"])
    assert "Anna" not in answer.text and "Petrova" not in answer.text and ticket["id"] not in answer.text
    assert ticket["token"] not in answer.text, "the code stands in the address alone"
    headers = {k.lower(): v for k, v in answer.headers.items()}
    assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"] and "noindex" in headers["x-robots-tag"]
    style = hall.http.get("/portal.css")
    assert style.headers["content-type"].startswith("text/css")
    assert len(answer.body) + len(style.body) < 50_000


def test_guessing_is_slowed_down_and_a_real_ticket_is_free_of_charge(hall: Hall, clock: HandClock) -> None:
    hall.open(1)
    ticket = hall.ticket("A")
    hall.settle()
    for _ in range(WRONG_ALLOWED + 10):
        assert page(hall, ticket["token"])[1].status_code == 200
    for _ in range(WRONG_ALLOWED):
        assert page(hall, secrets.token_urlsafe(16))[1].status_code == 404
    slowed = page(hall, secrets.token_urlsafe(16))[1]
    assert slowed.status_code == 429 and int({k.lower(): v for k, v in slowed.headers.items()}["retry-after"]) > 60
    assert "Too many unknown codes" in slowed.text
    clock.forward(minutes=6)
    assert page(hall, ticket["token"])[1].status_code == 200
