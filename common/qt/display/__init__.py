"""A zone's display as it is drawn: by the hall's displays themselves and, in small, where its layout is written."""

from common.qt.display.call_panel import CallPanel
from common.qt.display.lists import EARLIER, EarlierCalls, ServiceCells
from common.qt.display.sheet import DisplaySheet, place_of, sized

__all__ = ["EARLIER", "CallPanel", "DisplaySheet", "EarlierCalls", "ServiceCells", "place_of", "sized"]
