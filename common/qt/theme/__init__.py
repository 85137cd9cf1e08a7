"""How all programs look: `theme`, one for the process. Tokens, fonts, sizes in millimetres, Qt's own widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from common.qt.theme.sheet import palette, sheet
from common.qt.theme.tokens import SKINS, Tokens, with_accent

FAMILIES = ("Noto Sans", "Noto Sans CJK SC", "Noto Sans Arabic")
"""In this order: otherwise Chinese shows another region's glyphs."""

STAFF_PX = 14
"""10.5 points at 96 dots per inch."""


class Theme(QObject):
    """The skin in use. Widgets that paint themselves read `tokens` while painting and repaint on `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.skin = "light"
        self.tokens: Tokens = SKINS["light"]
        self.families: list[str] = list(FAMILIES)
        self.dpi: float | None = None
        """The screen's true dots per inch, where it does not say them itself."""
        self.scale = 1.0
        """How much larger than its drawing a citizens' screen is."""

    def fit(self, drawn: tuple[int, int], real: tuple[int, int]) -> None:
        """A screen was drawn with one size and is to fill another: set the scale for `u`."""
        self.scale = max(0.2, min(real[0] / drawn[0], real[1] / drawn[1]))

    def u(self, drawn: float) -> int:
        """A length of the drawing on this screen, in logical pixels; at least one."""
        return max(1, round(drawn * self.scale))

    def use(self, app: QApplication, skin: str, accent: str | None = None) -> None:
        """Take a skin (`light`, `dark`, `contrast`) and perhaps the hall's own accent; raises KeyError, ValueError."""
        tokens = SKINS[skin]
        self.tokens = with_accent(tokens, accent) if accent else tokens
        self.skin = skin
        there = set(QFontDatabase.families())
        # On a machine without Noto the system's own fonts follow; nothing is drawn as boxes.
        self.families = [f for f in FAMILIES if f in there] or [app.font().family()]
        app.setStyle("Fusion")
        app.setFont(self.font(STAFF_PX))
        app.setPalette(palette(self.tokens))
        app.setStyleSheet(sheet(self.tokens, skin == "contrast"))
        self.changed.emit()

    def font(self, px: float, bold: bool = False) -> QFont:
        """The house's font in logical pixels, with tabular figures."""
        made = QFont()
        made.setFamilies(self.families)
        made.setPixelSize(max(1, round(px)))
        made.setBold(bold)
        made.setFeature(QFont.Tag("tnum"), 1)
        return made

    def px(self, mm: float, widget: QWidget) -> int:
        """Millimetres on this widget's screen as logical pixels."""
        screen = widget.screen()
        dpi = self.dpi or (screen.physicalDotsPerInch() if screen is not None else 96.0)
        if not 40 <= dpi <= 600:  # some televisions and virtual screens say nonsense
            dpi = 96.0
        return round(mm * dpi / 25.4)

    def colour(self, name: str) -> QColor:
        """A token as a colour to paint with."""
        return QColor(getattr(self.tokens, name))


theme = Theme()

__all__ = ["FAMILIES", "STAFF_PX", "Theme", "Tokens", "theme"]
