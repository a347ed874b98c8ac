"""What every operator promises, checked through the registry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.operators.base import Operator
from models.operators.registry import ADJUSTMENTS, OPERATORS

EVERY = pytest.mark.parametrize("look", OPERATORS.values(), ids=list(OPERATORS))
SIZES = [(1, 1), (1, 9), (17, 3), (64, 48)]


def picture(size: tuple[int, int], dtype: type) -> np.ndarray:
    """Smooth gradients, an edge and some noise, so that every kind of filter has work."""
    rng = np.random.default_rng(size)
    y, x = np.mgrid[0:1:1j, 0:1:1j] if size == (1, 1) else np.indices(size) / max(size)
    photo = np.stack([x, y, 1 - x], -1) * 0.6 + 0.2 * (x > y)[..., None]
    photo = np.clip(photo + rng.normal(0, 0.05, photo.shape), 0, 1)
    return np.rint(photo * 255).astype(np.uint8) if dtype is np.uint8 else photo.astype(np.float32)


def test_looks_and_adjustments_are_listed_under_their_own_ids() -> None:
    assert list(OPERATORS) == [
        "local-laplacian",
        "multiscale-tone",
        "l0-smoothing",
        "rtv",
        "weighted-median",
        "lens-blur",
        "black-and-white",
        "film",
        "colour-pencil",
        "oil-painting",
        "retouch",
        "exposure",
        *ADJUSTMENTS,
    ]
    assert ADJUSTMENTS == (
        "contrast",
        "highlights",
        "shadows",
        "whites",
        "blacks",
        "clarity",
        "tone-curve",
        "temperature",
        "tint",
        "vibrance",
        "saturation",
        "sharpening",
        "noise-reduction",
        "vignette",
    )
    assert all(look.id == look_id for look_id, look in OPERATORS.items())
    assert len({look.name for look in OPERATORS.values()}) == 26


@EVERY
def test_description_is_complete(look: Operator) -> None:
    assert look.summary.endswith(".")
    assert look.minimum <= look.neutral <= look.maximum
    assert look.minimum <= look.default_strength <= look.maximum
    assert look.default_strength != look.neutral
    assert look.margin is None or 0 <= look.margin < 0.5
    both_ways = look.family in ("light", "colour") or look.id == "vignette"
    span = (-1, 1) if both_ways else (0, 1)
    assert (look.minimum, look.maximum) == ((-3, 3) if look.id == "exposure" else span)


@EVERY
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("size", SIZES)
def test_shape_range_determinism_and_neutral(
    look: Operator, size: tuple[int, int], dtype: type
) -> None:
    photo = picture(size, dtype)
    kept = photo.copy()

    neutral = look(photo, look.neutral)
    assert neutral.dtype == dtype
    assert np.array_equal(neutral, photo)
    assert not np.shares_memory(neutral, photo)

    for strength in (None, 0.37, look.maximum):
        result = look(photo, strength)
        assert result.shape == photo.shape
        assert result.dtype == dtype
        assert np.isfinite(result).all()
        assert result.min() >= 0
        assert result.max() <= (255 if dtype is np.uint8 else 1)
        assert np.array_equal(look(photo, strength), result)
    assert np.array_equal(photo, kept), "the photo itself was changed"


@EVERY
def test_does_something(look: Operator) -> None:
    photo = picture((64, 48), np.float32)
    # Sizes are relative: as if it were part of a picture large enough for every radius.
    assert np.abs(look(photo, long_edge=400) - photo).mean() > 1e-3


@EVERY
def test_uint8_and_float_agree(look: Operator) -> None:
    photo = picture((64, 48), np.uint8)
    exact = look(photo.astype(np.float32) / np.float32(255))
    difference = np.abs(look(photo) - exact * 255)
    assert difference.max() <= 0.51


@EVERY
def test_takes_views_and_read_only_arrays(look: Operator) -> None:
    photo = picture((64, 48), np.float32)
    turned = photo[::-1, ::-1]
    turned.flags.writeable = False
    assert np.array_equal(look(turned), look(np.ascontiguousarray(turned)))


@EVERY
def test_strength_out_of_range_is_refused(look: Operator) -> None:
    photo = picture((17, 3), np.uint8)
    for strength in (look.minimum - 0.01, look.maximum + 0.01, float("nan")):
        with pytest.raises(ValueError, match=rf"{look.id}: strength .* is outside"):
            look(photo, strength)


@EVERY
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.zeros((4, 4), np.uint8), "expected an H x W x 3 picture"),
        (np.zeros((4, 4, 4), np.uint8), "expected an H x W x 3 picture"),
        (np.zeros((4, 4, 1), np.float32), "expected an H x W x 3 picture"),
        (np.zeros((0, 4, 3), np.uint8), "expected an H x W x 3 picture"),
        (np.zeros((4, 4, 3), np.float64), "expected uint8 or float32"),
        (np.zeros((4, 4, 3), np.uint16), "expected uint8 or float32"),
    ],
    ids=["2d", "alpha", "grey", "empty", "float64", "uint16"],
)
def test_what_is_no_picture_is_refused(look: Operator, bad: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        look(bad)


@EVERY
def test_the_gallery_has_a_picture_of_it(look: Operator) -> None:
    pictures = Path(__file__).resolve().parents[3] / "docs" / "pictures" / "operators"
    assert (pictures / f"{look.id}.webp").exists(), (
        f"run: python docs/draw_pictures.py --operators {look.id}"
    )
