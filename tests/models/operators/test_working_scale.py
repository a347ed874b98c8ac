"""Looks of large pictures: carried from the reduced copy to full size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.metrics import psnr
from models.operators import working_scale
from models.operators.registry import OPERATORS
from models.operators.working_scale import WORKING_LONG_EDGE, transfer
from tests.models.natural_pictures import natural


def _float(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float32) / np.float32(255)


def _reduced(photo: np.ndarray, factor: float) -> np.ndarray:
    size = max(1, round(photo.shape[1] / factor)), max(1, round(photo.shape[0] / factor))
    return cv2.resize(photo, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], 3)


@pytest.mark.parametrize("factor", [1, 2, 3.3])
def test_an_unchanged_copy_gives_the_photo_back(factor: float) -> None:
    photo = _float(natural(150, 230))
    small = _reduced(photo, factor)
    assert psnr_float(transfer(photo, small, small), photo) > 35


@pytest.mark.parametrize("factor", [1.5, 4])
def test_levels_are_carried_like_floats(factor: float) -> None:
    photo = natural(150, 230, seed=5)
    small = _reduced(_float(photo), factor)
    look = np.clip(1.4 * small - 0.1, 0, 1).astype(np.float32)
    levels, floats = transfer(photo, small, look), transfer(_float(photo), small, look)
    assert (levels.dtype, floats.dtype) == (np.uint8, np.float32)
    assert floats.min() == 0, "clipped"
    assert np.abs(levels - 255 * floats.astype(float)).max() < 0.51


@pytest.mark.parametrize("factor", [1.5, 4])
def test_what_the_photo_does_not_explain_is_enlarged_by_cubic_convolution(factor: float) -> None:
    """Strokes on a flat photo, beside OpenCV's own enlargement."""
    photo = np.full((150, 230, 3), 0.5, np.float32)
    small = _reduced(photo, factor)
    strokes = 0.5 + 0.2 * (_reduced(_float(natural(150, 230, seed=6)), factor) - 0.5)
    expected = cv2.resize(strokes, (230, 150), interpolation=cv2.INTER_CUBIC)
    np.testing.assert_allclose(transfer(photo, small, strokes), expected, atol=1e-5)


def psnr_float(a: np.ndarray, b: np.ndarray) -> float:
    return float(-10 * np.log10(np.square(a.astype(float) - b).mean() + 1e-12))


def test_tone_curves_that_are_affine_are_carried_exactly() -> None:
    """a * photo + b holds everywhere, at every size: contrast and offset come through."""
    photo = _float(natural(120, 160)) * 0.8
    small = _reduced(photo, 2)
    carried = transfer(photo, small, small * np.float32(0.5) + np.float32(0.2))
    assert psnr_float(carried, photo * 0.5 + 0.2) > 40
    flat = np.full_like(small, 0.3)
    assert np.abs(transfer(photo, small, flat) - 0.3).max() < 1e-5


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (7, 300), (257, 3), (256, 256), (513, 20)])
def test_any_size_and_bands_without_seams(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = _float(natural(*size))
    small = _reduced(photo, 2)
    look = 1 - small
    whole = transfer(photo, small, look)
    assert whole.shape == photo.shape
    assert np.isfinite(whole).all()
    monkeypatch.setattr(working_scale, "BAND", 16)
    assert np.abs(transfer(photo, small, look) - whole).max() < 2e-3


@pytest.mark.parametrize("operator", ["l0-smoothing", "multiscale-tone", "oil-painting"])
def test_preview_and_export_of_a_large_photo_agree(
    operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The full-size look, reduced, is the reduced copy's own look to within 34 dB.

    With a working scale of 160 pixels instead of 1152, so that it takes no time.
    """

    monkeypatch.setattr(working_scale, "WORKING_LONG_EDGE", 160)
    photo = natural(320, 480, seed=3)
    preview_photo = _reduced(photo, 3)
    op = OPERATORS[operator]
    assert op.working_scale
    preview = np.asarray(op(preview_photo))
    full = np.asarray(op(photo))
    assert full.shape == photo.shape
    assert psnr(_reduced(full, 3), preview) > 34
    assert psnr(_reduced(full, 3), preview) > psnr(preview_photo, preview) + 3


def test_the_working_scale_is_that_of_the_whole_picture() -> None:
    seen: list[tuple[tuple[int, ...], int]] = []

    def look(picture: np.ndarray, strength: float, long_edge: int) -> np.ndarray:
        seen.append((picture.shape, long_edge))
        return picture

    part = _float(natural(64, 128))
    working_scale.render_at_working_scale(look, part, 1.0, 2 * WORKING_LONG_EDGE)
    assert seen == [((32, 64, 3), WORKING_LONG_EDGE)]
