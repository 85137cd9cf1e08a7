"""The way in one language: a plain ticket, then a green-channel ticket with a transfer, then the manager's day."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import load_workbook

from common.link.driving import Driven, NotSeen
from common.text import formats, in_language
from server.demo import hall
from server.demo.journey.hearing import heard
from server.demo.journey.steps import SECONDS, Sight, Steps
from server.demo.journey.words import Words
from server.demo.show.programs import WINDOW

KIOSK_LANGUAGE = "ru"
"""The kiosk stands in none of the languages of the ways: every citizen chooses his own."""
CLERK, MANAGER = "anna", "manager"
OTHER_WINDOW = 5
"""Where the green-channel ticket is called first."""
PLAIN, GREEN, GREEN_GOES_TO = "B", "D", "C"
"""Prefixes of the services: the second is for the other window only, both windows accept the third."""


@dataclass(frozen=True)
class Taken:
    """One ticket of the way and what was kept of it; paths are within the folder."""

    language: str
    way: str
    number: str
    address: str
    """What its code holds, as the kiosk shows it."""
    raster: str
    announcements: list[str] = field(default_factory=list)


class Way:
    """Takes the steps of one language. Raises StepNotSeen."""

    def __init__(self, steps: Steps, folder: Path, language: str, round_number: int) -> None:
        self.tickets: list[Taken] = []
        self.workbook = f"tickets-of-the-day-{language}.xlsx"
        self._steps, self._folder, self._language, self._round = steps, folder, language, round_number
        self._words = Words(language)

    def go(self) -> None:
        """All of it."""
        self._sign_in(CLERK)
        self._open(WINDOW)
        plain = self._take_ticket("plain", PLAIN)
        self._hear(plain, WINDOW, self._call(plain, WINDOW))
        self._leave_kiosk()
        self._serve(plain, "very_satisfied", "Very satisfied")
        self._card_again()
        self._leave()
        self._open(OTHER_WINDOW)
        green = self._take_ticket("green", GREEN)
        called = self._call(green, OTHER_WINDOW)
        self._leave_kiosk()
        self._transfer(green)
        self._hear(green, OTHER_WINDOW, called)
        self._leave()
        self._open(WINDOW, waiting=green)
        called = self._call(green, WINDOW)
        self._serve(green, "satisfied", "Satisfied")
        self._hear(green, WINDOW, called)
        self._sign_out()
        self._sign_in(MANAGER)
        self._read_day()
        self._save_day()

    # words and hands

    def _program(self, name: str) -> Driven:
        return self._steps.program(name)

    def _press(self, name: str, program: str = "staff") -> float:
        return self._program(program).press(name)

    def _digits(self, number: int) -> str:
        with in_language(self._language):
            return formats.number(number)

    def _service(self, prefix: str) -> str:
        return next(one.name[self._language] for one in hall.SERVICES if one.prefix == prefix)

    def _window(self, number: int) -> str:
        return self._words("led", "Window {window}", window=self._digits(number))

    # the clerk

    def _sign_in(self, account: str) -> None:
        def act() -> float:
            staff = self._program("staff")
            staff.wait(name="sign_in", seconds=SECONDS)
            staff.type("name", account)
            staff.key("Return")
            staff.type("password", hall.PASSWORD)
            return staff.key("Return")

        question = self._words("staff", "At which window do you work?")
        self._steps.take(f"{account} signs in", act, Sight("staff", question, "choose_title"))

    def _open(self, number: int, waiting: Taken | None = None) -> None:
        def act() -> float:
            staff = self._program("staff")
            staff.wait(self._digits(number), name=f"windows_table[{number - 1},0]", seconds=SECONDS)
            staff.press(f"windows_table[{number - 1},0]")
            return staff.press("open_window")

        sights = [Sight("staff", self._words("staff", "No ticket"), "strip_ticket")]
        if number == WINDOW:
            name = next(name for account, _role, name in hall.STAFF if account == CLERK)
            sights += [
                Sight("strip", self._words("led", "Open"), "strip"),
                Sight("pad", name[self._language], "staff_name"),
            ]
        if waiting is not None:
            sights.append(Sight("staff", waiting.number, "waiting_table[0,1]"))
        self._steps.take(f"{CLERK} opens window {number}", act, *sights)

    def _call(self, ticket: Taken, window: int) -> float:
        """Gives the moment of the press."""
        sights = [
            Sight("staff", ticket.number, "strip_ticket"),
            Sight("central", f"{ticket.number} {self._window(window)}", "call"),
        ]
        if window == WINDOW:
            sights += [
                Sight("strip", f"{ticket.number} {self._words('led', 'Please come')}", "strip"),
                Sight("pad", ticket.number, "called_number"),
            ]
        return self._steps.take(
            f"{CLERK} calls {ticket.number} to window {window}", lambda: self._press("strip_next"), *sights
        )

    def _hear(self, ticket: Taken, window: int, pressed: float) -> None:
        """What was called before is spoken to its end first, so one looks a little later, and counts from the call."""

        def listen(_pressed: float) -> float:
            wave, began = heard(self._folder / "announcements", ticket.number, window)
            ticket.announcements.append(str(wave.relative_to(self._folder)))
            return max(began, pressed)

        self._steps.take(f"the hall hears {ticket.number} called to window {window}", lambda: pressed, check=listen)

    def _serve(self, ticket: Taken, grade: str, word: str) -> None:
        self._steps.take(
            f"{CLERK} starts {ticket.number}",
            lambda: self._press("strip_start"),
            Sight("staff", self._words("staff", "In service"), "strip_above"),
            Sight("strip", f"{ticket.number} {self._words('led', 'In service')}", "strip"),
        )
        self._steps.take(
            f"{CLERK} finishes {ticket.number}: the pad asks",
            lambda: self._press("strip_finish"),
            Sight("staff", self._words("staff", "Asks for the rating"), "strip_above"),
            Sight("pad", self._words("pad", "How was our service?"), "rating_question"),
            Sight("pad", self._words("pad", word), f"grade_{grade}"),
        )
        self._steps.take(
            f"the citizen of {ticket.number} touches {word.lower()!r}",
            lambda: self._press(f"grade_{grade}", "pad"),
            Sight("pad", self._words("pad", "Thank you"), "thanks_title"),
            Sight("staff", self._words("staff", "No ticket"), "strip_ticket"),
        )

    def _card_again(self) -> None:
        name = next(name for account, _role, name in hall.STAFF if account == CLERK)
        self._steps.take("the pad's card comes back", lambda: None, Sight("pad", name[self._language], "staff_name"))

    def _transfer(self, ticket: Taken) -> None:
        self._steps.take(
            f"{CLERK} starts {ticket.number}",
            lambda: self._press("strip_start"),
            Sight("staff", self._words("staff", "In service"), "strip_above"),
        )
        self._steps.take(
            f"{CLERK} asks where {ticket.number} may go",
            lambda: self._press("strip_transfer"),
            Sight("staff", self._words("staff", "Where does {number} go?", number=ticket.number), "transfer_title"),
        )
        target = self._service(GREEN_GOES_TO)

        def search() -> float:
            began = time.monotonic()
            self._program("staff").type("transfer_search", target)
            return began

        self._steps.take("finds the service by its name", search, Sight("staff", target, "transfer_targets[0,1]"))
        self._steps.take(
            f"{CLERK} transfers {ticket.number}",
            lambda: self._press("transfer_take"),
            Sight("staff", self._words("staff", "No ticket"), "strip_ticket"),
        )

    def _leave(self) -> None:
        self._steps.take(
            f"{CLERK} leaves the window",
            lambda: self._press("leave_window"),
            Sight("staff", self._words("staff", "At which window do you work?"), "choose_title"),
        )

    def _sign_out(self) -> None:
        self._steps.take(
            f"{CLERK} signs out",
            lambda: self._press("sign_out"),
            Sight("staff", self._words("staff", "Sign in"), "sign_in_title"),
            Sight("strip", self._words("led", "Closed"), "strip"),
        )

    # the citizen

    def _take_ticket(self, way: str, prefix: str) -> Taken:
        steps, words = self._steps, self._words
        steps.take(
            f"the citizen chooses the language ({way} ticket)",
            lambda: self._press(f"language_{self._language}", "kiosk"),
            Sight("kiosk", words("kiosk", "What have you come for?"), "question"),
            Sight("kiosk", self._service(prefix), f"service_{prefix}"),
        )
        if way == "green":
            steps.take(
                "the citizen touches the green channel",
                lambda: self._press("green_channel", "kiosk"),
                Sight(
                    "kiosk",
                    words("kiosk", "You are served earlier. Staff may ask you about it. Continue?"),
                    "question_text",
                ),
            )
            steps.take(
                "the citizen confirms it",
                lambda: self._press("question_yes", "kiosk"),
                Sight("kiosk", words("kiosk", "Green channel: touch your service."), "question_hint"),
            )
        steps.take(
            f"the citizen touches service {prefix}",
            lambda: self._press(f"service_{prefix}", "kiosk"),
            Sight("kiosk", self._service(prefix), "service_name"),
        )
        # Of its prefix and round alone: nobody else takes tickets in this hall.
        number = f"{prefix}{self._round:03d}"
        why = {"plain": "By ticket time", "green": "Green channel"}[way]
        steps.take(
            f"the citizen takes ticket {number}",
            lambda: self._press("take", "kiosk"),
            Sight("kiosk", number, "ticket_number"),
            Sight("kiosk", words("kiosk", "Take your ticket"), "paper_title"),
            Sight("staff", number, "waiting_table[0,1]"),
            Sight("staff", words("staff", why), "waiting_table[0,4]"),
        )
        place = len(self.tickets) + 1
        taken = Taken(
            self._language,
            way,
            number,
            self._program("kiosk").text("ticket_code"),
            f"tickets/{self._language}/ticket_{place:04d}.png",
        )
        if not (self._folder / taken.raster).is_file():
            raise NotSeen(f"the ticket's raster {taken.raster} was not kept")
        self.tickets.append(taken)
        return taken

    def _leave_kiosk(self) -> None:
        """Touch Done; on a slow machine the page may have closed by itself. Either way nothing is left of the citizen."""

        def act() -> float | None:
            try:
                return self._press("done", "kiosk")
            except NotSeen:
                return None

        question = Words(KIOSK_LANGUAGE)("kiosk", "What have you come for?")
        self._steps.take("the kiosk forgets the citizen", act, Sight("kiosk", question, "question"))

    # the manager

    def _read_day(self) -> None:
        count, half = self._digits(2 * self._round), self._digits(self._round)
        self._steps.take(
            "the manager opens the day",
            lambda: self._press("go_day"),
            Sight("staff", count, "figure_issued_figure"),
            Sight("staff", count, "figure_finished_figure"),
            Sight(
                "staff",
                f"{self._words('staff', 'Very satisfied')} {half} {self._words('staff', 'Satisfied')} {half}",
                "grades",
            ),
        )
        self._steps.take(
            "the manager reads the tickets",
            lambda: self._press("day_tab.2"),
            *(Sight("staff", one.number) for one in self.tickets),
        )

    def _save_day(self) -> None:
        path = self._folder / self.workbook

        def act() -> float:
            staff = self._program("staff")
            staff.press("day_export")
            staff.wait(name="fileNameEdit", seconds=SECONDS)
            staff.type("fileNameEdit", str(path))
            return staff.key("Return")

        said = self._words("staff", "Saved as {name}.", name=str(path))
        self._steps.take(
            "the manager takes the tickets to Excel",
            act,
            Sight("staff", said, "day_said_text"),
            check=lambda _at: self._open_book(path),
        )

    def _open_book(self, path: Path) -> float:
        try:
            sheet = load_workbook(path, read_only=True).active
        except Exception as broken:
            raise NotSeen(f"{path.name} is no workbook: {broken}") from broken
        cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row} if sheet is not None else set()
        lacking = [one.number for one in self.tickets if one.number not in cells]
        if lacking:
            raise NotSeen(f"{path.name} lacks {', '.join(lacking)}")
        return 0.0
