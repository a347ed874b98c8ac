"""The network of one operator as plain convolutions: what differs by operator, folded in."""

from __future__ import annotations

import copy
import functools
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from models.learned.network import (
    COARSE,
    GAINS,
    GROUP,
    LEARNED,
    PLAIN,
    Modulated,
    OperatorNetwork,
    monomials,
)
from models.learned.starting_points import LENS_BLUR, PENCIL, has_starting_point
from models.operators.colour_space import LUMA
from models.operators.images import FloatImage

BAND = 8
"""Rows whose colours are transformed at once."""


class FoldedOperator(nn.Module):
    """The network of one operator: plain convolutions, colours last.

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
        self.operator, self.slope = operator, network.slope
        self.starts_elsewhere = has_starting_point(operator)
        # Its inputs are photo - 0.5 and source - photo, pixel by pixel: a convolution of each.
        first = network.first[index, :, :, 0, 0]
        photo, source, coarse = first.split((PLAIN, PLAIN, COARSE), dim=1)
        bias = network.first_bias[index] - photo.sum(1) / 2
        if self.starts_elsewhere:
            photo = photo - source
        self.photo, self.source = _by_group(photo), _by_group(source)
        self.coarse, self.bias = nn.Parameter(coarse), nn.Parameter(bias)
        trunk = copy.deepcopy(network)
        for name in ("first", "first_bias", "last", "last_bias", "colour"):
            delattr(trunk, name)
        for parent in list(trunk.modules()):
            for name, layer in list(parent.named_children()):
                if isinstance(layer, Modulated):
                    setattr(parent, name, _folded(layer, index))
        self.trunk = trunk.to(dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.dtype = dtype
        # From one colour's pixels after the other to one pixel's colours after the other.
        order = torch.arange(PLAIN + GAINS)
        order[:PLAIN] = torch.arange(PLAIN).reshape(3, -1).T.flatten()
        self.last = nn.Parameter(network.last[index, order, :, 0, 0])
        self.last_bias = nn.Parameter(network.last_bias[index][order])
        self.colour = network.colour[index].clone() if network.colour[index].any() else None
        self.requires_grad_(False).eval()

    def forward(self, photo: Tensor, coarse: Tensor, source: Tensor | None = None) -> Tensor:
        """The network's outputs for each group of pixels.

        Args:
            photo: H x W x 3 float32, 0..1; sides multiples of `MULTIPLE`.
            coarse: H / `GROUP` x W / `GROUP` x `COARSE`, see `network.coarse_guides`.
            source: H x W x 3 float32, the starting point; None for the photo itself.

        Returns:
            H / `GROUP` x W / `GROUP` x (`PLAIN` + `GAINS`) float32: the colours of a group's pixels
            in rows, then the gains.
        """
        x = F.conv2d(_batch(photo), self.photo, self.bias, stride=GROUP)
        if source is not None:
            x += F.conv2d(_batch(source), self.source, stride=GROUP)
        x += _batch(coarse @ self.coarse.T)
        x = F.leaky_relu_(x, self.slope).to(self.dtype)
        y = self.trunk.trunk(x, None)[0].permute(1, 2, 0).float()
        return F.linear(y, self.last, self.last_bias)

    def compose(
        self,
        outputs: NDArray[np.float32],
        photo: FloatImage,
        source: FloatImage | None,
        strength: float,
    ) -> FloatImage:
        """The look of a photo from the network's outputs for it.

        Args:
            outputs: of `forward`.
            photo, source: what `forward` was given.
            strength: 0..1.

        Returns:
            H x W x 3 float32, not clipped.
        """
        start = photo if source is None else source
        rows, columns = outputs.shape[:2]
        change = np.empty_like(photo)
        by_group = torch.from_numpy(change).view(rows, GROUP, columns, 3 * GROUP).transpose(1, 2)
        by_group.copy_(torch.from_numpy(outputs)[..., :PLAIN].view(by_group.shape))
        if self.operator == PENCIL:
            change *= start
        means = cv2.resize(start, (columns, rows), interpolation=cv2.INTER_AREA)
        detail = cv2.subtract(start, _enlarged(means, photo.shape))
        luma = cv2.transform(detail, np.broadcast_to(LUMA, (3, 3)))
        for fine, gains in zip(
            (detail, luma), np.split(outputs[..., PLAIN:], 2, axis=2), strict=True
        ):
            gained = _enlarged(np.ascontiguousarray(gains), photo.shape)
            cv2.accumulateProduct(gained, fine, change)
        if source is not None and self.operator != LENS_BLUR:
            blend = cv2.addWeighted(photo, 1 - strength, source, strength, 0)
            start = np.asarray(blend, np.float32)
        # Of a lens blur the starting point has followed the strength already.
        look = np.asarray(cv2.scaleAdd(change, strength, start), np.float32)
        if self.colour is not None:
            self._add_colour(look, photo if source is None else source, strength)
        return look

    def _add_colour(self, look: FloatImage, source: FloatImage, strength: float) -> None:
        """Add the colour polynomial, in bands that stay in the processor's cache."""
        assert self.colour is not None
        coefficients = strength * self.colour.cpu()
        for top in range(0, look.shape[0], BAND):
            planes = torch.from_numpy(source[top : top + BAND]).view(-1, 3).T - 0.5
            out = torch.from_numpy(look[top : top + BAND]).view(-1, 3)
            out += (coefficients @ monomials(planes.contiguous())).T


def _by_group(weight: Tensor) -> nn.Parameter:
    """Weights of the inputs of a group (outputs x `PLAIN`) as those of a convolution."""
    kernels = weight.reshape(-1, 3, GROUP, GROUP)
    return nn.Parameter(kernels.contiguous(memory_format=torch.channels_last))


def _batch(planes: Tensor) -> Tensor:
    """H x W x C as 1 x C x H x W: another view of the same memory."""
    return planes.permute(2, 0, 1)[None]


def _enlarged(planes: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.float32]:
    enlarged = cv2.resize(planes, shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(enlarged, np.float32)


class _Convolution(nn.Module):
    """A 3 x 3 convolution and leaky ReLU."""

    def __init__(self, weight: Tensor, bias: Tensor, stride: int, slope: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())
        self.stride, self.slope = stride, slope

    def forward(self, x: Tensor, operator: Tensor | None = None) -> Tensor:
        """B x C x H x W to the same; `operator` is ignored; `Modulated` has it."""
        if _fuses(x.device):
            return _convolve_and_rectify(x, self.weight, self.bias, self.stride, self.slope)
        y = F.conv2d(x, self.weight, self.bias, self.stride, padding=1)
        return F.leaky_relu_(y, self.slope)


def _folded(layer: Modulated, operator: int) -> _Convolution:
    convolution, scale = layer.convolution, layer.scale[operator]
    assert convolution.bias is not None
    weight = convolution.weight * scale[:, None, None, None]
    bias = torch.addcmul(layer.shift[operator], convolution.bias, scale)
    return _Convolution(weight, bias, convolution.stride[0], layer.slope)


@functools.cache
def _fuses(device: torch.device) -> bool:
    """Whether oneDNN fuses convolution and activation, which saves a third of the time."""
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
    out: Tensor = fused(x, weight, bias, [1, 1], [stride, stride], [1, 1], 1, *how, "")
    return out
