"""What was done to an export, in words."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engine import copies
from editor.engine.embedding import Found
from models.containers.container import Detection, Received, Shown


def found(shown: Shown | None, height: int, width: int) -> Found:
    detection = Detection("surviving", "surviving-2", 1.0, 0.0, shown=shown)
    return Found(detection, Received(np.zeros((height, width, 3), np.uint8)))


CASES = [
    (Shown.all_of(3024, 4032), (1200, 1600), ["copy-smaller", "copy-compressed"]),
    (Shown.all_of(900, 1200), (900, 1200), ["copy-compressed"]),
    (Shown.all_of(900, 1200), (1800, 2400), ["copy-larger", "copy-compressed"]),
    (Shown((900, 1200), (0, 0, 900, 600)), (900, 600), ["copy-cropped", "copy-compressed"]),
    (Shown((900, 1200), (-90, 0, 990, 1200)), (1080, 1200), ["copy-framed", "copy-compressed"]),
    (
        Shown((900, 1200), (-90, 100, 990, 1100)),
        (540, 500),
        ["copy-cropped", "copy-framed", "copy-smaller", "copy-compressed"],
    ),
]


@pytest.mark.parametrize(("shown", "size", "codes"), CASES)
def test_a_copy_says_what_became_of_it(
    shown: Shown, size: tuple[int, int], codes: list[str]
) -> None:
    assert [each.code for each in copies.what_happened(found(shown, *size))] == codes


def test_words_and_facts() -> None:
    copy = found(Shown((900, 1200), (0, 300, 900, 1200)), 450, 450)
    assert [str(each) for each in copies.what_happened(copy)] == [
        "cropped to 75 % of the picture",
        "made smaller from 900 × 900 to 450 × 450 pixels",
        "converted or compressed",
    ]
    facts = copies.facts(copy)
    assert facts is not None
    assert facts["exported"] == [1200, 900]
    assert facts["shown"] == [300, 0, 900, 900]
    assert (facts["share"], facts["border"]) == (0.75, 0.0)


def test_an_export_itself_is_no_copy() -> None:
    assert copies.what_happened(found(None, 20, 30)) == ()
    assert copies.facts(found(None, 20, 30)) is None


@pytest.mark.parametrize("turn", range(8))
def test_what_is_shown_turns_with_the_picture(turn: int) -> None:
    from models.containers import turns

    export = np.zeros((40, 60), np.uint8)
    export[5:25, 10:50] = 1
    seen = turns.turned_back(export, turn)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    box = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
    shown = Shown((40, 60), (5, 10, 25, 50)).turned_back(turn)
    assert shown.exported == seen.shape
    assert shown.box == box
