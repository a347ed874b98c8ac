"""The status line: size and notes of the photo, colour under the cursor, zoom."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from editor.files.picture import Picture
from editor.ui.texts.engine_messages import engine_text
from editor.ui.texts.language import number

_PADDING = 14  # left and right of a label, see the theme


class StatusLine(QObject):
    """Labels on the window's status bar; `progress` stands between them."""

    def __init__(self, bar: QStatusBar, progress: QWidget) -> None:
        super().__init__(bar)
        self.bar = bar
        self.size, self.note, self.colour, self.zoom = (QLabel() for _ in range(4))
        # As wide as they ever get: what stands beside them stays where it is.
        for label, widest in ((self.zoom, "3200,0 %"), (self.colour, "88888, 88888   255 255 255")):
            label.setFixedWidth(label.fontMetrics().horizontalAdvance(widest) + _PADDING)
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.size)
        bar.addWidget(self.note, 1)
        bar.addPermanentWidget(progress)
        bar.addPermanentWidget(self.colour)
        bar.addPermanentWidget(self.zoom)

    def show_photo(self, photo: Picture | None) -> None:
        """The size of the photo and what there is to say about it."""
        if photo is None:
            self.size.setText("")
            self.note.setText("")
            return
        width, height = photo.size
        self.size.setText(
            self.tr("{width} × {height} ({mp} MP)").format(
                width=width, height=height, mp=number(width * height / 1e6, 1)
            )
        )
        notes = [engine_text(note) for note in photo.notes]
        self.note.setText("  ".join(notes))
        self.note.setToolTip("\n".join(notes))

    def show_zoom(self, scale: float | None) -> None:
        """Device pixels per picture pixel; None without a photo."""
        percent = 0.0 if scale is None else scale * 100
        decimals = 0 if percent >= 10 else 1
        self.zoom.setText("" if scale is None else f"{number(percent, decimals)} %")

    def show_colour(self, x: int, y: int, colour: tuple[int, int, int]) -> None:
        """The colour of a pixel, 0..255 each."""
        r, g, b = colour
        self.colour.setText(f"{x}, {y}   {r} {g} {b}")

    def clear_colour(self) -> None:
        """The cursor is not on the photo."""
        self.colour.setText("")
