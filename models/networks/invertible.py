"""The quasi-invertible network: hides a photo in its own edited look, and reveals it again.

After Ouyang, Wang and Chen, "Restorable Image Operators with Quasi-Invertible Networks" (AAAI
2022). The non-invertible branch makes the look T from the photo I (`models.operators`; never
inverted). The invertible branch below couples the look with what it does not tell of the photo: the
difference between photo and weighted prediction (`models.networks.weighted_prediction`). Its first half is
the exported container, its second half a latent that is dropped and replaced by zero on the way
back.

An *amplitude* says how far the container may be from the look. At 0 the container is the look, and
the way back is a prediction from the look alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from models.networks.block_transform import BlockTransform
from models.networks.coupling import CouplingBlock, Setting, Subnet
from models.networks.weighted_prediction import BLOCK, FINE_BLOCK, Guide

SIDES = BLOCK
"""Pictures' sides must be multiples of this."""


@dataclass(frozen=True)
class NetworkConfig:
    """Shape of the invertible branch.

    Attributes:
        couplings: number of coupling blocks.
        hidden: width of the couplings' subnets, and of the network that tells them of the picture.
        step: fixed scale of what one block may add to the look.
    """

    couplings: int = 8
    hidden: int = 64
    step: float = 0.02

    def as_dict(self) -> dict[str, int | float]:
        """Plain values, for checkpoints and cards."""
        return asdict(self)

    @property
    def multiply_adds_per_pixel(self) -> int:
        """Multiply-adds of one pass (hide or reveal) per pixel, prediction and transforms
        included."""
        channels = 3 * FINE_BLOCK**2
        subnets = 9 * self.hidden * (channels + channels + channels + 2 * channels)
        transforms = 3 * channels**2  # two in and one out, or one in and two out
        prediction = 2 * 3 * 3 * BLOCK**2 + 3 * 20
        return (self.couplings * subnets + transforms) // FINE_BLOCK**2 + prediction


@dataclass(frozen=True)
class Told:
    """What both directions are told of B pictures.

    Attributes:
        guide: the weighted prediction, B of them.
        amplitude: B values 0..1, how far the container may be from the look.
        noise: B values, the mean squared error in levels² that carrying symbols adds to the
            container (see `models.coding.pixel_symbols`).
    """

    guide: Guide
    amplitude: Tensor
    noise: Tensor

    @staticmethod
    def of(heads: list[bytes], amplitude: float, noise: float) -> Told:
        """With one amplitude and noise for pictures of those heads (`Guide.read`)."""
        guide = Guide.read(*heads)
        ones = torch.ones(len(heads))
        return Told(guide, ones * amplitude, ones * noise)

    def to(self, device: torch.device) -> Told:
        """The same on another device."""
        return Told(self.guide.to(device), self.amplitude.to(device), self.noise.to(device))

    @property
    def features(self) -> Tensor:
        """B x 50, each about -2..2."""
        sizes = torch.log2(self.guide.scales * 256) / 3
        return torch.cat([self.amplitude[:, None], self.noise.log2()[:, None], sizes], dim=1)


class QuasiInvertibleNetwork(nn.Module):
    """The invertible branch on pictures: B x 3 x H x W, RGB, 0..1, sides multiples of `SIDES`.

    Args:
        config: its shape.
        look_scale: 48 standard deviations of the transformed look; 1 when None (they come with the
            weights).
    """

    look_scale: Tensor

    def __init__(
        self, config: NetworkConfig | None = None, look_scale: Tensor | None = None
    ) -> None:
        super().__init__()
        self.config = config = config or NetworkConfig()
        self.transform, self.coarse_transform = BlockTransform(FINE_BLOCK), BlockTransform(BLOCK)
        channels = self.transform.channels
        scale = torch.ones(channels) if look_scale is None else look_scale
        self.register_buffer("look_scale", scale.reshape(1, channels, 1, 1).clone())
        self.couplings = nn.ModuleList(
            CouplingBlock(channels, config.hidden) for _ in range(config.couplings)
        )
        self.telling = nn.Sequential(
            nn.Linear(2 + channels, config.hidden),
            nn.Hardswish(),
            nn.Linear(config.hidden, config.couplings * 4 * config.hidden),
        )
        with torch.no_grad():
            for parameter in self.telling[2].parameters():
                parameter.zero_()

    def compute_in(self, number_format: torch.dtype) -> None:
        """Let the subnets compute in float32 or bfloat16 (see `models.networks.device.number_format`)."""
        for module in self.modules():
            if isinstance(module, Subnet):
                module.number_format = number_format

    def hide(self, photo: Tensor, look: Tensor, told: Told) -> tuple[Tensor, Tensor]:
        """The container (same shape as `look`, not yet clipped or rounded) and the latent."""
        scale = told.guide.scales[:, :, None, None]
        t = self.transform(look) / self.look_scale
        d = self.transform(photo - told.guide.predict(look, self.coarse_transform)) / scale
        for coupling, setting in zip(self.couplings, self._settings(told), strict=True):
            t, d = coupling(t, d, setting)
        return self.transform(t * self.look_scale, rev=True), d

    def reveal(
        self, container: Tensor, told: Told, latent: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """The photo and the look found in a container, both of its shape, not clipped.

        Args:
            container: B x 3 x H x W, 0..1.
            told: the same as when hiding.
            latent: what `hide` returned, for exact inversion; zero when None, as in use.
        """
        t = self.transform(container) / self.look_scale
        d = torch.zeros_like(t) if latent is None else latent
        settings = self._settings(told)
        for coupling, setting in zip(reversed(self.couplings), reversed(settings), strict=True):
            t, d = coupling(t, d, setting, rev=True)
        look = self.transform(t * self.look_scale, rev=True)
        predicted = told.guide.predict(look, self.coarse_transform)
        missed = self.transform(d * told.guide.scales[:, :, None, None], rev=True)
        return predicted + missed, look

    def _settings(self, told: Told) -> list[Setting]:
        """What every block is told."""
        hidden, blocks = self.config.hidden, len(self.couplings)
        found = self.telling(told.features)[:, :, None, None].split(hidden, dim=1)
        reach = told.amplitude[:, None, None, None] * (self.config.step / self.look_scale)
        return [
            Setting(reach, (1 + found[i], found[i + 1], 1 + found[i + 2], found[i + 3]))
            for i in range(0, 4 * blocks, 4)
        ]
