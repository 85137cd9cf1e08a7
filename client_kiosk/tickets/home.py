"""The first page: one question, services as tiles, languages on top."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from client_kiosk.tickets.parts import turn_words, waiting_words
from common.protocol.queue import Offer, SectionOffer, ServiceOffer
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel
from common.qt.widgets.hall_header import LEADING
from common.text import _, language, ngettext
from common.text.formats import number
from common.text.words import pick

IN_ITSELF = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
"""Each language named in itself."""
A_SECTION = 2
"""Services of a section on the first page, where all do not fit."""
A_PAGE = 10


class LanguageKeys(QWidget):
    """Always on top; `chosen` is called with the code."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self._keys: dict[str, BigKey] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.u(48), 0, theme.u(48), 0)
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


class Tile(BigKey):
    """One service: name, description, how many wait and how long."""

    def __init__(self, service: ServiceOffer) -> None:
        super().__init__(
            name=f"service_{service.prefix}", title_px=theme.u(34), sub_px=theme.u(26), kind="secondary", lines=2
        )
        self.service_id = service.id
        self.setFixedHeight(theme.u(182))
        self.show_service(service)

    def show_service(self, service: ServiceOffer) -> None:
        """New counts, in place."""
        figure = waiting_words(service.waiting)
        if service.waiting and service.estimate_seconds is not None:
            figure = f"{figure}   {turn_words(service.estimate_seconds)}"
        self.say(pick(service.name), pick(service.description), figure)


class HomePage(QWidget):
    """`open_service(service)`, `open_section(section)`; nothing moves while somebody stands there."""

    def __init__(
        self,
        open_service: Callable[[UUID], None],
        open_section: Callable[[UUID | None], None],
        green: Callable[[], None],
        contrast: Callable[[], None],
    ) -> None:
        super().__init__()
        u = theme.u
        self._open_service, self._open_section = open_service, open_section
        self._shape: list[object] = []
        self._tiles: dict[UUID, Tile] = {}
        self.section_id: UUID | None = None
        """One section with all its services; `None` is the first page."""
        self.question = FitLabel(largest=u(60), smallest=u(40), bold=True, align=LEADING, name="question")
        self.hint = FitLabel(largest=u(30), smallest=u(24), tone="ink_2", align=LEADING, name="question_hint")
        self.question.setFixedHeight(u(86))
        self.hint.setFixedHeight(u(46))
        self.sections = QVBoxLayout()
        self.sections.setSpacing(u(12))
        self.back = BigKey(symbol="arrow_back", name="back", title_px=u(34), kind="secondary", lines=1)
        self.back.setFixedSize(u(260), u(84))
        self.back.acted.connect(partial(open_section, None))
        self.green = BigKey(name="green_channel", symbol="leaf", title_px=u(34), sub_px=u(24), kind="secondary")
        self.green.setFixedHeight(u(116))
        self.green.acted.connect(green)
        self.contrast = BigKey(name="contrast", symbol="large_print", title_px=u(34), kind="secondary", lines=2)
        self.contrast.setFixedHeight(u(116))
        self.contrast.acted.connect(contrast)
        foot = QHBoxLayout()
        foot.setSpacing(u(20))
        foot.addWidget(self.green, 3)
        foot.addWidget(self.contrast, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(u(48), u(20), u(48), u(40))
        column.setSpacing(u(8))
        column.addWidget(self.back)
        column.addWidget(self.question)
        column.addWidget(self.hint)
        column.addLayout(self.sections, 1)
        column.addLayout(foot)

    def show_offer(self, offer: Offer, *, green: bool, settled: bool) -> None:
        """Show what can be had. While somebody stands there (`not settled`) only the counts change."""
        self.question.setText(_("What have you come for?"))
        self.hint.setText(
            _("Green channel: touch your service.") if green else _("Touch a service to get your ticket.")
        )
        self.green.kind = "primary" if green else "secondary"
        self.green.say(_("Green channel"), _("Over 65, disabled, pregnant, or with a baby"))
        self.contrast.say(_("High contrast"))
        self.back.say(_("Back"))
        self.back.setVisible(self.section_id is not None)
        known = {one.id: one for section in offer.sections for one in section.services}
        shape: list[object] = [
            language(), self.section_id, [(s.id, [one.id for one in s.services]) for s in offer.sections],
        ]  # fmt: skip
        same_view = self._shape[:2] == shape[:2]
        if not self._tiles or not same_view or (settled and self._shape != shape):
            self._build(offer)
            self._shape = shape
        for service_id, tile in self._tiles.items():
            if service_id in known:
                tile.show_service(known[service_id])

    def _build(self, offer: Offer) -> None:
        _clear(self.sections)
        self._tiles = {}
        shown = [s for s in offer.sections if self.section_id in (None, s.id)]
        for section in shown:
            whole = self.section_id is not None or len(offer.sections) * len(section.services) <= A_PAGE
            self.sections.addLayout(self._head(section, whole))
            grid = QGridLayout()
            grid.setSpacing(theme.u(20))
            for place, service in enumerate(section.services[: A_PAGE if whole else A_SECTION]):
                tile = Tile(service)
                tile.acted.connect(partial(self._open_service, service.id))
                grid.addWidget(tile, place // 2, place % 2)
                self._tiles[service.id] = tile
            for column in range(2):
                grid.setColumnStretch(column, 1)
            self.sections.addLayout(grid)
            self.sections.addStretch(1)
        self.sections.addStretch(2)

    def _head(self, section: SectionOffer, whole: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        name = FitLabel(pick(section.name), largest=theme.u(34), bold=True, align=LEADING, name=f"section_{section.id}")
        name.setFixedHeight(theme.u(64))
        row.addWidget(name, 1)
        count = len(section.services)
        if not whole and count > A_SECTION:
            words = ngettext("All {count}", "All {count}", count).format(count=number(count))
            key = BigKey(words, kind="plain", name=f"all_{section.services[0].prefix}", title_px=theme.u(34), lines=1)
            key.setMinimumSize(theme.u(200), theme.u(64))
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            key.acted.connect(partial(self._open_section, section.id))
            row.addWidget(key)
        return row


def _clear(layout: QVBoxLayout | QHBoxLayout | QGridLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            _clear(inner)  # type: ignore[arg-type]
            inner.deleteLater()
