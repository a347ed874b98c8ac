"""The block transform is the DCT of the textbooks, and loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.fft import dctn

from models.dct import dct_matrix
from models.networks.block_transform import BlockTransform


@pytest.mark.parametrize("n", [1, 2, 3, 4, 8, 16])
def test_the_matrix_is_scipys_orthonormal_dct(n: int) -> None:
    d = dct_matrix(n)
    assert np.abs(d @ d.T - np.eye(n)).max() < 1e-14
    assert np.abs(d - dctn(np.eye(n), axes=0, norm="ortho")).max() < 1e-14


@pytest.mark.parametrize("n", [2, 4, 8])
def test_channels_are_scipys_coefficients_of_each_block(n: int) -> None:
    rng = np.random.default_rng(n)
    picture = rng.random((3, 3 * n, 2 * n))
    transform = BlockTransform(n).double()
    channels = transform(torch.from_numpy(picture)[None])[0].numpy()
    assert channels.shape == (3 * n * n, 3, 2) == (transform.channels, 3, 2)
    for row in range(3):
        for column in range(2):
            block = picture[:, row * n : (row + 1) * n, column * n : (column + 1) * n]
            expected = dctn(block, norm="ortho")  # over colour, y and x: c, v, u
            assert np.abs(channels[:, row, column] - expected.reshape(-1)).max() < 1e-13


def test_the_colours_are_the_documented_opponent_space() -> None:
    picture = torch.zeros(1, 3, 4, 4)
    picture[0, 0], picture[0, 1], picture[0, 2] = 0.9, 0.5, 0.2
    dc = BlockTransform(4)(picture)[0, ::16, 0, 0] / 4  # the DC of a 4 x 4 block is 4 x the mean
    expected = [1.6 / 3**0.5, 0.7 / 2**0.5, (0.9 - 1.0 + 0.2) / 6**0.5]
    assert dc.numpy() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("n", [2, 4, 8])
def test_energy_is_kept_and_the_inverse_is_exact(n: int) -> None:
    generator = torch.Generator().manual_seed(n)
    x = torch.rand(2, 3, 4 * n, 5 * n, generator=generator, dtype=torch.float64)
    transform = BlockTransform(n).double()
    z = transform(x)
    assert float(z.square().sum()) == pytest.approx(float(x.square().sum()), rel=1e-13)
    assert float((transform(z, rev=True) - x).abs().max()) < 1e-13
    single = BlockTransform(n)
    assert float((single(single(x.float()), rev=True) - x).abs().max()) < 2e-6
