"""The learned form of the operators: one network that draws the look an algorithm would compute.

The looks of all reference operators but two are linear in the strength, so the network learns only
the full look, ``look(s) = photo + s * residual(photo)``: strength 0 is the photo itself, and a
slider changes the picture evenly.

What depends on a pixel's colour alone is a cubic polynomial for each operator, fitted by least
squares before the training. What depends on the surroundings comes from a residual U-Net
(Ronneberger, Fischer and Brox 2015) at quarter, eighth and sixteenth size: an offset for each of 4
x 4 pixels, and gains for finer detail (in the manner of HDRNet, Gharbi et al. 2017), because the
features are too few to carry the detail of every pixel. Operators differ by a scale and a shift of
every feature (feature-wise linear modulation, Perez et al. 2018) and by their own first and last
layers.

Some operators start from a cheap approximation of the look instead of the photo (`starting_point`):
the smoothers from a fast edge-preserving filter, because convolutions neither flatten areas nor
keep edges crisp; lens blur and oil painting from themselves at half the size; the colour pencil
from its own shading, over which the network draws the lines. `models.learned.folding` folds the
modulation into the weights, `models.learned.tiles` runs it on pictures of any size.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from models.learned.starting_points import PENCIL
from models.operators.colour_space import LUMA
from models.operators.colour_space import luma as luma_of
from models.operators.images import Image, to_float

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

GROUP = 4
"""Side of the groups of pixels that the network works on."""

PIXELS = GROUP * GROUP

COARSE = 3
"""Planes at 1 / `GROUP` of the size that the network sees beside the photo and the starting point:
the size of the picture, and the lightness of the surroundings in two widths."""

SURROUNDINGS = (0.015, 0.05)
"""Standard deviations of the windows in which lightness is averaged, as shares of the long edge."""

_COARSE_EDGE = 192
"""Long edge in pixels of the copy on which that is done."""


MULTIPLE = 16
"""Height and width of what the network sees are multiples of this."""

REACH = 128
"""Pixels around a pixel that can make a difference to its look, see `OperatorNetwork`."""

WIDTHS = (32, 64, 96)

SLOPE = 0.1

PLAIN, GAINS = 3 * PIXELS, 6
"""Outputs for a group: three colours for each pixel; and how much of a colour's own detail each
colour gains, and how much of the luma's."""

POWERS = tuple(
    powers
    for degree in range(4)
    for powers in itertools.combinations_with_replacement(range(3), degree)
)
"""The channels whose product is a monomial: the constant, three of degree 1, 6 of 2, 10 of 3."""


def size_guide(long_edge: int) -> float:
    """The plane that tells the size of a picture, the same everywhere; `long_edge` in pixels."""
    return math.log2(long_edge / 1000)


def coarse_guides(photo: Image, long_edge: int) -> NDArray[np.float32]:
    """The size of the picture, and the mean luma around each group of pixels.

    Detail operators work relative to it, and it reaches further than a small network sees.

    Args:
        photo: H x W x 3 RGB, the whole picture.
        long_edge: of the whole picture in pixels.

    Returns:
        H / `GROUP` x W / `GROUP` (rounded up) x `COARSE` float32, around 0.
    """
    height, width = photo.shape[:2]
    scale = min(1.0, _COARSE_EDGE / long_edge)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], 3)
    luma = luma_of(to_float(small))  # type: ignore[arg-type]
    planes = np.empty((-(-height // GROUP), -(-width // GROUP), COARSE), np.float32)
    planes[..., 0] = size_guide(long_edge)
    for i, share in enumerate(SURROUNDINGS, start=1):
        sigma = max(0.3, share * long_edge * scale)
        blurred = cv2.GaussianBlur(luma, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        planes[..., i] = cv2.resize(
            blurred.reshape(luma.shape), planes.shape[1::-1], interpolation=cv2.INTER_LINEAR
        ).reshape(planes.shape[:2])
        planes[..., i] -= np.float32(0.5)
    return planes


def monomials(colours: Tensor) -> Tensor:
    """The products of `POWERS`: 3 x ... colours less 0.5 to len(POWERS) x ... ."""
    products: dict[tuple[int, ...], Tensor] = {(): torch.ones_like(colours[0])}
    for powers in POWERS[1:]:
        products[powers] = products[powers[:-1]] * colours[powers[-1]]
    return torch.stack([products[powers] for powers in POWERS])


class Modulated(nn.Module):
    """A 3 x 3 convolution whose output each operator scales and shifts, and leaky ReLU."""

    def __init__(
        self, inputs: int, outputs: int, operators: int, stride: int = 1, slope: float = SLOPE
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

    A pixel's look depends on pixels at most `REACH` away: each 3 x 3 convolution at 1/n of the size
    adds n pixels, each enlargement from 1/n adds n.

    Args:
        operators: how many.
        widths: features at quarter, eighth and sixteenth size.
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
        a, b, c = widths
        n = operators
        inputs = 2 * PLAIN + COARSE
        self.first = nn.Parameter(torch.empty(n, a, inputs, 1, 1))
        nn.init.normal_(self.first, std=math.sqrt(2 / inputs))
        self.first_bias = nn.Parameter(torch.zeros(n, a))

        def modulated(inputs: int, outputs: int, stride: int = 1) -> Modulated:
            return Modulated(inputs, outputs, n, stride, slope)

        self.down1 = modulated(a, a)
        self.down2 = nn.ModuleList([modulated(a, b, 2), modulated(b, b)])
        self.down3 = nn.ModuleList([modulated(b, c, 2), modulated(c, c), modulated(c, b)])
        self.up2 = nn.ModuleList([modulated(b, b), modulated(b, a)])
        self.up1 = nn.ModuleList([modulated(a, a), modulated(a, a)])
        self.last = nn.Parameter(torch.zeros(n, PLAIN + GAINS, a, 1, 1))
        self.last_bias = nn.Parameter(torch.zeros(n, PLAIN + GAINS))
        # What a colour alone adds to the source. Zero for an operator that has no use for it.
        self.colour = nn.Buffer(torch.zeros(n, 3, len(POWERS)))

    @property
    def shape(self) -> dict[str, str]:
        """What has to be stored with the weights to load them."""
        widths = " ".join(map(str, self.widths))
        return {"operators": " ".join(LEARNED), "widths": widths, "slope": f"{self.slope:g}"}

    def forward(self, photo: Tensor, source: Tensor, coarse: Tensor, operator: Tensor) -> Tensor:
        """The difference between the full look and the photo.

        Args:
            photo: B x 3 x H x W RGB, 0..1; sides multiples of `MULTIPLE`.
            source: B x 3 x H x W, what the look starts from, see `starting_point`.
            coarse: B x `COARSE` x H / `GROUP` x W / `GROUP`, see `coarse_guides`.
            operator: B indices into `LEARNED`.

        Returns:
            B x 3 x H x W, to be added to the photo; not clipped.
        """
        pixels = F.pixel_unshuffle(torch.cat([photo - 0.5, source - photo], 1), GROUP)
        x = torch.cat([pixels, coarse], 1)
        x = _each(x, self.first[operator], self.first_bias[operator])
        x = F.leaky_relu_(x, self.slope)
        x = self.trunk(x, operator)
        x = _each(x, self.last[operator], self.last_bias[operator])
        plain, gains = x.float().split((PLAIN, GAINS), dim=1)
        # A line is drawn over the pencil's shading, it makes all colours darker in proportion.
        over = torch.where((operator == LEARNED.index(PENCIL))[:, None, None, None], source, 1.0)
        detail = source - _enlarged(F.avg_pool2d(source, GROUP), GROUP)
        luma = torch.einsum("bchw,c->bhw", detail, torch.from_numpy(LUMA).to(detail))[:, None]
        of_colour, of_luma = _enlarged(gains, GROUP).chunk(2, dim=1)
        moved = source - photo + F.pixel_shuffle(plain, GROUP) * over
        moved = moved + of_colour * detail + of_luma * luma
        powers = monomials((source - 0.5).transpose(0, 1)).transpose(0, 1)
        return moved + torch.einsum("bcp,bphw->bchw", self.colour[operator], powers)

    def trunk(self, x: Tensor, operator: Tensor | None) -> Tensor:
        """All between the first and the last layer: features of groups of pixels to the same.

        `operator` is None where the modulation has been folded into the layers.
        """
        x1 = self.down1(x, operator)
        x2 = _chain(self.down2, x1, operator)
        x = _chain(self.down3, x2, operator)
        x = _chain(self.up2, _enlarged(x, 2).add_(x2), operator)
        return _chain(self.up1, _enlarged(x, 2).add_(x1), operator)


def _each(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A 1 x 1 convolution of its own for every sample: B x C x H x W with B x O x C x 1 x 1."""
    y = torch.baddbmm(bias[..., None], weight[..., 0, 0], x.flatten(2))
    out: Tensor = y.unflatten(2, x.shape[2:])
    return out


def _enlarged(x: Tensor, factor: int) -> Tensor:
    return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)


def _chain(layers: nn.ModuleList, x: Tensor, operator: Tensor | None) -> Tensor:
    for layer in layers:
        x = layer(x, operator)
    return x
