"""The recipe in few bytes, so that it can be in an export's pixels as well as in its metadata.

JSON as `edits.to_recipe` writes it, its numbers rounded, deflated with a dictionary of the usual
words. The dictionary is a part of the format (`models/FORMAT.md`): a different one needs a number
of its own.
"""

from __future__ import annotations

import json
import zlib

from editor.engine.edit_problems import RecipeError
from editor.engine.edits import from_recipe

NUMBER = 1
"""Of the dictionary; the first byte."""

DICTIONARY = (
    b'"erase":false,"erase":true,"stays":true,"surface":[[],"mask":{"strokes":[{"points":[['
    b'0.0,1.0]],"size":0.05,"softness":0.5,"strength":1.0,"erase":false}],"png":""},"enabled":false'
    b"local-laplacian multiscale-tone l0-smoothing rtv weighted-median lens-blur black-and-white "
    b"film colour-pencil oil-painting retouch contrast highlights shadows whites blacks clarity "
    b"temperature tint vibrance saturation sharpening noise-reduction vignette exposure"
    b',"made_by":"operators-4","opacity":0.5,"strength":-0.5}]}"},{"operator":"'
    b'","strength":1.0},{"operator":"","strength":0.{"pentimento":1,"edits":[{"operator":"'
)
"""What deflate may refer to."""

_RAW = -15  # zlib's word for a stream without head and checksum
_DECIMALS = 4  # of the share of a long edge or of a strength: nothing that can be seen
_LONGEST = 1 << 16  # characters of a recipe; a longer one will not become short


def pack(recipe: str) -> bytes:
    """A recipe as a few bytes; empty where it is far too long.

    How the photo was cropped out of its file is left out: it is of use only beside that file.
    """
    if len(recipe) > _LONGEST:
        return b""
    values = json.loads(recipe, parse_float=lambda text: round(float(text), _DECIMALS))
    values.pop("geometry", None)
    rounded = json.dumps(values, separators=(",", ":"))
    try:
        from_recipe(rounded)
    except RecipeError:  # a number that must not be 0 has become it
        rounded = recipe
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW, 9, zdict=DICTIONARY)
    return bytes([NUMBER]) + deflate.compress(rounded.encode("ascii")) + deflate.flush()


def unpack(data: bytes) -> str | None:
    """Back from bytes: what `edits.from_recipe` may be asked about; None where they are none."""
    if data[:1] != bytes([NUMBER]):
        return None
    inflate = zlib.decompressobj(_RAW, zdict=DICTIONARY)
    try:
        text = inflate.decompress(data[1:], _LONGEST)
        return text.decode("ascii") if inflate.eof else None
    except (zlib.error, UnicodeDecodeError):
        return None
