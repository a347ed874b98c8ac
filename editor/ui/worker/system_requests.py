"""The computer: the device of the networks, processors, imports ahead of time."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import cv2

from editor.engine.progress import Progress
from editor.ui.worker.cache import RenderCache
from editor.ui.worker.request import Request


@dataclass(frozen=True, eq=False, kw_only=True)
class DescribeDevice(Request):
    """Where the networks run, for the About box."""

    lane = "device"
    priority = 30
    quiet = True
    device: str = "auto"

    def prepare(self) -> None:
        import editor.engine.embedding  # noqa: F401

    def run(self, cache: RenderCache, progress: Progress) -> str:
        import torch

        from editor.engine.embedding import device_in_use

        where = device_in_use(self.device)
        name = torch.cuda.get_device_name(where) if where.type == "cuda" else where.type.upper()
        return f"{name}, PyTorch {torch.__version__}"


@dataclass(frozen=True, eq=False, kw_only=True)
class SetThreads(Request):
    """How many processors pixel work may use."""

    lane = "threads"
    priority = 120
    quiet = True
    stops = False
    count: int = 1

    def run(self, cache: RenderCache, progress: Progress) -> None:
        cv2.setNumThreads(self.count)
        os.environ["OMP_NUM_THREADS"] = str(self.count)  # torch, when it is imported later
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.set_num_threads(self.count)


@dataclass(frozen=True, eq=False, kw_only=True)
class WarmUp(Request):
    """Import what exporting and restoring need, so that the first export does not wait for it."""

    lane = "warm-up"
    priority = 1
    quiet = True
    stops = False
    threads: int = 1

    def prepare(self) -> None:
        import models.learned.inference  # noqa: F401

    def run(self, cache: RenderCache, progress: Progress) -> None:
        import torch

        torch.set_num_threads(self.threads)
