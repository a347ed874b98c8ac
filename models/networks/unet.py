"""A small residual U-Net (Ronneberger, Fischer and Brox 2015) at half, quarter and eighth size.

The network of `blind_baseline`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MULTIPLE = 8
"""Height and width of the pictures are multiples of this."""


class _Stage(nn.Sequential):
    def __init__(self, inputs: int, width: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, width, 3, padding=1),
            nn.GELU(approximate="tanh"),
            nn.Conv2d(width, width, 3, padding=1),
            nn.GELU(approximate="tanh"),
        )


class UNet(nn.Module):
    """B x inputs x H/2 x W/2 to B x 3 x H x W, near zero before it is trained.

    Args:
        inputs: planes at half size.
        widths: features at half, quarter and eighth size.
    """

    def __init__(self, inputs: int, widths: tuple[int, int, int]) -> None:
        super().__init__()
        self.widths = widths
        a, b, c = widths
        self.down1 = _Stage(inputs, a)
        self.down2 = _Stage(4 * a, b)
        self.bottom = _Stage(4 * b, c)
        self.up2 = _Stage(b + c, b)
        self.up1 = _Stage(a + b, a)
        self.last = nn.Conv2d(a, 12, 3, padding=1)
        with torch.no_grad():
            self.last.weight.mul_(0.1)

    def run(self, x: Tensor, at_the_bottom: Callable[[Tensor], Tensor] | None = None) -> Tensor:
        """See the class; `at_the_bottom` changes the features at an eighth of the size."""
        x1 = self.down1(x)
        x2 = self.down2(F.pixel_unshuffle(x1, 2))
        x3 = self.bottom(F.pixel_unshuffle(x2, 2))
        if at_the_bottom is not None:
            x3 = at_the_bottom(x3)
        x2 = self.up2(torch.cat([x2, _twice(x3)], 1))
        x1 = self.up1(torch.cat([x1, _twice(x2)], 1))
        return F.pixel_shuffle(self.last(x1), 2)


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="nearest")
