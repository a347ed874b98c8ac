"""Pictures of this program beside the paper's network, one sheet for each photo.

    python -m editor.evaluation.paper_pictures PHOTO [PHOTO …] --operator l0-smoothing --out FOLDER

A sheet shows the original, and of both methods the exported file and the photo restored from it;
below, at 200 %, the place where the look changes the photo most.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from editor.evaluation import measure, paper
from editor.evaluation.cases import BOTH_FORMS, Setting
from editor.files.picture import Picture
from editor.files.picture_files import open_picture
from models.metrics import psnr
from models.operators.registry import OPERATORS
from models.paper.network import PaperNetwork
from models.zoo import WEIGHTS

Pixels = NDArray[np.uint8]

CELL = 384
"""Width of a picture on a sheet, in pixels."""

CAPTION = 22
"""Height of a line of text above a row, in pixels."""


def most_changed(photo: Pixels, look: Pixels, size: int) -> tuple[int, int]:
    """Top and left of the square of `size` pixels in which the two differ most."""
    difference = np.abs(photo.astype(np.int16) - look).sum(axis=2, dtype=np.int32)
    side = (size, size)
    means = cv2.boxFilter(difference.astype(np.float32), -1, side, anchor=(0, 0))
    height, width = photo.shape[:2]
    inside = means[: max(1, height - size + 1), : max(1, width - size + 1)]
    top, left = np.unravel_index(int(inside.argmax()), inside.shape)
    return int(top), int(left)


def sheet(pictures: dict[str, Pixels], top: int, left: int) -> Image.Image:
    """Pictures by caption, side by side, and below them their squares from (top, left) at 200 %."""
    height, width = next(iter(pictures.values())).shape[:2]
    shown = max(1, round(height * CELL / width))
    side = CELL // 2
    rows = CAPTION + shown
    canvas = Image.new("RGB", (CELL * len(pictures), rows + CAPTION + CELL), "white")
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(14)
    for i, (caption, pixels) in enumerate(pictures.items()):
        x = i * CELL
        whole = Image.fromarray(pixels)
        draw.text((x + 4, 3), caption, "black", font)
        canvas.paste(whole.resize((CELL, shown), Image.Resampling.LANCZOS), (x, CAPTION))
        draw.text((x + 4, rows + 3), "200 %", "black", font)
        part = whole.crop((left, top, left + side, top + side))
        part = part.resize((2 * side, 2 * side), Image.Resampling.NEAREST)
        canvas.paste(part, (x, rows + CAPTION))
    return canvas


def beside(
    photo: Picture, operator: str, setting: Setting, network: PaperNetwork, device: str
) -> Image.Image:
    """The sheet of one photo."""
    look = f"{operator} exact" if f"{operator} exact" in BOTH_FORMS else operator
    ours = measure.pictures_of(photo, look, setting, device)
    theirs = paper.measure(network, photo, look, setting, ours["export"], measure.written_and_read)
    top, left = most_changed(photo.pixels, theirs.look, CELL // 2)

    def caption(who: str, pixels: Pixels, against: Pixels) -> str:
        return f"{who}, {psnr(pixels, against):.1f} dB"

    named = {
        "original": photo.pixels,
        caption("Pentimento, export", ours["export"], theirs.look): ours["export"],
        caption("Pentimento, restored", ours["restored"], photo.pixels): ours["restored"],
        caption("paper, export", theirs.export, theirs.look): theirs.export,
        caption("paper, restored", theirs.restored, photo.pixels): theirs.restored,
    }
    return sheet(named, top, left)


def main(argv: Sequence[str] | None = None) -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(
        prog="python -m editor.evaluation.paper_pictures",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("photos", type=Path, nargs="+", metavar="PHOTO")
    parser.add_argument("--operator", choices=list(OPERATORS), required=True)
    parser.add_argument("--format", type=Setting.parse, default=Setting.parse("jpg:95:420"))
    parser.add_argument("--weights", type=Path, default=WEIGHTS, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args(argv)
    network = paper.network_for(args.operator, args.format, args.device, args.weights)
    if network is None:
        parser.error(f"the paper's network is not trained for {args.operator}, {args.format}")
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.photos:
        page = beside(open_picture(path), args.operator, args.format, network, args.device)
        page.save(args.out / f"{args.operator}-{path.stem}.png")
        print(args.out / f"{args.operator}-{path.stem}.png")


if __name__ == "__main__":
    main()
