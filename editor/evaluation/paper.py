"""The paper's network beside this program, through the same kind of file."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from editor.engine import embedding
from editor.engine.edits import edit
from editor.engine.quality import Quality
from editor.evaluation.cases import BOTH_FORMS, LOOKS, Setting
from editor.files.encoding import encode_picture
from editor.files.picture import Picture
from models.networks.device import pick_device
from models.operators.registry import OPERATORS
from models.paper import inference, weights
from models.paper.network import PaperNetwork

Pixels = NDArray[np.uint8]
T = TypeVar("T")


@dataclass(frozen=True)
class PaperFigures:
    """What the paper's network makes of one photo in one look. PSNR in dB, SSIM 0..1.

    Attributes:
        export_psnr, export_ssim: of its exported file against the reference operator's look.
        ours_psnr, ours_ssim: of this program's export against that same look.
        restored_psnr, restored_ssim: of its restored photo against the original.
        bytes: size of its exported file.
        seconds: processor time per megapixel that its network takes, there and back.
        parameters: of its network.
    """

    export_psnr: float
    export_ssim: float
    ours_psnr: float
    ours_ssim: float
    restored_psnr: float
    restored_ssim: float
    bytes: int
    seconds: float
    parameters: int


@dataclass(frozen=True)
class PaperResult:
    """Its figures, and the pictures that they are of: the look, the file, the restored photo."""

    figures: PaperFigures
    look: Pixels
    export: Pixels
    restored: Pixels


def operator_of(look: str) -> str | None:
    """The operator of a look that is one operator at its default strength; None of another."""
    if look in BOTH_FORMS:
        return BOTH_FORMS[look][0]
    found = [name for name in OPERATORS if LOOKS[look] == (edit(name),)]
    return found[0] if found else None


def network_for(look: str, setting: Setting, device: str, folder: Path) -> PaperNetwork | None:
    """The trained network for a look and a file; None where there are no such weights.

    Raises WeightsError for weights that are listed but damaged.
    """
    operator = operator_of(look)
    if operator is None:
        return None
    name = weights.name_for(operator, embedding.medium_of(setting.fmt), folder)
    return None if name is None else weights.load(name, pick_device(device), folder)


def measure(
    network: PaperNetwork,
    photo: Picture,
    look: str,
    setting: Setting,
    ours: Pixels,
    read: Callable[[bytes, Setting], Picture],
) -> PaperResult:
    """Export and restore a photo with the paper's network.

    Args:
        ours: this program's export in that look, as read from its file.
        read: the picture in a file, after what the setting does to it.
    """
    operator = operator_of(look)
    assert operator is not None
    reference = np.asarray(OPERATORS[operator](photo.pixels), np.uint8)
    container, there = _timed(lambda: inference.embed(network, photo.pixels))
    data = encode_picture(photo.with_pixels(container), setting.fmt, keep_metadata=False)
    export = read(data, setting).pixels
    restored, back = _timed(lambda: inference.extract(network, export))
    seen = Quality.of(export, reference, with_ssim=True)
    our = Quality.of(ours, reference, with_ssim=True)
    came_back = Quality.of(restored, photo.pixels, with_ssim=True)
    figures = PaperFigures(
        export_psnr=seen.psnr,
        export_ssim=seen.ssim,
        ours_psnr=our.psnr,
        ours_ssim=our.ssim,
        restored_psnr=came_back.psnr,
        restored_ssim=came_back.ssim,
        bytes=len(data),
        seconds=(there + back) / (photo.pixels[..., 0].size / 1e6),
        parameters=sum(p.numel() for p in network.parameters()),
    )
    return PaperResult(figures, reference, export, restored)


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    return run(), time.process_time() - began
