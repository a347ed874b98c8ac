"""The one background thread: one job running, the latest of each kind waiting.

A job is stopped by an event that is looked at whenever it reports progress and, through a profile
hook, at every function call it makes: so even an operator that reports nothing gives way at once.
"""

from __future__ import annotations

import gc
import inspect
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from editor.engine.progress import Cancelled
from editor.files.picture import PictureError
from editor.messages import Message
from editor.ui.worker.cache import RenderCache
from editor.ui.worker.request import Request

_REPORT_EVERY = 0.04  # seconds


@dataclass(frozen=True, eq=False)
class Job:
    """A request on its way."""

    request: Request
    stop: threading.Event = field(default_factory=threading.Event)


class Worker(QObject):
    """Lives in the background thread and knows no widget."""

    finished = Signal(object, object)
    failed = Signal(object, object)
    stopped = Signal(object)
    progressed = Signal(object, float, object)

    def __init__(self) -> None:
        super().__init__()
        self._cache = RenderCache()
        self._reported = 0.0
        self._step: Message | None = None

    @Slot(object)
    def run(self, job: Job) -> None:
        """Do one job and signal how it ended, exactly once."""
        self._step = None
        try:
            _prepare(job.request)
            if job.request.stops:
                sys.setprofile(lambda frame, event, arg: _stop_here(job, frame))
            try:
                result = job.request.run(self._cache, lambda s, w: self._report(job, s, w))
            finally:
                sys.setprofile(None)
        except Cancelled:
            self.stopped.emit(job)
        except BaseException as error:  # whatever it was, the window must hear of it
            self.failed.emit(job, error)
        else:
            self.finished.emit(job, result)

    def _report(self, job: Job, share: float, what: Message) -> None:
        if job.stop.is_set() and job.request.stops:
            raise Cancelled
        now = time.monotonic()
        # A step that may take long must be named, however soon it follows another report.
        if what != self._step or now - self._reported > _REPORT_EVERY:
            self._reported, self._step = now, what
            self.progressed.emit(job, share, what)


def _prepare(request: Request) -> None:
    """Import what a request needs, without the garbage collector.

    It would look through all of a large library's objects again and again, and the window has to
    wait meanwhile. They stay for good, so it need never look at them.
    """
    before = len(sys.modules)
    gc.disable()
    try:
        request.prepare()
    finally:
        if len(sys.modules) > before:
            gc.freeze()
        gc.enable()


def _stop_here(job: Job, frame: FrameType | None) -> None:
    if job.stop.is_set() and not _closing(frame) and not _importing(frame):
        raise Cancelled


def _closing(frame: FrameType | None) -> bool:
    """Whether a generator may be closed because nobody holds it: what it raises then is lost."""
    return frame is not None and bool(frame.f_code.co_flags & inspect.CO_GENERATOR)


def _importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported: it would be left half done."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


class Jobs(QObject):
    """The window's side of the background thread. Every signal arrives in the main thread.

    Signals:
        finished: request, response.
        failed: request, exception. The next job goes on.
        stopped: request that was cancelled by the user or overtaken.
        progressed: request, share 0..1, what is done.
        idle: nothing runs and nothing waits.
    """

    finished = Signal(object, object)
    failed = Signal(object, object)
    stopped = Signal(object)
    progressed = Signal(object, float, object)
    started = Signal(object)
    idle = Signal()
    _start = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[str, Request] = {}
        self._running: Job | None = None
        self._again = False
        self._closed = False
        self._thread = QThread(self)
        self._thread.setObjectName("pixels")
        self._worker = Worker()
        self._worker.moveToThread(self._thread)
        self._start.connect(self._worker.run)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)
        self._worker.stopped.connect(self._on_stopped)
        self._worker.progressed.connect(self._on_progressed)
        self._thread.start()

    @property
    def running(self) -> Request | None:
        """What the worker is at."""
        return self._running.request if self._running else None

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return self._running is not None or bool(self._waiting)

    def submit(self, request: Request) -> None:
        """Ask for something; takes the place of a waiting request of the same lane."""
        if self._closed:
            return
        self._waiting[request.lane] = request
        running = self._running
        if running is not None and running.request.stops:
            current = running.request
            if current.lane == request.lane and request.outdates(current):
                running.stop.set()
            elif current.gives_way and request.priority > current.priority:
                self._again = True
                running.stop.set()
        self._next()

    def cancel(self, lane: str) -> None:
        """Forget what waits in a lane and stop what runs in it."""
        dropped = self._waiting.pop(lane, None)
        if self._running is not None and self._running.request.lane == lane:
            self._again = False
            self._running.stop.set()
        if dropped is not None:
            self.stopped.emit(dropped)

    def cancel_all(self) -> None:
        """Forget everything that waits and stop what runs."""
        self._waiting.clear()
        if self._running is not None:
            self._again = False
            self._running.stop.set()

    def shut_down(self) -> None:
        """Stop everything and end the thread; returns when it has ended."""
        if self._closed:
            return
        self._closed = True
        self.cancel_all()
        self._thread.quit()
        self._thread.wait()

    def _next(self) -> None:
        if self._running is not None:
            return
        if not self._waiting:
            self.idle.emit()
            return
        lane = max(self._waiting, key=lambda name: self._waiting[name].priority)
        self._running, self._again = Job(self._waiting.pop(lane)), False
        self.started.emit(self._running.request)
        self._start.emit(self._running)

    def _end(self, job: Job) -> bool:
        """Take a job off; False where it is no longer ours (the window is closing)."""
        self._running = None
        return not self._closed

    @Slot(object, object)
    def _on_finished(self, job: Job, result: Any) -> None:
        if self._end(job):
            self.finished.emit(job.request, result)
            self._next()

    @Slot(object, object)
    def _on_failed(self, job: Job, error: BaseException) -> None:
        if self._end(job):
            if not isinstance(error, PictureError):  # a fault of the file, which the window shows
                traceback.print_exception(error, file=sys.stderr)
            self.failed.emit(job.request, error)
            self._next()

    @Slot(object)
    def _on_stopped(self, job: Job) -> None:
        if not self._end(job):
            return
        if self._again:
            self._waiting.setdefault(job.request.lane, job.request)
        else:
            self.stopped.emit(job.request)
        self._next()

    @Slot(object, float, object)
    def _on_progressed(self, job: Job, share: float, what: Message) -> None:
        if job is self._running and not job.stop.is_set():
            self.progressed.emit(job.request, share, what)
