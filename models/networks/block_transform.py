"""Orthonormal block transform: small picture blocks to channels and back.

A picture is cut into n x n blocks; each block of each opponent colour goes through the orthonormal
type-II DCT (Ahmed, Natarajan and Rao 1974), and every coefficient becomes a channel at 1/n of the
size. The colour axis gets the 3-point DCT, which is an orthonormal opponent space: (R+G+B)/sqrt 3,
(R-B)/sqrt 2, (R-2G+B)/sqrt 6. Because the transform is orthonormal, squared errors of coefficients
are squared errors of pixels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.dct import dct_matrix


class BlockTransform(nn.Module):
    """B x 3 x H x W pictures to B x 3n² x H/n x W/n coefficients, and back.

    Channel ``c * n² + v * n + u`` holds opponent colour c at vertical frequency v and horizontal
    frequency u. H and W must be multiples of n.
    """

    kernel: Tensor

    def __init__(self, size: int = 4) -> None:
        super().__init__()
        self.size = size
        d, c = (torch.from_numpy(dct_matrix(n)) for n in (size, 3))
        kernel = torch.einsum("ci,vy,ux->cvuiyx", c, d, d)
        self.register_buffer("kernel", kernel.reshape(3 * size * size, 3, size, size).float())

    @property
    def channels(self) -> int:
        """Number of coefficient channels, 3n²."""
        return 3 * self.size * self.size

    def forward(self, x: Tensor, rev: bool = False) -> Tensor:
        """Pictures to coefficients; with `rev`, coefficients to pictures."""
        kernel = self.kernel.to(x.dtype)
        if rev:
            return F.conv_transpose2d(x, kernel, stride=self.size)
        return F.conv2d(x, kernel, stride=self.size)

    def double(self) -> BlockTransform:
        """float64, with the kernel computed anew at that precision."""
        super().double()
        d, c = (torch.from_numpy(dct_matrix(n)) for n in (self.size, 3))
        kernel = torch.einsum("ci,vy,ux->cvuiyx", c, d, d)
        self.kernel = kernel.reshape(self.kernel.shape).to(self.kernel.device)
        return self
