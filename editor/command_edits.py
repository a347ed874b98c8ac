"""The ``--edit`` option of the command line: text to edits."""

from __future__ import annotations

from editor.edits import Edit, Mask, edit
from editor.picture import PictureError
from editor.picture_files import open_picture


def parse_edit(text: str) -> Edit:
    """One edit from ``operator``, ``operator=strength`` or ``operator=strength:MASK``.

    MASK is a picture file; the edit acts where it is white. Strength may carry a sign.

    Raises:
        ValueError: one sentence, for an unknown operator, strength or mask.
    """
    operator, _, rest = text.partition("=")
    strength, _, mask = rest.partition(":")
    try:
        value = float(strength) if strength else None
    except ValueError:
        raise ValueError(f"'{strength}' in --edit {text} is not a number.") from None
    return edit(operator.strip(), value, mask=_read_mask(mask) if mask else None)


def _read_mask(path: str) -> Mask:
    try:
        picture = open_picture(path)
    except PictureError as error:
        raise ValueError(f"The mask could not be used. {error}") from None
    return Mask.from_picture(picture.pixels[..., 1].copy())
