"""Training under torchrun: two processes do what one does with the double batch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import distributed

from models.training.steps import CHECKPOINT
from tests.models.training import tiny_runs

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(
    not distributed.is_available() or not distributed.is_gloo_available(),
    reason="no processes that train together here",
)


def torchrun(pairs: Path, folder: Path, batch: int, steps: int) -> None:
    """All trainers in two processes."""
    folder.mkdir(exist_ok=True)
    words = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m"]
    words += ["tests.models.training.tiny_runs", pairs, folder, batch, steps]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, *map(str, words)], check=True, cwd=ROOT, env=environment)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_runs.make_pairs(tmp_path_factory.mktemp("all") / "pairs")


@pytest.fixture(scope="module")
def together(pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two processes with two patches each: two steps, and after a stop two more."""
    folder = tmp_path_factory.mktemp("together")
    torchrun(pairs, folder, 2, 2)
    for name in tiny_runs.TRAINERS:
        (folder / f"{name}.pt").rename(folder / f"{name}-before.pt")
    torchrun(pairs, folder, 2, 4)
    return folder


@pytest.mark.parametrize("name", tiny_runs.TRAINERS)
def test_two_processes_take_the_steps_of_one_with_the_double_batch(
    name: str, pairs: Path, together: Path, tmp_path: Path
) -> None:
    """Also across a stop. Only the order of sums differs, and with it what is rounded to a level:
    of float32 (6e-8) and some 10,000 terms less than a thousandth of the gradient is left. Other
    patches, sums for means or weights that differ would change it altogether."""
    alone = tmp_path
    for count in (2, 4):  # stopped after two steps, as the others were
        tiny_runs.train(name, pairs, alone, 4, count)
        part = "-before" if count == 2 else ""
        expected = torch.load(alone / f"{name}.pt")
        got = torch.load(together / f"{name}{part}.pt")
        assert len(expected) == len(got) == 2
        for (loss, gradient), (same_loss, same_gradient) in zip(expected, got, strict=True):
            assert same_loss == pytest.approx(loss, rel=1e-4)
            assert float((same_gradient - gradient).norm()) < 1e-3 * float(gradient.norm())
    ends = [torch.load(x / name / CHECKPOINT, weights_only=True) for x in (alone, together)]
    assert [end["step"] for end in ends] == [4, 4]
