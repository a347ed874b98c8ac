"""Syndrome-trellis codes: whatever the costs, the message is read; and cheaply."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import syndrome_trellis
from models.coding.syndrome_trellis import Segment


def _segment(rng: np.random.Generator, bits: int, width: int, spare: int = 0) -> Segment:
    carriers = bits * width + spare
    return Segment(
        rng.integers(0, 2, bits, dtype=np.uint8),
        rng.integers(0, 2, carriers, dtype=np.uint8),
        rng.random(carriers, dtype=np.float32),
        width,
    )


def _read(segment: Segment, changed: np.ndarray) -> np.ndarray:
    parities = segment.parities ^ changed.astype(np.uint8)
    return syndrome_trellis.syndrome(parities, segment.width, segment.bits.size)


@pytest.mark.parametrize("width", range(1, syndrome_trellis.WIDEST + 1))
def test_messages_of_any_length_are_read_back(width: int) -> None:
    rng = np.random.default_rng(width)
    segments = [_segment(rng, bits, width, spare=5) for bits in (0, 1, 3, 7, 8, 40, 41, 40)]
    for segment, changed in zip(segments, syndrome_trellis.changes(segments), strict=True):
        assert (_read(segment, changed) == segment.bits).all()
        assert not changed[segment.bits.size * width :].any()


def test_segments_of_different_widths_are_coded_together() -> None:
    rng = np.random.default_rng(0)
    segments = [_segment(rng, 30, 2 + place % 5) for place in range(300)]
    for segment, changed in zip(segments, syndrome_trellis.changes(segments), strict=True):
        assert (_read(segment, changed) == segment.bits).all()


@pytest.mark.parametrize(("width", "most"), [(2, 0.090), (4, 0.047), (8, 0.025)])
def test_changes_cost_little(width: int, most: float) -> None:
    """Per bit; the theoretical least for costs spread evenly is 0.074, 0.037 and 0.018."""
    rng = np.random.default_rng(1)
    segments = [_segment(rng, 400, width) for _ in range(32)]
    costs = [
        s.costs[c].sum() for s, c in zip(segments, syndrome_trellis.changes(segments), strict=True)
    ]
    assert sum(costs) / (400 * 32) < most


def test_what_must_not_be_changed_is_not_changed() -> None:
    rng = np.random.default_rng(2)
    segment = _segment(rng, 200, 6)
    wet = rng.random(segment.costs.size) < 0.6
    costs = np.where(wet, np.float32(np.inf), segment.costs)
    segment = Segment(segment.bits, segment.parities, costs, 6)
    changed = syndrome_trellis.changes([segment])[0]
    assert (_read(segment, changed) == segment.bits).all()
    assert not (changed & wet).any()


def test_what_pays_is_changed() -> None:
    rng = np.random.default_rng(3)
    segment = _segment(rng, 50, 8)
    costs = segment.costs.copy()
    costs[::7] = -1
    segment = Segment(segment.bits, segment.parities, costs, 8)
    changed = syndrome_trellis.changes([segment])[0]
    assert (_read(segment, changed) == segment.bits).all()
    assert changed[::7].mean() > 0.8
