"""What a picture goes through between the network's output and the file that is read back.

In training the channel's rounding is passed straight through by the gradient (Bengio, Léonard and
Courville 2013); the values that the network sees are the real ones.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.coding import pixel_symbols


def round_to_8_bits(x: Tensor) -> Tensor:
    """Clip to 0..1 and round to the 256 levels of a file; any shape.

    The gradient passes straight through.
    """
    seen = x.detach()
    return x + (torch.round(seen * 255).clamp_(0, 255) / 255 - seen)


def with_random_symbols(
    colours: NDArray[np.uint8], bits: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Pixels (... x 3) as they are when they carry any symbols of so many bits."""
    flat = colours.reshape(-1, 3)
    values = rng.integers(0, 1 << bits, len(flat), np.uint8)
    return pixel_symbols.write(flat, values, bits).reshape(colours.shape)


def carry(x: Tensor, bits: list[int], rng: np.random.Generator) -> Tensor:
    """Containers as a reader gets them, with random symbols in their pixels.

    Args:
        x: B x 3 x H x W, 0..1 or somewhat beyond.
        bits: of the symbols of each picture.
        rng: draws the symbols.

    Returns:
        The same shape, 0..1. The gradient passes straight through.
    """
    seen = x.detach()
    levels = torch.round(seen * 255).clamp_(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy()
    written = np.stack(
        [with_random_symbols(p, b, rng) for p, b in zip(levels, bits, strict=True)]
    )
    return x + (torch.from_numpy(written).to(x.device).permute(0, 3, 1, 2) / 255 - seen)
