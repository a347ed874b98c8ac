"""Coupling blocks: the invertible steps between the picture that is shown and what it carries.

Two streams of equal shape run through the blocks: t, the transformed look (it leaves as the
exported container), and d, the transformed difference between photo and look (it leaves as a latent
that is thrown away). One block is an additive coupling into t followed by an affine coupling into d
(Dinh, Sohl-Dickstein and Bengio 2017; the arrangement of HiNet, Jing et al. 2021):

    t <- t + f(d)
    d <- d * exp(tanh a(t)) + b(t)

The subnets see their stream divided by a fixed scale per channel, the measured standard deviation
of that coefficient, and what they add is multiplied by a fixed scale too; coefficients span three
orders of magnitude and training is slow without it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Subnet(nn.Sequential):
    """3 x 3 convolution, GELU, 3 x 3 convolution; starts out almost at zero.

    `number_format` is what it computes in; only the subnets may be reduced to bfloat16, the
    streams between them and the transforms keep the precision of their input.
    """

    number_format: torch.dtype = torch.float32

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        first = nn.Conv2d(inputs, hidden, 3, padding=1)
        last = nn.Conv2d(hidden, outputs, 3, padding=1)
        super().__init__(first, nn.GELU(approximate="tanh"), last)
        with torch.no_grad():
            last.weight.mul_(0.1)
            if last.bias is not None:
                last.bias.zero_()

    def forward(self, x: Tensor) -> Tensor:
        """B x inputs x H x W to B x outputs x H x W, in the number format of `x`."""
        reduced = self.number_format != torch.float32
        with torch.autocast(x.device.type, self.number_format, enabled=reduced):
            out: Tensor = super().forward(x)  # type: ignore[no-untyped-call]
            return out.to(x.dtype)


class CouplingBlock(nn.Module):
    """One invertible step on the streams (t, d), each B x C x H x W.

    Args:
        channels: C.
        hidden: width of the subnets.
        look_scale: C values, standard deviation of the channels of t.
        difference_scale: C values, standard deviation of the channels of d.
        step: fixed scale of what f adds to t (same unit as t: full range 1).
    """

    look_scale: Tensor
    difference_scale: Tensor

    def __init__(
        self,
        channels: int,
        hidden: int,
        look_scale: Tensor,
        difference_scale: Tensor,
        step: float = 0.02,
    ) -> None:
        super().__init__()
        self.channels = channels
        self.step = step
        self.f = Subnet(channels, hidden, channels)
        self.ab = Subnet(channels, hidden, 2 * channels)
        self.register_buffer("look_scale", look_scale.reshape(1, channels, 1, 1).clone())
        self.register_buffer(
            "difference_scale", difference_scale.reshape(1, channels, 1, 1).clone()
        )

    def _added(self, d: Tensor) -> Tensor:
        added: Tensor = self.f(d / self.difference_scale) * self.step
        return added

    def _scale_and_shift(self, t: Tensor) -> tuple[Tensor, Tensor]:
        a, b = self.ab(t / self.look_scale).split(self.channels, dim=1)
        return torch.tanh(a), b * self.difference_scale

    def forward(self, t: Tensor, d: Tensor, rev: bool = False) -> tuple[Tensor, Tensor]:
        """The step, or with `rev` its inverse. Shapes are kept."""
        if rev:
            log_scale, shift = self._scale_and_shift(t)
            d = (d - shift) * torch.exp(-log_scale)
            return t - self._added(d), d
        t = t + self._added(d)
        log_scale, shift = self._scale_and_shift(t)
        return t, d * torch.exp(log_scale) + shift
