"""The discrete cosine transform."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def dct_matrix(n: int) -> NDArray[np.float64]:
    """The orthonormal type-II DCT of n points: n x n, rows are frequencies."""
    k, x = np.arange(n)[:, None], np.arange(n)[None, :]
    rows: NDArray[np.float64] = np.cos(np.pi * (2 * x + 1) * k / (2 * n)) * np.sqrt(2 / n)
    rows[0] /= np.sqrt(2)
    return rows
