"""Progress between reports: it always moves, never goes back, and knows how long is left."""

from __future__ import annotations

import itertools

import pytest

from editor.ui.dialogs.export_verdict import time_text
from editor.ui.dialogs.time_left import Pace, TimeLeft


def test_it_moves_though_nothing_is_reported():
    left = TimeLeft(50.0, now=0.0)
    shown = [left.share(t / 4) for t in range(1, 1200)]
    assert all(a < b for a, b in itertools.pairwise(shown[:200]))
    assert shown == sorted(shown)
    assert shown[3] > 0.01  # within a second
    assert shown[200] < 0.3  # after as long as the whole job was to take
    assert shown[-1] < 1


@pytest.mark.parametrize("expected", [10.0, 40.0, 160.0])
def test_the_estimate_comes_to_what_the_job_takes(expected):
    """A job of 40 s in steps, of which less, as much or more was expected."""
    left, before = TimeLeft(expected, now=100.0), 0.0
    for step in range(1, 40):
        now = 100.0 + step
        if step % 4 == 0:
            left.report(step / 40, now)
        shown = left.share(now)
        assert before < shown < 1  # also where it was too far ahead
        before = shown
        if step % 4 == 0 and step >= 20:
            assert left.seconds(now) == pytest.approx(40 - step, rel=0.01)
        assert shown - step / 40 < 0.3
    assert left.share(140.0) > 0.9


def test_a_report_of_less_than_was_reported_changes_nothing():
    left = TimeLeft(10.0, now=0.0)
    left.report(0.6, 5.0)
    before = left.share(6.0), left.seconds(6.0)
    left.report(0.2, 6.0)
    assert (left.share(6.0), left.seconds(6.0)) == before
    assert before[0] >= 0.6


def test_the_pace_of_the_last_export_is_expected_of_the_next():
    pace = Pace()
    assert pace.expected(False, 10) > 0
    pace.learn(True, 48, 96)
    assert pace.expected(True, 24) == 48


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "A few seconds left"),
        (12, "About 10 s left"),
        (44, "About 40 s left"),
        (100, "About 2 min left"),
        (400, "About 7 min left"),
    ],
)
def test_times_are_said_no_more_exactly_than_they_are_known(seconds, text):
    assert time_text(seconds) == text
