"""The first page: one question, services as tiles; by section, by department, by search; a few keys below."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.app.manner import Manner
from client_kiosk.tickets import finding
from client_kiosk.tickets.finding import Entry, Place, Shelf
from client_kiosk.tickets.parts import back_key, empty
from client_kiosk.tickets.tiles import OpeningTile, Pager, ServiceTile, Without
from common.protocol.queue import Offer
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel
from common.qt.widgets.hall_header import LEADING
from common.text import _, language, ngettext
from common.text.formats import number
from common.text.words import pick

A_SHELF = 2
"""Services of a section on the first page."""
SHELVES = 4
"""Sections on one page."""
TILE, HEAD, ROOM = 170, 80, 1080
"""Heights of the drawing: a row of services, a heading, and what there is for both."""


class HomePage(QWidget):
    """Nothing moves while somebody stands there."""

    service_chosen = Signal(object)
    """The service's id."""
    place_chosen = Signal(object)
    """A `finding.Place`."""
    wished = Signal(str)
    """`green`, `search`, `large`, `low`, `contrast`, `staff`."""

    def __init__(self, manner: Manner) -> None:
        super().__init__()
        u = theme.u
        self._manner = manner
        self._shape: list[object] = []
        self._tiles: dict[UUID, ServiceTile] = {}
        self._page = 0
        self._place = Place()
        self._offer: Offer | None = None
        self.question = FitLabel(largest=u(60), smallest=u(40), bold=True, align=LEADING, name="question")
        self.hint = FitLabel(largest=u(30), smallest=u(24), tone="ink_2", align=LEADING, name="question_hint")
        self.question.setFixedHeight(u(86))
        self.hint.setFixedHeight(u(46))
        self.back = back_key()
        self.back.acted.connect(lambda: self.place_chosen.emit(self._place.back()))
        self.search = self._wish("search", "search", 3)
        self.by = BigKey(name="by", symbol="list", title_px=u(30), lines=2)
        self.by.acted.connect(self._turn_by)
        find = QHBoxLayout()
        find.setSpacing(u(20))
        find.addWidget(self.back)
        find.addWidget(self.search, 3)
        find.addWidget(self.by, 2)
        for key in (self.search, self.by):
            key.setFixedHeight(u(92))
        self.shelves = QVBoxLayout()
        self.shelves.setSpacing(u(8))
        self.pager = Pager()
        self.pager.turned.connect(self._turn)
        self.green = self._wish("green_channel", "leaf", 2, wish="green")
        self.green.sub_px = u(24)
        self.large = self._wish("large", "large_print", 2)
        self.low = self._wish("low", "wheelchair", 2)
        self.contrast = self._wish("contrast", "moon", 2)
        self.staff = self._wish("staff", "lock", 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(u(48), u(12), u(48), u(28))
        column.setSpacing(u(10))
        if not manner.low:
            # With lower keys the words stand in the upper half, above everything that is touched.
            column.addWidget(self.question)
            column.addWidget(self.hint)
        column.addLayout(find)
        column.addLayout(self.shelves, 1)
        column.addWidget(self.pager)
        column.addLayout(self._foot())

    def _wish(self, name: str, symbol: str, lines: int, wish: str = "") -> BigKey:
        key = BigKey(name=name, symbol=symbol, title_px=theme.u(32), kind="secondary", lines=lines)
        key.acted.connect(partial(self.wished.emit, wish or name))
        return key

    def _foot(self) -> QVBoxLayout:
        u = theme.u
        foot = QVBoxLayout()
        foot.setSpacing(u(14))
        lower = QHBoxLayout()
        lower.setSpacing(u(16))
        if self._manner.wide:
            lower.addWidget(self.green, 2)
        else:
            foot.addWidget(self.green)
        for key in (self.large, self.low, self.contrast, self.staff):
            lower.addWidget(key, 1)
            key.setFixedHeight(u(92))
        self.green.setFixedHeight(u(92 if self._manner.wide or self._manner.low else 110))
        # On a screen that lies on its side everything is within reach anyway.
        self.low.setVisible(not self._manner.wide)
        foot.addLayout(lower)
        return foot

    # what is shown

    def show_offer(
        self, offer: Offer, place: Place, *, green: bool, settled: bool, without: Without | None = None
    ) -> None:
        """Show what can be had. While somebody stands there (`not settled`) only the counts change."""
        self._offer = offer
        self._say(green, place)
        known = {one.id: one for section in offer.sections for one in section.services}
        shape: list[object] = [
            language(), place, self._page, [(s.id, [one.id for one in s.services]) for s in offer.sections],
        ]  # fmt: skip
        if place != self._place:
            self._place, self._page = place, 0
            shape[2] = 0
        same_view = self._shape[:3] == shape[:3]
        if not self._shape or not same_view or (settled and self._shape != shape):
            self._build(offer, without)
            self._shape = shape
        for service_id, tile in self._tiles.items():
            if service_id in known:
                tile.show_service(known[service_id], without)

    @property
    def words(self) -> tuple[str, str]:
        """The question and its hint."""
        return self.question.text(), self.hint.text()

    def _say(self, green: bool, place: Place) -> None:
        self.question.setText(_("What have you come for?"))
        self.hint.setText(
            _("Green channel: touch your service.") if green else _("Touch a service to get your ticket.")
        )
        self.green.kind = "primary" if green else "secondary"
        self.green.say(_("Green channel"), _("Over 65, disabled, pregnant, or with a baby"))
        self.large.say(_("Normal print") if self._manner.large else _("Large print"))
        self.low.say(_("Normal keys") if self._manner.low else _("Lower keys"))
        self.contrast.say(_("Normal colours") if theme.skin == "contrast" else _("High contrast"))
        self.staff.say(_("Staff"))
        self.search.say(_("Search"), _("By name or by first letters"))
        self.by.say(_("By department") if place.by == "section" else _("By subject"))
        self.by.setVisible(bool(self._offer and self._offer.departments))
        self.back.say(_("Back"))
        self.back.setVisible(not place.top)

    def _build(self, offer: Offer, without: Without | None) -> None:
        empty(self.shelves)
        self._tiles = {}
        manner, place = self._manner, self._place
        if place.top and not manner.large and not manner.low:
            self._build_shelves(finding.shelves(offer, place.by), without)
            return
        if place.top and manner.large:
            kind: finding.Kind = place.by
            things = [Entry(kind, one.id, one.name, len(one.services)) for one in finding.shelves(offer, place.by)]
        else:
            things = finding.entries(offer, place)
        self._build_grid(things, without)

    def _build_shelves(self, shelves: list[Shelf], without: Without | None) -> None:
        of = finding.pages(len(shelves), SHELVES)
        self._page = min(self._page, of - 1)
        self.pager.show_page(self._page, of)
        # Two touches to a ticket: where everything has room on the first page, everything stands there.
        rows = sum(-(-len(one.services) // A_SHELF) for one in shelves)
        whole = not self._manner.wide and of == 1 and rows * TILE + len(shelves) * HEAD <= ROOM
        row: QHBoxLayout | None = None
        for place, shelf in enumerate(shelves[self._page * SHELVES : (self._page + 1) * SHELVES]):
            column = QVBoxLayout()
            column.setSpacing(theme.u(6))
            column.addLayout(self._head(shelf, whole))
            tiles = QGridLayout()
            tiles.setSpacing(theme.u(16))
            for at, service in enumerate(shelf.services if whole else shelf.services[:A_SHELF]):
                tile = self._service(Entry("service", service.id, service.name, service=service), without)
                tiles.addWidget(tile, at // A_SHELF, at % A_SHELF)
            for across in range(A_SHELF):
                tiles.setColumnStretch(across, 1)
            column.addLayout(tiles)
            if not self._manner.wide:
                self.shelves.addLayout(column)
                self.shelves.addStretch(1)
                continue
            if place % 2 == 0:
                row = QHBoxLayout()
                row.setSpacing(theme.u(40))
                self.shelves.addLayout(row)
            assert row is not None
            row.addLayout(column, 1)
        if row is not None and row.count() == 1:
            row.addStretch(1)
        self.shelves.addStretch(2)

    def _build_grid(self, things: list[Entry], without: Without | None) -> None:
        across, down = self._grid()
        of = finding.pages(len(things), across * down)
        self._page = min(self._page, of - 1)
        self.pager.show_page(self._page, of)
        grid = QGridLayout()
        grid.setSpacing(theme.u(16))
        for place, entry in enumerate(finding.on_page(things, self._page, across * down)):
            key = self._service(entry, without) if entry.service is not None else self._opening(entry)
            grid.addWidget(key, place // across, place % across)
        for column in range(across):
            grid.setColumnStretch(column, 1)
        self.shelves.addLayout(grid)
        self.shelves.addStretch(1)

    def _grid(self) -> tuple[int, int]:
        """Keys across and down."""
        if self._manner.low:
            return (2, 1) if self._manner.large else (2, 2)
        if self._manner.wide:
            return (2, 2) if self._manner.large else (4, 3)
        return (1, 5) if self._manner.large else (2, 5)

    def _service(self, entry: Entry, without: Without | None) -> ServiceTile:
        assert entry.service is not None
        tile = ServiceTile(entry.service, without)
        tile.acted.connect(partial(self.service_chosen.emit, entry.id))
        self._tiles[entry.id] = tile
        return tile

    def _opening(self, entry: Entry) -> OpeningTile:
        key = OpeningTile(entry)
        place = self._place
        below = (*place.groups, entry.id) if entry.kind == "group" else ()
        opened = Place(place.by, place.inside if below else entry.id, below)
        key.acted.connect(partial(self.place_chosen.emit, opened))
        return key

    def _head(self, shelf: Shelf, whole: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        name = FitLabel(pick(shelf.name), largest=theme.u(34), bold=True, align=LEADING, name=f"section_{shelf.id}")
        name.setFixedHeight(theme.u(66))
        row.addWidget(name, 1)
        count = len(shelf.services)
        if not whole and (count > A_SHELF or any(one.parent_id is not None for one in shelf.services)):
            words = ngettext("All {count}", "All {count}", count).format(count=number(count))
            key = BigKey(words, kind="plain", name=f"all_{shelf.services[0].prefix}", title_px=theme.u(34), lines=1)
            key.setMinimumSize(0, 0)
            key.setFixedSize(theme.u(200), theme.u(66))
            key.acted.connect(partial(self.place_chosen.emit, Place(self._place.by, shelf.id)))
            row.addWidget(key)
        return row

    def _turn_by(self) -> None:
        self.place_chosen.emit(Place("department" if self._place.by == "section" else "section"))

    def _turn(self, by: int) -> None:
        self._page = max(0, self._page + by)
        self.place_chosen.emit(self._place)
