"""The program's icon in the forms that systems want, drawn from `resources/icons/pentimento.svg`.

python packaging/icons.py FOLDER     # pentimento.ico, pentimento.icns, pentimento-256.png
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SVG = ROOT / "resources" / "icons" / "pentimento.svg"


def drawn(size: int) -> Image.Image:
    """The icon at size x size pixels, RGBA."""
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGBA")


def png(folder: Path, size: int = 256) -> Path:
    """A PNG file."""
    path = folder / f"pentimento-{size}.png"
    drawn(size).save(path)
    return path


def ico(folder: Path) -> Path:
    """A Windows icon of the usual sizes."""
    path, sizes = folder / "pentimento.ico", (16, 24, 32, 48, 64, 128)
    drawn(256).save(
        path, append_images=[drawn(s) for s in sizes], sizes=[(s, s) for s in (*sizes, 256)]
    )
    return path


def icns(folder: Path) -> Path:
    """A macOS icon."""
    path = folder / "pentimento.icns"
    drawn(1024).save(path, append_images=[drawn(s) for s in (16, 32, 64, 128, 256, 512)])
    return path


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for made in (ico(target), icns(target), png(target)):
        print(made)
