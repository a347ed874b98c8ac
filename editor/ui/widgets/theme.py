"""Colours and icons: one calm, neutral design, dark and light."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

import resources

ICONS = resources.ICONS


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for. Everything around a photo is a neutral grey."""

    name: str
    canvas: str
    panel: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    warning: str
    error: str
    success: str


DARK = Theme(
    name="dark",
    canvas="#1a1a1a",
    panel="#252525",
    raised="#333333",
    border="#3d3d3d",
    text="#e8e8e8",
    muted="#a3a3a3",
    accent="#e0a95c",
    on_accent="#20160a",
    warning="#e3b341",
    error="#f0776c",
    success="#7cc48a",
)
LIGHT = Theme(
    name="light",
    canvas="#d6d6d6",
    panel="#f3f3f3",
    raised="#ffffff",
    border="#cdcdcd",
    text="#1f1f1f",
    muted="#616161",
    accent="#9a5b0e",
    on_accent="#ffffff",
    warning="#8a6100",
    error="#b3261e",
    success="#1e7a36",
)

_current = DARK


def current() -> Theme:
    """The theme in use."""
    return _current


def choose(setting: str) -> Theme:
    """The theme of a setting: dark, light, or what the system asks for."""
    if setting == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return LIGHT if setting == "light" else DARK


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    global _current
    _current = theme
    _pixmap.cache_clear()
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setStyleSheet(_STYLE.format(**vars(theme), icons=ICONS.as_posix()))


def icon(name: str, colour: str | None = None) -> QIcon:
    """An icon of `resources/icons` in the text's colour; accent-coloured when it is checked."""
    theme = _current
    result = QIcon()
    normal, off = colour or theme.text, QColor(theme.muted)
    off.setAlphaF(0.45)
    for size in (16, 20, 24, 32, 48):
        result.addPixmap(_pixmap(name, normal, size))
        result.addPixmap(
            _pixmap(name, off.name(QColor.NameFormat.HexArgb), size), QIcon.Mode.Disabled
        )
        if colour is None:
            result.addPixmap(_pixmap(name, theme.accent, size), QIcon.Mode.Normal, QIcon.State.On)
    return result


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon as a pixmap of `size` device-independent pixels."""
    result = QPixmap(_pixmap(name, colour, round(size * ratio)))
    result.setDevicePixelRatio(ratio)
    return result


@functools.cache
def _pixmap(name: str, colour: str, size: int) -> QPixmap:
    result = QPixmap(QSize(size, size))
    result.fill(Qt.GlobalColor.transparent)
    try:
        svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    except OSError:
        return result  # a missing icon must not keep the window from opening
    painter = QPainter(result)
    ink = QColor(colour)
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", ink.name()).encode()))
    painter.setOpacity(ink.alphaF())
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Mid: theme.border,
        role.Midlight: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.canvas,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    faded = QColor(theme.muted)
    faded.setAlphaF(0.6)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, faded)
    return palette


_STYLE = """
QMainWindow, QDialog {{ background: {panel}; }}
QDialog {{ border: 1px solid {border}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {border}; padding: 4px 6px; }}
QMenuBar {{ background: {panel}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 4px 9px; background: transparent; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {raised}; }}
QMenu {{ background: {panel}; border: 1px solid {border}; padding: 4px; }}
QMenu::item {{ padding: 5px 26px 5px 26px; border-radius: 4px; }}
QMenu::item:selected {{ background: {raised}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 8px; }}
QMenu::icon {{ padding-left: 6px; }}
QToolBar {{ background: {panel}; border: none; border-bottom: 1px solid {border};
  padding: 4px 8px; spacing: 2px; }}
QToolBar QToolButton {{ padding: 5px 7px; border: 1px solid transparent; border-radius: 6px; }}
QToolBar QToolButton:hover {{ background: {raised}; }}
QToolBar QToolButton:checked {{ background: {raised}; color: {accent}; }}
QToolBar QToolButton:focus {{ border-color: {accent}; }}
QToolBar QToolButton#primary {{ background: {accent}; color: {on_accent}; font-weight: 600;
  padding: 5px 12px; }}
QToolBar QToolButton#primary:disabled {{ background: {raised}; color: {muted}; }}
QToolBar::separator {{ width: 1px; background: {border}; margin: 4px 6px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 3px;
  background: transparent; }}
QToolButton:hover {{ background: {raised}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton#plus {{ background: {panel}; border: 1px solid {border}; padding: 0; }}
QToolButton#plus:hover {{ background: {raised}; border-color: {accent}; }}
QToolButton#fold {{ font-weight: 600; color: {muted}; padding: 2px 4px 2px 0; }}
QPushButton#small {{ padding: 1px 9px; min-height: 16px; }}
QPushButton#small:checked {{ background: {accent}; color: {on_accent}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton {{ background: {raised}; border: 1px solid {border}; border-radius: 6px;
  padding: 5px 14px; min-height: 18px; }}
QPushButton:hover {{ border-color: {muted}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:pressed {{ background: {border}; }}
QPushButton:disabled {{ color: {muted}; }}
QPushButton#primary {{ background: {accent}; color: {on_accent}; border-color: {accent};
  font-weight: 600; }}
QPushButton#primary:focus {{ border-color: {text}; }}
QPushButton#primary:disabled {{ background: {raised}; color: {muted}; border-color: {border}; }}
QStatusBar {{ background: {panel}; border-top: 1px solid {border}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {muted}; padding: 0 6px; }}
QLabel#muted {{ color: {muted}; }}
QLabel#heading {{ color: {muted}; font-weight: 600; }}
QLabel#title {{ font-weight: 600; }}
QWidget#panel {{ background: {panel}; }}
QWidget#left {{ background: {panel}; border-right: 1px solid {border}; }}
QWidget#right {{ background: {panel}; border-left: 1px solid {border}; }}
QSplitter::handle {{ background: {panel}; }}
QSplitter::handle:hover {{ background: {accent}; }}
QScrollArea {{ border: none; background: transparent; }}
QFrame#bar {{ background: {raised}; border: 1px solid {border}; border-radius: 9px; }}
QFrame#line {{ background: {border}; max-height: 1px; border: none; }}
QListWidget, QUndoView {{ background: transparent; border: none; outline: none; }}
QListWidget::item, QUndoView::item {{ border-radius: 6px; border: 1px solid transparent; }}
QListWidget::item:selected, QUndoView::item:selected {{ background: {raised}; color: {text}; }}
QListWidget::item:selected:focus, QUndoView::item:selected:focus {{
  border-color: {accent}; }}
QSpinBox, QDoubleSpinBox, QLineEdit, QComboBox {{ background: {raised}; border: 1px solid {border};
  border-radius: 5px; padding: 3px 6px; min-height: 18px; selection-background-color: {accent};
  selection-color: {on_accent}; }}
QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus, QComboBox:focus {{ border-color: {accent}; }}
QDoubleSpinBox#value {{ background: transparent; border: 1px solid transparent;
  padding: 1px 2px; min-height: 17px; }}
QDoubleSpinBox#value:hover, QDoubleSpinBox#value:focus {{ background: {raised};
  border-color: {border}; }}
QDoubleSpinBox#value::up-button, QDoubleSpinBox#value::down-button {{ width: 0; border: none; }}
QDoubleSpinBox#value:disabled {{ color: {muted}; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: none; width: 20px; }}
QSpinBox::up-arrow {{ image: url({icons}/chevron-up-{name}.svg); width: 11px; height: 11px; }}
QSpinBox::down-arrow {{ image: url({icons}/chevron-down-{name}.svg); width: 11px; height: 11px; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({icons}/chevron-down-{name}.svg); width: 14px; height: 14px; }}
QCheckBox {{ spacing: 7px; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {muted}; border-radius: 4px;
  background: {raised}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {accent}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent};
  image: url({icons}/check-{name}.svg); }}
QCheckBox:disabled {{ color: {muted}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {border}; }}
QProgressBar {{ background: {border}; border: none; border-radius: 3px; max-height: 6px;
  min-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {border}; border-radius: 4px; min-height: 30px;
  margin: 1px; }}
QScrollBar::handle:vertical:hover {{ background: {muted}; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {border}; border-radius: 4px; min-width: 30px;
  margin: 1px; }}
QScrollBar::handle:horizontal:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
