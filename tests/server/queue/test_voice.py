"""What a zone's voice says, as the administrator set it: language, speed, loudness, chime, silence; measured on the WAV."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client_led.speech.voice import Voice
from common.devices import wave_facts, waves
from common.protocol.queue import Board
from server.demo.fill import id_of
from server.modules.queue import rules
from tests.server.conftest import Hall
from tests.server.data import Data

ZONE = str(id_of("zone", 0))


class Quick:
    """A player that takes no time."""

    audible = False

    def play(self, path: Path, stop: threading.Event) -> None:
        """Nothing to hear."""


@pytest.fixture
def voice(tmp_path: Path) -> Iterator[Voice]:
    """A display's voice that keeps what it says."""
    made = Voice(tmp_path / "wav", Quick())
    yield made
    made.close()


def put(hall: Hall, name: str, value: Any) -> None:
    """A setting of the zone."""
    place = {"name": name, "level": "zone", "level_id": ZONE}
    hall.post("settings.set", {**place, "value": value}, who="admin")


def board(hall: Hall) -> Board:
    """What the zone's display reads."""
    hall.settle()
    return Board.model_validate(hall.post("queue.board", {"zone_id": ZONE}, who=hall.device("led", zone_id=ZONE)))


def test_languages_are_chosen_each_once_or_left_to_the_outlet() -> None:
    assert rules.spoken_in(("outlet", "yue", "none"), ("zh", "en")) == ["zh", "en"]
    assert rules.spoken_in(("yue", "zh", "yue"), ("en",)) == ["yue", "zh"]
    assert rules.spoken_in(("ru", "none", "fa"), ("en",)) == ["ru", "fa"]


@pytest.mark.covers("QUE-031", "QUE-032", "QUE-033", "QUE-917")
def test_a_zone_speaks_as_it_was_set(hall: Hall, voice: Voice, tmp_path: Path) -> None:
    data, window = Data(hall), hall.open(1)
    spoken: dict[str, wave_facts.WaveFacts] = {}
    heads: dict[str, Any] = {}

    def speak(name: str) -> bool:
        """Call, and hear what the display makes of it; whether anything was said."""
        hall.ticket("A")
        hall.post("queue.call_next", window)
        seen = board(hall)
        if not seen.silent:
            voice.say(seen.calls[0], seen)
        assert voice.wait_until_quiet(20)
        hall.post("queue.no_show", window)
        found = list((tmp_path / "wav").glob(f"{seen.last_sequence:05d}_*.wav"))
        if found:
            spoken[name] = wave_facts.facts(found[0])
            heads[name] = waves.read(found[0])[: waves.RATE // 5]
        return bool(found)

    usual = board(hall)
    assert (usual.volume, usual.chime, usual.speed, usual.silent) == (100, True, "normal", False)
    for language in ("zh", "yue", "ru", "fa", "en"):
        put(hall, "queue.voice_first", language)
        for speed in ("slow", "normal", "fast"):
            data.edit("zone", ZONE, voice_speed=speed)
            assert speak(f"{language} {speed}")
        slow, normal, fast = (spoken[f"{language} {speed}"] for speed in ("slow", "normal", "fast"))
        assert all(one.loud for one in (slow, normal, fast)), language
        assert 15 > slow.seconds > normal.seconds + 0.2 > fast.seconds + 0.4 and fast.seconds > 2, language
    assert wave_facts.difference(spoken["zh normal"], spoken["yue normal"]) > 0.02, "two languages, not one read twice"

    data.edit("zone", ZONE, voice_speed="normal")
    put(hall, "queue.voice_first", "zh")
    put(hall, "queue.voice_second", "yue")
    assert board(hall).languages == ["zh", "yue"] and speak("both")
    assert spoken["both"].seconds > spoken["zh normal"].seconds + spoken["yue normal"].seconds - 2.0
    put(hall, "queue.voice_volume", 50)
    assert speak("half")
    assert spoken["both"].loudness - spoken["half"].loudness == pytest.approx(6, abs=1.5)
    put(hall, "queue.voice_chime", False)
    assert speak("bare")
    assert wave_facts.tone(heads["half"], 880) > 0.6 and wave_facts.tone(heads["bare"], 880) < 0.2

    hall.post("queue.set_silent", {"zone_id": ZONE, "silent": True})
    assert not speak("silent"), "displays go on, the voice is still"
    other = {"zone_id": str(id_of("zone", 1))}
    assert hall.post("queue.board", other)["silent"] is False
    hall.post("queue.set_silent", {"zone_id": ZONE, "silent": False})
    assert speak("again")
