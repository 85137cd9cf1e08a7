"""Keys of the first page: languages, services, and what opens further services."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client_kiosk.tickets.finding import Entry
from client_kiosk.tickets.numbers import WhyNot
from client_kiosk.tickets.parts import CENTRE, turn_words, waiting_words
from common.protocol.queue import ServiceOffer
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel
from common.text import _, formats, language, ngettext
from common.text.words import pick

IN_ITSELF = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
"""Each language named in itself."""

Without = Callable[[ServiceOffer], WhyNot | None]
"""Why a service has no number without the server; nothing where it has one."""


class LanguageKeys(QWidget):
    """Always on top; `chosen` is called with the code."""

    def __init__(self, chosen: Callable[[str], None], margin: int) -> None:
        super().__init__()
        self._chosen = chosen
        self._keys: dict[str, BigKey] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(margin, 0, margin, 0)
        self._row.setSpacing(theme.u(16))
        self.setFixedHeight(theme.u(80))

    def show_languages(self, codes: list[str]) -> None:
        """The hall's languages; the reader's is filled."""
        if list(self._keys) != codes:
            for key in self._keys.values():
                key.deleteLater()
            self._keys = {}
            for code in codes:
                key = BigKey(IN_ITSELF.get(code, code), name=f"language_{code}", title_px=theme.u(34), lines=1)
                key.setMinimumSize(0, theme.u(76))
                key.acted.connect(partial(self._chosen, code))
                self._row.addWidget(key)
                self._keys[code] = key
        for code, key in self._keys.items():
            key.kind = "primary" if code == language() else "choice"
            key.setAccessibleName(IN_ITSELF.get(code, code))
            key.update()


class ServiceTile(BigKey):
    """One service: name, description, how many wait and how long."""

    def __init__(self, service: ServiceOffer, without: Without | None) -> None:
        super().__init__(
            name=f"service_{service.prefix}", title_px=theme.u(34), sub_px=theme.u(26), kind="secondary", lines=2
        )
        self.service_id = service.id
        self.setMinimumHeight(theme.u(150))
        self.setMaximumHeight(theme.u(182))
        self.show_service(service, without)

    def show_service(self, service: ServiceOffer, without: Without | None) -> None:
        """New counts, in place. `without` the server nobody knows them."""
        why_not = without(service) if without is not None else None
        if without is not None:
            figure = _("wait not known just now") if why_not is None else without_words(why_not)
        else:
            figure = waiting_words(service.waiting)
            if service.waiting and service.estimate_seconds is not None:
                figure = f"{figure}   {turn_words(service.estimate_seconds)}"
        self.setEnabled(why_not is None)
        self.say(pick(service.name), pick(service.description), figure)


class OpeningTile(BigKey):
    """A class, a section or a department with services behind it."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            name=f"{entry.kind}_{entry.id}", title_px=theme.u(38), sub_px=theme.u(26), kind="secondary", lines=2,
            symbol="list",
        )  # fmt: skip
        self.setMinimumHeight(theme.u(150))
        self.setMaximumHeight(theme.u(182))
        words = ngettext("{count} service", "{count} services", entry.count)
        self.say(pick(entry.name), pick(entry.sub), words.format(count=formats.number(entry.count)))


class Pager(QWidget):
    """Previous, page, next; hidden while all fits on one page."""

    turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._previous = BigKey(name="page_before", title_px=theme.u(34), lines=1)
        self._next = BigKey(name="page_next", title_px=theme.u(34), lines=1)
        self._words = FitLabel(largest=theme.u(30), smallest=theme.u(20), align=CENTRE, name="page_words")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.u(20))
        for one in (self._previous, self._words, self._next):
            row.addWidget(one, 1)
        self.setFixedHeight(theme.u(92))
        self._previous.acted.connect(lambda: self.turned.emit(-1))
        self._next.acted.connect(lambda: self.turned.emit(1))

    def show_page(self, page: int, of: int) -> None:
        """Which of how many; pages count from 0."""
        self.setVisible(of > 1)
        self._previous.say(_("Previous"))
        self._next.say(_("Next page"))
        self._previous.setEnabled(page > 0)
        self._next.setEnabled(page < of - 1)
        words = _("Page {page} of {of}")
        self._words.setText(words.format(page=formats.number(page + 1), of=formats.number(of)))


def without_words(why_not: WhyNot) -> str:
    """Why there is no number just now, on a tile."""
    return _("no number left here") if why_not == "used_up" else _("at the desk only")
