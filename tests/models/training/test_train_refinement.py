"""Training of what mends JPEG exports: on real exports, to be gone on with, to be installed."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models.metrics import psnr
from models.networks import pretrained
from models.training import jpeg_exports, train_refinement
from models.training.data import NotPrepared
from models.training.jpeg_exports import DECODED, EXPORT, HELD_OUT, PHOTO, PREDICTION
from models.training.train_refinement import ExportSampler, flat_areas, loss_of
from tests.models.natural_pictures import natural


def _run(module: object, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["program", *words])
    module.main()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More of them than are held out; three were really made, the others are copies."""
    photos, folder = (tmp_path_factory.mktemp(name) for name in ("photos", "exports"))
    cv2.imwrite(str(photos / "a.png"), natural(170, 200, seed=1))
    count = ("--count", str(HELD_OUT + 2), "--size", "160", "--drawn", "0")
    words = ("--photos", str(photos), "--out", str(folder), *count, "--part", "1/9")
    with pytest.MonkeyPatch.context() as patch:
        _run(jpeg_exports, patch, *words)
    done = np.load(folder / "done.npy")
    assert np.flatnonzero(done).tolist() == [0, 9, 18]
    with pytest.raises(NotPrepared, match="Too few"):
        ExportSampler(folder, patch=64).batch([np.random.default_rng(0)])
    for name in ("pictures.npy", "conditions.npy", "done.npy"):
        array = np.load(folder / name)
        array[1:9], array[10:18], array[19:] = array[0], array[9], array[18]
        np.save(folder / name, array)
    return folder


def test_what_it_learns_from_is_what_a_reader_has(exports: Path) -> None:
    """The decoded picture is nearer to the photo than the prediction and than the export."""
    pictures = np.load(exports / "pictures.npy")
    conditions = np.load(exports / "conditions.npy")
    for place in (0, 9, 18):
        near = {k: psnr(pictures[place, k], pictures[place, PHOTO]) for k in range(1, 4)}
        assert near[DECODED] > near[EXPORT]
        assert near[DECODED] >= near[PREDICTION]
        assert np.isfinite(conditions[place]).all()
        assert np.abs(conditions[place]).max() < 2


def test_patches_stay_on_squares(exports: Path) -> None:
    """What belongs together is turned together, and cut out at whole squares."""
    sampler = ExportSampler(exports, patch=64)
    squares = np.arange(100, dtype=np.float32).reshape(10, 10)
    sampler.conditions = np.broadcast_to(squares, (HELD_OUT + 2, 5, 10, 10))
    pixels = squares.repeat(16, 0).repeat(16, 1)[..., None].repeat(3, -1).astype(np.uint8)
    sampler.pictures = np.broadcast_to(pixels, (HELD_OUT + 2, 4, 160, 160, 3))
    photo, *others, conditions = sampler.batch([np.random.default_rng(seed) for seed in range(6)])
    told = conditions.repeat_interleave(16, 2).repeat_interleave(16, 3)[:, :3]
    for picture in (photo, *others):
        assert torch.allclose(picture * 255, told, atol=1e-3)


def test_errors_in_flat_areas_count_more() -> None:
    rng = np.random.default_rng(0)
    photo = torch.full((1, 3, 64, 64), 0.5)
    photo[..., 32:] += torch.from_numpy(rng.normal(0, 0.1, (1, 3, 64, 32))).float()
    flat = flat_areas(photo)
    assert flat[..., :26].all()
    assert not flat[..., 38:].any()
    noise = torch.from_numpy(rng.normal(0, 0.02, photo.shape)).float()
    losses = []
    for columns in (slice(0, 26), slice(38, 64)):
        restored = photo.clone()
        restored[..., columns] += noise[..., columns]
        losses.append(float(loss_of(restored, photo)[0]))
    assert losses[0] > losses[1] + 0.2


def test_a_run_goes_on_where_it_was_and_can_be_installed(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    words = ("--run", str(run), "--device", "cpu", "--exports", str(exports))
    words += ("--patch", "32", "--batch", "2")
    _run(train_refinement, monkeypatch, *words, "--steps", "1")
    first = torch.load(run / "checkpoint.pt", weights_only=True)
    _run(train_refinement, monkeypatch, *words, "--steps", "3")
    second = torch.load(run / "checkpoint.pt", weights_only=True)
    assert (first["step"], second["step"]) == (1, 3)
    key = "last.weight"
    assert not torch.equal(first["network"][key], second["network"][key])
    train_refinement.install(run, "tried-4", tmp_path)
    network = pretrained.load_refinement("tried-4", folder=tmp_path)
    assert torch.allclose(network.state_dict()[key], second["average"][key], atol=1e-3)


def test_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotPrepared, match="jpeg_exports"):
        ExportSampler(tmp_path, patch=32)
    with pytest.raises(SystemExit):
        _run(train_refinement, monkeypatch, "--run", str(tmp_path))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SystemExit, match="no \\.jpg"):
        _run(jpeg_exports, monkeypatch, "--photos", str(empty), "--out", str(tmp_path / "out"))
