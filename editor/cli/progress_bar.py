"""The progress bar of the command line."""

from __future__ import annotations

import threading
from typing import Any

from tqdm import tqdm

from editor.engine.progress import Progress
from editor.messages import Message


class ProgressBar:
    """A progress bar on standard error, for anything over half a second, if anybody looks.

    It also appears, with what is being done, where the first step says nothing for so long.
    """

    PATIENCE = 0.5
    """Seconds until it appears."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._appear = threading.Timer(self.PATIENCE, self._show)
        self._appear.daemon = True

    def __enter__(self) -> Progress:
        self._bar = tqdm(
            total=100,
            delay=self.PATIENCE,
            disable=None,
            leave=False,
            dynamic_ncols=True,
            bar_format="{desc} {bar} {percentage:3.0f} %",
        )
        self._appear.start()
        return self._report

    def _show(self) -> None:
        self._bar.delay = 0  # from now on it has to be cleared away
        self._bar.refresh()

    def _report(self, share: float, what: Message) -> None:
        self._bar.set_description_str(f"{what!s:28}", refresh=False)
        self._bar.update(100 * share - self._bar.n)

    def __exit__(self, *_: object) -> None:
        self._appear.cancel()
        self._appear.join()
        self._bar.close()
