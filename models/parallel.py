"""Independent parts of one job, on all of the processor's cores.

NumPy, OpenCV, libaom and zlib let other threads run while they work. What comes out must not depend
on how many threads there are: parts write to places of their own, and sums are added up in order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def mapped(work: Callable[[T], R], parts: Iterable[T]) -> list[R]:
    """`work` of every part, in order. Raises what the first of them raises."""
    every = list(parts)
    threads = min(len(every), _cores())
    if threads < 2:
        return [work(part) for part in every]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, every))


def bands(count: int, size: int) -> list[slice]:
    """The numbers 0..count-1 in slices of `size`, the last one shorter."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _cores() -> int:
    """Those that this process may use; OMP_NUM_THREADS sets a limit, as it does for libraries."""
    most = os.environ.get("OMP_NUM_THREADS", "")
    count = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        count = len(os.sched_getaffinity(0))
    return min(count, int(most)) if most.isdecimal() and int(most) else count
