"""The quantiser of a frame is read from its header."""

from __future__ import annotations

import pytest

from models.coding import av1
from models.coding.av1_quantiser import NotKnown, quantiser_index, step_of
from tests.models.natural_pictures import natural


@pytest.mark.parametrize("size", [(40, 60), (128, 128), (192, 180), (65, 300)])
@pytest.mark.parametrize("speed", [5, 8])
def test_it_grows_as_the_quality_falls(size: tuple[int, int], speed: int) -> None:
    picture = natural(*size, seed=2)
    found = [
        quantiser_index(av1.encode(picture, quality, speed), *size)
        for quality in (100, 90, 70, 50, 30, 10, 0)
    ]
    assert found == sorted(found)
    assert found[0] == 0
    assert found[-1] == 255
    assert len(set(found)) == len(found)


def test_steps() -> None:
    assert step_of(0) == 0.5
    assert step_of(255) == pytest.approx(1828 / 8)


def test_other_bytes_are_refused() -> None:
    for data in (b"", b"\x00", b"\xff\x01\x00", b"\x3f\x00"):
        with pytest.raises(NotKnown):
            quantiser_index(data, 64, 64)
