"""All operators, in the order in which they are shown. A new one is added here."""

from __future__ import annotations

from models.operators import (
    black_and_white,
    colour_pencil,
    exposure,
    film,
    l0_smoothing,
    lens_blur,
    local_laplacian,
    multiscale_tone,
    oil_painting,
    retouch,
    rtv,
    weighted_median,
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
    )
}
