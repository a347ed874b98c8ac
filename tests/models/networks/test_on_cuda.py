"""On a graphics card the program's looks are those of the processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.models.natural_pictures import natural


@pytest.mark.cuda
def test_learned_looks_are_the_same_on_a_graphics_card() -> None:
    import torch

    from models.learned.inference import learned

    photo = natural(300, 400, 3)
    for name in ("l0-smoothing", "oil-painting"):
        looks = [
            np.asarray(learned(name, torch.device(device))(photo, 1.0, long_edge=400), np.float64)
            for device in ("cpu", "cuda")
        ]
        difference = np.abs(looks[0] - looks[1])
        assert difference.mean() < 0.5, name  # levels; a card may compute in bfloat16
        assert difference.max() <= 8, name


@pytest.mark.cuda
def test_commands_run_on_a_graphics_card(tmp_path: Path) -> None:
    from tests.promises.cli_support import run, sample, succeeded

    sample("lake", 200).save(tmp_path / "a.png")
    for suffix in ("png", "jpg"):
        export, back = tmp_path / f"b.{suffix}", tmp_path / f"c-{suffix}.png"
        words = ("--edit", "l0-smoothing", "-o", export, "--device", "cuda")
        succeeded(run("apply", tmp_path / "a.png", *words))
        succeeded(run("restore", export, "-o", back, "--device", "cuda"))
        assert back.exists()
