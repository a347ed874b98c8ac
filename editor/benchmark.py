"""What the main jobs cost here, beside plain Pillow: ``python -m editor.benchmark [PHOTO]``.

Starting, opening, a look, exporting and restoring at several sizes, as PNG and JPEG. Machines
differ and are busy, so each figure is also given as a ratio to what Pillow alone takes for the same
picture in the same run: to open it, to change its contrast, to save it. Every size and format is
measured in a process of its own, which has worked on a small picture before: its highest memory,
and the processor time of all its threads. ``--quick`` takes a small picture only.
"""

from __future__ import annotations

import argparse
import datetime
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image, ImageEnhance

import resources

SIZES = (2.0, 12.0, 24.0, 48.0)
QUICK = 0.15
"""Megapixels."""

FORMATS = ("png", "jpeg")
LOOK = "film"
JOBS = ("open", "look", "export", "restore")

Result = TypeVar("Result")

Costs = dict[str, float]
"""Seconds of processor time of each job, and `memory`: the most that the process had, MiB."""


def photo_of(megapixels: float, source: Path, folder: Path) -> Path:
    """A JPEG of about that size from a photo, enlarged where it has to be."""
    with Image.open(source) as image:
        width, height = image.size
        scale = (megapixels * 1e6 / (width * height)) ** 0.5
        size = (round(width * scale), round(height * scale))
        path = folder / f"{megapixels:g}.jpg"
        image.draft("RGB", size)  # a large JPEG need not be decoded at full size
        image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(path, quality=92)
    return path


def ours(photo: Path, kind: str) -> Costs:
    """Each job by this program, in this process."""
    from editor.document import Document
    from editor.engine.restore import restore_picture
    from editor.files.decoding import decode_picture
    from editor.files.encoding import ExportFormat

    costs: Costs = {}
    document = _timed(costs, "open", lambda: Document.open(photo)).add(LOOK)
    look = _timed(costs, "look", document.look)
    report = _timed(costs, "export", lambda: document.encode(ExportFormat(kind), look=look))
    if not report.restorable:
        raise RuntimeError(f"{photo.name} as {kind}: {report.why_not}")
    _timed(costs, "restore", lambda: restore_picture(decode_picture(report.data)))
    return costs | {"memory": _highest_memory()}


def plain(photo: Path, kind: str) -> Costs:
    """The nearest that Pillow does, in this process."""
    costs: Costs = {}
    image = _timed(costs, "open", lambda: Image.open(photo).convert("RGB"))
    look = _timed(costs, "look", lambda: ImageEnhance.Contrast(image).enhance(1.2))
    target = io.BytesIO()
    settings = {"quality": 95, "subsampling": 0, "optimize": True} if kind == "jpeg" else {}
    _timed(costs, "export", lambda: look.save(target, kind, **settings))
    _timed(costs, "restore", lambda: Image.open(target).load())
    return costs | {"memory": _highest_memory()}


def _timed(costs: Costs, name: str, job: Callable[[], Result]) -> Result:
    begin = time.process_time()
    result = job()
    costs[name] = time.process_time() - begin
    return result


def _highest_memory() -> float:
    """MiB. Not `ru_maxrss` on Linux: that begins with what the parent process had."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def measured(who: str, photo: Path, kind: str) -> Costs:
    """`ours` or `plain` in a process of its own."""
    words = [sys.executable, "-m", "editor.benchmark", "--only", who, "--format", kind, str(photo)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    costs: Costs = json.loads(done.stdout)
    return costs


def starts(folder: Path, photo: Path) -> Iterator[str]:
    """What the window and ``inspect`` take to start, the best of three each."""
    from editor.ui.tools import benchmark

    begin = [benchmark.PROGRAM, benchmark.EMPTY]
    both = [_best(partial(benchmark.seconds_to_window, text, folder)) for text in begin]
    yield _row("window on screen, beside an empty Qt window", *both)
    inspect = [sys.executable, "-m", "editor.cli", "inspect", str(photo)]
    look = [sys.executable, "-c", f"from PIL import Image; Image.open({str(photo)!r}).load()"]
    both = [_best(partial(subprocess.run, words, capture_output=True)) for words in (inspect, look)]
    yield _row("`pentimento inspect` of a foreign picture, beside Pillow opening it", *both)


def _best(run: Callable[[], object]) -> float:
    """Seconds of processor time of the process that `run` starts and waits for."""

    def cost() -> float:
        before, begin = os.times(), time.perf_counter()
        run()
        after = os.times()
        used = after.children_user + after.children_system
        used -= before.children_user + before.children_system
        return used or time.perf_counter() - begin  # Windows does not count it

    return min(cost() for _ in range(3))


def _row(what: str, ours: float, plain: float) -> str:
    return f"| {what} | {ours:.2f} s | {plain:.2f} s | {ours / plain:.1f} |"


def table(sizes: Sequence[float], formats: Sequence[str], source: Path) -> Iterator[str]:
    """The lines of all figures, Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield "| start | Pentimento | plain | ratio |"
        yield "|---|---|---|---|"
        yield from starts(folder, photo_of(min(sizes[0], 1.0), source, folder))
        yield ""
        jobs = " | ".join(JOBS)
        yield f"| megapixels | format | {jobs} | highest memory, MiB |"
        yield "|---" * (len(JOBS) + 3) + "|"
        for megapixels in sizes:
            photo = photo_of(megapixels, source, folder)
            for kind in formats:
                pair = [measured(who, photo, kind) for who in ("ours", "plain")]
                yield _cells(megapixels, kind, *pair)


def _cells(megapixels: float, kind: str, ours: Costs, plain: Costs) -> str:
    cells = [f"{ours[job]:.2f} s, {ours[job] / max(plain[job], 1e-4):.1f} x" for job in JOBS]
    memory = f"{ours['memory']:.0f}, {ours['memory'] / plain['memory']:.1f} x"
    return f"| {megapixels:g} | {kind} | {' | '.join(cells)} | {memory} |"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m editor.benchmark", description=__doc__)
    parser.add_argument("photo", type=Path, nargs="?", default=resources.SAMPLES / "clouds.jpg")
    parser.add_argument("--sizes", type=float, nargs="+", default=SIZES, metavar="MEGAPIXELS")
    parser.add_argument("--format", action="append", choices=FORMATS, help="both by default")
    parser.add_argument("--quick", action="store_true", help="one small picture, to try it out")
    parser.add_argument("--only", choices=("ours", "plain"), help=argparse.SUPPRESS)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print everything."""
    args: Any = _parser().parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    formats = args.format or FORMATS
    if args.only:
        run = {"ours": ours, "plain": plain}[args.only]
        with tempfile.TemporaryDirectory() as folder:  # imports and first times do not count
            run(photo_of(QUICK / 2, args.photo, Path(folder)), formats[0])
        print(json.dumps(run(args.photo, formats[0])))
        return
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    print(f"{datetime.date.today()}, {machine}, {LOOK}, processor time.\n")
    for line in table([QUICK] if args.quick else args.sizes, formats, args.photo):
        print(line, flush=True)


if __name__ == "__main__":
    main()
