"""What the invertible branch is trained for."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from models.networks.block_transform import BlockTransform
from models.training.invertible_config import TrainingConfig
from models.training.processes import mean_of_all

FLAT = 6.0
"""Local standard deviation, in levels, at which an error is about half as visible."""


def rate(error: Tensor, transform: BlockTransform, step: float) -> Tensor:
    """About how many bits per sample the residual codec needs for an error, one value a picture.

    Half the log of 1 + (coefficient / step)², the Gaussian rate above a distortion of step².

    Args:
        error: B x 3 x H x W, full range 1.
        transform: the residual's block transform.
        step: in the unit of `error`.
    """
    coefficients = transform(error)
    return 0.5 * torch.log2(1 + (coefficients / step).square()).mean((1, 2, 3))


def visibility(look: Tensor) -> Tensor:
    """How visible an error is, by what it is in front of: more in a clear sky than in foliage.

    Weight 2.25 on flat areas, falling towards 0.25 where the look's local standard deviation (9 x
    9 pixels) is large; about 1 in ordinary texture. After the masking term of SSIM (Wang et al.
    2004).

    Args:
        look: B x 3 x H x W, 0..1.

    Returns:
        B x 1 x H x W.
    """
    grey = look.mean(1, keepdim=True) * 255

    def mean(z: Tensor) -> Tensor:
        return F.avg_pool2d(z, 9, stride=1, padding=4, count_include_pad=False)

    deviation = (mean(grey.square()) - mean(grey).square()).clamp_min(0).sqrt()
    return 2 * FLAT / (deviation + FLAT) + 0.25


def restoring_loss(
    photo: Tensor,
    look: Tensor,
    container: Tensor,
    restored: Tensor,
    target: float,
    transform: BlockTransform,
    config: TrainingConfig,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The loss; and, per picture, squared errors of container and restored photo, and the rate.

    What counts in the end is the photo after the residual, whose bits are given: so the first
    term is the rate of what extracting leaves to it. The second, the log of a power mean of the
    squared errors, keeps hard pairs in view (exponent `hardness` 0 would average decibels, 1
    errors). The container has a `target` in dB, weighted by `visibility`; beyond it nothing is
    gained. All in nats.
    """
    restored_error = (restored - photo).square().mean((1, 2, 3))
    container_error = (container - look).square().mean((1, 2, 3))
    p = config.hardness
    mean_error = torch.log(mean_of_all((restored_error + 1e-7).pow(p).mean())) / p
    bits = rate(restored - photo, transform, config.rate_step / 255)
    aim = -target / 10 * math.log(10)
    seen_error = ((container - look).square() * visibility(look)).mean((1, 2, 3))
    container_term = torch.relu(torch.log(seen_error + 1e-9) - aim).mean()
    loss = (
        2 * math.log(2) * bits.mean()
        + config.error_weight * mean_error
        + config.container_weight * container_term
    )
    return loss, container_error.detach(), restored_error.detach(), bits.detach()
