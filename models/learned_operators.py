"""The learned form of the operators: one network that draws the look an algorithm would compute.

The look of every reference operator but two is linear in its strength, so the network only learns
the full look, ``look(s) = photo + s * residual(photo)``: strength 0 is the photo itself, and a
slider moves the picture evenly and without a jump.

What depends on a pixel's colour alone is a cubic polynomial for each operator, fitted by least
squares before the training. What depends on the surroundings comes from a residual U-Net
(Ronneberger, Fischer and Brox 2015) at quarter, eighth and sixteenth size: something to be added to
each of 4 x 4 pixels, and gains for the detail finer than that (in the manner of HDRNet, Gharbi et
al. 2017), for the features are too few to carry every pixel's detail. What sets one operator apart
from another is a scale and a shift of every feature (feature-wise linear modulation, Perez et al.
2018) and layers of its own at both ends.

Some operators start from a cheap relative of the look in place of the photo (`starting_point`): the
smoothers from a fast edge-preserving filter, for convolutions neither flatten an area nor keep an
edge crisp; lens blur and oil painting from themselves at half the size; the colour pencil from its
own shading, and the network draws its lines.
`models.learned_looks` folds the modulation into the weights and runs it on pictures of any size.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from models.operators import colour_pencil, lens_blur, oil_painting
from models.operators.base import FloatImage, Image, from_float, to_float
from models.operators.colour_space import LUMA, to_linear, to_srgb
from models.operators.full_size import mirrored

P = TypeVar("P", NDArray[np.uint8], FloatImage)

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

PENCIL = "colour-pencil"

LENS_BLUR = "lens-blur"

OIL = "oil-painting"


@dataclass(frozen=True)
class Pass:
    """One run of `cv2.ximgproc.fastGlobalSmootherFilter` (Min et al., "Fast Global Image Smoothing
    Based on Weighted Least Squares", IEEE TIP 23(12), 2014).

    Attributes:
        strength: its lambda.
        colour: its sigma, the difference in levels (0..255) that counts as an edge.
        iterations: sweeps across and down.
    """

    strength: float
    colour: float
    iterations: int


@dataclass(frozen=True)
class Smoother:
    """A fast edge-preserving filter: passes of which each finds the edges in what the one before
    has left, which is flatter and crisper than one pass can be.

    Attributes:
        passes: one after the other.
        blur: standard deviation in pixels of a Gaussian blur before them; 0 for none.
        blurred_edges: the same for the picture in which the first pass finds its edges, which
            takes texture away that is stronger than edges.
    """

    passes: tuple[Pass, ...]
    blur: float = 0.0
    blurred_edges: float = 0.0


SMOOTHERS = {
    "l0-smoothing": Smoother((Pass(16, 12, 3), Pass(960, 1.5, 3))),
    "rtv": Smoother((Pass(62, 7, 2), Pass(99, 3, 2)), blur=0.4, blurred_edges=1.4),
    "weighted-median": Smoother((Pass(5, 14, 1), Pass(23, 2.3, 2))),
}
"""What comes closest to these operators on training photos, of some hundred settings each; fewer
iterations leave streaks across and down where hair or grass is smoothed."""

BOTH_DISCS = 2.0, 4.0
"""Radii in pixels between which the lens blur passes from full to half size."""

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


def pencil_shading(photo: Image, long_edge: int) -> FloatImage:
    """The pencil drawing without its lines: H x W x 3 float32, 0..1.

    Tone, hatching and chroma of `models.operators.colour_pencil.draw`, but that colours out of
    gamut are clipped. None of it could be told from the photo around a pixel: the tone depends on
    the whole picture's histogram, the hatching on a pixel's position.
    """
    colours = to_float(photo)
    height, width = colours.shape[:2]
    luma = colour_pencil.luma_of(colours)
    tone = colour_pencil.tone_map(luma)
    sigma = colour_pencil.TEXTURE_WINDOW * max(long_edge / 1000, colour_pencil.MINIMUM_SCALE)
    texture = colour_pencil.pencil_texture(height, width, long_edge)
    shaded = colour_pencil.draw_texture(tone, texture, sigma)
    coverage = (1 - shaded) / np.maximum(1 - tone, np.float32(0.02))
    np.minimum(coverage, colour_pencil.MAXIMUM_COVERAGE, out=coverage)
    coverage *= np.float32(colour_pencil.CHROMA)
    shading = colours - luma[..., None]
    shading *= coverage[..., None]
    shading += shaded[..., None]
    return np.clip(shading, 0, 1, out=shading)


def smoothed(photo: Image, smoother: Smoother) -> FloatImage:
    """The photo through a fast edge-preserving filter: H x W x 3 RGB to the same, float32, 0..1.

    In 8 bits but for the last pass: half a level is nothing beside what the filter takes away, and
    it saves a quarter of the time.
    """
    levels = np.asarray(from_float(to_float(photo), np.dtype(np.uint8)), np.uint8)
    smooth, edges = _blurred(levels, smoother.blur), _blurred(levels, smoother.blurred_edges)
    for one in smoother.passes[:-1]:
        smooth = edges = _passed(one, edges, smooth)
    return to_float(_passed(smoother.passes[-1], edges, to_float(smooth)))


def _passed(one: Pass, edges: NDArray[np.uint8], picture: P) -> P:
    """In the picture's own number format."""
    filtered = cv2.ximgproc.fastGlobalSmootherFilter(
        edges, picture, one.strength, one.colour, num_iter=one.iterations
    )
    return np.asarray(filtered).reshape(picture.shape)  # type: ignore[return-value]


def _blurred(levels: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    if not sigma:
        return levels
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), sigma), np.uint8).reshape(levels.shape)


def quick_lens_blur(photo: FloatImage, radius: float) -> FloatImage:
    """`lens_blur.blur` at half the size, where that makes no difference: a quarter of the work.

    Args:
        photo: H x W x 3 float32, 0..1.
        radius: of the disc in pixels.
    """
    low, high = BOTH_DISCS
    share = min(1.0, max(0.0, (radius - low) / (high - low)))
    if share == 0 or min(photo.shape[:2]) < 2:
        return lens_blur.blur(photo, radius)
    height, width = photo.shape[:2]
    half = (width + 1) // 2, (height + 1) // 2
    small = cv2.resize(to_linear(photo), half, interpolation=cv2.INTER_AREA)
    reach = math.ceil(radius / 2) + 1
    light = mirrored(np.asarray(small, np.float32), reach)
    blurred = np.asarray(cv2.filter2D(light, -1, lens_blur.disc(radius / 2)), np.float32)
    blurred = blurred[reach:-reach, reach:-reach]
    large = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_CUBIC)
    quick = to_srgb(np.clip(np.asarray(large, np.float32), 0, None))
    return quick if share == 1 else lens_blur.blur(photo, radius) * (1 - share) + quick * share


def quick_painting(photo: FloatImage, long_edge: int) -> FloatImage:
    """`oil_painting.paint` at half the size and with few kinds of strokes: H x W x 3 float32.

    A tenth of the work; what is missing are the crisp edges.
    """
    height, width = photo.shape[:2]
    half = max(1, (width + 1) // 2), max(1, (height + 1) // 2)
    small = np.asarray(cv2.resize(photo, half, interpolation=cv2.INTER_AREA), np.float32)
    painted = oil_painting.anisotropic_kuwahara(
        small.reshape(half[1], half[0], 3),
        max(oil_painting.MINIMUM_RADIUS, oil_painting.RADIUS * long_edge) / 2,
        max(oil_painting.MINIMUM_TENSOR_SIGMA, oil_painting.TENSOR_SIGMA * long_edge) / 2,
        orientations=4,
        anisotropies=2,
    )
    large = cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(large, np.float32).reshape(photo.shape), 0, 1)


def has_starting_point(operator: str) -> bool:
    """Whether an operator starts from something else than the photo."""
    return operator in SMOOTHERS or operator in (PENCIL, LENS_BLUR, OIL)


def starting_point(
    photo: Image, operator: str, long_edge: int, strength: float = 1.0
) -> FloatImage:
    """What the look of an operator starts from: H x W x 3 float32, 0..1.

    Args:
        photo: H x W x 3 RGB, the whole picture.
        operator: one of `LEARNED`.
        long_edge: of the whole picture in pixels.
        strength: only a lens blur's makes a difference.
    """
    if operator == PENCIL:
        return pencil_shading(photo, long_edge)
    if operator == LENS_BLUR:
        return quick_lens_blur(to_float(photo), strength * lens_blur.RADIUS * long_edge)
    if operator == OIL:
        return quick_painting(to_float(photo), long_edge)
    if operator in SMOOTHERS:
        return smoothed(photo, SMOOTHERS[operator])
    return to_float(photo)


def coarse_guides(photo: Image, long_edge: int) -> NDArray[np.float32]:
    """The size of the picture, and how light the surroundings of each group of pixels are.

    Detail is boosted against them, and they reach further than a small network sees.

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
    luma = colour_pencil.luma_of(to_float(small))  # type: ignore[arg-type]
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

    A pixel's look depends on what is at most `REACH` pixels away: each 3 x 3 convolution at 1/n
    of the size adds n pixels, each enlargement from 1/n adds n.

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
        """What is written beside the weights, so that they can be loaded."""
        widths = " ".join(map(str, self.widths))
        return {"operators": " ".join(LEARNED), "widths": widths, "slope": f"{self.slope:g}"}

    def forward(self, photo: Tensor, source: Tensor, coarse: Tensor, operator: Tensor) -> Tensor:
        """What the full look adds to the photo.

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
    return y.unflatten(2, x.shape[2:])


def _enlarged(x: Tensor, factor: int) -> Tensor:
    return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)


def _chain(layers: nn.ModuleList, x: Tensor, operator: Tensor | None) -> Tensor:
    for layer in layers:
        x = layer(x, operator)
    return x
