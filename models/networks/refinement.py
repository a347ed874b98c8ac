"""A last step of restoring a JPEG export: a network that adds what the residual code left out.

A JPEG has room only for the large coefficients of the difference between photo and look; the code
rounds small ones to zero. The network gets the decoded picture, what was predicted of it, the
export itself, where much of what is missing is still visible, and how coarse the codes are there.

It works on groups of 4 x 4 pixels, where a multiplication costs least.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

GROUP = 4
"""Side of the groups of pixels."""

MULTIPLE = 16
"""Height and width of the pictures are multiples of this: a square of `CONDITIONS`."""

CONDITIONS = 5
"""Planes that say how coarse the codes are, see `models.containers.jpeg.decoding.Decoded`."""

WIDTH, BLOCKS = 96, 3

_PHASES = 2  # planes: left or right, upper or lower half of a block of JPEG
_USUAL, _SMALLEST, _LARGEST = 64.0, 1.0, 256.0  # steps in levels


class RefinementNetwork(nn.Module):
    """Decoded pictures and the exports they came from to restored photos. Changes nothing before it
    is trained.

    Args:
        width: features of a group. 96 and three blocks cost 42 k multiply-adds per pixel.
        blocks: of two convolutions each, added to what goes in.
    """

    def __init__(self, width: int = WIDTH, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.width, self.count = width, blocks
        inputs = 9 * GROUP * GROUP + 9 + CONDITIONS + _PHASES
        self.first = nn.Conv2d(inputs, width, 3, padding=1)
        self.blocks = nn.ModuleList(_Block(width) for _ in range(blocks))
        self.last = nn.Conv2d(width, 3 * GROUP * GROUP, 3, padding=1)
        with torch.no_grad():
            for parameter in self.last.parameters():
                parameter.zero_()

    @property
    def reach(self) -> int:
        """Pixels around a pixel that it depends on."""
        return GROUP * (2 * self.count + 3)

    def forward(
        self, decoded: Tensor, prediction: Tensor, export: Tensor, conditions: Tensor
    ) -> Tensor:
        """The photo, not clipped.

        Args:
            decoded: B x 3 x H x W, the decoded photo; RGB, 0..1, sides multiples of `MULTIPLE`.
            prediction: likewise, the photo without the residual in the code.
            export: likewise, the container's own picture.
            conditions: B x `CONDITIONS` x H / 16 x W / 16.
        """
        number = decoded.dtype
        if torch.is_autocast_enabled(decoded.device.type):
            number = torch.get_autocast_dtype(decoded.device.type)
        told = _rows(_repeated(conditions.to(decoded), MULTIPLE // GROUP))
        scale = _scale(told[..., :1])
        groups, means = [], []
        known = _groups(decoded)
        for seen in (known - 0.5, _groups(prediction) - known, _groups(export) - known):
            mean = seen.mean(4, keepdim=True)
            # Differences are small: as they are, bfloat16 would round them away.
            groups.append(((seen - mean) * (0.5 / scale[..., None])).flatten(3).to(number))
            means.append(mean.flatten(3).to(number))
        inputs = torch.cat([*groups, *means, told.to(number), _phases(told).to(number)], 3)
        x = self.first(_planes(inputs))
        for block in self.blocks:
            x = block(x)
        change = self.last(torch.relu(x)) * _planes(scale)
        return decoded + F.pixel_shuffle(change, GROUP)


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=1)
        self.two = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():
            self.two.weight.mul_(0.3)

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.two(torch.relu(self.one(torch.relu(x))))
        return x + changed


def _groups(pictures: Tensor) -> Tensor:
    """B x 3 x H x W as B x rows x columns x 3 x 16."""
    count, colours, height, width = pictures.shape
    parts = _rows(pictures).reshape(count, height // GROUP, GROUP, width // GROUP, GROUP, colours)
    return parts.permute(0, 1, 3, 5, 2, 4).flatten(4)


def _repeated(x: Tensor, factor: int) -> Tensor:
    return x.repeat_interleave(factor, 2).repeat_interleave(factor, 3)


def _rows(planes: Tensor) -> Tensor:
    return planes.permute(0, 2, 3, 1)


def _planes(rows: Tensor) -> Tensor:
    return rows.permute(0, 3, 1, 2)


def _phases(like: Tensor) -> Tensor:
    """Of each group where in its block of 8 x 8 pixels it is: B x rows x columns x 2, ±0.5."""
    count, rows, columns, _ = like.shape
    down, across = (torch.arange(n, device=like.device) % 2 - 0.5 for n in (rows, columns))
    planes = torch.stack(torch.meshgrid(down, across, indexing="ij"), 2).to(like)
    return planes.expand(count, -1, -1, -1)


def _scale(coarseness: Tensor) -> Tensor:
    """About the error of a code (0..1) as coarse as that, times a constant."""
    step = _USUAL * torch.exp2(4 * coarseness)
    return 0.25 * (step.clamp(_SMALLEST, _LARGEST) / _USUAL).sqrt()
