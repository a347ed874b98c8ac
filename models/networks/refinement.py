"""The last step of restoring a JPEG export: a network that mends what the hidden code left out.

What a JPEG carries has room for the large coefficients of the difference between photo and look
only; the small ones were rounded to nothing. The network sees the picture that was decoded beside
the export itself, where much of what is missing can still be seen, and is told how coarse the code
was. Nothing depends on it when exporting: it learns to restore better, and old exports gain.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from models.networks.unet import UNet

WIDTHS = (32, 64, 96)

NO_CODE = 1024.0
"""The step, in levels, of a picture of which nothing was coded."""


class RefinementNetwork(UNet):
    """Decoded pictures and the exports they came from to restored photos.

    Args:
        widths: see `UNet`. The usual ones cost 34 k multiply-adds per pixel.
    """

    def __init__(self, widths: tuple[int, int, int] = WIDTHS) -> None:
        super().__init__(25, widths)

    def forward(self, decoded: Tensor, export: Tensor, step: Tensor) -> Tensor:
        """The photo, not clipped.

        Args:
            decoded: B x 3 x H x W, what the hidden code gives; RGB, 0..1, sides multiples of 8.
            export: B x 3 x H x W, the export free of what it carries.
            step: B steps of the code's quantiser in levels; `NO_CODE` where there is none.
        """
        seen = F.pixel_unshuffle(torch.cat([decoded - 0.5, export - decoded], 1), 2)
        coarse = torch.log2(step.to(seen) / 64) / 4
        plane = coarse[:, None, None, None].expand(-1, 1, *seen.shape[2:])
        return decoded + self.run(torch.cat([seen, plane], 1)) * scale(step)[:, None, None, None]


def scale(step: Tensor) -> Tensor:
    """By how much a code of that step (in levels) is about wrong, times a constant."""
    return (step.clamp(1, 256) / 64).sqrt()
