"""What a training run of the paper's network leaves in its folder besides the checkpoint."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.paper.network import PaperConfig

NETWORK, LOG = "network.json", "log.csv"


@dataclass(frozen=True)
class HeldOut:
    """Figures of held-out crops, through real files. PSNR in dB, SSIM 0..1.

    Attributes:
        step, seconds: how far the run was, and how long it had taken.
        export_psnr, export_ssim: of the exported picture against the look.
        restored_psnr, restored_ssim: of the restored photo against the photo.
    """

    step: int
    seconds: int
    export_psnr: float
    export_ssim: float
    restored_psnr: float
    restored_ssim: float


def keep_config(folder: Path, config: PaperConfig) -> None:
    """Write down what network a run trains.

    Raises ValueError where the run was begun with another one.
    """
    path = folder / NETWORK
    if path.exists() and read_config(folder) != config:
        raise ValueError(f"{folder} was begun with another network: {path.read_text().strip()}")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config.as_dict()) + "\n")


def read_config(folder: Path) -> PaperConfig:
    """The network that a run trains. Raises FileNotFoundError where there is no such run."""
    values = json.loads((folder / NETWORK).read_text())
    return PaperConfig.from_text({key: str(value) for key, value in values.items()})


def seconds_before(folder: Path) -> int:
    """How long a run has taken until it was stopped."""
    rows = _rows(folder)
    return int(rows[-1][1]) if rows else 0


def write_log(
    folder: Path, step: int, seconds: int, recent: Sequence[float], held_out: Sequence[float]
) -> None:
    """A line of the log.

    Args:
        recent: PSNR of exported and restored pictures of the last training batches, the exported
            ones before they are written.
        held_out: the figures of `HeldOut`, or nothing where they were not measured.
    """
    with (folder / LOG).open("a", newline="") as file:
        csv.writer(file).writerow([step, seconds, *(f"{x:.3f}" for x in recent), *held_out])


def last_held_out(folder: Path) -> HeldOut | None:
    """The last figures of held-out crops; None before the first ones."""
    measured = [row for row in _rows(folder) if len(row) > 4]
    if not measured:
        return None
    step, seconds, _, _, *figures = measured[-1]
    return HeldOut(int(step), int(seconds), *(float(x) for x in figures))


def _rows(folder: Path) -> list[list[str]]:
    if not (folder / LOG).exists():
        return []
    with (folder / LOG).open(newline="") as file:
        return list(csv.reader(file))
