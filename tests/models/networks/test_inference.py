"""Embedding and extracting on whole pictures: any size, in tiles, with progress."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.networks import inference, pretrained
from models.networks.invertible import NetworkConfig, QuasiInvertibleNetwork
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def shipped() -> QuasiInvertibleNetwork:
    loaded = pretrained.load_network("lossless-1")
    network = QuasiInvertibleNetwork(loaded.config)
    network.load_state_dict(loaded.state_dict())  # float32 whatever the hardware
    return network.requires_grad_(False)


@pytest.fixture(scope="module")
def small() -> QuasiInvertibleNetwork:
    torch.manual_seed(0)
    return QuasiInvertibleNetwork(NetworkConfig(couplings=1, hidden=4)).requires_grad_(False)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (17, 3), (4, 4), (5, 8), (33, 31)])
@pytest.mark.parametrize("lattice", [1, 2, 4])
def test_any_size_goes_through(
    small: QuasiInvertibleNetwork, size: tuple[int, int], lattice: int
) -> None:
    photo = natural(*size, seed=1)
    look = 255 - photo
    kept = photo.copy(), look.copy()
    container = inference.embed(small, photo, look, lattice)
    assert container.shape == photo.shape
    assert container.dtype == np.uint8
    assert (container % lattice == 0).all()
    restored = inference.extract(small, container, lattice)
    assert restored.shape == photo.shape
    assert restored.dtype == np.uint8
    assert np.array_equal(photo, kept[0])
    assert np.array_equal(look, kept[1])


def test_pictures_of_whole_blocks_are_what_the_network_itself_gives(
    shipped: QuasiInvertibleNetwork,
) -> None:
    photo, look = natural(32, 40, 1), natural(32, 40, 2)
    x, t = (torch.from_numpy(p / 255.0).permute(2, 0, 1)[None].float() for p in (photo, look))
    with torch.inference_mode():
        expected = (shipped.embed(x, t)[0][0].permute(1, 2, 0) * 255).numpy()
    container = inference.embed(shipped, photo, look)
    assert np.abs(container - np.clip(expected, 0, 255)).max() <= 0.501


@pytest.mark.parametrize("lattice", [2, 4])
def test_levels_below_the_lattice_make_no_difference(
    small: QuasiInvertibleNetwork, lattice: int
) -> None:
    container = natural(24, 20)
    noise = np.random.default_rng(0).integers(0, lattice, container.shape, dtype=np.uint8)
    other = container - container % lattice + noise
    assert not np.array_equal(container, other)
    extracted = inference.extract(small, container, lattice)
    assert np.array_equal(extracted, inference.extract(small, other, lattice))


def test_tiles_join_to_what_the_whole_picture_gives(
    shipped: QuasiInvertibleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one level, across seams that lie further from a tile's end than its margin."""
    photo = natural(45, 176, seed=5)
    look = np.asarray(OPERATORS["exposure"](photo, 1.0))
    container = inference.embed(shipped, photo, look)
    restored = inference.extract(shipped, container)
    calls: list[float] = []
    monkeypatch.setattr(inference, "TILE", 60)
    tiled_container = inference.embed(shipped, photo, look, 1, calls.append)
    tiled_restored = inference.extract(shipped, container)
    assert len(calls) == 3
    for whole, tiled in ((container, tiled_container), (restored, tiled_restored)):
        assert np.abs(whole.astype(int) - tiled).max() <= 1
        assert (whole != tiled).mean() < 1e-3


@pytest.mark.parametrize("size", [(30, 30), (31, 49), (64, 17)])
def test_tiles_in_both_directions_land_in_their_places(
    small: QuasiInvertibleNetwork, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """One coupling reaches 4 convolutions of a block each: a margin of 16 pixels is exact."""
    container = natural(*size, seed=2)
    whole = inference.extract(small, container)
    monkeypatch.setattr(inference, "TILE", 12)
    monkeypatch.setattr(inference, "MARGIN", 16)
    assert np.abs(whole.astype(int) - inference.extract(small, container)).max() <= 1


def test_without_its_margin_a_seam_would_show(
    shipped: QuasiInvertibleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: tiles without a margin differ from the whole by many levels."""
    container = natural(64, 32, seed=5)
    whole = inference.extract(shipped, container)
    monkeypatch.setattr(inference, "TILE", 32)
    monkeypatch.setattr(inference, "MARGIN", 0)
    assert np.abs(whole.astype(int) - inference.extract(shipped, container)).max() > 1


def test_progress_grows_to_one_and_can_cancel(
    small: QuasiInvertibleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "TILE", 16)
    monkeypatch.setattr(inference, "MARGIN", 4)
    shares: list[float] = []
    inference.extract(small, natural(40, 20), progress=shares.append)
    assert shares == pytest.approx([k / 6 for k in range(1, 7)])

    class Stop(Exception):
        pass

    def stop(share: float) -> None:
        raise Stop

    with pytest.raises(Stop):
        inference.extract(small, natural(40, 20), progress=stop)


def test_photo_and_look_of_different_sizes_are_refused(small: QuasiInvertibleNetwork) -> None:
    with pytest.raises(ValueError, match="differ in size"):
        inference.embed(small, natural(8, 8), natural(8, 9))
