"""What the reader of a lossless container knows of the photo before it decodes anything.

With an amplitude of None from the weighted prediction alone, which is worked out in double
precision, so that all machines round to the same levels; otherwise from the network too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.networks.block_transform import BlockTransform
from models.networks.invertible import SIDES, QuasiInvertibleNetwork, Told
from models.networks.weighted_prediction import Guide

_ROWS = 64  # that are predicted at a time in double precision


@dataclass(frozen=True)
class Predictor:
    """Hides and reveals tiles of one picture.

    Attributes:
        network: the invertible branch.
        head: the picture's guide (`Guide.read`).
        amplitude: 0..1; None: without the network.
    """

    network: QuasiInvertibleNetwork
    head: bytes
    amplitude: float | None

    def hide(
        self, photo: NDArray[np.uint8], look: NDArray[np.uint8], noise: float
    ) -> NDArray[np.uint8]:
        """What to show instead of a look before anything is written into it.

        Args:
            photo, look: H x W x 3, of one tile.
            noise: mean squared error, in levels², that writing will add.
        """
        if not self.amplitude:
            return look
        device = self.network.look_scale.device
        with torch.inference_mode():
            pictures = (_padded(_tensor(p.astype(np.float32) / 255), SIDES) for p in (photo, look))
            told = self._told(noise).to(device)
            hidden = self.network.hide(*(p.to(device) for p in pictures), told)[0]
        height, width = look.shape[:2]
        levels = hidden[0, :, :height, :width].mul(255).round_().clamp_(0, 255).byte()
        return np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy())

    def predict(self, container: NDArray[np.generic], noise: float) -> NDArray[np.floating]:
        """The photo of a tile as far as its container tells it.

        Args:
            container: H x W x 3 in levels.
            noise: what was said when hiding.

        Returns:
            H x W x 3 in levels, neither clipped nor rounded.
        """
        height, width = container.shape[:2]
        if self.amplitude is None:
            guide, transform = Guide.read(self.head).double(), BlockTransform(SIDES).double()
            rows = []
            for y in range(0, height, _ROWS):
                part = _padded(_tensor(container[y : y + _ROWS].astype(np.float64) / 255), SIDES)
                rows.append(guide.predict(part, transform)[0, :, : height - y, :width])
            found = torch.cat(rows, dim=1)
        else:
            device = self.network.look_scale.device
            with torch.inference_mode():
                picture = _padded(_tensor(container.astype(np.float32) / 255), SIDES).to(device)
                photo = self.network.reveal(picture, self._told(noise).to(device))[0]
            found = photo[0, :, :height, :width].cpu()
        return (found.permute(1, 2, 0) * 255).numpy()

    def _told(self, noise: float) -> Told:
        return Told.of([self.head], self.amplitude or 0.0, noise)


def _tensor(picture: NDArray[np.floating]) -> Tensor:
    """H x W x 3 to 1 x 3 x H x W."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None]


def _padded(picture: Tensor, side: int) -> Tensor:
    """The last row and column repeated up to whole blocks."""
    down, across = (-n % side for n in picture.shape[2:])
    return torch.nn.functional.pad(picture, (0, across, 0, down), mode="replicate")
