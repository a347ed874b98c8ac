"""Training the paper's network: pairs, steps, going on as if never stopped, and the weights."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models.benchmarks import paper_runs
from models.operators.registry import ADJUSTMENTS, OPERATORS
from models.paper import media, run_folder, weights
from models.paper.network import PaperConfig, PaperNetwork
from models.training import paper_pairs, steps, train_paper
from models.training.paper_config import PaperTraining
from models.training.paper_pairs import OPERATORS_TRAINED, Pairs
from models.training.steps import CHECKPOINT
from tests.models.natural_pictures import natural

CPU = torch.device("cpu")
TINY = replace(
    PaperTraining.read(),
    steps=4,
    batch=2,
    patch=16,
    validate_every=2,
    network=PaperConfig(hidden=4),
)


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three photos, of which one is held out."""
    monkeypatch.setattr(paper_pairs, "HELD_OUT", 1)
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(3):
        picture = natural(40, 52, seed) // 8 + 80 * seed  # told apart by their brightness
        cv2.imwrite(str(folder / f"{seed}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return folder


def _pairs() -> Pairs:
    crops = np.stack([natural(24, 24, seed) for seed in range(4)])
    return Pairs(crops, crops // 2, 2)


def _run(folder: Path, config: PaperTraining, medium: str = "jpeg-95-420") -> PaperNetwork:
    run = train_paper.train(config, _pairs(), media.parse(medium), folder, CPU)
    assert run.done
    return run.average


def test_there_is_a_configuration_for_all_ten_operators() -> None:
    config = PaperTraining.read()
    assert set(config.operators) == set(OPERATORS_TRAINED)
    assert len(config.operators) == 10
    left_out = set(OPERATORS) - set(ADJUSTMENTS) - set(config.operators)
    assert left_out == {"retouch", "exposure"}
    assert (config.steps, config.batch, config.patch) == (100_000, 12, 144)
    assert (config.learning_rate, config.medium) == (2e-4, "jpeg-95-420")
    assert config.look_weight == 4 * config.photo_weight
    assert config.network == PaperConfig()


def test_a_configuration_with_an_unknown_operator_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('operators = ["sepia"]')
    with pytest.raises(ValueError, match="sepia"):
        PaperTraining.read(path)


def test_pairs_are_photos_with_their_full_look_and_held_out_photos_stay_out(
    photos: Path, tmp_path: Path
) -> None:
    made = Pairs.make("film", paper_pairs.photos_in([photos]), count=5, size=24)
    made.write(tmp_path / "pairs.npz")
    pairs = Pairs.read(tmp_path / "pairs.npz")
    assert pairs.photos.shape == pairs.looks.shape == (6, 24, 24, 3)
    brightness = np.round(pairs.photos.mean((1, 2, 3)) / 80 - 0.2)
    assert brightness[0] not in brightness[1:]
    assert len(set(brightness)) == 3
    assert np.array_equal(pairs.validation()[0], pairs.photos[:1])
    assert not np.array_equal(pairs.photos, pairs.looks)
    photo, look = pairs.batch(np.random.default_rng(0), 3, 16)
    assert photo.shape == look.shape == (3, 3, 16, 16)
    assert float((photo - look).abs().mean()) < 0.1, "pairs belong together"


def test_too_few_photos_are_said(photos: Path) -> None:
    with pytest.raises(ValueError, match="too few"):
        Pairs.make("film", paper_pairs.photos_in([photos])[:1], count=5, size=24)
    with pytest.raises(FileNotFoundError, match="no \\.jpg"):
        paper_pairs.photos_in([photos.parent])


def test_training_lowers_the_loss_and_logs(tmp_path: Path) -> None:
    config = replace(TINY, steps=60, learning_rate=3e-3, validate_every=50)
    assert run_folder.last_held_out(tmp_path) is None
    first = train_paper.network_for(config, CPU)
    before = train_paper.validate(first, _pairs(), media.parse("png"), tmp_path)
    _run(tmp_path, config, "png")
    after = run_folder.last_held_out(tmp_path)
    assert after is not None
    assert after.step == 60
    assert after.export_psnr > before[0] + 1, "the export comes closer to the look"
    assert (tmp_path / "preview.png").exists()


@pytest.mark.parametrize("subnets", ["light", "dense"])
def test_a_stopped_run_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subnets: str
) -> None:
    config = replace(TINY, network=replace(TINY.network, subnets=subnets))
    monkeypatch.setattr(steps, "SAVED_EVERY", 2)
    whole = _run(tmp_path / "whole", config)

    loss_of, calls = train_paper.loss_of, []

    def stopped(*args: object) -> object:
        calls.append(1)
        if len(calls) == 4:  # one step after the checkpoint
            raise KeyboardInterrupt
        return loss_of(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(train_paper, "loss_of", stopped)
        with pytest.raises(KeyboardInterrupt):
            _run(tmp_path / "stopped", config)
    resumed = _run(tmp_path / "stopped", config)
    for (name, a), (_, b) in zip(whole.named_parameters(), resumed.named_parameters(), strict=True):
        assert torch.equal(a, b), name
    first = train_paper.network_for(config, CPU)
    changed = zip(whole.parameters(), first.parameters(), strict=True)
    assert any(not torch.equal(a, b) for a, b in changed)
    size = (tmp_path / "stopped" / CHECKPOINT).stat().st_size
    assert size <= 16 * 2**20


def test_one_command_trains_and_another_installs(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def command(*more: str) -> None:
        run = ["--runs", str(tmp_path / "runs"), "--operator", "film", "--label", "zero"]
        monkeypatch.setattr(sys, "argv", ["train_paper", *run, *more])
        train_paper.main()

    small = ["--steps", "2", "--batch", "1", "--patch", "16", "--crops", "3", "--device", "cpu"]
    with pytest.raises(SystemExit, match="--photos"):
        command(*small)
    monkeypatch.setattr(train_paper.PaperTraining, "read", lambda _: replace(TINY, crop=24))
    shape = ["--hidden", "4", "--zero-latent", "--block", "4"]
    command(*small, *shape, "--photos", str(photos))
    assert (tmp_path / "runs" / "pairs-film.npz").exists()
    command("--install", str(tmp_path / "weights"))
    network = weights.load("paper-film-jpeg-95-420-zero", folder=tmp_path / "weights")
    assert network.config == PaperConfig(hidden=4, zero_latent=True, block=4)
    with pytest.raises(SystemExit, match="another network"):
        command(*small)
    (line,) = [x for x in paper_runs.table(tmp_path / "runs") if x.startswith("film")]
    assert line.split()[0] == "film-jpeg-95-420-zero"
    assert line.split()[1] == "2"
    assert f"{sum(p.numel() for p in network.parameters()):,}" in line
