"""The quantiser's step of a residual's code: the finest one whose code fits into a given room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding import rans
from models.coding.residual_bitstream import PARTS, pack_tables
from models.coding.residual_contexts import plan_bands

ROUNDING = 0.42
"""Magnitudes are rounded up from this fraction of a step below the next multiple (a dead zone:
small coefficients cost more bits than they are worth)."""

STEPS_PER_OCTAVE = 16

TOGETHER = 32
"""Bands that are coded side by side."""

_FINEST_STEP = 0.25

_SAMPLE_COEFFICIENTS = 1 << 20


def quantise(coefficients: NDArray[np.float32], step: float) -> NDArray[np.int32]:
    """Coefficients as multiples of the step, with a dead zone."""
    magnitudes = np.floor(np.abs(coefficients) / np.float32(step) + np.float32(ROUNDING))
    return np.copysign(magnitudes, coefficients).astype(np.int32)


def magnitudes_of(coefficients: NDArray[np.float32], step: float) -> NDArray[np.uint8]:
    """The magnitudes of what `quantise` gives, as far as there are symbols for them."""
    magnitudes = np.abs(coefficients)
    magnitudes /= np.float32(step)
    magnitudes += np.float32(ROUNDING)
    np.minimum(magnitudes, np.float32(rans.LARGEST), out=magnitudes)
    return magnitudes.astype(np.uint8)


def step_size(index: int) -> float:
    """The step of an index, in levels: sixteen an octave."""
    return _FINEST_STEP * 2 ** (index / STEPS_PER_OCTAVE)


def likely_size(coefficients: list[NDArray[np.float32]], index: int, overhead: int) -> float:
    """About how many bytes the code takes at one step, with `overhead` bytes of header."""
    length = float(overhead)
    for first in range(0, len(coefficients), TOGETHER):
        bands = coefficients[first : first + TOGETHER]
        for band, plan in zip(
            bands, plan_bands([magnitudes_of(b, step_size(index)) for b in bands]), strict=True
        ):
            lanes = rans.lanes_for(plan.coded.size * band[0].size)
            length += PARTS.size + len(pack_tables(plan)) + plan.bits / 8 + 4 * lanes
    return length


def _likely_step(coefficients: list[NDArray[np.float32]], bits: int) -> int:
    """The finest step whose estimated code fits; estimated on some bands of a large picture."""
    total = sum(band.size for band in coefficients)
    every = max(1, round(total / _SAMPLE_COEFFICIENTS))
    sample = coefficients[every // 2 :: every]
    share = sum(band.size for band in sample) / total
    low, high = 0, 192
    while low < high:
        middle = (low + high) // 2
        plans = plan_bands([magnitudes_of(band, step_size(middle)) for band in sample])
        if sum(plan.bits for plan in plans) <= bits * share:
            high = middle
        else:
            low = middle + 1
    return low


def coarser(index: int) -> int:
    """The next step to be tried where a code does not fit."""
    return index + (1 if index < 8 * STEPS_PER_OCTAVE else 8)


def largest_of(coefficients: list[NDArray[np.float32]]) -> float:
    """The largest magnitude of some bands' coefficients."""
    return max(float(np.abs(band).max()) for band in coefficients)


def useful(largest: float, index: int) -> bool:
    """Whether a code of that step codes anything of coefficients up to `largest`."""
    return index >= 0 and step_size(index) * (1 - ROUNDING) <= largest


def finest_step(coefficients: list[NDArray[np.float32]], overhead: int, capacity: int) -> int:
    """The finest step whose code should fit, as far as can be told without coding.

    Args:
        coefficients: of each band, channels x rows x columns.
        overhead: bytes of the code's header.
        capacity: bytes that there is room for.

    Returns:
        The step's index; one that is not `useful` where nothing fits.
    """
    fixed = overhead + len(coefficients) * (PARTS.size + 600)
    largest = largest_of(coefficients)
    index = _likely_step(coefficients, 8 * (capacity - min(fixed, capacity // 4)))
    while useful(largest, index) and likely_size(coefficients, index, overhead) > capacity:
        index = coarser(index)
    while index > 0:
        size = likely_size(coefficients, index - 1, overhead)
        if size > capacity:
            break
        index -= 1
        if size > 0.97 * capacity:
            break
    return index
