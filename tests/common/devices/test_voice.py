"""What was really spoken, measured on the WAV for each language: as long as it should be, at three speeds, at any volume."""

from __future__ import annotations

import itertools
import threading
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from common.devices import wave_facts, waves
from common.devices.announcer import Announced, Announcement, Announcer
from common.devices.speech import EspeakSpeaker, Speed
from common.text import spell

LANGUAGES = ("en", "zh", "yue", "ru", "fa")
SPEEDS: tuple[Speed, ...] = ("slow", "normal", "fast")
BELL = 880.0
"""Hz of the chime's first tone, which stands alone for its first fifth of a second."""


@pytest.fixture
def spoken(tmp_path: Path) -> Callable[..., array[int]]:
    """Samples of a text without the silence at both ends."""
    speaker, path = EspeakSpeaker(), tmp_path / "spoken.wav"

    def speak(text: str, language: str, **how: object) -> array[int]:
        speaker.render(text, language, path, **how)  # type: ignore[arg-type]
        return waves.trimmed(waves.read(path))

    return speak


def seconds(samples: array[int]) -> float:
    return len(samples) / waves.RATE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_is_longer_slowly_and_shorter_fast(language: str, spoken: Callable[..., array[int]]) -> None:
    text = spell.call("A012", "3", language)
    slow, normal, fast = (seconds(spoken(text, language, speed=speed)) for speed in SPEEDS)
    assert slow > normal * 1.15 and normal > fast * 1.15
    assert slow < normal * 1.6 and fast > normal * 0.6, "nobody follows that"


@pytest.mark.covers("QUE-916")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("speed", SPEEDS)
def test_each_letter_and_digit_is_said_and_takes_its_time(
    language: str, speed: Speed, spoken: Callable[..., array[int]]
) -> None:
    """A number with one digit more is longer by a digit; ten digits and all letters take ten and 26 times that at least."""
    lengths = [
        seconds(spoken(spell.ticket(number, language), language, speed=speed))
        for number in ("A1", "A12", "A123", "A1234")
    ]
    assert all(0.08 < longer - shorter < 0.8 for shorter, longer in itertools.pairwise(lengths)), lengths
    digits = seconds(spoken(spell.ticket("0123456789", language), language, speed=speed))
    letters = seconds(spoken(spell.ticket("ABCDEFGHIJKLMNOPQRSTUVWXYZ", language), language, speed=speed))
    assert digits > 10 * 0.18 and letters > 26 * 0.12
    assert digits < 10 * 0.8 and letters < 26 * 0.8


@pytest.mark.covers("QUE-916")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_digit_is_swallowed(language: str, spoken: Callable[..., array[int]]) -> None:
    """Each digit by itself is a sound of a digit's length, and no two of them are the same sound."""
    found = [spoken(spell.ticket(digit, language), language) for digit in "0123456789"]
    assert all(0.12 < seconds(one) < 1.0 for one in found), [seconds(one) for one in found]
    assert len({bytes(one) for one in found}) == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_is_as_long_as_its_words(language: str, spoken: Callable[..., array[int]]) -> None:
    """Number, window and the words around them: the call takes longer than its number alone, and not for ever."""
    number = seconds(spoken(spell.ticket("A012", language), language))
    call = seconds(spoken(spell.call("A012", "3", language), language))
    again = seconds(spoken(spell.call("A012", "3", language, recall=True), language))
    assert number + 1.0 < call < number + 6.0 and call + 0.3 < again < call + 2.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_volume_is_heard_in_every_language(language: str, tmp_path: Path) -> None:
    found = []
    for volume in (100, 50, 20):
        path = tmp_path / f"{volume}.wav"
        EspeakSpeaker().render(spell.ticket("A0", language), language, path, volume=volume)
        found.append(wave_facts.facts(path).loudness)
    # Half the amplitude is 6 dB less, a fifth is 14.
    assert found[0] - found[1] == pytest.approx(6, abs=1.5) and found[0] - found[2] == pytest.approx(14, abs=2.5)


class Quick:
    """A player that takes no time."""

    audible = False

    def play(self, path: Path, stop: threading.Event) -> None:
        """Nothing to hear."""


@pytest.fixture
def announcer(tmp_path: Path) -> Iterator[tuple[Announcer, list[Announced]]]:
    told: list[Announced] = []
    one = Announcer(EspeakSpeaker(), Quick(), keep=tmp_path, told=told.append)
    yield one, told
    one.close()


def head(path: Path | None) -> array[int]:
    assert path is not None
    return waves.read(path)[: waves.RATE // 5]


def test_the_chime_is_there_or_not_and_as_loud_as_the_voice(announcer: tuple[Announcer, list[Announced]]) -> None:
    one, told = announcer
    for sequence, (chime, volume) in enumerate(((True, 100), (False, 100), (True, 25))):
        one.chime, one.volume = chime, volume
        one.say(Announcement(sequence, "A012", "3", ("zh",)))
        assert one.wait_until_quiet(20)
    with_chime, without, quiet = (head(each.path) for each in told)
    assert wave_facts.tone(with_chime, BELL) > 0.6 and wave_facts.tone(quiet, BELL) > 0.6
    assert wave_facts.tone(without, BELL) < 0.2
    assert max(map(abs, quiet)) == pytest.approx(max(map(abs, with_chime)) / 4, rel=0.05)
    whole, bare = (waves.seconds(each.path) for each in told[:2] if each.path)
    assert whole - bare == pytest.approx(0.7 + 0.35, abs=0.02), "the chime and its pause are all that differs"


@pytest.mark.covers("QUE-915")
def test_mandarin_and_cantonese_are_two_voices_one_after_the_other(
    announcer: tuple[Announcer, list[Announced]],
) -> None:
    one, told = announcer
    one.chime = False
    for sequence, languages in enumerate((("zh",), ("yue",), ("zh", "yue"))):
        one.say(Announcement(sequence, "A012", "3", languages))
        assert one.wait_until_quiet(20)
    mandarin, cantonese, both = (wave_facts.facts(each.path) for each in told if each.path)
    assert wave_facts.difference(mandarin, cantonese) > 0.02
    assert both.seconds == pytest.approx(mandarin.seconds + cantonese.seconds + 0.35, abs=0.05)
    samples = waves.read(told[2].path) if told[2].path else array("h")
    first = waves.read(told[0].path) if told[0].path else array("h")
    assert samples[: len(first)] == first, "Mandarin comes first, unchanged"


def test_settings_hold_from_the_next_announcement_on(announcer: tuple[Announcer, list[Announced]]) -> None:
    one, told = announcer
    for sequence, speed in enumerate(SPEEDS):
        one.speed = speed
        one.say(Announcement(sequence, "A012", "3", ("fa",)))
        assert one.wait_until_quiet(20)
    slow, normal, fast = (waves.seconds(each.path) for each in told if each.path)
    assert slow > normal > fast
