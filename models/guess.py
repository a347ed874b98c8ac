"""The control: a network that guesses the photo from its edited look, with nothing hidden in it.

What it reaches is what any restoration owes to guessing and not to what the picture carries
(`pentimento evaluate --controls`). A residual U-Net (Ronneberger, Fischer and Brox 2015) at half,
quarter and eighth size.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class _Stage(nn.Sequential):
    def __init__(self, inputs: int, width: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, width, 3, padding=1),
            nn.GELU(approximate="tanh"),
            nn.Conv2d(width, width, 3, padding=1),
            nn.GELU(approximate="tanh"),
        )


class GuessNetwork(nn.Module):
    """B x 3 x H x W looks (RGB, 0..1, sides multiples of 8) to guessed photos of that shape."""

    def __init__(self, widths: tuple[int, int, int] = (48, 80, 112)) -> None:
        super().__init__()
        self.widths = widths
        a, b, c = widths
        self.down1 = _Stage(12, a)
        self.down2 = _Stage(4 * a, b)
        self.bottom = _Stage(4 * b, c)
        self.colour = nn.Sequential(nn.Linear(c, c), nn.GELU(), nn.Linear(c, c))
        self.up2 = _Stage(b + c, b)
        self.up1 = _Stage(a + b, a)
        self.last = nn.Conv2d(a, 12, 3, padding=1)
        with torch.no_grad():
            self.last.weight.mul_(0.1)

    def forward(self, look: Tensor) -> Tensor:
        """The guess, not clipped."""
        x1 = self.down1(F.pixel_unshuffle(look, 2) - 0.5)
        x2 = self.down2(F.pixel_unshuffle(x1, 2))
        x3 = self.bottom(F.pixel_unshuffle(x2, 2))
        # Which edit it was is a matter of the whole picture: its mean features say.
        x3 = x3 + self.colour(x3.mean((2, 3)))[:, :, None, None]
        x2 = self.up2(torch.cat([x2, F.interpolate(x3, scale_factor=2, mode="nearest")], 1))
        x1 = self.up1(torch.cat([x1, F.interpolate(x2, scale_factor=2, mode="nearest")], 1))
        return look + F.pixel_shuffle(self.last(x1), 2)
