"""The house's own widgets, one a file."""

from __future__ import annotations

from common.qt.widgets.banner import Banner
from common.qt.widgets.big_key import BigKey
from common.qt.widgets.clock_label import ClockLabel
from common.qt.widgets.face_key import FaceKey
from common.qt.widgets.figure import Figure
from common.qt.widgets.fit_label import FitLabel
from common.qt.widgets.hall_header import HallHeader, HallMark
from common.qt.widgets.icon import Icon, qicon
from common.qt.widgets.light import Light
from common.qt.widgets.loading import Loading
from common.qt.widgets.person_photo import PersonPhoto
from common.qt.widgets.qr_code import QrCode
from common.qt.widgets.star_row import StarRow
from common.qt.widgets.state_view import StateView
from common.qt.widgets.ticker import Ticker

__all__ = [
    "Banner",
    "BigKey",
    "ClockLabel",
    "FaceKey",
    "Figure",
    "FitLabel",
    "HallHeader",
    "HallMark",
    "Icon",
    "Light",
    "Loading",
    "PersonPhoto",
    "QrCode",
    "StarRow",
    "StateView",
    "Ticker",
    "qicon",
]
