"""What embedding and extracting costs here: ``python -m models.benchmarks.containers [PHOTO]``.

Times depend on the machine and on its other work, so each is compared with a fixed reference that
is measured alternately in the same run: the paper's light network
(`models.paper.network`) in the same number format. On a CPU one thread is used and its
own time is taken, which other programs hardly disturb. Containers are also set beside plain saving
of the same look by Pillow. Multiply-adds are counted while the networks
run.
"""

from __future__ import annotations

import argparse
import functools
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

import resources
from models.containers import registry
from models.containers.container import PNG, JpegSettings, Medium, Received, Restored
from models.networks import inference, pretrained
from models.networks.device import number_format, pick_device
from models.networks.device_names import DEVICES
from models.networks.invertible import QuasiInvertibleNetwork
from models.operators.registry import OPERATORS
from models.paper.network import PaperNetwork

BOUND = 300_000
"""The most multiply-adds per pixel that embedding and extracting may cost the network together."""

WEIGHTS = "lossless-1"

LOOKS = ("film", "colour-pencil")
"""A gentle look, which a colour prediction nearly undoes, and one that destroys much."""

JPEG = JpegSettings(95, "444")

SAMPLE = resources.SAMPLES / "clouds.jpg"

EMBED, EXTRACT = "embed", "extract"
PLAIN = {True: "plain PNG", False: "plain JPEG"}
"""Of the look alone, saved by Pillow: what is lossless, and what is not."""

PAPER, OURS = "paper's network", "our network"

Picture = NDArray[np.uint8]
Networks = QuasiInvertibleNetwork | PaperNetwork


@dataclass(frozen=True)
class Job:
    """Something to measure: who does it, which way (`EMBED` or `EXTRACT`), on how many pixels."""

    who: str
    way: str
    pixels: int
    run: Callable[[], object]


@dataclass(frozen=True)
class Measured:
    """What a job cost.

    Attributes:
        who, way: see `Job`.
        seconds: per megapixel.
        multiply_adds: per pixel, of networks only.
    """

    who: str
    way: str
    seconds: float
    multiply_adds: float


def paper_network(device: torch.device) -> PaperNetwork:
    """The reference with random weights, run the way the program runs its own network."""
    torch.manual_seed(0)
    network = PaperNetwork().requires_grad_(False).eval()
    network.compute_in(number_format(device))
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def multiply_adds(run: Callable[[], object]) -> int:
    """Multiply-adds of all convolutions and matrix products that PyTorch computes in a run."""
    with FlopCounterMode(display=False) as counter:
        run()
    total: int = counter.get_total_flops() // 2
    return total


def network_jobs(who: str, network: Networks, photo: Picture, look: Picture) -> list[Job]:
    """Embedding and extracting by a network alone, in one piece. Sides must be multiples of 4."""
    device = next(network.parameters()).device
    i, t = (_to_tensor(picture, device) for picture in (photo, look))

    @torch.inference_mode()
    def embed() -> object:
        return network.embed(i) if isinstance(network, PaperNetwork) else network.embed(i, t)

    @torch.inference_mode()
    def extract() -> object:
        return network.extract(t)

    pixels = photo.shape[0] * photo.shape[1]
    return [Job(who, EMBED, pixels, embed), Job(who, EXTRACT, pixels, extract)]


def container_jobs(photo: Picture, look: Picture, name: str, device: torch.device) -> list[Job]:
    """A whole lossless container and a whole JPEG container; extracting includes detection."""
    pixels = photo.shape[0] * photo.shape[1]
    jobs = []
    for medium in (PNG, Medium.jpeg(JPEG)):
        container = registry.for_export(medium)
        assert container is not None
        hidden = container.embed(photo, look, medium, device.type)
        received = Received(hidden.pixels, hidden.coefficients)
        title = f"lossless container, {name}"
        if not medium.lossless:
            title = f"JPEG {JPEG.quality} {':'.join(JPEG.subsampling)}, {name}"
        embed = functools.partial(container.embed, photo, look, medium, device.type)
        extract = functools.partial(_extract, received, device)
        jobs += [Job(title, EMBED, pixels, embed), Job(title, EXTRACT, pixels, extract)]
    return jobs


def plain_jobs(look: Picture) -> list[Job]:
    """Saving a look without anything in it."""

    def png() -> None:
        Image.fromarray(look).save(io.BytesIO(), "PNG")

    def jpeg() -> None:
        Image.fromarray(look).save(
            io.BytesIO(), "JPEG", quality=JPEG.quality, subsampling=0, optimize=True
        )

    pixels = look.shape[0] * look.shape[1]
    return [Job(PLAIN[True], EMBED, pixels, png), Job(PLAIN[False], EMBED, pixels, jpeg)]


def beside_plain(results: Sequence[Measured]) -> list[str]:
    """Lines to print: what containers cost, as multiples of saving the look alone."""
    plain = {m.who: m.seconds for m in results}
    return [
        f"{m.who}, {m.way}: {m.seconds / plain[PLAIN[lossless]]:.1f} x {PLAIN[lossless]}"
        for lossless, start in ((True, "lossless container"), (False, "JPEG"))
        for m in results
        if m.who.startswith(start)
    ]


def _extract(received: Received, device: torch.device) -> Restored:
    found = registry.detect(received)
    assert found is not None
    return registry.extract(received, found, device.type)


def measure(jobs: Sequence[Job], device: torch.device, rounds: int) -> list[Measured]:
    """All jobs in turn, `rounds` times; the fastest run of each counts."""
    counts = [multiply_adds(job.run) for job in jobs]  # also warms up
    taken = [[_seconds(job.run, device) for job in jobs] for _ in range(rounds)]
    return [
        Measured(job.who, job.way, min(times) / job.pixels * 1e6, count / job.pixels)
        for job, count, times in zip(jobs, counts, zip(*taken, strict=True), strict=True)
    ]


def _seconds(run: Callable[[], object], device: torch.device) -> float:
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    begin = clock()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()
    return clock() - begin


def _to_tensor(picture: Picture, device: torch.device) -> Tensor:
    tensor = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None]
    return tensor.to(device).float() / 255


def table(results: Sequence[Measured]) -> list[str]:
    """Lines to print, each job beside the reference going the same way."""
    reference = {m.way: m.seconds for m in results if m.who == PAPER}
    lines = [f"{'':36}{'s per megapixel':>16}{'x the paper':>12}{'multiply-adds per pixel':>25}"]
    lines += [
        f"{m.who + ', ' + m.way:36}{m.seconds:16.2f}{m.seconds / reference[m.way]:12.2f}"
        f"{m.multiply_adds:25,.0f}"
        for m in results
    ]
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print everything; 1 where the network costs more than `BOUND`."""
    parser = argparse.ArgumentParser(
        prog="python -m models.benchmarks.containers", description=__doc__
    )
    parser.add_argument("photo", type=Path, nargs="?", default=SAMPLE, metavar="PHOTO")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--rounds", type=int, default=3, help="the fastest counts (default 3)")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    device = pick_device(args.device)
    with Image.open(args.photo) as image:
        photo = np.asarray(image.convert("RGB"))
    looks = {name: np.asarray(OPERATORS[name](photo), np.uint8) for name in LOOKS}

    height, width = (min(inference.TILE, side // 4 * 4) for side in photo.shape[:2])
    tile, its_look = (p[:height, :width] for p in (photo, looks[LOOKS[-1]]))
    jobs = network_jobs(PAPER, paper_network(device), tile, its_look)
    jobs += network_jobs(OURS, pretrained.load_network(WEIGHTS, device), tile, its_look)
    for name, look in looks.items():
        jobs += container_jobs(photo, look, name, device)
    jobs += plain_jobs(looks[LOOKS[0]])
    results = measure(jobs, device, args.rounds)

    print(f"{device}, {str(number_format(device)).removeprefix('torch.')}, {args.photo.name}")
    print("\n".join(table(results)))
    print("\n".join(beside_plain(results)))
    both = sum(m.multiply_adds for m in results if m.who == OURS)
    kept = both <= BOUND
    print(
        f"Our network's embedding and extracting: {both:,.0f} multiply-adds per pixel, "
        f"{'within' if kept else 'ABOVE'} the bound of {BOUND:,}."
    )
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
