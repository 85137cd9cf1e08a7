"""The paper journal: durable at once, entered once with its real times, refused lines stay until somebody mends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from client_staff.counter.journal import Journal, PaperLine, fault
from server.demo.fill import id_of
from tests.client_staff.test_workbench import clerk, signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WINDOW, PERSON, SERVICE = UUID(int=1), UUID(int=2), UUID(int=3)


def begun(journal: Journal, number: str = "b041") -> PaperLine:
    """Somebody has sat down."""
    return journal.begin(
        window_id=WINDOW, window="7", person_id=PERSON, person="Anna", number=number, service_id=SERVICE,
        service={"en": "Passports"}, started_at=NOW,
    )  # fmt: skip


def test_a_line_is_on_the_disk_when_it_is_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3", lambda: NOW)
    line = begun(journal)
    # As after a power cut: another connection reads it while nobody has closed the first.
    other = Journal(tmp_path / "journal.sqlite3", lambda: NOW)
    assert other.lines() == [line] and line.number == "B041"
    ended = journal.change(replace(line, finished_at=NOW + timedelta(minutes=4), matters=2))
    assert (ended.state, other.lines()) == ("kept", [ended])
    message = ended.message()
    assert (message.fact_id, message.number, message.matters) == (line.fact_id, "B041", 2)
    assert (message.started_at, message.finished_at) == (NOW, NOW + timedelta(minutes=4))
    other.close()
    journal.close()


def test_a_refused_line_stays_until_it_is_mended_and_an_entered_one_cannot_be_changed(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3", lambda: NOW)
    line = journal.change(replace(begun(journal), finished_at=NOW))
    journal.told(line.fact_id, "refused", "times_wrong")
    refused = journal.lines()[0]
    assert (refused.state, refused.code) == ("refused", "times_wrong")
    assert journal.change(refused).state == "kept" and journal.lines()[0].code == ""
    journal.told(line.fact_id, "entered")
    journal.leave_out(line.fact_id)
    entered = journal.lines()[0]
    assert entered.state == "entered" and journal.change(entered).state == "entered"
    journal.close()
    # It can be looked up for two days, then it goes; what is not entered never goes by itself.
    journal = Journal(tmp_path / "journal.sqlite3", lambda: NOW + timedelta(days=1))
    open_line = begun(journal, "C1")
    assert len(journal.lines()) == 2
    journal.close()
    journal = Journal(tmp_path / "journal.sqlite3", lambda: NOW + timedelta(days=30))
    assert [one.fact_id for one in journal.lines()] == [open_line.fact_id]
    assert journal.open_at(WINDOW) == open_line and journal.open_at(PERSON) is None
    journal.close()


@pytest.mark.parametrize(
    ("number", "start", "end", "wrong"),
    [
        ("B041", 0, 4, ""),
        ("", 0, None, ""),
        ("B0412345678901", 0, 4, "number"),
        ("B041", 4, 3, "order"),
        ("B041", 0, 6, "future"),
        ("B041", 6, None, "future"),
        ("B041", 5, 5, ""),
    ],
)
def test_what_cannot_be_true_is_said_while_it_is_written(number: str, start: int, end: int | None, wrong: str) -> None:
    ended = NOW + timedelta(minutes=end) if end is not None else None
    assert fault(number, NOW + timedelta(minutes=start), ended, NOW + timedelta(minutes=5)) == wrong


def test_a_window_goes_on_on_paper_and_is_entered_with_its_real_times(house: DemoHouse, tmp_path: Path) -> None:
    house.open(1)
    for prefix in "AAB":
        house.ticket(prefix)
    place = {"window_id": str(id_of("window", 3))}
    desk = clerk(house, tmp_path)
    try:
        desk.wait("A001", name="waiting_table[0,1]")
        desk.key("F2")
        desk.wait("A001", name="strip_ticket")
        desk.key("F5")
        desk.wait("In service", name="strip_above")
        started = house.post("queue.window", place)["ticket"]["started_at"]
        house.kill()
        # The citizen who sits there goes on by himself; the lists are old and say so, and nobody can be called.
        desk.wait("Paper journal", name="strip_above")
        desk.wait("As of", name="waiting_old")
        assert not [one for one in desk.tree() if one["name"] == "waiting_table" and one["enabled"]]
        desk.wait("A001", name="journal_table[0,0]")
        desk.key("F2")
        desk.wait("Finish the ticket on paper first", name="refused_text")
        desk.key("F4")
        desk.wait("Kept here", name="journal_table[0,4]")
        desk.wait("No ticket", name="strip_ticket")
        # The next one is noted by hand, without any ticket; then one more who does not come.
        desk.key("F2")
        desk.wait("Who comes now?", name="paper_title")
        desk.press("paper_take")
        desk.wait("No number", name="strip_ticket")
        desk.key("F4")
        desk.wait("2 lines kept", name="strip_waiting")
        desk.key("F2")
        desk.wait(name="paper_title")
        desk.type("paper_number", "b001")
        desk.key("Return")
        desk.wait("B001", name="strip_ticket")
        desk.key("F7")
        desk.wait("3 lines kept", name="strip_waiting")
    finally:
        desk.kill()  # a power cut: the lines are on the disk
    house.start()
    with Running("staff", tmp_path / "anna", house) as desk:
        # Before anybody has signed in the PC knows its window: a line written now waits for somebody with the right.
        desk.wait(name="sign_in")
        house.kill()
        desk.wait(name="paper_journal", seconds=10)
        desk.press("paper_journal")
        desk.wait("Paper journal of window 3", name="paper_page_title")
        desk.press("paper_next")
        desk.wait(name="paper_number")
        desk.type("paper_number", "A002")
        desk.key("Return")
        desk.wait("A002", name="paper_page_now")
        desk.press("paper_finish")
        desk.wait("Kept here", name="journal_table[0,4]")
        house.start()
        signed_in(desk, "anna")
        desk.wait(name="strip_ticket", seconds=15)
        # What she wrote herself is entered by itself, what nobody wrote waits to be taken over.
        desk.wait("2", name="my_day_served", seconds=15)
        desk.wait("1", name="my_day_no_show")
        desk.wait("somebody not signed in", name="journal_said")
        desk.press("journal_take_over")
        desk.wait("3", name="my_day_served")
        desk.wait(name="journal_title", gone=True)
    story = house.post("queue.ticket", {"number": "A001"})
    assert (story["ticket"]["state"], story["ticket"]["started_at"]) == ("finished", started)
    assert [one["kind"] for one in story["moments"]][-3:] == ["called", "finished", "journal"]
    assert house.post("queue.ticket", {"number": "B001"})["ticket"]["state"] == "no_show"
    mine = house.post("queue.mine", who="anna")
    assert (mine["served"], mine["no_show"]) == (3, 1)
    assert len(house.post("queue.called", place)["items"]) == 4
