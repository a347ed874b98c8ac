"""Automatic light and white balance: settings of sliders, worked out from the photo."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.engine.edits import Edit
from models.operators.colour_space import luma, to_linear
from models.operators.images import to_float
from models.operators.white_balance import neutral_for

LOOKED_AT = 256
"""Long edge of the copy that is measured."""

PICKED = 0.008
"""Half the side of the square whose mean is made neutral, as a share of the long edge."""

MINKOWSKI = 6
"""The order of the mean of shades of grey that Finlayson and Trezzi found best."""

_TRUST = 0.8
"""Share of the white balance found that is applied: warm evenings stay a little warm."""

Pixels = NDArray[np.uint8]


def _light(pixels: Pixels) -> NDArray[np.float32]:
    """H x W x 3 linear light of a copy of at most `LOOKED_AT`."""
    step = max(1, max(pixels.shape[:2]) // (2 * LOOKED_AT))  # of a large photo, every few pixels
    pixels = np.ascontiguousarray(pixels[::step, ::step])
    height, width = pixels.shape[:2]
    scale = min(1.0, LOOKED_AT / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], 3)
    return to_linear(to_float(small))  # type: ignore[arg-type]


def light(pixels: Pixels) -> dict[str, float]:
    """Exposure, contrast, highlights and shadows for a photo (H x W x 3 uint8), by operator.

    The exposure brings the geometric mean of the luminance half of the way to middle grey, the key
    of Reinhard et al. 2002, as far as few highlights reach white. What lies in the outer fifths of
    the tones then opens the shadows and holds the highlights back, and a narrow middle is
    stretched.
    """
    tones = luma(_light(pixels)).ravel().astype(np.float64)
    key = float(np.exp(np.mean(np.log(tones + 1e-4))))
    bright = float(np.quantile(tones, 0.98))
    stops = 0.5 * np.log2(0.18 / max(key, 1e-4))
    stops = float(np.clip(min(stops, np.log2(1.15 / max(bright, 1e-3))), -1.5, 1.5))
    encoded = np.clip(tones * 2**stops, 0, 1) ** (1 / 2.2)
    dark, middle_low, middle_high, high = np.quantile(encoded, (0.05, 0.25, 0.75, 0.95))
    contrast = float(np.clip((0.33 - (middle_high - middle_low)) * 0.8, -0.1, 0.25))
    shadows = float(np.clip((0.18 - dark) * 2.0, 0, 0.4))
    highlights = float(-np.clip((high - 0.85) * 3.0, 0, 0.5))
    return {
        "exposure": round(stops, 2),
        "contrast": round(contrast, 2),
        "highlights": round(highlights, 2),
        "shadows": round(shadows, 2),
    }


def colour(pixels: Pixels) -> dict[str, float]:
    """Temperature and tint for a photo, by operator.

    Shades of grey: the Minkowski mean of the light is taken to be grey (Finlayson and Trezzi,
    "Shades of Gray and Colour Constancy", 2004), without what is clipped or nearly black.
    """
    light = _light(pixels).reshape(-1, 3).astype(np.float64)
    told = light[(light.max(axis=1) < 0.95) & (light.max(axis=1) > 0.01)]
    if not len(told):
        return {"temperature": 0.0, "tint": 0.0}
    mean = np.mean(told**MINKOWSKI, axis=0) ** (1 / MINKOWSKI)
    temperature, tint = neutral_for(*(float(v) for v in mean))
    return {"temperature": round(_TRUST * temperature, 2), "tint": round(_TRUST * tint, 2)}


LIGHT, COLOUR = "light", "colour"


def edits_for(pixels: Pixels, what: str) -> tuple[Edit, ...]:
    """`light` or `colour` of a photo as edits, without those that change nothing."""
    values = light(pixels) if what == LIGHT else colour(pixels)
    found = (Edit(operator, strength) for operator, strength in values.items())
    return tuple(e for e in found if e.acts)


def neutral_at(pixels: Pixels, x: float, y: float) -> dict[str, float]:
    """Temperature and tint that make a photo grey around a place (in its pixels), by operator."""
    height, width = pixels.shape[:2]
    reach = max(1, round(PICKED * max(height, width)))
    left, top = (int(np.clip(v, 0, n - 1)) for v, n in ((x, width), (y, height)))
    part = pixels[max(0, top - reach) : top + reach + 1, max(0, left - reach) : left + reach + 1]
    mean = to_linear(to_float(part)).reshape(-1, 3).mean(axis=0)
    temperature, tint = neutral_for(*(float(v) for v in mean))
    return {"temperature": round(temperature, 2), "tint": round(tint, 2)}
