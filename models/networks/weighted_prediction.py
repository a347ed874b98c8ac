"""What an edited look tells of its photo before anything is hidden: a weighted colour prediction.

Exposure, film and tone curves act on colours alone; a cubic polynomial of the look's colour, fitted
by least squares when exporting, undoes most of them. Other looks smooth texture away or draw their
own, and there such a prediction must not be believed: so every frequency of the prediction (8 x 8
DCT, opponent colours) is multiplied by a weight, what least squares says it is worth. Polynomial,
weights, and the size of what they miss are the `Guide` that a container carries in its head.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.dct import dct_matrix
from models.networks.block_transform import BlockTransform

DEGREE = 3
"""Of the polynomial."""

BLOCK = 8
"""Side in pixels of the blocks whose frequencies are weighted."""

FINE_BLOCK = 4
"""Side in pixels of the blocks that `Guide.scales` is about: those of the invertible branch."""

_MONOMIALS = tuple(
    c for degree in range(DEGREE + 1) for c in combinations_with_replacement(range(3), degree)
)
_SHORTER = [_MONOMIALS.index(m[:-1]) for m in _MONOMIALS]
"""Where each monomial's product without its last factor stands, before it."""

_WEIGHTS = 3 * BLOCK**2
_SCALES = 3 * FINE_BLOCK**2
SIZE = 2 * 3 * len(_MONOMIALS) + _WEIGHTS + _SCALES
"""Bytes of a guide."""

_BLOCKS = 4096
_RIDGE = 1e-4
_WEIGHT_STEPS = 200  # per unit; a byte holds weights up to 1.25
_SCALE_STEPS = 16  # per octave
_SMALLEST_SCALE = 2.0**-9  # half a level


@dataclass(frozen=True)
class Guide:
    """Weighted predictions of B photos from their looks, and what they leave.

    Attributes:
        coefficients: B x 20 x 3, of the polynomial from colours less 0.5 to colours less 0.5.
        weights: B x 192, 0..1.25, of the frequencies of the polynomial's value.
        scales: B x 48, root mean square of photo less prediction by channel of a 4 x 4
            `BlockTransform`, full range 1.
    """

    coefficients: Tensor
    weights: Tensor
    scales: Tensor

    @staticmethod
    def read(*heads: bytes) -> Guide:
        """One guide for each of some heads of `SIZE` bytes, as `fit` gives them."""
        codes = np.frombuffer(b"".join(heads), np.uint8).reshape(len(heads), SIZE)
        split = SIZE - _WEIGHTS - _SCALES
        coefficients = np.ascontiguousarray(codes[:, :split]).view("<f2").astype(np.float32)
        weights = codes[:, split : split + _WEIGHTS].astype(np.float32) / _WEIGHT_STEPS
        exponents = codes[:, split + _WEIGHTS :].astype(np.float32) / _SCALE_STEPS
        return Guide(
            torch.from_numpy(coefficients.reshape(len(heads), -1, 3)),
            torch.from_numpy(weights),
            torch.from_numpy(np.exp2(exponents) * np.float32(_SMALLEST_SCALE)),
        )

    def to(self, device: torch.device) -> Guide:
        """The same on another device."""
        return Guide(self.coefficients.to(device), self.weights.to(device), self.scales.to(device))

    def double(self) -> Guide:
        """The same in double precision."""
        return Guide(self.coefficients.double(), self.weights.double(), self.scales.double())

    def predict(self, look: Tensor, transform: BlockTransform) -> Tensor:
        """The photos as far as they follow from their looks.

        Args:
            look: B x 3 x H x W, 0..1, sides multiples of 8.
            transform: of 8 x 8 blocks, on the device of the look.

        Returns:
            B x 3 x H x W; not much outside 0..1.
        """
        colours = look.clamp(0, 1) - 0.5
        products = [torch.ones_like(colours[:, 0])]
        for i, powers in enumerate(_MONOMIALS[1:], start=1):
            products.append(products[_SHORTER[i]] * colours[:, powers[-1]])
        monomials = torch.stack(products, 1).flatten(2)
        values = torch.bmm(self.coefficients.transpose(1, 2), monomials).view_as(colours)
        frequencies = transform((values + 0.5).clamp(0, 1))
        return transform(frequencies * self.weights[:, :, None, None], rev=True)


def fit(photo: NDArray[np.uint8], look: NDArray[np.generic]) -> bytes:
    """The guide of one photo and its look, as the bytes of a head.

    Args:
        photo, look: H x W x 3 in levels, of equal shape.
    """
    return fit_blocks(sample_blocks(photo), sample_blocks(look))


def sample_blocks(picture: NDArray[np.generic]) -> NDArray[np.generic]:
    """Up to `_BLOCKS` blocks of 8 x 8 pixels from all over a picture (H x W x 3): N x 8 x 8 x 3."""
    down, across = (-n % BLOCK for n in picture.shape[:2])
    if picture.shape[0] < BLOCK or picture.shape[1] < BLOCK:
        picture = np.pad(picture, ((0, down), (0, across), (0, 0)), mode="edge")
    rows, columns = (n // BLOCK for n in picture.shape[:2])
    chosen = np.linspace(0, rows * columns - 1, min(_BLOCKS, rows * columns)).astype(np.intp)
    whole = picture[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK, 3)
    return whole[chosen // columns, :, chosen % columns]


def fit_blocks(photo: NDArray[np.uint8], look: NDArray[np.generic]) -> bytes:
    """The same from blocks of both, N x 8 x 8 x 3."""
    y, x = (p.astype(np.float32) / 255 - np.float32(0.5) for p in (photo, look))
    colours = np.ascontiguousarray(x.reshape(-1, 3).T)
    monomials = np.ones((len(_MONOMIALS), colours.shape[1]), np.float32)
    for i, powers in enumerate(_MONOMIALS[1:], start=1):
        np.multiply(monomials[_SHORTER[i]], colours[powers[-1]], out=monomials[i])
    moments = (monomials @ monomials.T).astype(np.float64)
    ridge = _RIDGE * colours.shape[1] * np.eye(len(moments))
    ridge[0, 0] = 0
    towards = (monomials @ y.reshape(-1, 3)).astype(np.float64)
    coefficients = np.linalg.solve(moments + ridge, towards).astype("<f2")
    values = monomials.T @ coefficients.astype(np.float32)
    np.clip(values, -0.5, 0.5, out=values)

    photo_f, predicted = _frequencies(y, BLOCK), _frequencies(values.reshape(y.shape), BLOCK)
    energy = np.square(predicted).sum(0)
    weights = (photo_f * predicted).sum(0) / np.maximum(energy, 1e-12)
    weights.reshape(3, -1)[:, 0] = 1  # else grey would pull at the mean
    codes = np.clip(np.rint(weights * _WEIGHT_STEPS), 0, 250).astype(np.uint8)
    missed = photo_f - predicted * (codes.astype(np.float32) / _WEIGHT_STEPS)
    scales = np.sqrt(np.square(_frequencies(_pictures(missed), FINE_BLOCK)).mean(0))
    exponents = _SCALE_STEPS * np.log2(np.maximum(scales / _SMALLEST_SCALE, 1))
    return coefficients.tobytes() + codes.tobytes() + np.rint(exponents).astype(np.uint8).tobytes()


def _frequencies(blocks: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """N x 8 x 8 x 3 to M x 3 size² coefficients, colour slowest, as `BlockTransform` has them."""
    n = BLOCK // size
    parts = blocks.reshape(len(blocks), n, size, n, size, 3)
    parts = parts.transpose(0, 1, 3, 5, 2, 4).reshape(-1, 3, size, size)
    d, colours = (dct_matrix(k).astype(np.float32) for k in (size, 3))
    parts = d @ parts @ d.T
    return (colours @ parts.reshape(len(parts), 3, -1)).reshape(len(parts), -1)


def _pictures(frequencies: NDArray[np.float32]) -> NDArray[np.float32]:
    """N x 192 coefficients back to N x 8 x 8 x 3."""
    d, colours = (dct_matrix(k).astype(np.float32) for k in (BLOCK, 3))
    parts = (colours.T @ frequencies.reshape(-1, 3, BLOCK**2)).reshape(-1, 3, BLOCK, BLOCK)
    return np.ascontiguousarray((d.T @ parts @ d).transpose(0, 2, 3, 1))
