"""The erasure code: any pieces that are enough give the data back."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import reed_solomon


@pytest.mark.parametrize(("pieces", "wanted", "size"), [(96, 53, 400), (255, 1, 3), (5, 5, 77)])
def test_any_pieces_do(pieces: int, wanted: int, size: int) -> None:
    rng = np.random.default_rng(pieces)
    data = rng.bytes(size)
    coded = reed_solomon.encode(data, pieces, wanted)
    for _ in range(5):
        kept = rng.choice(pieces, wanted, replace=False)
        received = {int(place): coded[place] for place in kept}
        assert reed_solomon.decode(received, pieces, wanted)[:size] == data


def test_too_few_pieces_are_said() -> None:
    coded = reed_solomon.encode(b"abcdef", 6, 3)
    with pytest.raises(reed_solomon.TooFew):
        reed_solomon.decode({1: coded[1], 4: coded[4]}, 6, 3)
    with pytest.raises(ValueError, match="no code"):
        reed_solomon.encode(b"a", 300, 3)
