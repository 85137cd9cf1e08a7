"""The style sheet of Qt's own widgets, from the tokens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor, QPalette

from common.qt.theme.tokens import Tokens

ARROW = Path(__file__).with_name("down.svg").as_posix()
"""One grey for all skins: at least 3:1 on each of their grounds."""
TICKS = {dark: Path(__file__).with_name(f"tick_{'dark' if dark else 'light'}.svg").as_posix() for dark in (True, False)}
"""For a ticked box, dark or light as words on the accent are."""


def sheet(t: Tokens, high_contrast: bool) -> str:
    """QSS for everything that a program does not paint itself."""
    tick = TICKS[QColor(t.on_accent).lightness() < 128]
    disabled = f"1px dashed {t.edge}" if high_contrast else f"1px solid {t.line}"
    return f"""
QWidget {{ color: {t.ink}; }}
QMainWindow, QDialog, QWidget#page {{ background: {t.canvas}; }}
QDialog {{ border: 2px solid {t.edge}; }}
QDialog#question QLabel {{ padding: 0 8px; }}
QToolTip {{ background: {t.raised}; color: {t.ink}; border: 1px solid {t.edge}; padding: 6px; }}
QFrame#card, QFrame[card="true"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {t.radius_m}px; }}
QLabel {{ background: transparent; }}
QLabel[tone="second"] {{ color: {t.ink_2}; }}
QLabel[tone="third"] {{ color: {t.ink_3}; }}
QLabel[tone="bad"] {{ color: {t.bad_strong}; }}
QLabel[tone="good"] {{ color: {t.good_strong}; }}
QLabel[tone="warn"] {{ color: {t.warn_strong}; }}
QLabel[tone="accent"] {{ color: {t.accent_strong}; }}
QPushButton {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.edge}; border-radius: {t.radius_s}px;
  padding: 5px 14px; min-height: 22px; }}
QPushButton:hover {{ border-color: {t.accent}; }}
QPushButton:pressed, QPushButton:checked {{ background: {t.ink if high_contrast else t.accent_soft};
  color: {t.canvas if high_contrast else t.ink}; }}
QPushButton:focus {{ border: 2px solid {t.focus}; padding: 4px 13px; }}
QPushButton:disabled {{ color: {t.ink_3}; background: transparent; border: {disabled}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {t.accent_strong}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.focus}; }}
QPushButton[kind="danger"] {{ background: {t.surface}; color: {t.bad_strong}; border: 2px solid {t.bad}; }}
QPushButton[kind="plain"] {{ background: transparent; border-color: transparent; color: {t.accent_strong}; }}
QPushButton[kind="plain"]:hover {{ border-color: {t.edge}; }}
QPushButton[kind="plain"]:checked {{ background: {t.accent_soft}; color: {t.accent_strong}; font-weight: bold;
  {f"border: 1px solid {t.ink};" if high_contrast else ""} }}
QPushButton[kind="plain"]:focus {{ border: 2px solid {t.focus}; }}
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {{ background: transparent; color: {t.ink_3};
  border: {disabled}; }}
QPushButton[kind="tool"] {{ padding: 3px 8px; min-height: 20px; background: transparent; border-color: transparent;
  color: {t.ink_2}; }}
QPushButton[kind="tool"]:hover {{ border-color: {t.edge}; }}
QPushButton[kind="tool"]:checked {{ background: {t.accent_soft}; color: {t.accent_strong};
  {f"border: 1px solid {t.ink};" if high_contrast else ""} }}
QPushButton[kind="tool"]:focus {{ border: 2px solid {t.focus}; padding: 2px 7px; }}
QPushButton[kind="chip"] {{ background: transparent; border: none; padding: 3px 6px; min-height: 20px; color: {t.ink}; }}
QPushButton[kind="chip"]:focus {{ border: 2px solid {t.focus}; padding: 1px 4px; }}
QPushButton[kind="day"] {{ padding: 0; min-height: 0; border-color: transparent; background: transparent; }}
QPushButton[kind="day"]:hover {{ border-color: {t.accent}; }}
QPushButton[kind="day"]:disabled {{ border: none; }}
QPushButton[kind="day"][today="true"] {{ border: 1px solid {t.edge}; }}
QPushButton[kind="day"][chosen="true"] {{ background: {t.accent}; color: {t.on_accent}; }}
QWidget[ground="chip"] {{ background: {t.accent_soft}; border-radius: {t.radius_s}px;
  {f"border: 1px solid {t.ink};" if high_contrast else ""} }}
QWidget[ground="raised"] {{ background: {t.raised}; border: 1px solid {t.edge}; border-radius: {t.radius_s}px; }}
QFrame[ground="warn"], QWidget[ground="warn"] {{ background: {t.warn_soft}; border-top: 1px solid {t.warn}; }}
QFrame[ground="soft"], QWidget[ground="soft"] {{ background: {t.accent_soft}; border-top: 1px solid {t.line}; }}
QLabel[ground="bad"] {{ background: {t.bad_soft}; border: 2px solid {t.bad}; border-radius: {t.radius_s}px; color: {t.ink}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QTimeEdit, QDateEdit, QComboBox {{ background: {t.surface}; color: {t.ink};
  border: 1px solid {t.edge}; border-radius: {t.radius_s}px; padding: 4px 8px; min-height: 22px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QTimeEdit:focus, QDateEdit:focus, QComboBox:focus {{
  border: 2px solid {t.focus}; padding: 3px 7px; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QTextEdit[wrong="true"], QComboBox[wrong="true"],
QPushButton[wrong="true"], QListWidget[wrong="true"] {{ border: 2px solid {t.bad}; }}
QLineEdit:read-only {{ border-color: transparent; background: transparent; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{ARROW}"); width: 14px; height: 14px; margin-right: 8px; }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.edge}; selection-background-color: {t.accent_soft};
  selection-color: {t.ink}; outline: 0; }}
QCheckBox, QRadioButton {{ spacing: 8px; background: transparent; }}
QCheckBox::indicator {{ width: 18px; height: 18px; border: 1px solid {t.edge}; border-radius: 4px; background: {t.surface}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: url("{tick}"); }}
QCheckBox:focus, QRadioButton:focus {{ outline: 2px solid {t.focus}; }}
QTableView, QListView, QTreeView {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.line};
  border-radius: {t.radius_s}px; gridline-color: {t.line}; selection-background-color: {t.accent_soft};
  selection-color: {t.ink}; outline: 0; alternate-background-color: {t.surface}; }}
QTableView::item, QListView::item {{ padding: 0 8px; border-bottom: 1px solid {t.line}; }}
QTableView::item:selected, QListView::item:selected {{ background: {t.accent_soft}; color: {t.ink};
  {f"border-top: 1px solid {t.ink}; border-bottom: 1px solid {t.ink};" if high_contrast else ""} }}
QHeaderView {{ background: {t.surface}; }}
QHeaderView::section {{ background: {t.surface}; color: {t.ink_2}; border: none; border-bottom: 1px solid {t.edge};
  padding: 6px 8px; }}
QTableCornerButton::section {{ background: {t.surface}; border: none; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
QTabBar::tab {{ background: transparent; color: {t.ink_2}; padding: 8px 14px; border: none; border-bottom: 3px solid transparent; }}
QTabBar::tab:selected {{ color: {t.accent_strong}; border-bottom: 3px solid {t.accent}; }}
QTabBar::tab:focus {{ border: 2px solid {t.focus}; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.edge}; padding: 4px; }}
QMenu::item {{ padding: 6px 20px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}
QProgressBar {{ background: {t.accent_soft}; border: 1px solid {t.edge}; border-radius: 4px;
  text-align: center; max-height: 14px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QTreeView::item {{ padding: 4px 6px; }}
QTreeView::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}
QTreeView::item:focus, QListView::item:focus {{ border: 2px solid {t.focus}; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.edge}; border-radius: 4px; min-height: 32px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.edge}; border-radius: 4px; min-width: 32px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {t.line}; }}
"""


def palette(t: Tokens) -> QPalette:
    """What Qt paints without a style sheet."""
    made = QPalette()
    role = QPalette.ColorRole
    for name, colour in {
        role.Window: t.canvas,
        role.WindowText: t.ink,
        role.Base: t.surface,
        role.AlternateBase: t.canvas,
        role.Text: t.ink,
        role.Button: t.surface,
        role.ButtonText: t.ink,
        role.Highlight: t.accent,
        role.HighlightedText: t.on_accent,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.ink,
        role.PlaceholderText: t.ink_3,
        role.Link: t.accent_strong,
    }.items():
        made.setColor(name, QColor(colour))
    made.setColor(QPalette.ColorGroup.Disabled, role.Text, QColor(t.ink_3))
    made.setColor(QPalette.ColorGroup.Disabled, role.ButtonText, QColor(t.ink_3))
    return made
