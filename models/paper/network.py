"""The paper's network, to compare with.

Ouyang, Wang and Chen, "Restorable Image Operators with Quasi-Invertible Networks" (AAAI 2022),
written from its description. Everything runs at full resolution: eight affine coupling blocks on
the photo's RGB channels (split 1 | 2), a small encoder-decoder with 12, 24 and 48 channels that is
never inverted, and two more coupling blocks on the outputs of both (split 3 | 3). Channels 0 to 2
of the result are the exported picture, channels 3 to 5 are dropped and replaced by Gaussian noise.

The paper gives 0.24 M multiply-adds per pixel and 275 k parameters for its light subnets, but not
their layers; three 3 x 3 convolutions of 27 channels come within 3 % of both figures. Its dense
subnets have 1.83 M parameters, those of Xiao et al., "Invertible Image Rescaling" (ECCV 2020).

`PaperConfig` switches on, one at a time, what this program does differently.
"""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.networks.block_transform import BlockTransform

Subnets = Literal["light", "dense"]

HALVED = 4
"""How much smaller than the picture the encoder-decoder's deepest level is."""


@dataclass(frozen=True)
class PaperConfig:
    """Shape of the network; the defaults are the paper's.

    Attributes:
        subnets: what the couplings compute with: three convolutions, or five that each see all
            before them.
        hidden: channels of each convolution in a light subnet.
        zero_latent: on the way back, zero takes the place of the dropped channels, not noise.
        hide_difference: the encoder-decoder makes the look, and what goes through the eight
            couplings, to be hidden in it, is the photo minus that look rather than the photo.
        block: couplings see blocks of so many pixels a side, transformed by a DCT, at low
            resolution (4 or 8); 1: the pixels themselves.
    """

    subnets: Subnets = "light"
    hidden: int = 27
    zero_latent: bool = False
    hide_difference: bool = False
    block: int = 1

    def as_dict(self) -> dict[str, str | int | bool]:
        """Plain values, for checkpoints and cards."""
        return asdict(self)

    @staticmethod
    def from_text(values: dict[str, str]) -> PaperConfig:
        """From the metadata of a weights file. Raises KeyError and ValueError."""
        subnets = values["subnets"]
        if subnets not in ("light", "dense"):
            raise ValueError(f"there are no subnets called {subnets}")
        return PaperConfig(
            subnets="light" if subnets == "light" else "dense",
            hidden=int(values["hidden"]),
            zero_latent=values["zero_latent"] == "True",
            hide_difference=values["hide_difference"] == "True",
            block=int(values["block"]),
        )

    @property
    def multiple(self) -> int:
        """What the sides of a picture must be multiples of."""
        return max(HALVED, self.block)


class _Module(nn.Module):
    """Convolutions that compute in `number_format` and return the format of their input."""

    number_format: torch.dtype = torch.float32

    def forward(self, x: Tensor) -> Tensor:
        """B x C x H x W to B x C' x H x W."""
        reduced = self.number_format != torch.float32
        with torch.autocast(x.device.type, self.number_format, enabled=reduced):
            return self.compute(x).to(x.dtype)

    def compute(self, x: Tensor) -> Tensor:
        """What `forward` does, in whatever format."""
        raise NotImplementedError


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1)


class LightSubnet(_Module):
    """Three 3 x 3 convolutions; starts out almost at zero."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        sizes = (inputs, hidden, hidden, outputs)
        self.convs = nn.ModuleList(_conv(a, b) for a, b in itertools.pairwise(sizes))
        _start_small(self.convs[-1])

    def compute(self, x: Tensor) -> Tensor:
        """See `_Module`."""
        for conv in self.convs[:-1]:
            x = F.leaky_relu(conv(x), 0.2)
        y: Tensor = self.convs[-1](x)
        return y


class DenseSubnet(_Module):
    """Five 3 x 3 convolutions, each of the input and all that came before (Huang et al. 2017)."""

    GROWTH = 32

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        grown = [inputs + i * self.GROWTH for i in range(5)]
        sizes = [*[self.GROWTH] * 4, outputs]
        self.convs = nn.ModuleList(_conv(a, b) for a, b in zip(grown, sizes, strict=True))
        _start_small(self.convs[-1])

    def compute(self, x: Tensor) -> Tensor:
        """See `_Module`."""
        for conv in self.convs[:-1]:
            x = torch.cat([x, F.leaky_relu(conv(x), 0.2).to(x.dtype)], dim=1)
        y: Tensor = self.convs[-1](x)
        return y


@torch.no_grad()
def _start_small(conv: nn.Module) -> None:
    assert isinstance(conv, nn.Conv2d)
    assert conv.bias is not None
    conv.weight.mul_(0.1)
    conv.bias.zero_()


def _subnet(config: PaperConfig, inputs: int, outputs: int) -> _Module:
    if config.subnets == "dense":
        return DenseSubnet(inputs, outputs)
    return LightSubnet(inputs, config.hidden, outputs)


class AffineCoupling(nn.Module):
    """Affine coupling of channels split `left` | `right`, B x (left + right) x H x W:

    x1 <- x1 + f(x2);  x2 <- x2 * exp(tanh a(x1)) + b(x1)   (Xiao et al. 2020, as the paper uses it)
    """

    def __init__(self, left: int, right: int, config: PaperConfig) -> None:
        super().__init__()
        self.sizes = (left, right)
        self.f = _subnet(config, right, left)
        self.a = _subnet(config, left, right)
        self.b = _subnet(config, left, right)

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


class EncoderDecoder(_Module):
    """The non-invertible branch: B x 3 x H x W to the same shape, sides multiples of 4.

    U-Net of three levels (Ronneberger, Fischer and Brox 2015); receptive field about 25 pixels.
    """

    def __init__(self, widths: tuple[int, int, int] = (12, 24, 48)) -> None:
        super().__init__()
        a, b, c = widths
        self.first = _conv(3, a)
        self.down1 = _conv(a, b, stride=2)
        self.down2 = _conv(b, c, stride=2)
        self.bottom = _conv(c, c)
        self.up2 = _conv(c + b, b)
        self.up1 = _conv(b + a, a)
        self.last = _conv(a, 3)

    def compute(self, x: Tensor) -> Tensor:
        """See `_Module`."""
        x1 = F.leaky_relu(self.first(x), 0.2)
        x2 = F.leaky_relu(self.down1(x1), 0.2)
        x3 = F.leaky_relu(self.bottom(F.leaky_relu(self.down2(x2), 0.2)), 0.2)
        x2 = torch.cat([x2, F.interpolate(x3, scale_factor=2, mode="nearest")], 1)
        x2 = F.leaky_relu(self.up2(x2), 0.2)
        x1 = torch.cat([x1, F.interpolate(x2, scale_factor=2, mode="nearest")], 1)
        y: Tensor = self.last(F.leaky_relu(self.up1(x1), 0.2))
        return y


class PaperNetwork(nn.Module):
    """The network on B x 3 x H x W pictures, RGB, 0..1, sides multiples of `config.multiple`."""

    def __init__(self, config: PaperConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or PaperConfig()
        self.transform = BlockTransform(config.block) if config.block > 1 else None
        colour = config.block**2
        channels = 3 * colour
        self.branch = EncoderDecoder()
        self.couplings = nn.ModuleList(AffineCoupling(colour, 2 * colour, config) for _ in range(8))
        self.joint = nn.ModuleList(AffineCoupling(channels, channels, config) for _ in range(2))

    def compute_in(self, number_format: torch.dtype) -> None:
        """Let convolutions compute in float32 or bfloat16, as `QuasiInvertibleNetwork` does."""
        for module in self.modules():
            if isinstance(module, _Module):
                module.number_format = number_format

    def embed(self, photo: Tensor) -> tuple[Tensor, Tensor]:
        """The exported picture (not clipped) and the latent, each of the photo's shape.

        With a block transform the latent has its shape, B x 3n² x H/n x W/n.
        """
        branch = self.branch(photo)
        if self.config.hide_difference:
            look, hidden = photo + branch, -branch
        else:
            look, hidden = branch, photo
        x = self._forward(hidden)
        for coupling in self.couplings:
            x = coupling(x)
        shown = self._forward(look)
        # the exported channels begin as the look where there is one, else as the coupled photo
        x = torch.cat([shown, x] if self.config.hide_difference else [x, shown], dim=1)
        for coupling in self.joint:
            x = coupling(x)
        container, latent = x.chunk(2, dim=1)
        return self._back(container), latent

    def extract(
        self,
        container: Tensor,
        latent: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """The photo, not clipped.

        Args:
            latent: what `embed` returned, for exact inversion. When None, as in use: Gaussian
                noise, or zero where the configuration says so.
            generator: of the noise, on the CPU; PyTorch's own when None.
        """
        x = self._forward(container)
        if latent is None:
            latent = torch.zeros_like(x) if self.config.zero_latent else _noise(x, generator)
        x = torch.cat([x, latent], dim=1)
        for coupling in reversed(self.joint):
            x = coupling(x, rev=True)
        first, second = x.chunk(2, dim=1)
        # without a look to add, what the encoder-decoder gave is of no use on the way back
        x, look = (second, first) if self.config.hide_difference else (first, None)
        for coupling in reversed(self.couplings):
            x = coupling(x, rev=True)
        photo = self._back(x)
        return photo if look is None else photo + self._back(look)

    def _forward(self, x: Tensor) -> Tensor:
        y: Tensor = x if self.transform is None else self.transform(x)
        return y

    def _back(self, x: Tensor) -> Tensor:
        y: Tensor = x if self.transform is None else self.transform(x, rev=True)
        return y


def _noise(like: Tensor, generator: torch.Generator | None) -> Tensor:
    return torch.randn(like.shape, generator=generator).to(like)
