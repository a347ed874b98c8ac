"""What a picture goes through between the network's output and the file that is read back.

In training the channel's rounding is passed straight through by the gradient (Bengio, Léonard and
Courville 2013); the values that the network sees are the real ones.
"""

from __future__ import annotations

import torch
from torch import Tensor


def round_to_8_bits(x: Tensor) -> Tensor:
    """Clip to 0..1 and round to the 256 levels of a file; B x 3 x H x W or any shape.

    The gradient passes through the rounding, and through the clipping where it points back inside.
    """
    clipped = x.clamp(0, 1)
    levels = torch.round(clipped * 255) / 255
    return x + (levels - x).detach()
