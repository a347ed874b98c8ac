"""A folder of many pictures: in one process, in several with a kill in the middle, and on Ray.

    python -m tests.batch_at_scale --pictures 500 --work DIR [--photos FOLDER] [--side 128]

Fails where an output of the three differs, is missing, was made twice, or where a process outlives
a batch that was killed. Prints pictures per hour and core. Ray is left out where it is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2

from editor.cli.commands.batches.job import Recipe, Report
from editor.cli.commands.batches.resuming import batch_outputs, resumed
from editor.cli.manifest import NAME, digest
from editor.engine.edits import edit
from editor.files.encoding import ExportFormat
from tests.models.natural_pictures import natural

EDIT = ("exposure", 0.7)
ROOT = Path(__file__).parents[1]
PATIENCE = 120
"""Seconds that a process which has lost its batch may take to end."""


def make_pictures(folder: Path, count: int, side: int, photos: Path | None) -> list[Path]:
    """Square crops of photos, or drawn pictures; no two alike."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [] if photos is None else sorted(photos.iterdir())
    made = []
    for i in range(count):
        path = folder / f"p{i:04}.png"
        if not path.exists():
            if sources:
                photo = cv2.imread(str(sources[i % len(sources)]))
                y, x = ((17 * i) % (n - side + 1) for n in photo.shape[:2])
                picture = photo[y : y + side, x : x + side]
            else:
                picture = natural(side, side, seed=i)
            cv2.imwrite(str(path), picture)
        made.append(path)
    return made


def outputs_in(folder: Path) -> dict[str, str]:
    """Digests of the pictures of a folder, by name."""
    return {path.name: digest(path) for path in folder.glob("[!.]*")}


def batch(pictures: Path, out: Path, jobs: int) -> subprocess.Popen[bytes]:
    """`pentimento batch`, begun, in a group of processes of its own."""
    words = ["batch", "apply", str(pictures), "-o", str(out), "--edit", "{}={}".format(*EDIT)]
    return subprocess.Popen(
        [sys.executable, "-m", "editor.cli", *words, "--jobs", str(jobs)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[bytes]) -> str:
    """What a batch said at its end."""
    said = process.communicate()[0].decode()
    assert process.returncode == 0, said
    return said


def killed(pictures: Path, out: Path, jobs: int, after: int) -> dict[str, int]:
    """Begin a batch and kill it (SIGKILL) once there are so many outputs.

    Returns when each output was written, in nanoseconds. Fails where a process stays.
    """
    process = batch(pictures, out, jobs)
    while len(list(out.glob("[!.]*"))) < after:
        assert process.poll() is None, "the batch was over before it could be killed"
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    until = time.monotonic() + PATIENCE
    while _any_left(process.pid):
        assert time.monotonic() < until, "a process outlives the batch that was killed"
        time.sleep(0.1)
    return {path.name: path.stat().st_mtime_ns for path in out.glob("[!.]*")}


def _any_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def check_resumed(pictures: Path, out: Path, expected: dict[str, str], jobs: int) -> str:
    """Kill a batch half way and let it go on; what it said then. Fails as the module says."""
    before = killed(pictures, out, jobs, len(expected) // 2)
    said = finish(batch(pictures, out, jobs))
    assert f" {len(before)} there already, 0 failed." in said, said
    assert outputs_in(out) == expected
    assert all((out / name).stat().st_mtime_ns == at for name, at in before.items())
    check_manifest(out, expected)
    assert {p.name for p in out.glob(".*")} == {NAME}, "something unfinished is left"
    return said


def check_manifest(out: Path, expected: dict[str, str]) -> None:
    """Every output is in the manifest, as it is; one that was killed on its way may be twice."""
    lines = [json.loads(line) for line in (out / NAME).read_text().splitlines()]
    assert {line["output"]: line["digest"] for line in lines} == expected
    assert len(lines) <= len(expected) + 1


def on_ray(pictures: list[Path], out: Path, workers: int) -> list[Report]:
    """The same through Ray Data. Fails as the module says."""
    import ray

    from editor.cli.commands.batches.ray_data import run

    out.mkdir()
    recipe = Recipe("apply", ExportFormat("png"), (edit(*EDIT),))
    os.environ.setdefault("RAY_raylet_start_wait_time_s", "300")  # a busy machine is slow
    ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False)
    try:
        outputs = batch_outputs(pictures, out, "png")
        reports = list(resumed(outputs, recipe, lambda tasks: run(tasks, recipe)))
    finally:
        ray.shutdown()
    assert sorted(r.source for r in reports) == sorted(pictures)
    assert {r.state for r in reports} == {"done"}
    return reports


def _timed(what: str, count: int, began: tuple[float, float]) -> str:
    used = _children() - began[1]
    return f"{what}: {time.monotonic() - began[0]:.0f} s, {_rate(count, used)}"


def _rate(count: int, processor_seconds: float) -> str:
    return f"{3600 * count / processor_seconds:.0f} pictures per hour and core"


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def figures(pictures: list[Path], work: Path) -> Iterator[str]:
    """All three ways, one after another; a line of figures for each."""
    folder, count = pictures[0].parent, len(pictures)
    began = time.monotonic(), _children()
    finish(batch(folder, work / "one", 1))
    expected = outputs_in(work / "one")
    assert len(expected) == count
    yield _timed("one process", count, began)
    began = time.monotonic(), _children()
    said = check_resumed(folder, work / "killed", expected, 2)
    # What the killed half used is not told to anybody: its processes had no parent any more.
    resumed_count = int(said.split(" done")[0])
    yield _timed("two processes, killed and resumed", resumed_count, began) + "; " + said.strip()
    try:
        import ray  # noqa: F401
    except ImportError:
        yield "Ray is not installed."
        return
    start = time.monotonic()
    reports = on_ray(pictures, work / "ray", 2)
    assert outputs_in(work / "ray") == expected
    check_manifest(work / "ray", expected)
    used = sum(r.processor_seconds for r in reports)
    yield f"Ray, two workers: {time.monotonic() - start:.0f} s, {_rate(count, used)} without starts"


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--side", type=int, default=128, help="of a picture, in pixels")
    parser.add_argument("--photos", type=Path, help="folder of photos to cut pictures from")
    parser.add_argument("--work", type=Path, required=True, help="folder; results must be new")
    args = parser.parse_args()
    pictures = make_pictures(args.work / "in", args.pictures, args.side, args.photos)
    for line in figures(pictures, args.work):
        print(line, flush=True)


if __name__ == "__main__":
    main()
