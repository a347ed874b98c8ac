"""A network mends what is decoded, only as far as the export found that it helps, and only where
nothing was changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.containers import coefficients
from models.containers.coefficients import Coefficients
from models.containers.container import JpegSettings, Medium, Trust
from models.containers.jpeg import hiding, refining
from models.containers.jpeg.container import JpegContainer
from models.containers.jpeg.decoding import CONDITIONS, Decoded
from models.containers.jpeg.header import REFINED
from models.containers.jpeg.reading import Reading
from models.containers.jpeg.refining import STRENGTHS, Mend, best_strength, blended
from models.metrics import psnr
from models.networks import refinement


def _towards(photo: np.ndarray, share: float) -> Mend:
    """A network that knows the photo and goes so far: beyond 1 past it, below 0 away from it."""

    def mend(of: Decoded) -> np.ndarray:
        known = photo if of.photo.shape == photo.shape else of.photo
        return np.clip(np.rint(of.photo + share * (known - of.photo.astype(float))), 0, 255).astype(
            np.uint8
        )

    return mend


def _embed(photo: np.ndarray, look: np.ndarray, mend: Mend | None) -> Coefficients:
    return hiding.embed(photo, look, 90, "420", mend=mend)


def _read(made: Coefficients) -> Reading:
    reading = Reading.of(coefficients.read(coefficients.write(made)), hiding.VERSION)  # type: ignore[arg-type]
    assert reading is not None
    return reading


def _restored(reading: Reading, mend: Mend | None = None) -> np.ndarray:
    return reading.restored(lambda _: None, mend)


@pytest.fixture(scope="module")
def plain(photo: np.ndarray, look: np.ndarray) -> Coefficients:
    return _embed(photo, look, None)


@pytest.mark.parametrize(
    ("share", "strength"), [(-0.2, 0), (0.0, 0), (0.9, 100), (1.3, 75), (2.0, 50), (3.9, 25)]
)
def test_the_export_says_how_far_it_helps(
    photo: np.ndarray, look: np.ndarray, plain: Coefficients, share: float, strength: int
) -> None:
    """None of it where it hurts; and what the tiles say does not depend on it."""
    mend = _towards(photo, share)
    reading = _read(_embed(photo, look, mend))
    assert reading.header.refinement == strength
    assert reading.codes == _read(plain).codes
    assert (reading.trust == Trust.PROVEN).all()
    before, after = _restored(_read(plain)), _restored(reading, mend)
    assert psnr(after, photo) > psnr(before, photo) + 2 or strength == 0
    if strength == 0:
        assert np.array_equal(after, before)


def test_who_has_no_network_restores_what_is_decoded(
    photo: np.ndarray, look: np.ndarray, plain: Coefficients
) -> None:
    """And an export that does not ask for one is not mended."""
    mend = _towards(photo, 0.9)
    reading = _read(_embed(photo, look, mend))
    assert np.abs(_restored(reading).astype(int) - _restored(_read(plain))).max() <= 3
    assert np.array_equal(_restored(_read(plain), mend), _restored(_read(plain)))


def test_what_was_changed_has_no_part_in_it(photo: np.ndarray, look: np.ndarray) -> None:
    """Changed squares are as received; those around them, proven ones too, are not mended."""
    mend = _towards(photo, 0.9)
    made = _embed(photo, look, mend)
    luma = made.planes[0].copy()
    luma[8:12, 8:14] = -luma[8:12, 8:14]
    damaged = _read(replace(made, planes=(luma, *made.planes[1:])))
    without, mended = _restored(damaged), _restored(damaged, mend)
    same = (without == mended).all(2)
    trust = damaged.squares.repeat(16, 0).repeat(16, 1)[: photo.shape[0], : photo.shape[1]]
    assert (trust == Trust.CHANGED).any()
    assert same[trust >= Trust.COARSE].all()
    rows, columns = np.nonzero(trust >= Trust.UNPROVEN)
    outside = slice(max(0, rows.min() - 48), rows.max() + 49)
    across = slice(max(0, columns.min() - 48), columns.max() + 49)
    around = np.zeros_like(same)
    around[outside, across] = True
    assert same[around & (trust == Trust.PROVEN)].all()
    assert not same[~around].all()


def test_a_large_picture_is_measured_in_some_tiles(
    photo: np.ndarray, look: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hiding, "_MEASURED", photo[..., 0].size // 4)
    seen: list[tuple[int, ...]] = []

    def mend(of: Decoded) -> np.ndarray:
        seen.append(of.photo.shape)
        assert of.conditions.shape[1:] == tuple(-(-n // 16) for n in of.photo.shape[:2])
        return np.full_like(of.photo, 0)

    assert _read(_embed(photo, look, mend)).header.refinement == 0
    assert seen
    assert all(shape != photo.shape for shape in seen)


def test_blending() -> None:
    a, b = np.full((70, 3, 3), 10, np.uint8), np.full((70, 3, 3), 30, np.uint8)
    b[0] = 0
    for strength in (0, *STRENGTHS):
        mixed = blended(a, b, strength)
        assert (mixed[1:] == 10 + strength // 5).all()
        assert np.abs(mixed[0] - (10.0 - strength / 10)).max() <= 0.5
    decoded = Decoded(a, a, a, np.zeros((CONDITIONS, 5, 1), np.float32))
    assert best_strength([(np.full_like(a, 20), decoded)], lambda _: b) == 50
    assert REFINED in STRENGTHS


def test_the_program_s_own_network_never_harms(photo: np.ndarray, look: np.ndarray) -> None:
    assert CONDITIONS == refinement.CONDITIONS
    medium = Medium.jpeg(JpegSettings(90, "420"))
    made = JpegContainer().embed(photo, look, medium, "cpu").coefficients
    assert made is not None
    reading, mend = _read(made), refining.with_network("cpu")
    assert psnr(_restored(reading, mend), photo) >= psnr(_restored(reading), photo)
