"""A last step of restoring a JPEG export: a network that adds what the residual code left out.

A JPEG has room only for the large coefficients of the difference between photo and look; the code
rounds small ones to zero. The network gets the decoded picture, the export itself, where much of
what is missing is still visible, and the code's quantiser step (`models.coding.av1_quantiser`).

No weights of it ship: those that did were trained for another code. Exports say how much of what it
would change is to be taken over, and as yet they say nothing of it.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from models.networks.unet import UNet

WIDTHS = (32, 64, 96)

NO_CODE = 1024.0
"""The step, in levels, that stands for a picture without a code."""


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
            decoded: B x 3 x H x W, the decoded photo; RGB, 0..1, sides multiples of 8.
            export: B x 3 x H x W, the export.
            step: B steps of the code's quantiser in levels; `NO_CODE` where there is none.
        """
        inputs = F.pixel_unshuffle(torch.cat([decoded - 0.5, export - decoded], 1), 2)
        coarse = torch.log2(step.to(inputs) / 64) / 4
        plane = coarse[:, None, None, None].expand(-1, 1, *inputs.shape[2:])
        return decoded + self.run(torch.cat([inputs, plane], 1)) * scale(step)[:, None, None, None]


def scale(step: Tensor) -> Tensor:
    """About the error of a code with that step (in levels), times a constant."""
    return (step.clamp(1, 256) / 64).sqrt()
