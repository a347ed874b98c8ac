"""The ``--edit`` option of the command line: text to edits."""

from __future__ import annotations

import difflib

import cv2
import numpy as np

from editor.engine.edits import Edit, Mask, edit
from editor.files.picture import PictureError
from editor.files.picture_files import open_picture
from models.operators.registry import OPERATORS


def parse_edit(text: str) -> Edit:
    """One edit from ``operator``, ``operator=strength`` or ``operator=strength:MASK``.

    MASK is a picture file; the edit acts where it is white and opaque. Strength may carry a sign;
    without one (``operator=:MASK``) it is the operator's default.

    Raises:
        ValueError: one sentence, for an unknown operator, strength or mask.
    """
    name, equals, rest = text.partition("=")
    strength, colon, mask = rest.partition(":")
    name = name.strip()
    if name not in OPERATORS:
        raise ValueError(_unknown(name))
    if (equals and not rest) or (colon and not mask):
        missing = "mask" if colon else "strength"
        raise ValueError(f"--edit {text}: there is no {missing} after the “{text[-1]}”.")
    try:
        value = float(strength) if strength else None
    except ValueError:
        raise ValueError(
            f"--edit {text}: “{strength}” is not a number such as 0.8 or +1.5."
        ) from None
    return edit(name, value, mask=_read_mask(mask) if mask else None)


def format_edit(e: Edit) -> str:
    """The edit as ``--edit`` would take it; what it cannot express is added in brackets."""
    sign = "+" if OPERATORS[e.operator].minimum < 0 else ""
    text = f"{e.operator}={e.strength:{sign}g}"
    more = [f"{100 * e.opacity:.0f} % opaque"] if e.opacity != 1 else []
    more += ["in a mask"] if e.mask is not None else []
    more += ["switched off"] if not e.enabled else []
    return f"{text} ({', '.join(more)})" if more else text


def operators_help() -> str:
    """The operators with their strengths, one a line, for the help."""
    lines = ["operators, their strengths (default) and what they do:"]
    for op in OPERATORS.values():
        sign = "+" if op.minimum < 0 else ""
        span = f"{op.minimum:g}..{op.maximum:{sign}g} ({op.default_strength:{sign}g})"
        lines.append(f"  {op.id:16} {span:12} {op.summary}")
    return "\n".join(lines)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), OPERATORS, 1, 0.6)
    close = close or [known for known in OPERATORS if name and name.lower() in known][:1]
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"There is no operator “{name}”.{hint} Known ones: {', '.join(OPERATORS)}."


def _read_mask(path: str) -> Mask:
    """The lightness of a picture as a mask; transparent is black."""
    try:
        picture = open_picture(path)
    except PictureError as error:
        raise ValueError(f"The mask could not be used. {error}") from None
    grey = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY).reshape(picture.pixels.shape[:2])
    if picture.alpha is not None:
        grey = np.rint(grey * (picture.alpha / 255.0)).astype(np.uint8)
    return Mask.from_picture(grey)  # type: ignore[arg-type]
