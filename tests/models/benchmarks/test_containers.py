"""The benchmark counts what is computed, and the network costs no more than it may."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from models.benchmarks import containers as benchmark
from models.networks import pretrained
from models.paper.network import PaperNetwork
from tests.models.natural_pictures import natural

CPU = torch.device("cpu")


def test_multiply_adds_of_a_convolution_by_hand() -> None:
    layer = nn.Conv2d(5, 7, 3, padding=1, stride=2)
    x = torch.rand(2, 5, 8, 12)
    assert benchmark.multiply_adds(lambda: layer(x)) == 2 * 7 * (4 * 6) * 5 * 9


def test_the_network_costs_what_its_layers_do_and_no_more_than_it_may() -> None:
    network = pretrained.load_network(benchmark.WEIGHTS, CPU)
    photo = natural(64, 48)
    jobs = benchmark.network_jobs("our", network, photo, photo)
    costs = [benchmark.multiply_adds(job.run) / job.pixels for job in jobs]
    channels = 3 * network.config.block**2
    subnets = 9 * network.config.hidden * 5 * channels
    transforms = 3 * channels**2  # two in and one out, or one in and two out
    by_hand = (network.config.couplings * subnets + transforms) / network.config.block**2
    assert costs == pytest.approx([by_hand] * 2, rel=1e-3)
    assert sum(costs) <= benchmark.BOUND


def test_the_reference_costs_what_the_paper_says() -> None:
    network = PaperNetwork().requires_grad_(False)
    by_hooks = 0

    def count(layer: nn.Conv2d, inputs: object, output: torch.Tensor) -> None:
        nonlocal by_hooks
        by_hooks += layer.weight[0].numel() * output.numel()

    photo = natural(32, 32)
    embed, extract = benchmark.network_jobs("paper", network, photo, photo)
    costs = [benchmark.multiply_adds(job.run) / job.pixels for job in (embed, extract)]
    assert costs == pytest.approx([240_000] * 2, rel=0.08)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(count)
    embed.run()
    assert by_hooks == costs[0] * embed.pixels


def test_everything_is_set_beside_the_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "LOOKS", ("film",))
    threads = torch.get_num_threads()
    photo = tmp_path / "photo.png"
    Image.fromarray(np.ascontiguousarray(natural(201, 262))).save(photo)
    try:
        assert benchmark.main([str(photo), "--device", "cpu", "--rounds", "1"]) == 0
    finally:
        torch.set_num_threads(threads)
    out = capsys.readouterr().out
    jobs = ("paper's network", "our network", "lossless container, film", "JPEG 95 4:4:4, film")
    for way in ("embed", "extract"):
        for job in jobs:
            line = next(x for x in out.splitlines() if x.startswith(f"{job}, {way}"))
            seconds, ratio, _ = line.removeprefix(f"{job}, {way}").split()
            assert float(seconds) > 0
            assert float(ratio) > 0
            if job == jobs[0]:
                assert float(ratio) == 1
    for job, plain in ((jobs[2], "plain PNG"), (jobs[3], "plain JPEG")):
        line = next(x for x in out.splitlines() if x.startswith(f"{job}, embed: "))
        ratio, what = line.removeprefix(f"{job}, embed: ").split(" x ")
        assert float(ratio) > 1
        assert what == plain
    assert "within the bound of 300,000" in out
