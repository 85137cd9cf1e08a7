"""Identity cards over a line: read once, never printed, and every hindrance told in words."""

from __future__ import annotations

import copy
import logging
import pickle
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.devices import sam_frames as sam
from common.devices.device_health import DeviceHealth
from common.devices.identity_card import IdentityCard, Private
from common.devices.identity_reader import FRAMING, CardTrouble, SamReader, open_identity_reader
from common.devices.sam_frames import Decoder, Unreadable
from common.devices.serial_port import port_at
from common.text import in_language
from tests.common.devices.pty_device import until
from tests.common.devices.sam_counterpart import HEAD, SamCounterpart, foreign, number_with_check, resident

serial_only = pytest.mark.skipif(sys.platform == "win32", reason="a pty pair stands in for the serial line")
NUMBER = number_with_check("11010119900307123")
NAME = "欧阳娜娜"


# the value


def test_a_person_is_not_printed_by_any_way_to_see_a_value() -> None:
    card = IdentityCard(Private(NAME), Private(NUMBER), "resident", date(2020, 1, 2), None)
    seen = [
        repr(card),
        str(card),
        f"{card}",
        f"{card.number}",
        f"{card.name} {card.number!r}",
        f"{card.number:>30}",
    ]
    seen += [str({"card": card}), str([card.name]), repr(copy.deepcopy(card)), str(vars(type(card.name)))]
    try:
        raise ValueError(card)
    except ValueError as failure:
        seen += traceback.format_exception(failure)
    assert not [text for text in seen if NUMBER in text or NAME in text or NUMBER[-4:] in text]
    with pytest.raises(TypeError):
        pickle.dumps(card)
    assert card.number.reveal() == NUMBER and card.number == Private(NUMBER) and card.number != Private(NAME)
    assert len({card.number, Private(NUMBER)}) == 1


def test_validity_has_both_ends_and_may_have_none() -> None:
    card = sam.card(b"\x01\x00\x04\x00" + resident(NAME, NUMBER, "20200102", "20300102"))
    days = (date(2020, 1, 1), date(2020, 1, 2), date(2030, 1, 2), date(2030, 1, 3))
    assert [card.valid_on(day) for day in days] == [False, True, True, False]
    for ever in (resident(NAME, NUMBER, end="长期"),):
        assert sam.card(b"\x01\x00\x04\x00" + ever).valid_on(date(2999, 1, 1))


# frames


def test_commands_are_those_of_the_standard_to_the_byte() -> None:
    assert sam.request(sam.FIND).hex() == "aaaaaa96690003200122"
    assert sam.request(sam.SELECT).hex() == "aaaaaa96690003200221"
    assert sam.request(sam.READ).hex() == "aaaaaa96690003300132"
    assert sam.request(sam.MODULE_STATE).hex() == "aaaaaa9669000311ffed"


def test_answers_of_the_standard_are_read() -> None:
    decoder = Decoder()
    found = bytes.fromhex("aaaaaa9669 0008 00009f 00000000 97")
    none = bytes.fromhex("aaaaaa9669 0004 000080 84")
    selected = bytes.fromhex("aaaaaa9669 000c 000090 0000000000000000 9c")
    assert [reply.state for reply in decoder.feed(found + none + selected)] == [0x9F, 0x80, 0x90]


@given(st.data())
def test_whatever_the_line_does_only_whole_answers_come_out(data: st.DataObject) -> None:
    """Answers in pieces, with noise before them and one byte of one of them changed."""
    none = bytes.fromhex("aaaaaa96690004000080 84")
    spoilt = bytearray(none)
    spoilt[data.draw(st.integers(0, len(none) - 1))] ^= data.draw(st.integers(1, 255))
    stream = data.draw(st.binary(max_size=8)) + bytes(spoilt) + none * 3
    decoder, states = Decoder(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        states += [reply.state for reply in decoder.feed(stream[:size])]
        stream = stream[size:]
    assert set(states) <= {0x80} and len(states) <= 4


def test_kinds_of_cards() -> None:
    head = b"\x01\x00\x04\x00"
    card = sam.card(head + resident("王小明", NUMBER, mark="J"))
    assert (card.kind, card.name.reveal(), card.number.reveal()) == ("hong_kong_macao_taiwan", "王小明", NUMBER)
    card = sam.card(head + foreign("IVANOVA, ANNA", "安娜", "RUS150090010101"))
    assert (card.kind, card.name.reveal(), card.number.reveal()) == ("foreign", "安娜", "RUS150090010101")
    assert card.valid_until == date(2028, 4, 30)
    assert sam.card(head + foreign("IVANOVA, ANNA", "", "RUS150090010101")).name.reveal() == "IVANOVA, ANNA"


@pytest.mark.parametrize(
    "text",
    [
        resident(NAME, NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")),
        resident("", NUMBER),
        resident(NAME, NUMBER, begin="20201399"),
        b"\x00\xd8" * 128,
        resident(NAME, NUMBER)[:200],
    ],
)
def test_what_is_no_card_is_refused_without_a_word_of_it(text: bytes) -> None:
    with pytest.raises(Unreadable) as why:
        sam.card(b"\x01\x00\x04\x00" + text)
    told = "".join(traceback.format_exception(why.value))
    assert NUMBER not in told and NAME not in told and "d8" not in told


# over the line


class Desk:
    """What a program would notice."""

    def __init__(self) -> None:
        self.cards: list[IdentityCard] = []
        self.troubles: list[str] = []
        self.healths: list[str] = []
        self.reader: SamReader

    def told(self, health: DeviceHealth) -> None:
        self.healths.append(health.state)


Open = Callable[..., Desk]


@pytest.fixture
def opened() -> Iterator[Open]:
    desks: list[Desk] = []

    def make(other: SamCounterpart, **how: object) -> Desk:
        desk = Desk()
        how = {"every": 0.02, "answer_limit": 0.15, "read_limit": 0.3, "again_after": 0.05, **how}
        desk.reader = SamReader(
            port_at(other.address, FRAMING), desk.cards.append, lambda one: desk.troubles.append(one.kind),
            told=desk.told, **how,  # type: ignore[arg-type]
        )  # fmt: skip
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.reader.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "identity reader"]


@serial_only
def test_a_card_is_read_once_however_long_it_lies(
    opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.cards)
        seen = len(other.commands)
        until(lambda: len(other.commands) > seen + 5)
        assert len(desk.cards) == 1 and desk.reader.health.state == "ok"
        assert (desk.cards[0].name.reveal(), desk.cards[0].number.reveal()) == (NAME, NUMBER)
        other.take_away()
        other.lay(resident("李四", number_with_check("44030119850505012")))
        until(lambda: len(desk.cards) == 2)
        assert desk.troubles == [] and other.refused == 0
    assert NUMBER not in caplog.text and NAME not in caplog.text


@serial_only
@pytest.mark.parametrize("command", [sam.SELECT, sam.READ])
def test_a_card_taken_away_too_early_is_asked_for_again(opened: Open, tmp_path: Path, command: tuple[int, int]) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        other.moves_at = command
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.troubles == ["moved"])
        with in_language("zh"):
            assert CardTrouble("moved").sentence == "证件移开过早。请重新放上并保持不动。"
        assert desk.cards == []
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.cards)


@serial_only
@pytest.mark.parametrize(
    ("command", "state", "trouble"), [(sam.READ, 0x33, "not_genuine"), (sam.SELECT, 0x40, "wrong_card")]
)
def test_a_card_that_is_none_of_ours_is_told_once(
    opened: Open, tmp_path: Path, command: tuple[int, int], state: int, trouble: str
) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        other.answers_with = {command: state}
        other.lay(resident(NAME, NUMBER))
        until(lambda: other.commands.count(sam.FIND) > 8)
        assert desk.troubles == [trouble] and desk.cards == []
        other.answers_with = {}
        until(lambda: desk.cards)


@serial_only
def test_a_card_whose_number_does_not_add_up_gives_nothing(opened: Open, tmp_path: Path) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        other.lay(resident(NAME, "1" * 18))
        until(lambda: desk.troubles == ["wrong_card"])
        assert desk.cards == []


@serial_only
def test_disturbed_answers_and_commands_are_repeated(opened: Open, tmp_path: Path) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        until(lambda: desk.reader.health.state == "ok")
        other.lose(3)
        until(lambda: other.refused == 1)
        other.spoil = 1
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.cards)
        assert [card.number.reveal() for card in desk.cards] == [NUMBER]


@serial_only
@pytest.mark.parametrize("command", [sam.SELECT, sam.READ])
def test_a_command_that_the_reader_misheard_is_no_citizens_trouble(
    opened: Open, tmp_path: Path, command: tuple[int, int]
) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        other.mishears = command
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.cards)
        assert desk.troubles == [] and other.mishears is None


@serial_only
def test_a_late_answer_counts_and_none_is_silence(opened: Open, tmp_path: Path) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        other.late = 0.08
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.cards)
        other.silent = True
        until(lambda: desk.reader.health.state == "silent")
        other.silent = False
        until(lambda: desk.reader.health.state == "ok")
        assert len(desk.cards) == 1


@serial_only
def test_unplugged_and_back(opened: Open, tmp_path: Path) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other)
        until(lambda: desk.reader.health.state == "ok")
        other.unplug()
        until(lambda: desk.reader.health.state == "unplugged")
        other.plug()
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.cards)
        assert desk.healths[:3] == ["ok", "unplugged", "ok"]


@serial_only
def test_a_faulty_module_is_the_devices_trouble_not_the_citizens(opened: Open, tmp_path: Path) -> None:
    with SamCounterpart(tmp_path) as other:
        other.answers_with = {sam.FIND: 0x66}
        desk = opened(other)
        until(lambda: desk.reader.health.state == "trouble")
        assert "66" in desk.reader.health.detail and desk.troubles == []


@serial_only
def test_nobodys_card_is_read_who_was_not_asked(opened: Open, tmp_path: Path) -> None:
    with SamCounterpart(tmp_path) as other:
        desk = opened(other, listening=False)
        other.lay(resident(NAME, NUMBER))
        until(lambda: desk.reader.health.state == "ok")
        assert sam.FIND not in other.commands and desk.cards == []
        desk.reader.listening = True
        until(lambda: desk.cards)


def test_a_reader_that_is_not_there_says_so() -> None:
    reader = open_identity_reader("serial:/dev/does-not-exist", lambda card: None)
    until(lambda: reader.health.state == "unplugged")
    reader.close()
    with pytest.raises(ValueError, match="not a serial line"):
        open_identity_reader("usb", lambda card: None)
    assert HEAD in sam.request(sam.FIND)
