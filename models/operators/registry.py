"""All operators, in the order in which they are shown. A new one is added here."""

from __future__ import annotations

from models.operators import (
    black_and_white,
    blacks,
    clarity,
    colour_pencil,
    contrast,
    exposure,
    film,
    highlights,
    l0_smoothing,
    lens_blur,
    local_laplacian,
    multiscale_tone,
    noise_reduction,
    oil_painting,
    retouch,
    rtv,
    saturation,
    shadows,
    sharpening,
    temperature,
    tint,
    tone_curve,
    vibrance,
    vignette,
    weighted_median,
    whites,
)
from models.operators.base import Operator

OPERATORS: dict[str, Operator] = {
    module.OPERATOR.id: module.OPERATOR
    for module in (
        local_laplacian,
        multiscale_tone,
        l0_smoothing,
        rtv,
        weighted_median,
        lens_blur,
        black_and_white,
        film,
        colour_pencil,
        oil_painting,
        retouch,
        exposure,
        contrast,
        highlights,
        shadows,
        whites,
        blacks,
        clarity,
        tone_curve,
        temperature,
        tint,
        vibrance,
        saturation,
        sharpening,
        noise_reduction,
        vignette,
    )
}

ADJUSTMENTS = tuple(
    op.id for op in OPERATORS.values() if op.family in ("light", "curve", "colour", "finish")
)
"""Light and colour: what is set with a slider or a curve of its own, and is no look."""
