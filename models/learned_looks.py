"""Learned looks of pictures of any size: the network of `learned_operators`, folded and in tiles.

`learned(id)` is an `Operator` like its reference, with the network in the place of the algorithm:
the working scale, number formats and strength 0 are the same, hence a preview and an export agree.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from models import zoo
from models.device import number_format
from models.learned_operators import (
    AROUND,
    LEARNED,
    LENS_BLUR,
    MIXED,
    MULTIPLE,
    PENCIL,
    PLAIN,
    REACH,
    SEEN,
    SIZE,
    Modulated,
    OperatorNetwork,
    has_starting_point,
    monomials,
    size_guide,
    starting_point,
    surroundings,
)
from models.operators.base import FloatImage, Operator
from models.operators.registry import OPERATORS

TILE = 1024
"""Side of a tile in pixels, without its margin; a multiple of `MULTIPLE`."""

MARGIN = REACH
"""Pixels around a tile that are computed and thrown away: a multiple of `MULTIPLE`, so that tiles
see the same grid of coarse pixels as the whole picture."""

BAND = 8
"""Rows whose colours are transformed at once."""

CHANNEL = "operators"
"""Of the weights, see `zoo.WeightsEntry`."""

Progress = Callable[[float], None]


class FoldedOperator(nn.Module):
    """The network of one operator: plain convolutions, colours last, pixels in groups of 2 x 2.

    Args:
        network: all operators.
        operator: one of `LEARNED`.
        dtype: number format of the convolutions.
    """

    def __init__(
        self, network: OperatorNetwork, operator: str, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        index = LEARNED.index(operator)
        self.dtype = dtype
        self.operator = operator
        self.starts_elsewhere = has_starting_point(operator)
        self.first = _Convolution(
            self._first_weight(network.first[index]),
            network.first_bias[index],
            slope=network.slope,
        )
        # From one colour's 2 x 2 pixels after the other to one pixel's colours after the other, and
        # from the rows of a matrix to its columns.
        plain = torch.arange(PLAIN).reshape(3, 4).T.flatten()
        mixed = PLAIN + torch.arange(MIXED).reshape(3, 3).T.flatten()
        order = torch.cat([plain, mixed])
        self.last = _Convolution(network.last[index][order], network.last_bias[index][order])
        self.colour = network.colour[index].clone() if network.colour[index].any() else None
        trunk = copy.deepcopy(network)
        for name in ("first", "first_bias", "last", "last_bias", "colour"):
            delattr(trunk, name)
        for parent in list(trunk.modules()):
            for name, layer in list(parent.named_children()):
                if isinstance(layer, Modulated):
                    setattr(parent, name, _folded(layer, index))
        self.trunk = trunk
        self.requires_grad_(False).eval()
        self.to(dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def _first_weight(self, weight: Tensor) -> Tensor:
        """Inputs in the order of `forward`'s: 2 x 2 pixels of the photo, the same of the guides and
        of the starting point if it is not the photo, then the size, which is the same in all
        pixels of a group."""
        outputs = weight.shape[0]
        by_plane = weight.reshape(outputs, 3 + SEEN + 3, 4, 3, 3)
        size = by_plane[:, 3 + SIZE].sum(1, keepdim=True)
        parts = [by_plane[:, :3], by_plane[:, [3 + guide for guide in AROUND]]]
        if self.starts_elsewhere:
            parts.append(by_plane[:, 3 + SEEN :])
        pixels = [part.transpose(1, 2).reshape(outputs, -1, 3, 3) for part in parts]
        return torch.cat([*pixels, size], 1)

    def forward(
        self,
        size: float,
        strength: float,
        photo: Tensor,
        guides: Tensor,
        source: Tensor | None = None,
    ) -> Tensor:
        """The look of a photo.

        Args:
            size: see `learned_operators.size_guide`.
            strength: 0..1.
            photo: H x W x 3 float32, 0..1; sides multiples of `MULTIPLE`.
            guides: H x W x 2, the photo's surroundings.
            source: H x W x 3 float32, the starting point; None for the photo itself.

        Returns:
            H x W x 3 float32, not clipped.
        """
        of_photo, of_guides = _groups(photo), _groups(guides)
        h, w = of_photo.shape[:2]
        inputs = self.first.weight.shape[1]
        x = torch.empty(h, w, inputs, dtype=self.dtype, device=photo.device)
        torch.sub(of_photo, 0.5, out=x[..., :12].view(of_photo.shape))
        end = 12 + 4 * guides.shape[2]
        x[..., 12:end].view(of_guides.shape).copy_(of_guides)
        if source is not None:
            torch.sub(_groups(source), of_photo, out=x[..., end:-1].view(of_photo.shape))
        x[..., -1] = size
        y = self.first(x.permute(2, 0, 1)[None])
        y = self.last(self.trunk.trunk(y, None))
        y = y[0].permute(1, 2, 0).reshape(h * w, PLAIN + MIXED).float()
        plain, matrices = y[:, :PLAIN].reshape(-1, 4, 3), y[:, PLAIN:].reshape(-1, 3, 3)
        colours = _groups(photo if source is None else source).reshape(-1, 4, 3)
        if self.operator == PENCIL:
            plain = plain * colours
        change = torch.baddbmm(plain, colours - 0.5, matrices).view(of_photo.shape)
        start = of_photo
        if source is not None and self.operator == LENS_BLUR:
            start = _groups(source)  # which has followed the strength already
        elif source is not None:
            change += _groups(source) - of_photo
        look = torch.empty_like(photo)
        torch.add(start, change, alpha=strength, out=_groups(look))
        if self.colour is not None:
            self._add_colour(look, photo if source is None else source, strength)
        return look

    def _add_colour(self, look: Tensor, source: Tensor, strength: float) -> None:
        """What a colour alone adds, in bands that stay in the processor's cache."""
        assert self.colour is not None
        coefficients = strength * self.colour.to(look.device)
        for top in range(0, look.shape[0], BAND):
            band, out = source[top : top + BAND], look[top : top + BAND].view(-1, 3)
            planes = (band.view(-1, 3).T - 0.5).contiguous()
            out += (coefficients @ monomials(planes)).T


def _groups(planes: Tensor) -> Tensor:
    """H x W x C as H/2 x W/2 groups of 2 x 2 x C: another view of the same memory."""
    height, width, colours = planes.shape
    return planes.view(height // 2, 2, width // 2, 2, colours).transpose(1, 2)


class _Convolution(nn.Module):
    """A 3 x 3 convolution, and leaky ReLU unless `slope` is None."""

    def __init__(
        self, weight: Tensor, bias: Tensor, stride: int = 1, slope: float | None = None
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())
        self.stride, self.slope = stride, slope

    def forward(self, x: Tensor, operator: Tensor | None = None) -> Tensor:
        """B x C x H x W to the same; `operator` is for the likeness to `Modulated`."""
        if self.slope is not None and _fuses(x.device):
            return _convolve_and_rectify(x, self.weight, self.bias, self.stride, self.slope)
        y = F.conv2d(x, self.weight, self.bias, self.stride, padding=1)
        return y if self.slope is None else F.leaky_relu_(y, self.slope)


def _folded(layer: Modulated, operator: int) -> _Convolution:
    convolution, scale = layer.convolution, layer.scale[operator]
    assert convolution.bias is not None
    weight = convolution.weight * scale[:, None, None, None]
    bias = torch.addcmul(layer.shift[operator], convolution.bias, scale)
    return _Convolution(weight, bias, convolution.stride[0], layer.slope)


@functools.cache
def _fuses(device: torch.device) -> bool:
    """Whether oneDNN can do a convolution and ReLU in one go, which saves a third of the time."""
    if device.type != "cpu" or not torch.backends.mkldnn.is_available():
        return False
    x, weight = torch.ones(1, 4, 4, 4), torch.ones(4, 4, 3, 3)
    try:
        bias = torch.tensor([-30.0, -20.0, 0.0, 1.0])
        fused = _convolve_and_rectify(x, weight, bias, 1, 0.25)
        plain = F.leaky_relu(F.conv2d(x, weight, bias, padding=1), 0.25)
        return torch.allclose(fused, plain, atol=1e-4)
    except (RuntimeError, AttributeError, NotImplementedError):
        return False


def _convolve_and_rectify(
    x: Tensor, weight: Tensor, bias: Tensor, stride: int, slope: float
) -> Tensor:
    how: tuple[str, list[float]] = ("leaky_relu", [slope]) if slope else ("relu", [])
    fused = torch.ops.mkldnn._convolution_pointwise
    return fused(x, weight, bias, [1, 1], [stride, stride], [1, 1], 1, *how, "")


def draw(
    network: FoldedOperator,
    photo: FloatImage,
    strength: float,
    long_edge: int,
    progress: Progress | None = None,
) -> FloatImage:
    """The look of a photo of any size from 1 x 1.

    Args:
        network: of the operator.
        photo: H x W x 3 float32, 0..1.
        strength: 0..1.
        long_edge: of the whole picture in pixels.
        progress: is told the share of the tiles that are done; may raise to cancel.

    Returns:
        H x W x 3 float32, not clipped.
    """
    height, width = photo.shape[:2]
    device = next(network.parameters()).device
    planes = [photo, surroundings(photo, long_edge)]
    if network.starts_elsewhere:
        planes.append(starting_point(photo, network.operator, long_edge, strength))
    size = size_guide(long_edge)
    look = np.empty_like(photo)
    tiles = [(rows, columns) for rows in _tiles(height) for columns in _tiles(width)]
    with torch.inference_mode():
        for done, ((y, bottom), (x, right)) in enumerate(tiles):
            top, left = max(0, y - MARGIN), max(0, x - MARGIN)
            part = slice(top, bottom + MARGIN), slice(left, right + MARGIN)
            inputs = (torch.from_numpy(_padded(z[part])).to(device) for z in planes)
            output = network(size, strength, *inputs).cpu().numpy()
            look[y:bottom, x:right] = output[y - top : bottom - top, x - left : right - left]
            if progress is not None:
                progress((done + 1) / len(tiles))
    return look


def _tiles(length: int) -> Iterator[tuple[int, int]]:
    """First and last plus one pixel of the tiles along one side.

    The last one is larger where the rest would be less than a margin.
    """
    starts = range(0, max(1, length - MARGIN), TILE)
    for start in starts:
        yield start, length if start == starts[-1] else start + TILE


def _padded(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """The last row and column repeated up to a multiple of `MULTIPLE`; in one piece of memory."""
    down, across = (-n % MULTIPLE for n in planes.shape[:2])
    if down or across:
        return np.pad(planes, ((0, down), (0, across), (0, 0)), mode="edge")
    return np.ascontiguousarray(planes)


def learned(operator_id: str, device: torch.device | None = None) -> Operator:
    """The learned form of an operator: called like its reference, see `Operator`.

    Args:
        operator_id: one of `LEARNED`.
        device: where the network runs; the CPU when None.

    Raises:
        KeyError: for an operator that was not learned.
        WeightsError: where the weights are missing or damaged.
    """
    if operator_id not in LEARNED:
        raise KeyError(f"There is no learned form of '{operator_id}'.")
    network = _folded_network(weights(), operator_id, device or torch.device("cpu"))

    def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
        return draw(network, photo, strength, long_edge)

    return replace(OPERATORS[operator_id], render=render)


def weights() -> str:
    """Name of the weights in use. Raises WeightsError where there are none."""
    return zoo.newest(CHANNEL).name


@functools.cache
def _folded_network(name: str, operator_id: str, device: torch.device) -> FoldedOperator:
    network = zoo.load_operators(name)
    return FoldedOperator(network, operator_id, number_format(device)).to(device)
