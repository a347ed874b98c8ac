"""Draws the documentation's pictures with the program itself: ``python docs/draw_pictures.py``.

From the sample photos into `docs/pictures/`: every operator for the gallery, and what happens to a
photo on its way into an export and back, with what was measured on these very pictures in
`captions.json`. ``--operators [NAME...]`` and ``--figures`` draw only those.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

import resources
from editor.document import Document
from editor.engine import trust_map
from editor.engine.restore import inspect_picture, restore_picture
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture
from editor.files.picture_files import open_picture
from models.coding import colour_prediction
from models.metrics import psnr
from models.operators.registry import OPERATORS

Pixels = NDArray[np.uint8]

TARGET = Path(__file__).with_name("pictures")
WIDTH = 420  # of a picture, pixels
GAP = 6
LOOK = "black-and-white"
AMPLIFIED = 12
"""How much larger differences are shown than they are."""

COPY_WIDTH, COPY_QUALITY = 900, 85


def reduced(pixels: Pixels, width: int = WIDTH) -> Pixels:
    """A smaller picture of the same shape."""
    height = round(pixels.shape[0] * width / pixels.shape[1])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def save(pixels: Pixels, name: str, quality: int = 82) -> None:
    """One WebP file."""
    path = TARGET / f"{name}.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, quality=quality, method=6)


def beside(*pictures: Pixels) -> Pixels:
    """Pictures of one height, side by side, in two rows where there are four."""
    rows = [pictures] if len(pictures) < 4 else [pictures[:2], pictures[2:]]
    lines = []
    for row in rows:
        gap = np.full((row[0].shape[0], GAP, 3), 255, np.uint8)
        line = [part for picture in row for part in (gap, picture)][1:]
        lines += [np.full((GAP, sum(p.shape[1] for p in line), 3), 255, np.uint8)]
        lines += [np.concatenate(line, axis=1)]
    return np.concatenate(lines[1:])


def difference(a: Pixels, b: Pixels, times: int = AMPLIFIED) -> Pixels:
    """Where two pictures differ and how, amplified; middle grey where they do not."""
    return np.clip(128 + times * (a.astype(int) - b), 0, 255).astype(np.uint8)


def draw_operators(names: Sequence[str]) -> None:
    """The photo on the left, its look at the default strength on the right."""
    for op in (OPERATORS[name] for name in names):
        sample = "portrait" if op.id == "retouch" else "lake"
        photo = open_picture(resources.SAMPLES / f"{sample}.jpg").pixels
        if op.id == "retouch":
            photo = _middle(photo)
        look = reduced(np.asarray(op(photo), np.uint8))
        before, half = reduced(photo), look.shape[1] // 2
        both = np.concatenate([before[:, :half], look[:, half:]], axis=1)
        both[:, half - 1 : half + 1] = 255
        save(both, f"operators/{op.id}")
        print(op.id, flush=True)


def _middle(photo: Pixels) -> Pixels:
    """A third of a photo in landscape format, around its middle."""
    height, width = photo.shape[:2]
    part = round(width * 0.62)
    top, left = (height - part * 2 // 3) // 3, (width - part) // 2
    return np.ascontiguousarray(photo[top : top + part * 2 // 3, left : left + part])


def draw_figures() -> dict[str, dict[str, str]]:
    """Photo, look, export and what comes back. Returns the captions, by name of the picture."""
    document = Document(open_picture(resources.SAMPLES / "clouds.jpg"), exact=True).add(LOOK)
    photo, captions = document.photo.pixels, {}
    exports: dict[str, Picture] = {}
    for kind in ("png", "jpeg"):
        report = document.encode(ExportFormat(kind), keep_metadata=False)
        exports[kind] = export = decode_picture(report.data)
        restored = restore_picture(export).picture.pixels
        look = report.look
        save(beside(*map(reduced, (photo, look, export.pixels, restored))), f"way-{kind}")
        captions[f"way-{kind}"] = {
            "alt": "Photo and look above, export and restored photo below",
            "text": f"Above the photo and its look, below the {kind.upper()} export and what was "
            f"restored from it. The export is {psnr(export.pixels, look):.1f} dB from the look, "
            f"the restored photo {psnr(restored, photo):.1f} dB from the original; the look itself "
            f"is {psnr(look, photo):.1f} dB from it.",
        }
        changed, missed = difference(export.pixels, look), difference(restored, photo)
        cuts = [_cut(p) for p in (changed, missed)]
        save(beside(*cuts), f"price-{kind}")
        captions[f"price-{kind}"] = {
            "alt": "Two differences, amplified",
            "text": f"A part of 210 pixels, twice as large and {AMPLIFIED} times as strong: left "
            f"what hiding{' and compressing' * (kind == 'jpeg')} changed in the look, right what "
            "the restored photo lacks.",
        }
    captions |= _prediction(photo, document.look())
    captions |= _sticker(photo, exports["png"])
    captions |= _copy(photo, exports["jpeg"])
    return captions


def _cut(pixels: Pixels) -> Pixels:
    top, left = pixels.shape[0] // 2 - 70, pixels.shape[1] // 2 - 105
    part = pixels[top : top + 140, left : left + 210]
    return cv2.resize(part, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)  # type: ignore[return-value]


def _prediction(photo: Pixels, look: Pixels) -> dict[str, dict[str, str]]:
    """What a look tells of the photo, and what is left to be coded."""
    values = colour_prediction.values(look, colour_prediction.fit(look, photo))
    predicted = np.rint(values).astype(np.uint8)
    left = difference(photo, predicted, times=2)
    save(beside(*map(reduced, (look, predicted, photo, left))), "prediction")
    return {
        "prediction": {
            "alt": "The look, the photo predicted from it, the photo, what is left",
            "text": "Above the look and what a cubic polynomial of its colours says of the photo "
            f"({psnr(predicted, photo):.1f} dB); below the photo and what is left, "
            "twice as strong. That is what is coded and hidden.",
        }
    }


def _sticker(photo: Pixels, export: Picture) -> dict[str, dict[str, str]]:
    """An export in which something was covered."""
    pixels = export.pixels.copy()
    height, width = pixels.shape[:2]
    centre = (round(width * 0.3), round(height * 0.42))
    cv2.circle(pixels, centre, round(height * 0.13), (250, 205, 60), -1)
    seen = inspect_picture(export.with_pixels(pixels))
    restored = restore_picture(seen.picture, inspection=seen)
    drawn = trust_map.drawn(pixels, restored.trust)
    save(beside(*map(reduced, (pixels, drawn, restored.picture.pixels, photo))), "sticker")
    facts = restored.integrity
    return {
        "sticker": {
            "alt": "An export with a yellow disc, the map, the restored photo, the photo",
            "text": "Above an export onto which a disc was drawn, and the map of its changes: red "
            "what was changed and is left as it was received, blue what can only be predicted "
            "because its code was under the disc. Below what is restored, and the photo. It is "
            f"called restored {facts.outcome.value}: {100 * facts.changed:.0f} % changed, "
            f"{100 * facts.predicted:.0f} % predicted.",
        }
    }


def _copy(photo: Pixels, export: Picture) -> dict[str, dict[str, str]]:
    """A copy as a chat app makes it: smaller and compressed."""
    small = reduced(export.pixels, COPY_WIDTH)
    target = io.BytesIO()
    Image.fromarray(small).save(target, "JPEG", quality=COPY_QUALITY)
    received = decode_picture(target.getvalue())
    restored = restore_picture(received)
    truth = reduced(photo, COPY_WIDTH)
    pictures = (received.pixels, restored.picture.pixels, truth)
    save(beside(*(reduced(p, 280) for p in pictures)), "copy")
    return {
        "copy": {
            "alt": "A small copy, what is restored from it, the photo",
            "text": f"A copy of the JPEG export, {COPY_WIDTH} pixels wide and saved at quality "
            f"{COPY_QUALITY}; what is restored from it "
            f"({psnr(restored.picture.pixels, truth):.1f} dB; doing nothing "
            f"{psnr(received.pixels, truth):.1f}); the photo.",
        }
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(prog="python docs/draw_pictures.py", description=__doc__)
    parser.add_argument("--operators", nargs="*", choices=list(OPERATORS), metavar="NAME")
    parser.add_argument("--figures", action="store_true")
    args = parser.parse_args(argv)
    if args.operators is not None or not args.figures:
        draw_operators(args.operators or list(OPERATORS))
    if args.figures or args.operators is None:
        captions = draw_figures()
        text = json.dumps(captions, indent=1, ensure_ascii=False) + "\n"
        (TARGET / "captions.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
