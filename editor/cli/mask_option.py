"""Masks of the command line: what stands behind the strength in ``--edit``, to masks and back."""

from __future__ import annotations

import re

import cv2
import numpy as np

from editor.engine.mask_parts import How, LinearGradient, Mask, MaskPart, RadialGradient
from editor.files.picture import PictureError
from editor.files.picture_files import open_picture

_WORDS = {How.ADD: "", How.SUBTRACT: "minus-", How.INTERSECT: "and-"}
_GRADIENT = r"(minus-|and-|)(not-|)(linear|radial)="
_BETWEEN = re.compile(f":(?={_GRADIENT.replace('(', '(?:')})")

GRADIENTS_HELP = """\
masks, behind the strength and a colon; several with a colon each:
  FILE                                a picture, white where the edit acts; before gradients
  linear=X,Y,TO_X,TO_Y                full at X, Y, fading to nothing at TO_X, TO_Y
  radial=X,Y,RX,RY[,ANGLE[,FEATHER]]  full in an ellipse around X, Y, turned clockwise by ANGLE
                                      degrees, fading over FEATHER (0..1, 0.5) of it
  Places and radii are shares of the photo's width and height, from its top left corner.
  not-… is everywhere else; minus-… takes away; and-… keeps to where both are:
  exposure=-1:linear=0.5,0,0.5,0.6:minus-radial=0.5,0.5,0.2,0.3"""


def parse_mask(text: str) -> Mask:
    """A mask from a picture file, gradients, or both, a colon between them.

    Raises:
        ValueError: one sentence, for a picture or numbers that cannot be used.
    """
    pieces, start = [], 0
    for between in _BETWEEN.finditer(text):
        pieces.append(text[start : between.start()])
        start = between.end()
    pieces.append(text[start:])
    parts = [part for piece in pieces for part in _parts(piece)]
    return Mask(tuple(parts))


def format_mask(mask: Mask) -> str:
    """The mask as `parse_mask` takes it; empty for one that is not made of gradients alone."""
    if mask.inverted or not all(p.opacity == 1 for p in mask.parts):
        return ""
    texts = [_format_part(part) for part in mask.parts]
    return ":".join(texts) if all(texts) else ""


def _format_part(part: MaskPart) -> str:
    words = _WORDS[part.how] + ("not-" if part.inverted else "")
    match part.shape:
        case LinearGradient(start, end):
            return f"{words}linear={_numbers(*start, *end)}"
        case RadialGradient(centre, radii, angle, feather):
            return f"{words}radial={_numbers(*centre, *radii, angle, feather)}"
        case _:
            return ""


def _numbers(*values: float) -> str:
    return ",".join(f"{value:.5g}" for value in values)


def _parts(text: str) -> tuple[MaskPart, ...]:
    found = re.match(_GRADIENT, text)
    if found is None:
        return _picture(text).parts
    word, inverted, kind = found.groups()
    how = next(how for how, known in _WORDS.items() if known == word)
    return (MaskPart(_gradient(kind, text, text[found.end() :]), how, bool(inverted)),)


def _gradient(kind: str, text: str, numbers: str) -> LinearGradient | RadialGradient:
    try:
        values = [float(number) for number in numbers.split(",")]
    except ValueError:
        values = []
    if kind == "linear" and len(values) == 4:
        return LinearGradient((values[0], values[1]), (values[2], values[3]))
    if kind == "radial" and 4 <= len(values) <= 6:
        return RadialGradient((values[0], values[1]), (values[2], values[3]), *values[4:])
    wanted = "X,Y,TO_X,TO_Y" if kind == "linear" else "X,Y,RX,RY[,ANGLE[,FEATHER]]"
    raise ValueError(f"The mask “{text}” is not of the form {kind}={wanted}.")


def _picture(path: str) -> Mask:
    """The lightness of a picture as a mask; transparent is black."""
    try:
        picture = open_picture(path)
    except PictureError as error:
        raise ValueError(f"The mask could not be used. {error}") from None
    grey = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY).reshape(picture.pixels.shape[:2])
    if picture.alpha is not None:
        grey = np.rint(grey * (picture.alpha / 255.0)).astype(np.uint8)
    return Mask.from_picture(grey)  # type: ignore[arg-type]
