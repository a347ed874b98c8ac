"""Coupling blocks: the invertible steps between the picture that is shown and what it hides.

Two streams of equal shape run through the blocks: t, the transformed look (it leaves as the
exported container), and d, what the look does not tell of the photo (it leaves as a latent that is
thrown away). One block is an additive coupling into t followed by an affine coupling into d
(Dinh, Sohl-Dickstein and Bengio 2017; the arrangement of HiNet, Jing et al. 2021):

    t <- t + amplitude * f(d)
    d <- d * exp(tanh a(t)) + b(t)

Both streams are divided by a scale per channel before the first block (see `models.network`):
coefficients span three orders of magnitude and training is slow without it. The subnets are told,
by a gain and a shift of their hidden features, what kind of picture they are in.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Subnet(nn.Module):
    """3 x 3 convolution, gain and shift, hardswish, 3 x 3 convolution; starts out almost at zero.

    `number_format` is what it computes in; only the subnets may be reduced to bfloat16, the
    streams between them and the transforms keep the precision of their input.
    """

    number_format: torch.dtype = torch.float32

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, hidden, 3, padding=1)
        self.last = nn.Conv2d(hidden, outputs, 3, padding=1)
        with torch.no_grad():
            self.last.weight.mul_(0.1)
            if self.last.bias is not None:
                self.last.bias.zero_()

    def forward(self, x: Tensor, gain: Tensor, shift: Tensor) -> Tensor:
        """B x inputs x H x W to B x outputs x H x W, in the number format of `x`.

        Args:
            x: the input.
            gain, shift: of the hidden features, B x hidden x 1 x 1 each.
        """
        reduced = self.number_format != torch.float32
        with torch.autocast(x.device.type, self.number_format, enabled=reduced):
            features = self.first(x)
            features = torch.addcmul(shift.to(features.dtype), features, gain.to(features.dtype))
            return self.last(F.hardswish(features)).to(x.dtype)


@dataclass(frozen=True)
class Setting:
    """What a coupling block is told of the pictures that it is in.

    Attributes:
        reach: B x C x 1 x 1, what f's output is multiplied by: its amplitude, in the unit of t.
        modulations: 4 of B x hidden x 1 x 1: gain and shift of f's features, then those of a and b.
    """

    reach: Tensor
    modulations: tuple[Tensor, ...]


class CouplingBlock(nn.Module):
    """One invertible step on the streams (t, d), each B x C x H x W.

    Args:
        channels: C.
        hidden: width of the subnets.
    """

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.channels = channels
        self.f = Subnet(channels, hidden, channels)
        self.ab = Subnet(channels, hidden, 2 * channels)

    def _added(self, d: Tensor, setting: Setting) -> Tensor:
        return self.f(d, *setting.modulations[:2]) * setting.reach

    def _scale_and_shift(self, t: Tensor, setting: Setting) -> tuple[Tensor, Tensor]:
        a, b = self.ab(t, *setting.modulations[2:]).split(self.channels, dim=1)
        return torch.tanh(a), b

    def forward(
        self, t: Tensor, d: Tensor, setting: Setting, rev: bool = False
    ) -> tuple[Tensor, Tensor]:
        """The step, or with `rev` its inverse. Shapes are kept."""
        if rev:
            log_scale, shift = self._scale_and_shift(t, setting)
            d = (d - shift) * torch.exp(-log_scale)
            return t - self._added(d, setting), d
        t = t + self._added(d, setting)
        log_scale, shift = self._scale_and_shift(t, setting)
        return t, d * torch.exp(log_scale) + shift
