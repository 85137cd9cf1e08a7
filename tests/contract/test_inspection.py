"""The eye that looks for text that cannot be read sees what it is there for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from common.qt.theme import theme
from tests.ground import inspected
from tests.ground.inspected import faults_of, untranslated


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    """An empty window."""
    made = QWidget()
    made.resize(400, 200)
    made.setFont(theme.font(14))
    qtbot.addWidget(made)
    made.show()
    return made


def label(page: QWidget, text: str, wide: int = 390, high: int = 40) -> QLabel:
    """A label of a size on the page."""
    made = QLabel(text, page)
    made.setGeometry(5, 5, wide, high)
    made.show()
    return made


def test_words_that_are_cut_off_are_seen(page: QWidget) -> None:
    one = label(page, "Please keep your ticket until you have been served.", wide=90)
    assert "wide in 90" in next(faults_of(page, "en"))
    one.setWordWrap(True)
    assert "high in 40" in next(faults_of(page, "en"))
    one.resize(390, 60)
    assert list(faults_of(page, "en")) == []
    key = QPushButton("Finish and ask for the rating", page)
    key.setGeometry(5, 80, 60, 30)
    key.show()
    assert "wide in 52" in next(faults_of(page, "en"))


def test_letters_that_no_font_has_are_seen(page: QWidget) -> None:
    one = label(page, "A001 身份证 Удостоверение کارت ۱۲۳")
    assert list(faults_of(page, "en")) == []
    one.setText("A\ue123")
    assert "U+E123" in next(faults_of(page, "en"))


def test_english_in_another_language_is_seen(page: QWidget) -> None:
    label(page, "Nobody is waiting for this window.")
    assert list(faults_of(page, "en")) == []
    assert "English" in next(faults_of(page, "fa"))
    assert untranslated("No server since 10:24", "zh") == "No server since {time}"
    assert untranslated("已保存 file", "zh") == "file"
    for right in ("自 10:24 起无法连接服务器", "A001", "F2 下一位", "http://127.0.0.1:8460/t/abc", "English"):
        assert untranslated(right, "zh") == ""


def test_what_is_painted_beyond_its_place_is_seen(page: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPainter

    from common.qt.widgets import fitting

    monkeypatch.setattr(fitting, "draw", fitting.draw)
    monkeypatch.setattr(inspected, "drawn", [])
    inspected.watch_painting()
    ground = QPixmap(400, 100)
    painter = QPainter(ground)
    fitting.draw(painter, QRect(0, 0, 380, 40), "Please keep your ticket", largest=24)
    assert inspected.drawn == []
    fitting.draw(painter, QRect(0, 0, 40, 8), "Please keep your ticket", largest=24)
    painter.end()
    assert len(inspected.drawn) == 1
