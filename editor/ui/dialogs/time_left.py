"""How far a long job is and how long it will still take, estimated between its reports."""

from __future__ import annotations

import math

_FIRST_SECONDS = {True: 3.0, False: 2.5}
"""Of a megapixel in files that keep every sample, and in others, on two cores: before one export
has been measured on this machine."""


_FARTHEST = 0.2  # share of the whole beyond what was reported, from where on it hardly moves
_SLOWEST = 0.1  # of the pace, there


class Pace:
    """How long exports take on this machine: a guess, then what the last one took."""

    def __init__(self) -> None:
        self._seconds = dict(_FIRST_SECONDS)

    def expected(self, lossless: bool, megapixels: float) -> float:
        """Seconds."""
        return max(0.5, self._seconds[lossless] * megapixels)

    def learn(self, lossless: bool, megapixels: float, seconds: float) -> None:
        """An export took that long."""
        self._seconds[lossless] = seconds / max(megapixels, 0.1)


class TimeLeft:
    """The progress of one job. Times are seconds of any clock that only goes forward.

    Between reports the job is taken to go on at its pace, ever more slowly the farther that leads
    from the last one: what is shown always moves, never goes back and never arrives too early.

    Args:
        expected: how long the whole job may take.
        now: when it began.
    """

    def __init__(self, expected: float, now: float) -> None:
        self._prior = self._total = max(expected, 0.1)
        self._began = self._at = self._looked = now
        self._reported = self._shown = 0.0

    def report(self, share: float, now: float) -> None:
        """What is done of the whole, 0..1; the pace so far counts more and more."""
        if share <= self._reported:
            return
        self._reported, self._at = min(share, 1.0), now
        weight = min(1.0, 2 * share)
        measured = (now - self._began) / share
        self._total = max(0.1, weight * measured + (1 - weight) * self._prior)

    def share(self, now: float) -> float:
        """How much to show as done, 0..1."""
        since, self._looked = max(0.0, now - self._looked), now
        pace = 1 / max(self._total * (1 - self._reported), 0.1)
        pace *= max(_SLOWEST, 1 - (self._shown - self._reported) / _FARTHEST)
        self._shown += (1 - self._shown) * -math.expm1(-since * pace)
        self._shown = min(max(self._shown, self._reported), 0.995)
        return self._shown

    def seconds(self, now: float) -> float:
        """How long it may still take."""
        left = self._total * (1 - self._reported)
        return left * math.exp(-max(0.0, now - self._at) / left) if left > 0 else 0.0
