"""Spoken calls: loud, different, in every language, one after the other, and measured because nobody listens."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from common.devices import wave_facts, waves
from common.devices.announcer import Announced, Announcement, Announcer
from common.devices.player import CommandPlayer, TimedPlayer
from common.devices.sapi_voice import voice_for
from common.devices.speech import EspeakSpeaker, SpeechTrouble
from common.text import spell

LANGUAGES = ("en", "zh", "yue", "ru", "fa")


class Recorder:
    """A player that notes when it was asked to play, and takes a short time for it."""

    audible = False

    def __init__(self, seconds: float = 0.05) -> None:
        self.seconds = seconds
        self.played: list[tuple[float, float, float]] = []

    def play(self, path: Path, stop: threading.Event) -> None:
        begin = time.monotonic()
        stop.wait(self.seconds)
        self.played.append((begin, time.monotonic(), waves.seconds(path)))


Make = Callable[..., tuple[Announcer, list[Announced]]]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Announcer] = []

    def announcer(player: object = None, **how: object) -> tuple[Announcer, list[Announced]]:
        told: list[Announced] = []
        made.append(Announcer(EspeakSpeaker(), player or Recorder(), told=told.append, **how))  # type: ignore[arg-type]
        return made[-1], told

    yield announcer
    for one in made:
        one.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "announcer"]


def call(sequence: int = 1, number: str = "A012", window: str = "3", *languages: str, **how: object) -> Announcement:
    return Announcement(sequence, number, window, languages or ("en",), **how)  # type: ignore[arg-type]


def test_every_language_is_loud_and_differs(tmp_path: Path) -> None:
    speaker = EspeakSpeaker()
    found = {}
    for language in LANGUAGES:
        path = tmp_path / f"{language}.wav"
        speaker.render(spell.call("A012", "3", language), language, path)
        found[language] = wave_facts.facts(path)
        assert found[language].loud, (language, found[language])
        assert 1.5 < found[language].seconds < 9
    pairs = [(a, b) for a in LANGUAGES for b in LANGUAGES if a < b]
    assert min(wave_facts.difference(found[a], found[b]) for a, b in pairs) > 0.01


def test_other_numbers_sound_otherwise_and_the_same_sounds_the_same(tmp_path: Path) -> None:
    speaker = EspeakSpeaker()
    for name, number in (("one", "A012"), ("again", "A012"), ("two", "A017"), ("three", "B307")):
        speaker.render(spell.call(number, "3", "zh"), "zh", tmp_path / f"{name}.wav")
    one, again, two, three = (wave_facts.facts(tmp_path / f"{n}.wav") for n in ("one", "again", "two", "three"))
    assert wave_facts.difference(one, again) < 0.001
    assert wave_facts.difference(one, two) > 0.004
    assert wave_facts.difference(one, three) > 0.004


def test_speed_and_volume_are_heard(tmp_path: Path) -> None:
    speaker = EspeakSpeaker()
    text = spell.call("A012", "3", "ru")
    for speed in ("slow", "normal", "fast"):
        speaker.render(text, "ru", tmp_path / f"{speed}.wav", speed=speed)
    slow, normal, fast = (wave_facts.facts(tmp_path / f"{n}.wav") for n in ("slow", "normal", "fast"))
    assert slow.seconds > normal.seconds * 1.1 > fast.seconds * 1.2
    speaker.render(text, "ru", tmp_path / "low.wav", volume=20)
    assert wave_facts.facts(tmp_path / "low.wav").loudness < normal.loudness - 8


def test_silence_is_not_loud(tmp_path: Path) -> None:
    waves.write(tmp_path / "none.wav", waves.silence(2))
    assert not wave_facts.facts(tmp_path / "none.wav").loud


@pytest.mark.covers("QUE-915")
def test_calls_in_quick_succession_never_overlap(make: Make, tmp_path: Path) -> None:
    player = Recorder(0.08)
    announcer, told = make(player, keep=tmp_path)
    begin = time.monotonic()
    for sequence in range(1, 7):
        announcer.say(call(sequence, f"A{sequence:03d}", str(sequence), "en", "zh"))
    assert time.monotonic() - begin < 0.05
    assert announcer.wait_until_quiet(20)
    ends = [end for _begin, end, _length in player.played]
    begins = [start for start, _end, _length in player.played]
    assert len(begins) == 6 and all(nxt >= end for nxt, end in zip(begins[1:], ends, strict=False))
    assert [one.announcement.sequence for one in told] == [1, 2, 3, 4, 5, 6]
    assert [one.outcome for one in told] == ["spoken"] * 6
    names = sorted(path.name for path in tmp_path.glob("*.wav"))
    assert names[0] == "00001_A001_window1_en+zh.wav" and len(names) == 6


@pytest.mark.covers("QUE-915")
def test_both_languages_one_after_the_other_in_one_file(make: Make, tmp_path: Path) -> None:
    announcer, told = make(keep=tmp_path)
    announcer.say(call(1, "A012", "3", "en"))
    announcer.say(call(2, "A012", "3", "fa"))
    announcer.say(call(3, "A012", "3", "en", "fa"))
    assert announcer.wait_until_quiet(20)
    english, persian, both = (waves.seconds(one.path) for one in told if one.path)
    chime = len(waves.chime()) / waves.RATE
    assert both == pytest.approx(english + persian - chime, abs=0.1)


@pytest.mark.covers("QUE-915")
def test_a_recall_is_spoken_again_and_says_so(make: Make, tmp_path: Path) -> None:
    announcer, told = make(keep=tmp_path)
    announcer.say(call(1))
    announcer.say(call(2, recall=True))
    assert announcer.wait_until_quiet(20)
    first, again = (wave_facts.facts(one.path) for one in told if one.path)
    assert again.seconds > first.seconds + 0.3
    assert told[1].path is not None and "again" in told[1].path.name


@pytest.mark.covers("QUE-915")
def test_what_waits_too_long_is_dropped(make: Make) -> None:
    announcer, told = make(Recorder(0.4), longest_wait=0.2)
    for sequence in (1, 2, 3):
        announcer.say(call(sequence))
    assert announcer.wait_until_quiet(20)
    assert [one.outcome for one in told] == ["spoken", "dropped", "dropped"]


def test_speaking_begins_within_300_ms(make: Make) -> None:
    announcer, told = make()
    announcer.say(call(1, "A001", "1", "en", "zh"))
    assert announcer.wait_until_quiet(20)
    for sequence in range(2, 7):
        announcer.say(call(sequence, f"A{sequence:03d}", "12", "en", "zh"))
        assert announcer.wait_until_quiet(20)
    # The bound belongs to the hall; a machine that runs many tests at once may hold up a single one.
    assert sorted(one.waited for one in told)[3] < 0.3


@pytest.mark.covers("QUE-917")
def test_silent_calling_speaks_nothing(make: Make) -> None:
    player = Recorder()
    announcer, told = make(player)
    announcer.silent = True
    announcer.say(call(1))
    assert announcer.wait_until_quiet(20)
    announcer.silent = False
    announcer.say(call(2))
    assert announcer.wait_until_quiet(20)
    assert [one.outcome for one in told] == ["silent", "spoken"] and len(player.played) == 1


def test_without_a_sound_card_it_takes_its_real_time(make: Make, tmp_path: Path) -> None:
    announcer, told = make(TimedPlayer(), keep=tmp_path)
    announcer.speed = "fast"
    announcer.say(call(1))
    assert announcer.wait_until_quiet(20)
    assert told[0].path is not None
    assert told[0].ended - told[0].began == pytest.approx(waves.seconds(told[0].path), abs=0.3)
    assert not announcer.audible


def test_closing_does_not_wait_for_the_sentence(make: Make) -> None:
    announcer, _told = make(Recorder(30))
    announcer.say(call(1))
    announcer.say(call(2))
    time.sleep(0.2)
    begin = time.monotonic()
    announcer.close()
    assert time.monotonic() - begin < 2


@pytest.mark.covers("QUE-921")
def test_another_zone_is_named() -> None:
    zone = {"en": "Hall 2", "zh": "二号厅"}
    assert "Hall 2" in call(zone=zone).sentence("en") and "二号厅" in call(zone=zone).sentence("yue")


class HalfMute:
    """A voice that knows English only."""

    name = "half"

    def render(self, text: str, language: str, target: Path, **how: object) -> None:
        if language != "en":
            raise SpeechTrouble(f"no voice for {language}")
        EspeakSpeaker().render(text, language, target)


def test_a_language_without_voice_is_left_out_and_the_call_is_spoken() -> None:
    told: list[Announced] = []
    announcer = Announcer(HalfMute(), Recorder(), told=told.append)
    try:
        announcer.say(call(1, "A012", "3", "fa", "en"))
        announcer.say(call(2, "A012", "3", "fa"))
        assert announcer.wait_until_quiet(20)
    finally:
        announcer.close()
    assert [one.outcome for one in told] == ["spoken", "failed"]


def test_a_voice_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(SpeechTrouble, match="fa"):
        EspeakSpeaker(str(tmp_path / "no-such-program")).render("x", "fa", tmp_path / "x.wav")
    broken = shutil.which("false")
    if broken:
        with pytest.raises(SpeechTrouble, match="exit code 1"):
            EspeakSpeaker(broken).render("x", "en", tmp_path / "x.wav")


@pytest.mark.skipif(shutil.which("sleep") is None, reason="a program that takes a while stands in for the player")
def test_a_player_program_is_ended_when_closing(tmp_path: Path) -> None:
    waves.write(tmp_path / "x.wav", waves.silence(20))
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begin = time.monotonic()
    CommandPlayer("sh", "-c", "exec sleep 20").play(tmp_path / "x.wav", stop)
    assert time.monotonic() - begin < 3


def test_choice_of_a_windows_voice() -> None:
    """By the names that Windows gives its voices; the voices themselves were not at hand."""
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Speech\Voices\Tokens\TTS_MS_"
    voices = [
        SimpleNamespace(id=f"{key}{name}", name=label, languages=[])
        for name, label in (
            ("EN-US_ZIRA_11.0", "Microsoft Zira Desktop - English (United States)"),
            ("ZH-CN_HUIHUI_11.0", "Microsoft Huihui Desktop - Chinese (Simplified)"),
        )
    ]
    assert (voice_for("zh", voices) or "").endswith("ZH-CN_HUIHUI_11.0")
    assert voice_for("fa", voices) is None
