"""What is shown while no photo is open: how to open one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

import resources
from editor.files import formats
from editor.ui.widgets import theme

SAMPLE_FOLDER = resources.SAMPLES


def sample_photo() -> Path | None:
    """The bundled sample photo; None in an installation without one."""
    if not SAMPLE_FOLDER.is_dir():
        return None
    found = sorted(p for p in SAMPLE_FOLDER.iterdir() if p.suffix.lower() in formats.SUFFIXES)
    return found[0] if found else None


class EmptyState(QWidget):
    """An invitation in the place of the canvas."""

    open_wanted = Signal()
    sample_wanted = Signal()
    recent_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.icon, title, hint = QLabel(), QLabel(self.tr("Drop a photo here")), QLabel()
        self.icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title.setFont(font)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setText(
            self.tr(
                "or open one, or paste it (Ctrl+V).\n"
                "What you export is an ordinary picture that carries its own original."
            )
        )
        hint.setObjectName("muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open_button = QPushButton(self.tr("Open a photo…"))
        self.open_button.setObjectName("primary")
        self.sample_button = QPushButton(self.tr("Try the sample photo"))
        self.sample_button.setVisible(sample_photo() is not None)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch(1)
        self.recent = QVBoxLayout()
        self.recent.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(self.icon)
        layout.addWidget(title)
        layout.addWidget(hint)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        layout.addSpacing(10)
        layout.addLayout(self.recent)
        layout.addStretch(3)
        self.refresh()

    def refresh(self) -> None:
        """Draw again, in another theme."""
        colours = theme.current()
        palette = self.palette()
        palette.setColor(self.backgroundRole(), colours.canvas)
        self.setPalette(palette)
        ratio = self.devicePixelRatioF()
        self.icon.setPixmap(theme.pixmap("image-plus", colours.muted, 52, ratio))

    def show_recent(self, files: list[str]) -> None:
        """The last few files, one click away."""
        while (item := self.recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in files[:4]:
            button = QPushButton(Path(path).name)
            button.setFlat(True)
            button.setToolTip(path)
            button.setStyleSheet("border: none; background: transparent; padding: 3px;")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _=False, p=path: self.recent_wanted.emit(p))
            self.recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
