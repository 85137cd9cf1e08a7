"""Speaks calls while this display is its zone's voice (QUE-915 to QUE-917)."""

from __future__ import annotations

import logging
from pathlib import Path

from common.devices.announcer import Announced, Announcement, Announcer
from common.devices.player import Player
from common.devices.speech import SpeechTrouble, open_speaker
from common.protocol.queue import Board, BoardCall

log = logging.getLogger(__name__)


class Voice:
    """The announcer as the display uses it: announcements queue up and never overlap."""

    def __init__(self, keep: Path | None, player: Player | None = None) -> None:
        self._announcer: Announcer | None = None
        try:
            self._announcer = Announcer(open_speaker(), player, keep=keep, told=_told)
        except SpeechTrouble as trouble:
            log.warning("this display cannot speak: %s", trouble)

    @property
    def able(self) -> bool:
        """There is a speech engine."""
        return self._announcer is not None

    def say(self, call: BoardCall, board: Board) -> None:
        """Speak a call in the zone's languages; what is being said is never cut off."""
        if self._announcer is None:
            return
        self._announcer.silent = board.silent
        self._announcer.speed = board.speed
        self._announcer.volume = board.volume
        self._announcer.chime = board.chime
        self._announcer.say(Announcement(call.sequence, call.number, call.window, board.languages, recall=call.recall))

    def wait_until_quiet(self, seconds: float) -> bool:
        """Whether all was spoken within so many seconds; at once where there is no voice."""
        return self._announcer is None or self._announcer.wait_until_quiet(seconds)

    def close(self) -> None:
        """Stop speaking."""
        announcer, self._announcer = self._announcer, None
        if announcer is not None:
            announcer.close()


def _told(announced: Announced) -> None:
    number, waited = announced.announcement.number, announced.waited * 1000
    log.info("call %s %s after %.0f ms", number, announced.outcome, waited)
