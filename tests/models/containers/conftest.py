"""A photo and a look of it, for containers to carry."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(208, 331, seed=6)


@pytest.fixture(scope="module")
def look(photo: np.ndarray) -> np.ndarray:
    return np.asarray(OPERATORS["film"](np.asarray(OPERATORS["exposure"](photo, 0.7))))
