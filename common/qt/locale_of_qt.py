"""Qt in the reader's language: its own texts, its locale and the writing direction."""

from __future__ import annotations

import logging

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from common.text import known, right_to_left

log = logging.getLogger(__name__)

LOCALES = {"en": "en_GB", "zh": "zh_CN", "ru": "ru_RU", "fa": "fa_IR"}
"""Which of Qt's locales stands for a language; Persian brings its own digits."""

CATALOGUES = {"zh": "qtbase_zh_CN", "ru": "qtbase_ru", "fa": "qtbase_fa"}
"""Qt's own texts (the keys of a file dialog, the menu of a text field). English stands in Qt's source."""

_installed: list[QTranslator] = []


def use(app: QApplication, language: str) -> None:
    """Give Qt the language: own texts, default locale, layout direction. Windows get LanguageChange events."""
    code = known(language)
    QLocale.setDefault(locale(code))
    while _installed:
        app.removeTranslator(_installed.pop())
    name = CATALOGUES.get(code)
    if name is not None:
        translator = QTranslator(app)
        if translator.load(name, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)
            _installed.append(translator)
        else:
            log.warning("Qt's own texts for %s are not there", code)
    app.setLayoutDirection(direction(code))


def locale(language: str) -> QLocale:
    """Qt's locale for a language; without thousands separators, so that a number typed in is read as typed."""
    made = QLocale(LOCALES[known(language)])
    made.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return made


def direction(language: str) -> Qt.LayoutDirection:
    """From which side a screen in this language is laid out."""
    return Qt.LayoutDirection.RightToLeft if right_to_left(known(language)) else Qt.LayoutDirection.LeftToRight


def system_language() -> str:
    """The language of the desktop, as far as the programs speak it."""
    return known(QLocale.system().name())
