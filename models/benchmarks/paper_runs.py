"""All training runs of the paper's network: ``python -m models.benchmarks.paper_runs FOLDER``.

One line for each run in a folder: how far it is, its latest figures of held-out crops through real
files, and what its network costs. Runs that differ in one option tell what that option brings.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from models.benchmarks.containers import multiply_adds
from models.paper import run_folder
from models.paper.network import PaperConfig, PaperNetwork

SIDE = 64
"""Of the picture that multiply-adds are counted on, in pixels."""


def cost(config: PaperConfig) -> tuple[int, int]:
    """Parameters, and multiply-adds per pixel there and back together."""
    network = PaperNetwork(config).requires_grad_(False)
    photo = torch.rand(1, 3, SIDE, SIDE)

    def there_and_back() -> None:
        network.extract(network.embed(photo)[0])

    parameters = sum(p.numel() for p in network.parameters())
    return parameters, multiply_adds(there_and_back) // SIDE**2


def table(runs: Path) -> list[str]:
    """Lines to print, the runs in the order of their names."""
    lines = [
        f"{'run':44}{'steps':>7}{'hours':>7}{'export':>8}{'SSIM':>7}{'restored':>10}{'SSIM':>7}"
        f"{'parameters':>12}{'multiply-adds':>15}"
    ]
    for path in sorted(runs.glob(f"*/{run_folder.NETWORK}")):
        folder = path.parent
        seen = run_folder.last_held_out(folder)
        parameters, adds = cost(run_folder.read_config(folder))
        figures = f"{'nothing measured yet':>46}"
        if seen is not None:
            figures = (
                f"{seen.step:7}{seen.seconds / 3600:7.1f}{seen.export_psnr:8.2f}"
                f"{seen.export_ssim:7.3f}{seen.restored_psnr:10.2f}{seen.restored_ssim:7.3f}"
            )
        lines.append(f"{folder.name:44}{figures}{parameters:12,}{adds:15,}")
    return lines


def main(argv: Sequence[str] | None = None) -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(prog="python -m models.benchmarks.paper_runs")
    parser.add_argument("runs", type=Path, help="folder of all runs")
    print("\n".join(table(parser.parse_args(argv).runs)))


if __name__ == "__main__":
    main()
