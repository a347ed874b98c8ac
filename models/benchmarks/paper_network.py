"""The reference of `models.benchmarks.containers`: the paper's light network.

Ouyang, Wang and Chen, "Restorable Image Operators with Quasi-Invertible Networks" (AAAI 2022),
written from its description. Everything runs at full resolution: eight affine coupling blocks on
the photo's RGB channels (split 1 | 2), a small encoder-decoder with 12, 24 and 48 channels that is
never inverted, and two more coupling blocks on the outputs of both (split 3 | 3). Channels 0 to 2
of the result are the exported picture, channels 3 to 5 are dropped and replaced by Gaussian noise.

The paper gives 0.24 M multiply-adds per pixel and 275 k parameters for its light subnets, but not
their layers; three 3 x 3 convolutions of 27 channels come within 3 % of both figures. The weights
are random: only the cost matters here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LATENT = 3
"""Channels that are dropped."""


class _Subnet(nn.Sequential):
    """Three 3 x 3 convolutions; computes in `number_format` and returns the format of its input."""

    number_format: torch.dtype = torch.float32

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, hidden, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(hidden, hidden, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(hidden, outputs, 3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        reduced = self.number_format != torch.float32
        with torch.autocast(x.device.type, self.number_format, enabled=reduced):
            out: Tensor = super().forward(x)  # type: ignore[no-untyped-call]
            return out.to(x.dtype)


class AffineCoupling(nn.Module):
    """Affine coupling of channels split `left` | `right`, B x (left + right) x H x W:

    x1 <- x1 + f(x2);  x2 <- x2 * exp(tanh a(x1)) + b(x1)   (Xiao et al. 2020, as the paper uses it)
    """

    def __init__(self, left: int, right: int, hidden: int) -> None:
        super().__init__()
        self.sizes = (left, right)
        self.f = _Subnet(right, hidden, left)
        self.a = _Subnet(left, hidden, right)
        self.b = _Subnet(left, hidden, right)

    def forward(self, x: Tensor, rev: bool = False) -> Tensor:
        """The step, or with `rev` its inverse."""
        x1, x2 = x.split(self.sizes, dim=1)
        if rev:
            x2 = (x2 - self.b(x1)) * torch.exp(-torch.tanh(self.a(x1)))
            x1 = x1 - self.f(x2)
        else:
            x1 = x1 + self.f(x2)
            x2 = x2 * torch.exp(torch.tanh(self.a(x1))) + self.b(x1)
        return torch.cat([x1, x2], dim=1)


class EncoderDecoder(nn.Module):
    """The non-invertible branch: B x 3 x H x W to the same shape, sides multiples of 4.

    U-Net of three levels (Ronneberger, Fischer and Brox 2015); receptive field about 25 pixels.
    """

    number_format: torch.dtype = torch.float32

    def __init__(self, widths: tuple[int, int, int] = (12, 24, 48)) -> None:
        super().__init__()
        a, b, c = widths
        self.first = nn.Conv2d(3, a, 3, padding=1)
        self.down1 = nn.Conv2d(a, b, 3, stride=2, padding=1)
        self.down2 = nn.Conv2d(b, c, 3, stride=2, padding=1)
        self.bottom = nn.Conv2d(c, c, 3, padding=1)
        self.up2 = nn.Conv2d(c + b, b, 3, padding=1)
        self.up1 = nn.Conv2d(b + a, a, 3, padding=1)
        self.last = nn.Conv2d(a, 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """What the branch adds to the couplings."""
        reduced = self.number_format != torch.float32
        with torch.autocast(x.device.type, self.number_format, enabled=reduced):
            x1 = F.leaky_relu(self.first(x), 0.2)
            x2 = F.leaky_relu(self.down1(x1), 0.2)
            x3 = F.leaky_relu(self.bottom(F.leaky_relu(self.down2(x2), 0.2)), 0.2)
            x2 = torch.cat([x2, F.interpolate(x3, scale_factor=2, mode="nearest")], 1)
            x2 = F.leaky_relu(self.up2(x2), 0.2)
            x1 = torch.cat([x1, F.interpolate(x2, scale_factor=2, mode="nearest")], 1)
            y: Tensor = self.last(F.leaky_relu(self.up1(x1), 0.2))
            return y.to(x.dtype)


class PaperNetwork(nn.Module):
    """The paper's light network on B x 3 x H x W pictures, RGB, 0..1, sides multiples of 4."""

    def __init__(self, hidden: int = 27) -> None:
        super().__init__()
        self.branch = EncoderDecoder()
        self.couplings = nn.ModuleList(AffineCoupling(1, 2, hidden) for _ in range(8))
        self.joint = nn.ModuleList(AffineCoupling(3, 3, hidden) for _ in range(2))

    def compute_in(self, number_format: torch.dtype) -> None:
        """Let convolutions compute in float32 or bfloat16, as `QuasiInvertibleNetwork` does."""
        for module in self.modules():
            if isinstance(module, _Subnet | EncoderDecoder):
                module.number_format = number_format

    def embed(self, photo: Tensor) -> tuple[Tensor, Tensor]:
        """The container and the latent, each of the photo's shape."""
        x = photo
        for coupling in self.couplings:
            x = coupling(x)
        x = torch.cat([x, self.branch(photo)], dim=1)
        for coupling in self.joint:
            x = coupling(x)
        container, latent = x.split(LATENT, dim=1)
        return container, latent

    def extract(self, container: Tensor, latent: Tensor | None = None) -> Tensor:
        """The photo.

        Args:
            latent: what `embed` returned, for exact inversion; Gaussian noise when None, as in use.
        """
        x = torch.cat([container, torch.randn_like(container) if latent is None else latent], dim=1)
        for coupling in reversed(self.joint):
            x = coupling(x, rev=True)
        x = x[:, :LATENT]  # what the encoder-decoder gave is of no use on the way back
        for coupling in reversed(self.couplings):
            x = coupling(x, rev=True)
        return x
