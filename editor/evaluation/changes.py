"""What becomes of exports that were changed: ``python -m editor.evaluation.changes DIR``.

Exports every photo of a folder in one or more looks, changes the export in every way of `CHANGES`,
and prints for each what is said of it, and how close to the photo the restored one and the picture
as it was received are. With ``--jpeg 95``, and perhaps ``--chroma 420``, these are JPEGs, else
PNGs. With ``--foreign`` every picture of the folder is taken as it is, and what
is taken for an export by mistake is counted.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from editor.document import Document
from editor.engine import embedding
from editor.evaluation import jpeg_changes
from editor.evaluation.changed import UNCHANGED, Picture, Row, row_of
from editor.files import formats
from editor.files.picture_files import open_picture
from models.containers.container import PNG, JpegSettings, Medium, Received


def _one_bit(picture: Picture) -> None:
    picture[tuple(n // 3 for n in picture.shape)] ^= 1


def _sticker(share: float) -> Callable[[Picture], None]:
    def paste(picture: Picture) -> None:
        height, width = (round(side * share**0.5) for side in picture.shape[:2])
        top, left = picture.shape[0] // 5, picture.shape[1] // 4
        place = picture[top : top + height, left : left + width]
        place[:] = picture[::-1, ::-1][: place.shape[0], : place.shape[1]]

    return paste


def _frame(picture: Picture) -> None:
    picture[[0, -1]] = picture[:, [0, -1]] = 30


def _scattered(picture: Picture) -> None:
    where = np.random.default_rng(0).random(picture.shape[:2]) < 0.001
    picture[where] = 255 - picture[where]


def _cleared(picture: Picture) -> None:
    height, width = picture.shape[:2]
    y, x = np.ogrid[:height, :width]
    outside = ((y / height - 0.5) / 0.42) ** 2 + ((x / width - 0.5) / 0.42) ** 2 > 1
    picture[outside] = 0


def _brighter(picture: Picture) -> None:
    picture[:] = np.clip(picture.astype(int) + 10, 0, 255)


def _warmer(picture: Picture) -> None:
    picture[..., 0] = np.clip(picture[..., 0] * 1.06, 0, 255)
    picture[..., 2] = picture[..., 2] * 0.94


def _swapped(picture: Picture) -> None:
    picture[:] = picture[..., ::-1].copy()


def _without_blue(picture: Picture) -> None:
    picture[..., 2] = 0


def _grey(picture: Picture) -> None:
    picture[:] = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None]


def _blurred(picture: Picture) -> None:
    picture[:] = cv2.GaussianBlur(picture, (0, 0), 1.0)


def _turned(quarters: int, *, mirrored: bool = False) -> Callable[[Picture], Picture]:
    def turn(picture: Picture) -> Picture:
        return np.ascontiguousarray(np.rot90(picture[:, ::-1] if mirrored else picture, quarters))

    return turn


CHANGES: dict[str, Callable[[Picture], None]] = {
    UNCHANGED: lambda picture: None,
    "one flipped bit": _one_bit,
    "a sticker of 1 %": _sticker(0.01),
    "a sticker of 5 %": _sticker(0.05),
    "a sticker of 20 %": _sticker(0.2),
    "a frame of one pixel": _frame,
    "0.1 % of the pixels": _scattered,
    "cleared outside an ellipse": _cleared,
    "brighter by 10": _brighter,
    "warmer": _warmer,
    "red and blue swapped": _swapped,
    "without blue": _without_blue,
    "greyscale": _grey,
    "blurred": _blurred,
}
"""They change a picture, H x W x 3 uint8, in place."""

TURNS: dict[str, Callable[[Picture], Picture]] = {
    f"{90 * quarters}°{', mirrored' if mirrored else ''}": _turned(quarters, mirrored=mirrored)
    for mirrored in (False, True)
    for quarters in range(4)
    if quarters or mirrored
}
"""They make another picture, and the photo has to be turned alike."""


def rows(photo: Picture, export: Picture) -> Iterator[Row]:
    """Of an export, H x W x 3 uint8, and the photo in it."""
    for name, change in CHANGES.items():
        changed = export.copy()
        change(changed)
        yield row_of(name, photo, Received(changed), (changed != export).any(axis=2))
    for name, turn in TURNS.items():
        yield row_of(name, turn(photo), Received(turn(export)), None)


def _pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in formats.SUFFIXES)


def _table(all_rows: Sequence[Row]) -> Iterator[str]:
    yield (
        "| change | said | changed | predicted | restored | as received | away | proven | found |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for change in dict.fromkeys(row.change for row in all_rows):
        some = [row for row in all_rows if row.change == change]
        said = ", ".join(dict.fromkeys(row.integrity.outcome.value for row in some))
        cells = [
            _mean([100 * row.integrity.changed for row in some], " %"),
            _mean([100 * row.integrity.predicted for row in some], " %"),
            _mean([row.restored for row in some]),
            _mean([row.received for row in some]),
            _mean([row.away for row in some]),
            _mean([row.proven for row in some]),
            _mean([row.found for row in some], digits=2),
        ]
        yield f"| {change} | {said} | {' | '.join(cells)} |"


def _mean(values: Sequence[float | None], unit: str = "", digits: int = 1) -> str:
    there = [value for value in values if value is not None]
    return f"{np.mean(there):.{digits}f}{unit}" if there else "–"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m editor.evaluation.changes", description=__doc__
    )
    parser.add_argument("photos", type=Path, metavar="DIR")
    parser.add_argument("--look", action="append", default=[], help="film where none is given")
    parser.add_argument("--first", type=int, default=None, metavar="N", help="so many photos")
    parser.add_argument("--jpeg", type=int, metavar="QUALITY", help="JPEG exports")
    parser.add_argument("--chroma", choices=("444", "420"), default="444", help="of JPEG exports")
    parser.add_argument("--foreign", action="store_true", help="count false alarms instead")
    given = parser.parse_args(arguments)
    paths = _pictures(given.photos)[: given.first]
    if given.foreign:
        taken = [p for p in paths if embedding.find(embedding.received(open_picture(p)))]
        print(f"{len(taken)} of {len(paths)} pictures are taken for exports.", *taken)
        return
    found: list[Row] = []
    for path in paths:
        for look in given.look or ["film"]:
            document = Document(open_picture(path), exact=True).add(look)
            photo = document.photo.pixels
            medium = PNG
            if given.jpeg:
                medium = Medium.jpeg(JpegSettings(given.jpeg, given.chroma))
            export = embedding.embed(photo, document.look(), medium=medium)
            if export.coefficients is None:
                found += rows(photo, export.pixels)
            else:
                found += jpeg_changes.rows(photo, export.coefficients, given.jpeg, CHANGES)
    print("\n".join(_table(found)))
    silent, worse = (sum(getattr(r, what) for r in found) for what in ("silently_wrong", "worse"))
    print(f"\nSilently wrong: {silent} of {len(found)}.")
    print(f"Restored more than half a decibel below doing nothing: {worse}.")


if __name__ == "__main__":
    main()
