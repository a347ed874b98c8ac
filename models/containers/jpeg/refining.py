"""Decoded photos mended by a network, as far as it helps.

How far is measured when exporting and said in the header, so that a restored photo is never further
from the original than the decoded one. The network is no part of the format: codes do not depend on
it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models import parallel, zoo
from models.containers.container import Progress
from models.containers.jpeg.decoding import Decoded
from models.containers.jpeg.header import REFINED

STRENGTHS = (25, 50, 75, REFINED)
"""Those that are tried, besides 0."""

_ROWS = 64  # that are worked on at a time

Mend = Callable[[Decoded], NDArray[np.uint8]]
"""Makes the photo that a network takes for the right one: H x W x 3."""


def with_network(device: str, progress: Progress | None = None) -> Mend:
    """The newest network that ships. Raises WeightsError where there is none."""
    from models.networks import inference  # takes long
    from models.networks.device import pick_device
    from models.networks.pretrained import load_refinement

    network = load_refinement(weights(), pick_device(device))

    def mend(of: Decoded) -> NDArray[np.uint8]:
        pictures = of.photo, of.prediction, of.shown
        return inference.refine(network, pictures, of.conditions, progress)

    return mend


def weights() -> str:
    """Its name. Raises WeightsError where there is none."""
    return zoo.newest(zoo.REFINEMENT).name


def best_strength(parts: Sequence[tuple[NDArray[np.uint8], Decoded]], mend: Mend) -> int:
    """How much of what a network changes is to be taken over.

    Args:
        parts: of a picture or all of it: the photo, H x W x 3, and what is decoded of it.
        mend: the network.

    Returns:
        One of `STRENGTHS`, or 0 where none of them comes closer to the photo.
    """
    errors = dict.fromkeys((0, *STRENGTHS), 0)
    for photo, decoded in parts:
        mended = mend(decoded)
        for strength in errors:
            errors[strength] += _error(photo, blended(decoded.photo, mended, strength))
    return min(errors, key=lambda strength: errors[strength])


def blended(
    decoded: NDArray[np.uint8], mended: NDArray[np.uint8], strength: int
) -> NDArray[np.uint8]:
    """So much of the change from one to the other, H x W x 3; `REFINED`: all."""
    if strength in (0, REFINED):
        return mended if strength else decoded
    result = np.empty_like(decoded)
    share = np.float32(strength / REFINED)

    def blend(rows: slice) -> None:
        before = decoded[rows].astype(np.float32)
        result[rows] = np.rint(before + share * (mended[rows] - before))

    parallel.mapped(blend, parallel.bands(len(decoded), _ROWS))
    return result


def _error(photo: NDArray[np.uint8], restored: NDArray[np.uint8]) -> int:
    difference = photo.astype(np.int32) - restored
    return int(np.einsum("ijk,ijk->", difference, difference, dtype=np.int64))
