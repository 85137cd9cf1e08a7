"""A client program whose driver also looks for text that cannot be read: `python -m tests.ground.inspected KIND OPTIONS…`.

It is the program itself, by its entry point, with one more thing that its driver can be asked:

- `{"do": "inspect"}`: shows every language in turn, then the first again; `faults` are sentences, none when all is well.
  `"two"` names things (by how their names begin) that say a second language below the first on purpose, `"own"` those
  whose words somebody of the hall wrote;
- `{"do": "language", "code": …}`: another language from now on;
- `{"do": "resize", "width": …, "height": …}`: another size of the window.

Looked for are words that are wider or higher than their place (unless shortened with the whole text in a tooltip), letters
that no font has, and English words while another language is shown.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from babel.messages.pofile import read_po
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication, QComboBox, QHeaderView, QLabel, QLineEdit, QPushButton, QTableView, QWidget

from common.protocol.messages import LANGUAGES
from common.qt import driver, program
from common.qt.tree import seen
from common.qt.widgets import fitting
from tests.ground.demo_house import TOP

SETTLE_MS = 120
LOOKS = 10
"""How often a page that shows a fault is looked at again: what the server says in the new language takes its time."""
SLACK = 2
"""Logical pixels; fonts round up."""
MARKS = "\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\ufeff"
NOT_WORDS = {
    "English", "Excel", "Tab", "Esc", "Enter", "Ctrl", "Alt", "Shift", "Del", "Backspace", "Space", "Page", "Up", "Down",
    "openhall", "Openhall", "xlsx", "http", "https", "www", "PostgreSQL", "SQLite",
}  # fmt: skip
"""Words of Latin letters that stand in every language."""

PACKAGES = ("server", "common", "client_kiosk", "client_led", "client_pad", "client_staff")
drawn: list[str] = []
"""What was painted by hand beyond its place since the last look."""


class Inspecting(driver.Driver):
    """The driver with an eye for text."""

    def _do_resize(self, _socket: QLocalSocket, asked: dict[str, Any]) -> dict[str, Any]:
        self._program.window.resize(asked["width"], asked["height"])
        return {"ok": True}

    def _do_language(self, _socket: QLocalSocket, asked: dict[str, Any]) -> dict[str, Any]:
        self._program.use_language(asked["code"])
        return {"ok": True}

    def _do_inspect(self, socket: QLocalSocket, asked: dict[str, Any]) -> None:
        before = self._program.language
        left = list(asked.get("languages") or LANGUAGES)
        faults: list[str] = []
        two, own = tuple(asked.get("two") or ()), tuple(asked.get("own") or ())

        def show() -> None:
            if not left:
                self._program.use_language(before)
                driver._say(socket, {"ok": True, "faults": sorted(set(faults))})
                return
            self._program.use_language(left[0])
            QTimer.singleShot(SETTLE_MS, look)

        def look(again: int = LOOKS) -> None:
            language = left[0]
            drawn.clear()
            for top in QApplication.topLevelWidgets():
                if top.isVisible():
                    top.grab()
            found = [*drawn, *(fault for top in _shown() for fault in faults_of(top, language, two, own))]
            if found and again:
                QTimer.singleShot(SETTLE_MS, partial(look, again - 1))
                return
            left.pop(0)
            faults.extend(f"{language}: {one}" for one in found)
            if asked.get("pictures"):
                self._program.window.grab().save(f"{asked['pictures']}_{language}.png")
            show()

        show()


def _shown() -> list[QWidget]:
    return [top for top in QApplication.topLevelWidgets() if top.isVisible()]


def faults_of(top: QWidget, language: str, two: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> Iterator[str]:
    """Everything that cannot be read on one window."""
    for one in seen(top):
        text = one.text.strip()
        if not text:
            continue
        about = f"{one.name or type(one.widget).__name__} {text!r}"
        for letter in missing(text, one.widget):
            yield f"{about}: no font has {letter!r} (U+{ord(letter):04X})"
        first = "\n".join(text.splitlines()[:1]) if two and one.name.startswith(two) else text
        if language == "en" or (own and one.name.startswith(own)):
            continue
        if english := untranslated(first, language):
            yield f"{about}: English: {english!r}"
    for widget in (top, *top.findChildren(QWidget)):
        if widget.isVisible() and (cut := clipped(widget)):
            yield f"{widget.objectName() or type(widget).__name__}: {cut}"


def missing(text: str, widget: QWidget) -> list[str]:
    """Letters of a text that no font of its widget has."""
    metrics = QFontMetrics(widget.font())
    return [c for c in dict.fromkeys(text) if not c.isspace() and c not in MARKS and not metrics.inFontUcs4(ord(c))]


def clipped(widget: QWidget) -> str:
    """What is cut off on one of Qt's own widgets."""
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel):
        text = widget.text()
        if not text or widget.textFormat() is Qt.TextFormat.RichText or (text.endswith("…") and widget.toolTip()):
            return ""
        room = widget.contentsRect()
        flags = int(Qt.TextFlag.TextWordWrap) if widget.wordWrap() else 0
        needs = metrics.boundingRect(QRect(0, 0, max(1, room.width()), 100_000), flags, text)
        # Arabic fonts have high lines; what must not be cut is the ink.
        air = metrics.boundingRect(QRect(0, 0, 100_000, 100_000), 0, text).height()
        air -= metrics.tightBoundingRect(text).height() if "\n" not in text else metrics.lineSpacing()
        return _over(text, needs.width(), needs.height() - max(0, air), room.width(), room.height())
    if isinstance(widget, QPushButton):
        # Qt's own wish counts icon and margins; a button may be asked to be narrow, but not narrower than its words.
        wide = metrics.horizontalAdvance(widget.text().replace("&", ""))
        wide += widget.iconSize().width() + 4 if not widget.icon().isNull() and widget.text() else 0
        return _over(widget.text(), wide, metrics.height(), widget.width() - 8, widget.height())
    if isinstance(widget, QComboBox):
        return _over(widget.currentText(), metrics.horizontalAdvance(widget.currentText()), 0, widget.width() - 28, 1)
    if isinstance(widget, QLineEdit):
        hint = "" if widget.displayText() else widget.placeholderText()
        return _over(hint, metrics.horizontalAdvance(hint), 0, widget.width() - 12, 1)
    if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
        return "; ".join(filter(None, (_head(widget, section) for section in range(widget.count()))))
    if isinstance(widget, QTableView):
        return "; ".join(filter(None, _cells(widget)))
    return ""


def _head(header: QHeaderView, section: int) -> str:
    if header.isSectionHidden(section) or header.model() is None:
        return ""
    text = str(header.model().headerData(section, Qt.Orientation.Horizontal) or "")
    return _over(text, header.fontMetrics().horizontalAdvance(text), 0, header.sectionSize(section) - 8, 1)


def _cells(table: QTableView) -> Iterator[str]:
    model, metrics = table.model(), table.fontMetrics()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            box = table.visualRect(index)
            text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            whole = index.data(Qt.ItemDataRole.ToolTipRole)
            if text and not whole and not table.isColumnHidden(column) and table.viewport().rect().contains(box):
                yield _over(text, metrics.horizontalAdvance(text), 0, box.width() - 6, 1)


def _over(text: str, wide: int, high: int, room_wide: int, room_high: int) -> str:
    if text and wide > room_wide + SLACK:
        return f"{text!r} is {wide} wide in {room_wide}"
    if text and high > room_high + SLACK:
        return f"{text!r} is {high} high in {room_high}"
    return ""


@lru_cache
def catalogue(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """The English texts that have another wording in this language: plain ones, and those with placeholders."""
    plain: dict[str, str] = {}
    patterns = []
    for path in (path for top in PACKAGES for path in (TOP / top).glob(f"**/locale/{language}.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                texts = [message.id] if isinstance(message.id, str) else list(message.id)
                for text in filter(None, texts):
                    said = message.string
                    if text in ([said] if isinstance(said, str) else said or ()):
                        continue
                    if "{" not in text:
                        plain[text] = text
                    elif len(re.sub(r"\{\w*\}|[\W\d_]", "", text)) > 3:
                        made = "(.{1,60}?)".join(map(re.escape, re.split(r"\{\w*\}", text)))
                        patterns.append((re.compile(made), text))
    return plain, patterns


def untranslated(text: str, language: str) -> str:
    """The English in a text of another language; empty when there is none."""
    plain, patterns = catalogue(language)
    for line in (text, *text.splitlines()):
        if line.strip() in plain and line.strip() not in NOT_WORDS and re.search("[A-Za-z]{2}", line):
            return line.strip()
        for pattern, source in patterns:
            if pattern.fullmatch(line.strip()):
                return source
    words = [word for word in re.findall(r"(?<![\w./:@\\-])[A-Za-z]{3,}(?![\w./:@\\-])", text) if word not in NOT_WORDS]
    return " ".join(words) if any(word != word.upper() for word in words) else ""


def watch_painting() -> None:
    """Notice what is painted by hand in less room than it needs."""
    draw = fitting.draw

    def noticed(painter: QPainter, rect: Any, text: str, **how: Any) -> int:
        px = draw(painter, rect, text, **how)
        box = rect if isinstance(rect, QRect) else rect.toRect()
        lines, bold = how.get("lines", 1) + 1, how.get("bold", False)
        if text and box.isEmpty():
            drawn.append(f"painted {text!r} has no room: {box.width()} × {box.height()}")
        elif text and not fitting._fits(text, box.width(), box.height(), px, lines, bold):
            drawn.append(f"painted {text!r} does not fit into {box.width()} × {box.height()} at {px} px")
        elif text and px < min(how.get("smallest", 10), 10):
            drawn.append(f"painted {text!r} is only {px} px high in {box.width()} × {box.height()}")
        return px

    fitting.draw = noticed


def main() -> int:
    """Run the program."""
    kind = sys.argv[1]
    watch_painting()
    setattr(program, "Driver", Inspecting)  # noqa: B010  the frame of every program makes its own
    entry = importlib.import_module(f"client_{kind}.__main__")
    return int(entry.main(sys.argv[2:]))


if __name__ == "__main__":
    sys.exit(main())
