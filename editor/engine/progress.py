"""How long work reports its progress and how it is cancelled."""

from __future__ import annotations

from collections.abc import Callable

from editor.messages import Message

Progress = Callable[[float, Message], None]
"""``progress(share, what)``: share of the whole job done, 0..1, and what is being done, such as
"Hiding the original". May raise `Cancelled`; the job then stops and leaves nothing behind."""


class Cancelled(BaseException):
    """The user cancelled the job.

    No `Exception`: what is ready for any failure, such as that of a decoder on damaged bytes, must
    not take it for one.
    """


def ignore_progress(share: float, what: Message) -> None:
    """For callers that do not care."""


def part(progress: Progress, start: float, end: float, what: Message) -> Callable[[float], None]:
    """The progress of a step that covers `start`..`end` of the whole job."""

    def report(share: float) -> None:
        progress(start + (end - start) * min(1.0, share), what)

    return report


def stretched(
    progress: Progress, start: float, end: float, what: Message | None = None
) -> Progress:
    """The progress of a step that covers `start`..`end` of the whole job.

    The step's own message is passed on unless `what` replaces it.
    """

    def report(share: float, own: Message) -> None:
        progress(start + (end - start) * min(1.0, share), what or own)

    return report
