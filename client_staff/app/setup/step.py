"""What every step of the guide is: a page that shows what stands, says what is wrong, and saves what was entered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from common.link import Link
from common.protocol.setup import Setup
from common.qt.theme import theme


class Wrong(Exception):
    """What was entered cannot be saved yet; `sentence` says what to do, `field` is where."""

    def __init__(self, sentence: str, field: QWidget | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Step(QWidget):
    """One page of the guide. `changed()` is called when what is wrong may have changed."""

    name = ""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.setObjectName(f"setup_{self.name}")
        self.link = link
        self.dirty = False
        """Something was entered since it was shown or saved."""
        self.on_change: Callable[[], None] = lambda: None
        self.title = QLabel()
        self.title.setObjectName("setup_title")
        self.title.setFont(theme.font(20, bold=True))
        self.about = QLabel()
        self.about.setObjectName("setup_about")
        self.about.setProperty("tone", "second")
        self.about.setWordWrap(True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(32, 24, 32, 16)
        self.column.setSpacing(12)
        self.column.addWidget(self.title)
        self.column.addWidget(self.about)

    def touch(self, *_what: object) -> None:
        """Something was entered."""
        self.dirty = True
        self.on_change()

    def show_setup(self, setup: Setup) -> None:
        """Show what stands on the server; not while something is entered here."""

    def first_focus(self) -> None:
        """The page comes up: where the keyboard goes."""

    def stop(self) -> None:
        """The page is left."""

    async def save(self) -> None:
        """Save what was entered. Raises Wrong, Refusal or Offline; saying it twice does no harm."""

    def say_again(self) -> None:
        """The reader's language changed."""
