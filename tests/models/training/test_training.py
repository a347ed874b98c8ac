"""Preparing, training, resuming and exporting: the whole way, in miniature."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
import torch

from models import zoo
from models.networks import pretrained
from models.networks.block_transform import BlockTransform
from models.networks.invertible import NetworkConfig
from models.operators.registry import OPERATORS
from models.training import data, invertible_loss, prepare, train_invertible
from models.training.invertible_config import TrainingConfig, learning_rate
from tests.models.natural_pictures import natural

SIZE = 32
CONFIG = """
steps = 4
batch = 2
patch = 16
warm_up = 1
lattices = [2, 4]
container_targets = [46.0, 43.0]
validate_every = 100

[network]
couplings = 1
hidden = 4
"""


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three crops, prepared by the program itself from two pictures and a drawn page."""
    folder = tmp_path_factory.mktemp("training")
    (folder / "photos").mkdir()
    for seed, suffix in ((1, "png"), (2, "jpg")):
        picture = cv2.cvtColor(natural(40, 52, seed), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(folder / "photos" / f"{seed}.{suffix}"), picture)
    arguments = ["--photos", str(folder / "photos"), "--out", str(folder / "pairs")]
    arguments += ["--size", str(SIZE), "--drawn", "1"]
    with pytest.MonkeyPatch.context() as patch:
        for part in ("1/2", "2/2"):  # two processes share the work
            patch.setattr(sys, "argv", ["prepare", *arguments, "--part", part])
            prepare.main()
    return folder / "pairs"


@pytest.fixture(autouse=True)
def _few_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "HELD_OUT", 1)
    monkeypatch.setattr(train_invertible, "measure_scales", _scales)
    original = data.validation_pairs
    monkeypatch.setattr(train_invertible, "validation_pairs", lambda folder: original(folder, SIZE))


_measure_scales = train_invertible.measure_scales


def _scales(
    sampler: data.PairSampler, network: NetworkConfig, seed: int
) -> tuple[torch.Tensor, torch.Tensor]:
    return _measure_scales(sampler, network, seed, batches=2)


def _generators(count: int) -> list[np.random.Generator]:
    return [np.random.default_rng([3, i]) for i in range(count)]


def _train(pairs: Path, run: Path, config: Path, *more: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folders = ["--pairs", str(pairs), "--run", str(run)]
        patch.setattr(sys, "argv", ["train", str(config), *folders, "--device", "cpu", *more])
        train_invertible.main()


def _config(folder: Path, text: str = CONFIG) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_planes_are_the_photo_and_its_looks(pairs: Path) -> None:
    pictures, done = np.load(pairs / "pictures.npy"), np.load(pairs / "done.npy")
    assert pictures.shape == (3, prepare.PLANES, SIZE, SIZE, 3)
    assert done.tolist() == [1, 1, 1]
    edges = np.load(pairs / "long_edges.npy")
    assert edges.dtype == np.int32
    paths = prepare.crop_list([pairs.parent / "photos"], 1, 1)
    assert sorted(p.name for p in paths if p) == ["1.png", "2.jpg"]
    for i, (path, crop) in enumerate(zip(paths, pictures, strict=True)):
        photo, long_edge = prepare.take_crop(path, np.random.default_rng(i), SIZE)
        assert np.array_equal(crop[0], photo)
        assert edges[i] == long_edge
        for plane, name in enumerate(prepare.LOOKS, start=1):
            look = OPERATORS[name](photo, 1.0, long_edge=long_edge)
            assert np.array_equal(crop[plane], look), name
        for stack in prepare.STACK_PLANES:
            assert not np.array_equal(crop[stack], photo)


def test_preparing_again_keeps_what_is_done(pairs: Path, capsys: pytest.CaptureFixture) -> None:
    before = hashlib.sha256((pairs / "pictures.npy").read_bytes()).digest()
    with pytest.MonkeyPatch.context() as patch:
        photos = str(pairs.parent / "photos")
        arguments = ["--photos", photos, "--out", str(pairs), "--size", str(SIZE), "--drawn"]
        patch.setattr(sys, "argv", ["prepare", *arguments, "1"])
        patch.setattr(prepare, "render_planes", None)  # nothing is rendered again
        prepare.main()
        assert "3 of 3 crops are ready" in capsys.readouterr().out
        patch.setattr(sys, "argv", ["prepare", *arguments, "5"])
        with pytest.raises(SystemExit, match="not"):
            prepare.main()
    assert hashlib.sha256((pairs / "pictures.npy").read_bytes()).digest() == before


def test_an_unreadable_photo_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")
    with pytest.raises(OSError, match=r"broken\.jpg"):
        prepare.take_crop(tmp_path / "broken.jpg", np.random.default_rng(0), SIZE)


@pytest.mark.parametrize("shape", [(20, 31), (32, 32), (100, 40)])
def test_crops_fill_their_square_from_photos_of_any_shape(
    tmp_path: Path, shape: tuple[int, int]
) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), natural(*shape))
    for seed in range(5):
        crop, long_edge = prepare.take_crop(tmp_path / "a.png", np.random.default_rng(seed), SIZE)
        assert crop.shape == (SIZE, SIZE, 3)
        assert long_edge >= SIZE


def test_batches_are_pairs_on_levels_of_a_file(pairs: Path) -> None:
    photo, look = data.PairSampler(pairs, patch=16).batch(_generators(24))
    for batch in (photo, look):
        assert batch.shape == (24, 3, 16, 16)
        assert batch.dtype == torch.float32
        levels = batch * 255
        assert float((levels - levels.round()).abs().max()) < 1e-4
        assert 0 <= float(batch.min()) <= float(batch.max()) <= 1
    again = data.PairSampler(pairs, patch=16).batch(_generators(24))
    assert torch.equal(again[0], photo)
    assert torch.equal(again[1], look)
    held_out = np.load(pairs / "pictures.npy")[0, 0].astype(int)
    windows = np.lib.stride_tricks.sliding_window_view(held_out, (16, 16, 3)).reshape(-1, 16, 16, 3)
    turned = [w for k in range(4) for w in (np.rot90(windows, k, (1, 2)),)]
    turned += [np.flip(w, 2) for w in turned]
    for p in (photo * 255).round().int().permute(0, 2, 3, 1).numpy():
        assert not any((w == p).all((1, 2, 3)).any() for w in turned), "a held-out crop was drawn"


def test_unprepared_folders_are_refused(
    pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "HELD_OUT", 3)
    with pytest.raises(data.NotPrepared, match="first 3 of 3 are held out"):
        data.PairSampler(pairs, patch=16).batch(_generators(1))
    with pytest.raises(SystemExit, match="Too few crops"):
        _train(pairs, tmp_path / "run", _config(tmp_path))
    with pytest.raises(SystemExit, match=r"nowhere holds no pairs; run models\.training\.prepare"):
        _train(tmp_path / "nowhere", tmp_path / "run", _config(tmp_path))
    with pytest.raises(SystemExit, match=r"missing\.toml"):
        _train(pairs, tmp_path / "run", tmp_path / "missing.toml")


def test_folders_without_photos_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").touch()
    for folder, says in (("empty", "There are no .jpg"), ("nowhere", "nowhere")):
        arguments = ["--photos", str(tmp_path / folder), "--out", str(tmp_path / "pairs")]
        monkeypatch.setattr(sys, "argv", ["prepare", *arguments])
        with pytest.raises(SystemExit, match=says):
            prepare.main()
        assert not (tmp_path / "pairs").exists()


def test_photos_are_found_whatever_the_case_of_their_suffix(tmp_path: Path) -> None:
    for name in ("B.JPG", "a.jpeg", "c.png", "d.txt"):
        (tmp_path / name).touch()
    found = prepare.crop_list([tmp_path], per_photo=2, drawn=1)
    assert sorted(p.name for p in found if p) == sorted(["B.JPG", "a.jpeg", "c.png"] * 2)
    assert found.count(None) == 1


def test_training_saves_resumes_validates_and_exports(pairs: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    _train(pairs, run, _config(tmp_path))
    first = torch.load(run / "checkpoint.pt", weights_only=True)
    assert first["step"] == 4
    assert (run / "previews" / "000004.jpg").stat().st_size > 0
    log = (run / "log.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in log] == ["4"]
    preview = cv2.imread(str(run / "previews" / "000004.jpg"))
    assert preview.shape[1] == 4 * SIZE

    _train(pairs, run, _config(tmp_path, CONFIG.replace("steps = 4", "steps = 6")))
    second = torch.load(run / "checkpoint.pt", weights_only=True)
    assert second["step"] == 6
    optimiser_steps = {int(s["step"]) for s in second["optimiser"]["state"].values()}
    assert optimiser_steps == {6}, "the optimiser went on from where it was"
    changed = [k for k, v in first["network"].items() if not torch.equal(v, second["network"][k])]
    assert changed
    assert not [k for k in changed if k.endswith(("_scale", "kernel"))], "scales are measured once"
    assert [line.split(",")[0] for line in (run / "log.csv").read_text().splitlines()] == ["4", "6"]

    weights = tmp_path / "weights" / "tiny-1.safetensors"
    _train(pairs, run, _config(tmp_path), "--export", str(weights))
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    entry = zoo.WeightsEntry("tiny-1", 9, weights.name, digest, "lossless")
    zoo.list_weights(weights.parent, entry)
    network = pretrained.load_network("tiny-1", folder=weights.parent)
    assert network.config == NetworkConfig(couplings=1, hidden=4)
    for name, value in second["average"].items():
        if name != "transform.kernel":
            assert torch.allclose(network.state_dict()[name], value, rtol=1e-3, atol=1e-4), name


def test_nothing_to_export_is_said(pairs: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="nothing to export"):
        _train(pairs, tmp_path / "run", _config(tmp_path), "--export", str(tmp_path / "x"))


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="learning_rat"):
        TrainingConfig.read(_config(tmp_path, "learning_rat = 1.0"))
    with pytest.raises(TypeError, match="depth"):
        TrainingConfig.read(_config(tmp_path, "[network]\ndepth = 3"))


def test_the_shipped_config_can_be_read() -> None:
    folder = Path(train_invertible.__file__).parent / "configs"
    config = TrainingConfig.read(folder / "lossless.toml")
    assert len(config.lattices) == len(config.container_targets)


def test_the_learning_rate_warms_up_and_falls() -> None:
    config = TrainingConfig(steps=1000, warm_up=100)
    rates = [learning_rate(s, config) for s in range(1001)]
    assert rates[0] == pytest.approx(config.learning_rate / 100)
    assert max(rates) == pytest.approx(config.learning_rate)
    assert rates[:100] == sorted(rates[:100])
    assert rates[100:] == sorted(rates[100:], reverse=True)
    assert rates[550] == pytest.approx((config.learning_rate + config.final_learning_rate) / 2)
    assert rates[1000] == pytest.approx(config.final_learning_rate)


def test_the_rate_is_the_gaussian_formula() -> None:
    error = torch.zeros(2, 3, 8, 8)
    error[1] = 0.1  # one coefficient of size 0.1 * sqrt(3 * 64)
    bits = invertible_loss.rate(error, BlockTransform(8), 0.02)
    expected = 0.5 * np.log2(1 + (0.1 * np.sqrt(192) / 0.02) ** 2) / 192
    assert bits.tolist() == pytest.approx([0, expected], abs=1e-5)


def test_the_loss_prefers_better_pictures() -> None:
    generator = torch.Generator().manual_seed(0)
    photo, look = torch.rand(2, 2, 3, 16, 16, generator=generator)
    noise = torch.randn(photo.shape, generator=generator)

    def loss(container_noise: float, restored_noise: float) -> float:
        return float(
            invertible_loss.restoring_loss(
                photo,
                look,
                look + container_noise * noise,
                photo + restored_noise * noise,
                45.0,
                BlockTransform(8),
                TrainingConfig(),
            )[0]
        )

    assert loss(0.01, 0.02) < loss(0.01, 0.04)
    assert loss(0.01, 0.02) < loss(0.03, 0.02)
    assert loss(1e-4, 0.02) == pytest.approx(loss(1e-5, 0.02)), (
        "beyond its target nothing is gained"
    )


@pytest.mark.parametrize("program", [prepare, train_invertible])
def test_both_programs_explain_themselves(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys, "argv", ["program", "--help"])
    with pytest.raises(SystemExit) as stop:
        program.main()
    assert stop.value.code == 0
    assert "usage" in capsys.readouterr().out
