"""A batch in several processes, each with a share of the processor's cores and of the memory.

One picture in one process is the unit: whatever it does, even if the system kills its process, the
others go on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from PIL import Image

import editor.files.decoding  # noqa: F401  (it makes the decoders known)
from editor.cli.commands.batches.job import Recipe, Report, Task, process

_FEWEST = 4
"""Pictures from which on a second process is worth its start, which takes seconds."""

_MEMORY_OF_PROCESS = 500e6
_MEMORY_OF_PIXEL = 130.0
"""Bytes: of a process with its libraries, and for each pixel that it works on. Measured with 6
megapixels: 0.39 GB as PNG, 0.85 GB as JPEG, 0.60 GB with a learned look."""

_LOST = "The process that worked on it was ended, probably because memory ran out."


def best_count(pictures: Sequence[Path], device: str) -> int:
    """How many processes a batch of these pictures should have.

    Args:
        device: where networks run; a graphics card serves one process at a time.
    """
    if len(pictures) < _FEWEST or device not in ("auto", "cpu"):
        return 1
    count = min(len(pictures), cores())
    memory = free_memory()
    if memory is None:
        return min(count, 4)
    largest = max(map(pixel_count, pictures))
    return max(1, min(count, int(memory / (_MEMORY_OF_PROCESS + _MEMORY_OF_PIXEL * largest))))


def pixel_count(path: Path) -> int:
    """Of a picture, by its header; 0 where that cannot be read."""
    try:
        with Image.open(path) as image:
            return image.width * image.height
    except Exception:  # a decoder may raise anything; the work itself says what is wrong
        return 0


def cores() -> int:
    """Of the processor, those that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_memory() -> int | None:
    """Bytes that this process may still take; None where the system does not say."""
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    try:  # what is free may be the cache of files, which makes way
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = max(free, *(int(x.split()[1]) * 1024 for x in lines if x.startswith("MemAvail")))
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()  # a container's
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
        return free if limit == "max" else min(free, int(limit) - used)
    except (OSError, ValueError, TypeError):
        return free


def run(tasks: Iterable[Task], recipe: Recipe, count: int) -> Generator[Report, None, None]:
    """Reports of all tasks, in the order in which they are done, worked on by `count` processes.

    With one it is this process. A picture whose process dies is tried once more with no other
    beside it, and fails then. Raises what `process` raises.
    """
    waiting = deque(tasks)
    if count == 1:
        for task in waiting:
            yield process(task, recipe)
        return
    while waiting:
        suspects = yield from _run_together(waiting, recipe, count)
        for task in suspects:
            yield _run_alone(task, recipe, count)


def _run_together(
    waiting: deque[Task], recipe: Recipe, count: int
) -> Generator[Report, None, list[Task]]:
    """Take tasks off until none is left, or a process dies; those that were under way then."""
    running: dict[Future[Report], Task] = {}
    with _pool(count, count) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < 2 * count:
                    task = waiting.popleft()
                    running[pool.submit(process, task, recipe)] = task
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    report = future.result()
                    del running[future]
                    yield report
        except BrokenProcessPool:
            return list(running.values())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return []


def _run_alone(task: Task, recipe: Recipe, count: int) -> Report:
    with _pool(1, count) as pool:
        try:
            return pool.submit(process, task, recipe).result()
        except BrokenProcessPool:
            return Report(task.source, task.output, "failed", error=_LOST)


def _pool(processes: int, sharers: int) -> ProcessPoolExecutor:
    """Processes of their own, not copies of this one: its libraries may run threads."""
    threads = max(1, cores() // sharers)
    return ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(threads,)
    )


def _begin(threads: int) -> None:
    """In each process, before its first picture."""
    # Ctrl+C reaches all processes; this one ends when the batch does, its picture finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_batch, daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = str(threads)  # PyTorch, and `models.parallel`
    import cv2

    cv2.setNumThreads(threads)


def _end_with_the_batch() -> None:
    """A batch that is killed leaves no process behind that would write beside the next one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
