"""Trained weights of the paper's network are found by operator and medium, and run on any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from models import zoo
from models.paper import inference, media, weights
from models.paper.network import PaperConfig, PaperNetwork
from models.problems import WeightsError
from tests.models.natural_pictures import natural

SMALL = PaperConfig(hidden=4, zero_latent=True)


def _network(config: PaperConfig = SMALL) -> PaperNetwork:
    torch.manual_seed(3)
    return PaperNetwork(config)


def test_what_is_installed_is_found_and_loads(tmp_path: Path) -> None:
    path = weights.install("film-png", _network(), {"steps": "7"}, tmp_path)
    weights.install("rtv-jpeg-95-420", _network(), {"steps": "7"}, tmp_path)
    weights.install("film-png", _network(), {"steps": "9"}, tmp_path)  # trained further
    assert path.stat().st_size < 2 * sum(p.numel() for p in _network().parameters()) + 20_000
    listed = zoo.entries(tmp_path)
    assert [e.number for e in listed.values()] == [1, 2]
    name = weights.name_for("film", media.parse("png"), tmp_path)
    assert name == "paper-film-png"
    assert weights.name_for("film", media.parse("jpeg-95-420"), tmp_path) is None
    network = weights.load(name, folder=tmp_path)
    assert network.config == SMALL
    assert not any(p.requires_grad for p in network.parameters())
    for key, value in _network().state_dict().items():
        assert torch.allclose(network.state_dict()[key], value, atol=1e-3)


def test_weights_with_a_block_transform_load(tmp_path: Path) -> None:
    config = PaperConfig(hidden=4, block=4)
    weights.install("film-png", _network(config), {}, tmp_path)
    assert weights.load("paper-film-png", folder=tmp_path).config == config


def test_other_weights_are_refused(tmp_path: Path) -> None:
    shape = {k: str(v) for k, v in SMALL.as_dict().items()}
    zoo.install("paper-film-png", 1, "paper", {"a": torch.zeros(2)}, shape, tmp_path)
    with pytest.raises(WeightsError):
        weights.load("paper-film-png", folder=tmp_path)


@pytest.mark.parametrize("config", [SMALL, PaperConfig(hidden=4, block=8)])
def test_pictures_of_any_size_go_there_and_back(config: PaperConfig) -> None:
    network = _network(config).requires_grad_(False)
    photo = natural(21, 37, 4)
    export = inference.embed(network, photo)
    assert export.shape == photo.shape
    assert export.dtype == np.uint8
    once, again = (inference.extract(network, export) for _ in range(2))
    assert once.shape == photo.shape
    assert np.array_equal(once, again), "the noise is drawn alike each time"


def test_a_jpeg_changes_what_is_read_back() -> None:
    picture = natural(16, 16, 5)
    assert np.array_equal(inference.read_back(picture, media.parse("png")), picture)
    assert not np.array_equal(inference.read_back(picture, media.parse("jpeg-50-420")), picture)
