"""Every trainer on a graphics card takes the steps that it takes on the processor."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.training.steps import CHECKPOINT
from tests.models.training import tiny_runs


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_runs.make_pairs(tmp_path_factory.mktemp("all") / "pairs")


@pytest.mark.cuda
@pytest.mark.parametrize("name", tiny_runs.TRAINERS)
def test_a_graphics_card_takes_the_same_steps(name: str, pairs: Path, tmp_path: Path) -> None:
    """Within what TensorFloat-32 and other orders of sums make of convolutions."""
    losses = {}
    for device in ("cpu", "cuda"):
        (tmp_path / device).mkdir()
        tiny_runs.train(name, pairs, tmp_path / device, 2, 2, device)
        came_to = torch.load(tmp_path / device / f"{name}.pt")
        losses[device] = [loss for loss, _ in came_to]
    assert losses["cuda"] == pytest.approx(losses["cpu"], rel=1e-2, abs=1e-3)
    checkpoint = tmp_path / "cuda" / name / CHECKPOINT
    assert torch.load(checkpoint, map_location="cpu", weights_only=True)["step"] == 2
