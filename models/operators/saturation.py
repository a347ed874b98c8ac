"""Saturation: every colour away from its grey, or towards it.

The differences of R, G and B from the luma (ITU-R BT.709, of encoded values) are multiplied by
1 + strength. A colour that comes near the border of what RGB can show goes less far
(`tone.with_chroma`), so that petals keep their texture. At -1 the photo is grey.
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.tone import with_chroma


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    return with_chroma(photo, lambda reach: np.full_like(reach, 1 + strength))


OPERATOR = Operator(
    id="saturation",
    name="Saturation",
    family="colour",
    summary="Makes all colours stronger, or paler down to grey; strong ones are not clipped.",
    algorithm="chroma gain with a gamut shoulder",
    render=render,
    default_strength=0.3,
    minimum=-1.0,
    margin=0.0,
)
