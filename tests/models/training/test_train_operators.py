"""The training of the learned operators: what a batch is, that a run resumes, what is installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models import zoo
from models.learned import inference as learned_inference
from models.learned.network import COARSE, GROUP, LEARNED, POWERS, coarse_guides, monomials
from models.learned.starting_points import starting_point
from models.training import prepare, train_operators
from models.training import steps as steps_of_training
from models.training.data import HELD_OUT, NotPrepared
from tests.models.training.drawn_pairs import save_pairs

SIZE, CROPS = 64, HELD_OUT + 2


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crops whose looks are darker the later they come in the list."""
    folder = tmp_path_factory.mktemp("pairs")
    save_pairs(folder, CROPS, SIZE, darker=0.05)
    return folder


def test_a_batch_is_photos_with_their_full_looks(pairs: Path) -> None:
    sampler = train_operators.LookSampler(pairs, patch=48)
    rngs = [np.random.default_rng([1, i]) for i in range(12)]
    photos, starts, coarse, operators, looks, weights = sampler.batch(rngs)
    assert photos.shape == starts.shape == looks.shape == (12, 3, 48, 48)
    assert coarse.shape == (12, COARSE, 48 // GROUP, 48 // GROUP)
    assert len(set(operators.tolist())) > 3
    for photo, operator, look, weight in zip(photos, operators, looks, weights, strict=True):
        plane = 1 + prepare.LOOKS.index(LEARNED[int(operator)])
        assert torch.allclose(look, photo * (1 - 0.05 * plane), atol=1 / 255 + 1e-6)
        assert set(weight.unique().tolist()) <= {0.0, 1.0}
        assert weight.mean() >= ((48 - 2 * train_operators.MARGIN) / 48) ** 2


def test_what_is_told_is_that_of_the_whole_crop(pairs: Path) -> None:
    """Turned and cut as the patch is: found again in the crop's own planes."""
    sampler = train_operators.LookSampler(pairs, patch=48)
    photo = sampler.pictures[HELD_OUT, 0]
    start = starting_point(photo, "colour-pencil", 700).astype(np.float16)
    _, got, coarse, _, _ = sampler.sample(
        HELD_OUT, LEARNED.index("colour-pencil"), np.random.default_rng(2)
    )
    for whole, part in ((start, got), (coarse_guides(photo, 700), coarse)):
        values = {v.tobytes() for v in whole.reshape(-1, 3)}
        assert all(v.tobytes() in values for v in part.reshape(-1, 3))


def test_all_of_a_patch_is_of_one_place(pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned alike: where the planes tell each pixel's place, they tell the same one."""
    places = np.stack([*np.mgrid[:SIZE, :SIZE], np.zeros((SIZE, SIZE))], -1)
    coarse = places.reshape(SIZE // GROUP, GROUP, SIZE // GROUP, GROUP, 3).mean((1, 3))
    sampler = train_operators.LookSampler(pairs, patch=32)
    rng = np.random.default_rng(3)
    sampler.pictures = np.broadcast_to(places.astype(np.uint8), sampler.pictures.shape)
    monkeypatch.setattr(train_operators, "starting_point", lambda *_: places)
    monkeypatch.setattr(train_operators, "coarse_guides", lambda *_: coarse)
    for _ in range(20):
        photo, start, groups, look, _ = sampler.sample(HELD_OUT, 0, rng)
        np.testing.assert_array_equal(photo, look)
        np.testing.assert_array_equal(photo, start)
        means = photo.reshape(32 // GROUP, GROUP, 32 // GROUP, GROUP, 3).mean((1, 3))
        np.testing.assert_array_equal(means, groups)


def _train(pairs: Path, run: Path, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ["--steps", steps, "--patch", 48, "--batch", 2, "--device", "cpu"]
    monkeypatch.setattr(train_operators, "check_pairs", lambda folder: None)
    words = ["train_operators", "--pairs", pairs, "--run", run, *options]
    monkeypatch.setattr(sys, "argv", [str(word) for word in words])
    train_operators.main()


def test_a_run_goes_on_where_it_was_and_can_be_installed(
    pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    _train(pairs, run, 1, monkeypatch)
    first = torch.load(run / "checkpoint.pt", weights_only=True)
    _train(pairs, run, 2, monkeypatch)
    second = torch.load(run / "checkpoint.pt", weights_only=True)
    assert (first["step"], second["step"]) == (1, 2)
    name = "last"
    assert not torch.equal(first["network"][name], second["network"][name])
    figures = json.loads((run / "figures.json").read_text())
    assert set(LEARNED) < set(figures)
    assert 0.5 < figures["features alive"] <= 1
    sheet = cv2.imread(str(run / "preview.png"))
    assert sheet.shape == (SIZE * len(LEARNED), SIZE * 4, 3)
    file = train_operators.install(run, "tried-7", tmp_path)
    assert file == tmp_path / "tried-7.safetensors"
    entry = zoo.newest("operators", tmp_path)
    assert (entry.name, entry.number) == ("tried-7", 7)
    network = learned_inference.load_operators("tried-7", tmp_path)
    assert torch.allclose(network.state_dict()[name], second["average"][name], atol=1e-3)
    assert network.colour.any(), "the colours are fitted before the first step"


def test_colours_are_fitted_where_it_is_worth_it(pairs: Path, tmp_path: Path) -> None:
    """Looks made by known polynomials: found again, and left out where they do next to nothing."""
    pictures = np.load(pairs / "pictures.npy")
    photos = pictures[:, 0] / 255 - 0.5
    r, g, b = np.moveaxis(photos, -1, 0)
    film, oil = (1 + prepare.LOOKS.index(name) for name in ("film", "oil-painting"))
    look = 0.5 + 0.5 * photos + np.stack([0.1 + 0.2 * g, 0.3 * r * r, -0.5 * r * g * b], -1)
    pictures[:, film] = np.rint(255 * look)
    rng = np.random.default_rng(3)
    noise = rng.integers(-20, 21, pictures[:, oil].shape)
    pictures[:, oil] = (pictures[:, 0] + noise).clip(0, 255)
    np.save(tmp_path / "pictures.npy", pictures)
    for name in ("done.npy", "long_edges.npy"):
        np.save(tmp_path / name, np.load(pairs / name))
    fitted = train_operators.fit_colours(tmp_path)
    assert fitted.shape == (len(LEARNED), 3, len(POWERS))
    assert not fitted[LEARNED.index("oil-painting")].any()
    found = fitted[LEARNED.index("film")].double()
    x = monomials(torch.from_numpy(photos[HELD_OUT].reshape(-1, 3).T))
    missing = pictures[HELD_OUT, film] / 255 - 0.5 - photos[HELD_OUT]
    np.testing.assert_allclose((found @ x).T, missing.reshape(-1, 3), atol=0.02)


def test_pairs_of_another_reference_are_refused(
    pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = np.load(pairs / "pictures.npy", mmap_mode="r")
    looks = {name: pictures[0, 1 + prepare.LOOKS.index(name)] for name in LEARNED}
    drawn = {name: lambda *_, look=look, **__: look for name, look in looks.items()}
    monkeypatch.setattr(train_operators, "OPERATORS", drawn)
    train_operators.check_pairs(pairs)
    drawn["film"] = lambda photo, *_, **__: photo
    with pytest.raises(NotPrepared, match=r"other versions of film; "):
        train_operators.check_pairs(pairs)


@pytest.mark.parametrize("steps", [1, 50, 20_000])
def test_the_rate_rises_stays_and_falls(steps: int) -> None:
    rates = [steps_of_training.learning_rate(step, steps) for step in range(steps)]
    assert 0 < min(rates) <= max(rates) <= 1
    highest = int(np.argmax(rates))
    assert rates[: highest + 1] == sorted(rates[: highest + 1])
    assert rates[highest:] == sorted(rates[highest:], reverse=True)
    if steps == 20_000:
        assert rates[300:18_001] == [1.0] * 17_701


def test_a_dying_network_is_told_from_a_living_one(pairs: Path) -> None:
    network = train_operators.OperatorNetwork()
    device = torch.device("cpu")
    assert train_operators.share_alive(network, pairs, device) > 0.8
    with torch.no_grad():
        for layer in (network.down1, *network.down2):
            layer.shift[:, :] = -100  # type: ignore[operator, union-attr]
    assert train_operators.share_alive(network, pairs, device) < 0.9
