"""The blind baseline: a network that estimates the photo from its edited look alone.

Nothing is embedded in the look it sees. Whatever it reaches, a restoration owes to what networks
know about photos in general and not to what the export carries (`pentimento evaluate --controls`).
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from models.networks.unet import UNet

WIDTHS = (48, 80, 112)


class BlindBaseline(UNet):
    """B x 3 x H x W looks (RGB, 0..1, sides multiples of 8) to estimated photos of that shape."""

    def __init__(self, widths: tuple[int, int, int] = WIDTHS) -> None:
        super().__init__(12, widths)
        width = widths[-1]
        self.colour = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, look: Tensor) -> Tensor:
        """The estimated photo, not clipped."""
        return look + self.run(F.pixel_unshuffle(look, 2) - 0.5, self._with_the_whole)

    def _with_the_whole(self, x: Tensor) -> Tensor:
        """Add what the mean features say: an edit is made to the whole picture."""
        coloured: Tensor = x + self.colour(x.mean((2, 3)))[:, :, None, None]
        return coloured
