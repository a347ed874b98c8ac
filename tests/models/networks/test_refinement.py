"""What mends restored JPEG exports: tiled it is whole, it helps, and its training resumes."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from models.metrics import psnr
from models.networks import inference, pretrained
from models.networks.refinement import NO_CODE, RefinementNetwork, scale
from models.networks.unet import REACH
from models.training import prepare, train_refinement
from models.training.data import HELD_OUT
from tests.models.natural_pictures import natural


def _random_network() -> RefinementNetwork:
    torch.manual_seed(0)
    network = RefinementNetwork((8, 12, 16))
    with torch.no_grad():
        network.last.weight.mul_(10)
    return network.requires_grad_(False).eval()


def test_tiled_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    network = _random_network()
    decoded, export = natural(150, 203, seed=1), natural(150, 203, seed=2)
    whole = inference.refine(network, decoded, export, 40.0)
    assert not np.array_equal(whole, decoded)
    monkeypatch.setattr(inference, "TILE", 64)
    told: list[float] = []
    tiled = inference.refine(network, decoded, export, 40.0, told.append)
    assert len(told) == 12
    assert np.abs(tiled.astype(int) - whole).max() <= 1


def test_a_pixel_knows_nothing_beyond_the_reach() -> None:
    assert REACH <= inference.MARGIN
    network = _random_network().double()
    x = torch.rand(1, 3, 8, 320, dtype=torch.float64)
    changed = x.clone()
    changed[..., 160:] = 1 - changed[..., 160:]
    step = torch.tensor([30.0], dtype=torch.float64)
    difference = (network(x, x, step) - network(changed, changed, step)).abs().amax((0, 1, 2))
    first = int(torch.nonzero(difference > 0)[0])
    assert 160 - REACH <= first < 160 - REACH // 2


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (17, 9)])
def test_any_size(size: tuple[int, int]) -> None:
    picture = natural(*size, seed=3)
    refined = inference.refine(_random_network(), picture, picture, NO_CODE)
    assert refined.shape == picture.shape
    assert refined.dtype == np.uint8


def test_a_coarser_code_may_be_changed_more() -> None:
    scales = scale(torch.tensor([1.0, 16.0, 64.0, 300.0, NO_CODE]))
    assert scales.tolist() == sorted(scales.tolist())
    assert scales[2] == 1


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few crops whose looks are darker the later they come in the list."""
    folder = tmp_path_factory.mktemp("pairs")
    pictures = np.empty((HELD_OUT + 2, prepare.PLANES, 64, 64, 3), np.uint8)
    for crop in range(HELD_OUT + 2):
        for plane in range(prepare.PLANES):
            pictures[crop, plane] = natural(64, 64, seed=crop) * (1 - 0.05 * plane)
    np.save(folder / "pictures.npy", pictures)
    np.save(folder / "done.npy", np.ones(HELD_OUT + 2, np.uint8))
    return folder


def test_what_it_learns_from_is_what_a_reader_has() -> None:
    """The export near the look, the decoded picture nearer to the photo."""
    photo = natural(96, 128, seed=5)
    look = (photo * 0.7).astype(np.uint8)
    rng = np.random.default_rng(0)
    received = [train_refinement.receive(look, photo, rng) for _ in range(12)]
    for r in received:
        assert psnr(r.export, look) > 26
        assert psnr(r.decoded, photo) > psnr(look, photo) + 3
    coded = [r for r in received if r.step != NO_CODE]
    assert max(r.step for r in coded) > 4 * min(r.step for r in coded)


def _train(pairs: Path, run: Path, *more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["train_refinement", "--run", str(run), "--device", "cpu", *more]
    words += [] if "--install" in more else ["--pairs", str(pairs), "--patch", "32", "--batch", "2"]
    monkeypatch.setattr(sys, "argv", words)
    train_refinement.main()


def test_a_run_goes_on_where_it_was_and_can_be_installed(
    pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    _train(pairs, run, "--steps", "1", monkeypatch=monkeypatch)
    first = torch.load(run / "checkpoint.pt", weights_only=True)
    _train(pairs, run, "--steps", "3", monkeypatch=monkeypatch)
    second = torch.load(run / "checkpoint.pt", weights_only=True)
    assert (first["step"], second["step"]) == (1, 3)
    key = "last.weight"
    assert not torch.equal(first["network"][key], second["network"][key])
    train_refinement.install(run, "tried-4", tmp_path)
    network = pretrained.load_refinement("tried-4", folder=tmp_path)
    assert torch.allclose(network.state_dict()[key], second["average"][key], atol=1e-3)
