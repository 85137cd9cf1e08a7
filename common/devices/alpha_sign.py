"""One panel that speaks the Alpha sign protocol: its memory, its quick updates, its word about the line.

Letters are shown by a TEXT file that calls a STRING file for each row: writing a string changes the row without a dark
moment. Pictures use two DOTS files with a TEXT file each, in turn, so that what is shown is never half written.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from common.devices import alpha_frames as alpha
from common.devices.alpha_frames import File
from common.devices.serial_port import Framing, Port
from common.devices.sign import Content, PanelShape, Picture, Rows

FRAMING = Framing(9600, 7, "E")
"""As the makers deliver their signs."""

ROWS_TEXT = "A"
ROW_STRINGS = "abcdefgh"
PICTURES = (("B", "P"), ("C", "Q"))
"""A TEXT file and the DOTS file that it calls."""

CLEARING = 2.0
"""Seconds of a sign's deafness after its memory was cleared."""
BETWEEN = 0.1
"""Seconds between two frames, and between a picture's head and its rows."""
BEEPING = 3.0
"""Seconds in which a sign that beeps hears nothing."""
ANSWER_LIMIT = 1.0
"""Seconds that a sign may take to answer."""


class AlphaSign:
    """One sign at its address on a line (`00` where it is alone). The line is opened and shared by the wall."""

    def __init__(
        self,
        port: Port,
        address: str = alpha.EVERYBODY,
        shape: PanelShape | None = None,
        *,
        wait: Callable[[float], object] = time.sleep,
        answer_limit: float = ANSWER_LIMIT,
    ) -> None:
        """`wait` passes the seconds that the sign needs; an event's `wait` ends them early when the program ends."""
        self.address = address
        self.shape = shape or PanelShape()
        if self.shape.down > alpha.PICTURE_DOWN or self.shape.across > alpha.PICTURE_ACROSS:
            raise ValueError(f"a panel has {alpha.PICTURE_ACROSS} by {alpha.PICTURE_DOWN} dots at most")
        if self.shape.rows > len(ROW_STRINGS):
            raise ValueError(f"a panel has {len(ROW_STRINGS)} rows at most")
        self._port = port
        self._wait = wait
        self._answer_limit = answer_limit
        self._next_picture = 0
        self._running: tuple[str, ...] = ()
        self._strings: dict[str, bytes] = {}

    def set_up(self) -> None:
        """Divide its memory anew; what it showed is gone. Raises `OSError`."""
        self._running, self._strings = (), {}
        self._send(alpha.clear_memory())
        self._wait(CLEARING)
        labels = ROW_STRINGS[: self.shape.rows]
        dots = (self.shape.down, self.shape.across)
        files = [File(ROWS_TEXT, "text", 96)]
        files += [File(label, "string", alpha.STRING_LIMIT) for label in labels]
        for text, picture in PICTURES:
            files += [File(text, "text", 32), File(picture, "dots", dots)]
        self._send(alpha.memory(files))
        # A priority text left over from somebody else would hide everything that is written from now on.
        self._send(alpha.release_priority())
        rows = alpha.NEW_LINE.join(alpha.call_string(label) for label in labels)
        self._send(alpha.text_file(ROWS_TEXT, alpha.FIXED_WIDTH + rows))
        for text, picture in PICTURES:
            self._send(alpha.text_file(text, alpha.call_picture(picture)))
        self._send(alpha.speaker(True))
        self._send(alpha.clear_errors())

    def restart(self) -> None:
        """Let it start anew with its memory as it is; deaf meanwhile. Raises `OSError`."""
        self._send(alpha.soft_reset())
        self._wait(CLEARING)

    def put(self, content: Content) -> None:
        """Show this. Raises `OSError`."""
        if isinstance(content, Picture):
            self._put_picture(content)
        else:
            self._put_rows(content)

    def check(self) -> str | None:
        """The faults of the line since the last check, empty for none; `None` when no answer comes. Raises `OSError`."""
        self._port.forget()
        self._send(alpha.read_errors(), after=0)
        found = self._answer()
        if found != "":
            # What the sign holds is not known now: everything is to be written again.
            self._strings, self._running = {}, ()
        if found:
            self._send(alpha.clear_errors())
        return found

    def _answer(self) -> str | None:
        end, heard = time.monotonic() + self._answer_limit, b""
        while alpha.EOT not in heard:
            left = end - time.monotonic()
            if left <= 0:
                return None
            heard += self._port.read(left)
        command = alpha.answer(heard)
        found = alpha.faults(command) if command is not None else None
        return "its answer is broken" if found is None else found

    def beep(self) -> float:
        """Three beeps; must be the last for so many seconds. Raises `OSError`."""
        self._send(alpha.three_beeps(), after=0)
        return BEEPING

    def _put_rows(self, content: Rows) -> None:
        for label, row in zip(ROW_STRINGS, content.rows, strict=False):
            # Colour and flashing stand in each row, because they run on from one string into the next.
            text = alpha.COLOURS[row.colour] + alpha.flashing(row.flash) + alpha.encoded(row.text)
            if self._strings.get(label) != text:
                self._send_twice(alpha.string_file(label, text))
                self._strings[label] = text
        self._run(ROWS_TEXT)

    def _put_picture(self, content: Picture) -> None:
        text, picture = PICTURES[self._next_picture]
        self._next_picture = 1 - self._next_picture
        head = alpha.picture_head(picture, content.image)
        whole = alpha.frame(head + alpha.picture_rows(content.image, content.colour), self.address)
        begin = whole.index(head) + len(head)
        self._port.write(whole[:begin])
        self._wait(BETWEEN)
        self._port.write(whole[begin:])
        self._wait(BETWEEN)
        self._run(text)

    def _run(self, *labels: str) -> None:
        if self._running != labels:
            self._send_twice(alpha.run(labels))
            self._running = labels

    def _send_twice(self, command: bytes) -> None:
        """A frame whose head is lost leaves no fault behind to be asked for; the second one changes nothing to be seen."""
        self._send(command)
        self._send(command)

    def _send(self, command: bytes, *, after: float = BETWEEN) -> None:
        self._port.write(alpha.frame(command, self.address))
        if after:
            self._wait(after)
