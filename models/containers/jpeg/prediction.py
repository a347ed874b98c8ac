"""What follows of the photo from a container's own picture."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.coding import colour_prediction, finer_detail, weighted_prediction
from models.containers import coefficients
from models.containers.coefficients import Coefficients, Planes
from models.containers.jpeg.pairs import middle_picture


class Prediction(NamedTuple):
    """How the photo is predicted.

    Attributes:
        colours: see `colour_prediction`.
        weights: see `weighted_prediction`.
    """

    colours: bytes
    weights: bytes

    @staticmethod
    def fitted(photo: NDArray[np.uint8], clean: Coefficients) -> Prediction:
        """The best one from the picture that hiding does not change."""
        middle = middle_picture(clean)
        colours = colour_prediction.fit(middle, photo)
        told = colour_prediction.approximate(middle, colours)
        return Prediction(colours, weighted_prediction.fit(told, photo))

    def from_middles(self, of: Coefficients) -> NDArray[np.float32]:
        """From the picture that hiding does not change; H x W x 3 levels."""
        return self._from(middle_picture(of))

    def from_values(self, planes: Planes, like: Coefficients) -> NDArray[np.float32]:
        """From coefficients as they are."""
        return self._from(coefficients.to_pixels(planes, like))

    def with_detail(self, of: Coefficients, shares: bytes) -> NDArray[np.float32]:
        """From the picture that hiding does not change, with shares of what the coefficients as
        they are would change in it; see `finer_detail`."""
        told, seen = (
            colour_prediction.approximate(picture, self.colours)
            for picture in (middle_picture(of), coefficients.to_pixels(of.planes, of))
        )
        return finer_detail.prediction(told, seen, self.weights, shares)

    def _from(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        told = colour_prediction.approximate(picture, self.colours)
        return weighted_prediction.apply(told, self.weights)
