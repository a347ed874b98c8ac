"""The learned form of the operators: one network that draws the look an algorithm would compute.

The look of every reference operator but two is linear in its strength, so the network only learns
the full look, ``look(s) = photo + s * residual(photo)``: strength 0 is the photo itself, and a
slider moves the picture evenly and without a jump.

The network is a residual U-Net (Ronneberger, Fischer and Brox 2015) at half, quarter, eighth and
sixteenth size. What sets one operator apart from another is a scale and a shift of every feature
(feature-wise linear modulation, Perez et al. 2018) and layers of its own at both ends.
`models.learned_looks` folds the modulation into the weights and runs it on pictures of any size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from models.operators import colour_pencil
from models.operators.base import Image, to_float

LEARNED = (
    "local-laplacian",
    "multiscale-tone",
    "l0-smoothing",
    "rtv",
    "weighted-median",
    "lens-blur",
    "black-and-white",
    "film",
    "colour-pencil",
    "oil-painting",
    "retouch",
)
"""The operators that the network knows, in the order of its layers."""

SIZE, TONE, PAPER, *AROUND = range(5)
"""The planes beside the photo: size of the picture, for the pencil its tone and its paper, and the
lightness of the surroundings in two widths."""

GUIDES = 5

SURROUNDINGS = (0.015, 0.05)
"""Standard deviations of the windows in which lightness is averaged, as shares of the long edge."""

_COARSE_EDGE = 192
"""Long edge in pixels of the copy on which that is done."""

PENCIL = "colour-pencil"

MULTIPLE = 16
"""Height and width of what the network sees are multiples of this."""

REACH = 128
"""Pixels around a pixel that can make a difference to its look, see `OperatorNetwork`."""

WIDTHS = (32, 64, 96, 128)

SLOPE = 0.1


def size_guide(long_edge: int) -> float:
    """The plane that tells the size of a picture, the same everywhere; `long_edge` in pixels."""
    return math.log2(long_edge / 1000)


def pencil_guides(photo: Image, long_edge: int) -> NDArray[np.float32]:
    """What the colour pencil needs to know of the whole picture: H x W x 2 float32.

    The tone depends on the whole picture's histogram, and the paper on a pixel's position: neither
    could be told from the photo around a pixel.
    """
    height, width = photo.shape[:2]
    planes = np.empty((height, width, 2), np.float32)
    planes[..., 0] = colour_pencil.tone_map(colour_pencil.luma_of(to_float(photo)))
    planes[..., 1] = colour_pencil.pencil_texture(height, width, long_edge)
    planes -= np.float32(0.5)
    return planes


def surroundings(photo: Image, long_edge: int) -> NDArray[np.float32]:
    """How light the surroundings of each pixel are: H x W x 2 float32, less 0.5.

    Detail is boosted against them, and they reach further than a small network sees.
    """
    height, width = photo.shape[:2]
    scale = min(1.0, _COARSE_EDGE / long_edge)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], 3)
    luma = colour_pencil.luma_of(to_float(small))  # type: ignore[arg-type]
    planes = np.empty((height, width, len(SURROUNDINGS)), np.float32)
    for i, share in enumerate(SURROUNDINGS):
        sigma = max(0.3, share * long_edge * scale)
        blurred = cv2.GaussianBlur(luma, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        planes[..., i] = cv2.resize(
            blurred.reshape(luma.shape), (width, height), interpolation=cv2.INTER_LINEAR
        ).reshape(height, width)
    planes -= np.float32(0.5)
    return planes


def guides(photo: Image, operator: str, long_edge: int) -> NDArray[np.float32]:
    """What the network is told beside the photo: `GUIDES` x H x W float32.

    Args:
        photo: H x W x 3 RGB, the whole picture.
        operator: one of `LEARNED`.
        long_edge: of the whole picture in pixels.
    """
    planes = np.zeros((GUIDES, *photo.shape[:2]), np.float32)
    planes[SIZE] = size_guide(long_edge)
    if operator == PENCIL:
        planes[[TONE, PAPER]] = pencil_guides(photo, long_edge).transpose(2, 0, 1)
    planes[AROUND] = surroundings(photo, long_edge).transpose(2, 0, 1)
    return planes


class Modulated(nn.Module):
    """A 3 x 3 convolution whose output each operator scales and shifts, and (leaky) ReLU."""

    def __init__(
        self, inputs: int, outputs: int, operators: int, stride: int = 1, slope: float = 0.0
    ) -> None:
        super().__init__()
        self.slope = slope
        self.convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
        nn.init.kaiming_normal_(self.convolution.weight, nonlinearity="relu")
        assert self.convolution.bias is not None
        nn.init.zeros_(self.convolution.bias)
        self.scale = nn.Parameter(torch.ones(operators, outputs))
        self.shift = nn.Parameter(torch.zeros(operators, outputs))

    def forward(self, x: Tensor, operator: Tensor) -> Tensor:
        """B x C x H x W; `operator` holds B indices."""
        x = self.convolution(x)
        scale, shift = (z[operator, :, None, None].to(x.dtype) for z in (self.scale, self.shift))
        return F.leaky_relu_(torch.addcmul(shift, x, scale), self.slope)


class OperatorNetwork(nn.Module):
    """All learned operators at once.

    A pixel's look depends on what is at most `REACH` pixels away: each 3 x 3 convolution at 1/n
    of the size adds n pixels, each enlargement from 1/n adds n.

    Args:
        operators: how many.
        widths: features at half, quarter, eighth and sixteenth size.
        slope: of the activations below 0. With 0 (ReLU) most features died in training.
    """

    def __init__(
        self,
        operators: int = len(LEARNED),
        widths: Sequence[int] = WIDTHS,
        slope: float = SLOPE,
    ) -> None:
        super().__init__()
        self.operators, self.widths, self.slope = operators, tuple(widths), slope
        a, b, c, d = widths
        n = operators
        inputs = 4 * (3 + GUIDES)
        self.first = nn.Parameter(torch.empty(n, a, inputs, 3, 3))
        nn.init.normal_(self.first, std=math.sqrt(2 / (9 * inputs)))
        self.first_bias = nn.Parameter(torch.zeros(n, a))

        def modulated(inputs: int, outputs: int, stride: int = 1) -> Modulated:
            return Modulated(inputs, outputs, n, stride, slope)

        self.down1 = modulated(a, a)
        self.down2 = nn.ModuleList([modulated(a, b, 2), modulated(b, b), modulated(b, b)])
        self.down3 = nn.ModuleList([modulated(b, c, 2), modulated(c, c)])
        self.down4 = nn.ModuleList([modulated(c, d, 2), modulated(d, d), modulated(d, c)])
        self.up3 = nn.ModuleList([modulated(c, c), modulated(c, b)])
        self.up2 = nn.ModuleList([modulated(b, b), modulated(b, b), modulated(b, a)])
        self.up1 = nn.ModuleList([modulated(a, a), modulated(a, a)])
        # The second twelve are what is added times the pencil's paper.
        self.last = nn.Parameter(torch.zeros(n, 24, a, 3, 3))
        self.last_bias = nn.Parameter(torch.zeros(n, 24))

    @property
    def shape(self) -> dict[str, str]:
        """What is written beside the weights, so that they can be loaded."""
        widths = " ".join(map(str, self.widths))
        return {"operators": " ".join(LEARNED), "widths": widths, "slope": f"{self.slope:g}"}

    def forward(self, photo: Tensor, guides: Tensor, operator: Tensor) -> Tensor:
        """What the full look adds to the photo.

        Args:
            photo: B x 3 x H x W RGB, 0..1; sides multiples of `MULTIPLE`.
            guides: B x `GUIDES` x H x W, see `guides`.
            operator: B indices into `LEARNED`.

        Returns:
            B x 3 x H x W, to be added to the photo; not clipped.
        """
        x = F.pixel_unshuffle(torch.cat([photo - 0.5, guides], 1), 2)
        x = _each(x, self.first[operator], self.first_bias[operator])
        x = F.leaky_relu_(x, self.slope)
        x = self.trunk(x, operator)
        x = _each(x, self.last[operator], self.last_bias[operator])
        plain, on_paper = F.pixel_shuffle(x, 2).chunk(2, dim=1)
        return plain + on_paper * guides[:, PAPER : PAPER + 1]

    def trunk(self, x: Tensor, operator: Tensor | None) -> Tensor:
        """All between the first and the last layer: features at half size to the same.

        `operator` is None where the modulation has been folded into the layers.
        """
        x1 = self.down1(x, operator)
        x2 = _chain(self.down2, x1, operator)
        x3 = _chain(self.down3, x2, operator)
        x = _chain(self.down4, x3, operator)
        x = _chain(self.up3, _twice(x).add_(x3), operator)
        x = _chain(self.up2, _twice(x).add_(x2), operator)
        return _chain(self.up1, _twice(x).add_(x1), operator)


def _each(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A convolution of its own for every sample: B x C x H x W with B x O x C x 3 x 3."""
    batch, outputs = bias.shape
    together = x.reshape(1, -1, *x.shape[2:])
    y = F.conv2d(together, weight.flatten(0, 1), bias.flatten(), padding=1, groups=batch)
    return y.reshape(batch, outputs, *y.shape[2:])


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def _chain(layers: nn.ModuleList, x: Tensor, operator: Tensor | None) -> Tensor:
    for layer in layers:
        x = layer(x, operator)
    return x
