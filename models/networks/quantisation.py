"""What a picture goes through between the network's output and the file that is read back.

In training the channel's rounding is passed straight through by the gradient (Bengio, Léonard and
Courville 2013); the values that the network sees are the real ones.
"""

from __future__ import annotations

import torch
from torch import Tensor


def round_to_lattice(x: Tensor, step: int = 1) -> Tensor:
    """Clip to 0..1 and round to the levels that the network may use; any shape.

    Args:
        x: container, 0..1.
        step: 1: the 256 levels of an 8-bit file. 2: 128 classes of two neighbouring levels each,
            represented by their middle; which of the two is written is left to the residual
            code. Larger steps likewise.

    Returns:
        The same shape, 0..1. The gradient passes straight through.
    """
    middle = (step - 1) / 2
    classes = torch.round((x.detach() * 255 - middle) / step).clamp_(0, 256 // step - 1)
    return x + ((classes * step + middle) / 255 - x.detach())


def round_to_8_bits(x: Tensor) -> Tensor:
    """Clip to 0..1 and round to the 256 levels of a file; the gradient passes straight through."""
    return round_to_lattice(x, 1)
