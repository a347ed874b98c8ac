"""What every request to the worker has in common. Requests are frozen, so no lock is needed.

A request carries all it needs into the worker thread; its response is applied on the main thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from editor.engine.progress import Progress
from editor.ui.worker.cache import RenderCache


@dataclass(frozen=True, eq=False, kw_only=True)
class Request:
    """Something for the worker to do.

    Class attributes:
        lane: a newer waiting request takes the place of an older one of the same lane.
        priority: larger ones go first.
        stops: may be stopped in the middle by setting its cancel event.
        gives_way: is stopped, and done again later, when something more urgent arrives.
        quiet: nobody waits for it, so its progress is not shown.
    """

    lane: ClassVar[str] = ""
    priority: ClassVar[int] = 0
    stops: ClassVar[bool] = True
    gives_way: ClassVar[bool] = False
    quiet: ClassVar[bool] = False

    def prepare(self) -> None:
        """Import what `run` needs; done before the request may be stopped."""

    def run(self, cache: RenderCache, progress: Progress) -> Any:
        """Do the work, in the worker thread, and return the response."""
        raise NotImplementedError

    def outdates(self, running: Request) -> bool:
        """Whether a running request of the same lane is of no use any more because of this one."""
        return False
