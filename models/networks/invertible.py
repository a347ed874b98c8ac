"""The quasi-invertible network: embeds a photo in its own edited look, and extracts it again.

After Ouyang, Wang and Chen, "Restorable Image Operators with Quasi-Invertible Networks" (AAAI
2022). The non-invertible branch makes the look T from the photo I (`models.operators`; never
inverted). The invertible branch below couples the look with the difference I - T; its first half is
the exported container, its second half a latent that is dropped and replaced by zero on the way
back.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from models.networks.block_transform import BlockTransform
from models.networks.coupling import CouplingBlock, Subnet


@dataclass(frozen=True)
class NetworkConfig:
    """Shape of the invertible branch.

    Attributes:
        block: side of the transform's blocks in pixels; pictures are padded to a multiple of it.
        couplings: number of coupling blocks.
        hidden: width of the couplings' subnets.
        step: fixed scale of what one block may add to the look.
    """

    block: int = 4
    couplings: int = 8
    hidden: int = 64
    step: float = 0.02

    def as_dict(self) -> dict[str, int | float]:
        """Plain values, for checkpoints and cards."""
        return asdict(self)


class QuasiInvertibleNetwork(nn.Module):
    """The invertible branch on pictures: B x 3 x H x W, RGB, 0..1, sides multiples of `block`.

    Args:
        config: its shape.
        look_scale, difference_scale: 3 * block² standard deviations each, of the transformed look
            and of the transformed difference; 1 when None (they come with the weights).
    """

    def __init__(
        self,
        config: NetworkConfig | None = None,
        look_scale: Tensor | None = None,
        difference_scale: Tensor | None = None,
    ) -> None:
        super().__init__()
        self.config = config = config or NetworkConfig()
        self.transform = BlockTransform(config.block)
        channels = self.transform.channels
        ones = torch.ones(channels)
        self.couplings = nn.ModuleList(
            CouplingBlock(
                channels,
                config.hidden,
                ones if look_scale is None else look_scale,
                ones if difference_scale is None else difference_scale,
                config.step,
            )
            for _ in range(config.couplings)
        )

    def compute_in(self, number_format: torch.dtype) -> None:
        """Let the subnets compute in float32 or bfloat16, see `device.number_format`."""
        for module in self.modules():
            if isinstance(module, Subnet):
                module.number_format = number_format

    def embed(self, photo: Tensor, look: Tensor) -> tuple[Tensor, Tensor]:
        """The container (same shape as `look`, not yet clipped or rounded) and the latent.

        Where photo and look are equal everywhere the caller need not embed anything; the network
        itself makes no exception.
        """
        t = self.transform(look)
        d = self.transform(photo - look)
        for coupling in self.couplings:
            t, d = coupling(t, d)
        return self.transform(t, rev=True), d

    def extract(self, container: Tensor, latent: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The photo and the look found in a container, both of its shape, not clipped.

        Args:
            container: B x 3 x H x W, 0..1.
            latent: what `embed` returned, for exact inversion; zero when None, as in use.
        """
        t = self.transform(container)
        d = torch.zeros_like(t) if latent is None else latent
        for coupling in reversed(self.couplings):
            t, d = coupling(t, d, rev=True)
        look = self.transform(t, rev=True)
        return look + self.transform(d, rev=True), look
