"""How long work reports its progress and how it is cancelled."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""``progress(share, what)``: share of the whole job done, 0..1, and what is being done, such as
"Hiding the original". May raise `Cancelled`; the job then stops and leaves nothing behind."""


class Cancelled(Exception):
    """The user cancelled the job."""


def ignore_progress(share: float, what: str) -> None:
    """For callers that do not care."""


def part(progress: Progress, start: float, end: float, what: str) -> Callable[[float], None]:
    """The progress of a step that covers `start`..`end` of the whole job."""

    def report(share: float) -> None:
        progress(start + (end - start) * min(1.0, share), what)

    return report


def stretched(progress: Progress, start: float, end: float, what: str = "") -> Progress:
    """The progress of a step that covers `start`..`end` of the whole job.

    The step's own words are passed on unless `what` replaces them.
    """

    def report(share: float, own: str) -> None:
        progress(start + (end - start) * min(1.0, share), what or own)

    return report
