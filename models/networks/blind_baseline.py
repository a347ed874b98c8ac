"""The control: a network that guesses the photo from its edited look, with nothing hidden in it.

What it reaches is what any restoration owes to guessing and not to what the picture carries
(`pentimento evaluate --controls`).
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from models.networks.unet import UNet

WIDTHS = (48, 80, 112)


class GuessNetwork(UNet):
    """B x 3 x H x W looks (RGB, 0..1, sides multiples of 8) to guessed photos of that shape."""

    def __init__(self, widths: tuple[int, int, int] = WIDTHS) -> None:
        super().__init__(12, widths)
        width = widths[-1]
        self.colour = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, look: Tensor) -> Tensor:
        """The guess, not clipped."""
        return look + self.run(F.pixel_unshuffle(look, 2) - 0.5, self._with_the_whole)

    def _with_the_whole(self, x: Tensor) -> Tensor:
        """Which edit it was is a matter of the whole picture: its mean features say."""
        return x + self.colour(x.mean((2, 3)))[:, :, None, None]
