"""A case's path as a drawing: where it was, where it stands, what is ahead. Shape and word say what the colour does."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.protocol.flows import CaseView, EdgeCard, NodeCard
from common.qt.theme import theme
from common.text import _
from common.text.words import pick

BOX_W, BOX_H = 132, 34
MARKS = {"done": "✓", "open": "▶", "ahead": "○"}


class PathView(QWidget):
    """Drawn to fit its width; from right to left where text runs so."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("to_do_path")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._nodes: list[NodeCard] = []
        self._edges: list[EdgeCard] = []
        theme.changed.connect(self.update)

    def show_case(self, case: CaseView | None) -> None:
        """Another case, or the same a step further."""
        self._nodes = list(case.nodes) if case is not None else []
        self._edges = list(case.edges) if case is not None else []
        self.setAccessibleName(self.driver_text())
        self.updateGeometry()
        self.update()

    def driver_text(self) -> str:
        """The path in words."""
        words = {"done": _("done"), "open": _("stands here"), "ahead": _("ahead")}
        return ", ".join(f"{pick(one.name) or one.id}: {words.get(one.state, one.state)}" for one in self._nodes)

    def _places(self) -> dict[str, QPointF]:
        """Centres in this widget, by the drawing's own columns and rows."""
        if not self._nodes:
            return {}
        columns = sorted({one.x for one in self._nodes})
        if len(columns) == 1 and len(self._nodes) > 1:  # never drawn: one after the other
            spread = {one.id: (n, 0) for n, one in enumerate(self._nodes)}
        else:
            rows = sorted({one.y for one in self._nodes})
            spread = {one.id: (columns.index(one.x), rows.index(one.y)) for one in self._nodes}
        wide = max(x for x, _y in spread.values()) + 1
        step = max(40.0, (self.width() - 8) / wide)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        found = {}
        for name, (x, y) in spread.items():
            centre = 4 + step * (x + 0.5)
            found[name] = QPointF(self.width() - centre if mirrored else centre, 10 + BOX_H / 2 + y * (BOX_H + 16))
        return found

    def sizeHint(self) -> QSize:
        """As high as it has rows."""
        rows = len({one.y for one in self._nodes}) if self._nodes else 0
        return QSize(280, 6 + rows * (BOX_H + 16) if rows else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, places = theme.tokens, self._places()
        if not places:
            return
        columns = len({round(p.x()) for p in places.values()})
        wide = min(BOX_W, (self.width() - 8) / max(1, columns) - 10)
        for edge in self._edges:
            if edge.source in places and edge.target in places:
                painter.setPen(QPen(QColor(tokens.accent if edge.taken else tokens.line), 2 if edge.taken else 1.2))
                painter.drawLine(places[edge.source], places[edge.target])
        colours = {
            "done": (tokens.good_soft, tokens.good, tokens.good_strong),
            "open": (tokens.accent_soft, tokens.accent, tokens.accent_strong),
        }
        painter.setLayoutDirection(self.layoutDirection())
        for one in self._nodes:
            centre = places[one.id]
            ground, edge_colour, ink = colours.get(one.state, (tokens.surface, tokens.edge, tokens.ink_2))
            painter.setPen(QPen(QColor(edge_colour), 2 if one.state == "open" else 1.2))
            painter.setBrush(QColor(ground))
            if one.kind in ("condition", "split", "join", "timer"):
                side = BOX_H / 2.4
                corners = [(0, -side), (side, 0), (0, side), (-side, 0)]
                painter.drawPolygon(QPolygonF([QPointF(centre.x() + a, centre.y() + b) for a, b in corners]))
                continue
            box = QRectF(centre.x() - wide / 2, centre.y() - BOX_H / 2, wide, BOX_H)
            painter.drawRoundedRect(box, 6, 6)
            painter.setPen(QColor(ink))
            painter.setFont(theme.font(12, bold=one.state == "open"))
            words = f"{MARKS.get(one.state, '')} {pick(one.name) or one.id}".strip()
            fitted = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(wide) - 8)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), fitted)
