"""Prepared crops for the trainers' tests, drawn instead of rendered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training import prepare
from tests.models.natural_pictures import natural


def save_pairs(folder: Path, crops: int, size: int, darker: float) -> NDArray[np.uint8]:
    """Crops whose looks are darker, by that share, the later they come in the list.

    Returns:
        crops x planes x size x size x 3, as they were written into the folder.
    """
    pictures = np.empty((crops, prepare.PLANES, size, size, 3), np.uint8)
    for crop in range(crops):
        photo = natural(size, size, seed=crop)
        for plane in range(prepare.PLANES):
            pictures[crop, plane] = photo * (1 - darker * plane)
    np.save(folder / "pictures.npy", pictures)
    np.save(folder / "done.npy", np.ones(crops, np.uint8))
    np.save(folder / "long_edges.npy", np.full(crops, 700, np.int32))
    return pictures
