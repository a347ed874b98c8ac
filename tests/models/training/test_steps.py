"""What the training runs share: a checkpoint is whole, whenever a run was killed."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from models.training import steps
from models.training.steps import CHECKPOINT, Run, load_average


def descend(run: Run[nn.Linear], network: nn.Linear, times: int) -> None:
    for _ in range(times):
        run.descend(network(torch.ones(1, 2)).square().sum())


def test_a_checkpoint_that_could_not_be_written_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = nn.Linear(2, 1)
    monkeypatch.setattr(steps, "SAVED_EVERY", 2)
    run = Run(tmp_path, network, 1e-2, steps=100)
    descend(run, network, 2)
    whole = (tmp_path / CHECKPOINT).read_bytes()
    save = torch.save

    def killed_half_way(state: object, path: Path) -> None:
        save(state, path)
        path.write_bytes(path.read_bytes()[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", killed_half_way)
    with pytest.raises(KeyboardInterrupt):
        descend(run, network, 2)
    assert (tmp_path / CHECKPOINT).read_bytes() == whole
    assert load_average(tmp_path, nn.Linear(2, 1)) == 2
    monkeypatch.undo()
    resumed = Run(tmp_path, network, 1e-2, steps=3)
    assert resumed.step == 2
    descend(resumed, network, 1)
    assert resumed.done
    assert [p.name for p in tmp_path.iterdir()] == [CHECKPOINT]
