"""The background thread: latest wins, urgent first, cancel, failures."""

from __future__ import annotations

import gc
import importlib
import sys
import threading
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QThread

from editor.engine.progress import Progress
from editor.files.picture import PictureError
from editor.messages import message
from editor.ui.worker.cache import RenderCache
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.request import Request
from tests.conftest import WAIT


@dataclass(frozen=True, eq=False)
class Work(Request):
    """Waits for a gate, then answers."""

    lane: ClassVar[str] = "work"
    priority: ClassVar[int] = 50
    name: str = ""
    gate: threading.Event | None = None
    entered: threading.Event = field(default_factory=threading.Event)

    def run(self, cache: RenderCache, progress: Progress) -> Any:
        self.entered.set()
        while self.gate is not None and not self.gate.wait(0.005):
            _an_ordinary_call()
        if self.name == "bad":
            raise ValueError("broken")
        return self.name


class Humble(Work):
    """Gives way."""

    lane = "humble"
    priority = 1
    gives_way = True


def _an_ordinary_call() -> None:
    """Where a job that reports no progress is stopped."""


@pytest.fixture
def jobs(qtbot):
    made = Jobs()
    made.results = []
    made.ended = []
    made.finished.connect(lambda request, result: made.results.append(result))
    made.stopped.connect(lambda request: made.ended.append(request.name))
    yield made
    made.shut_down()


def idle(qtbot, jobs):
    qtbot.waitUntil(lambda: not jobs.busy, timeout=WAIT)


def test_of_many_requests_the_first_and_the_last_are_done(qtbot, jobs):
    gate = threading.Event()
    jobs.submit(Work("first", gate))
    for i in range(50):
        jobs.submit(Work(f"{i}"))
    gate.set()
    idle(qtbot, jobs)
    assert jobs.results == ["first", "49"]


def test_a_job_that_reports_nothing_is_stopped_in_the_middle(qtbot, jobs):
    endless = Work("endless", threading.Event())
    jobs.submit(endless)
    qtbot.waitUntil(endless.entered.is_set, timeout=WAIT)
    jobs.cancel("work")
    idle(qtbot, jobs)
    assert jobs.results == []
    assert jobs.ended == ["endless"]


def test_a_humble_job_gives_way_and_is_done_later(qtbot, jobs):
    gate = threading.Event()
    humble = Humble("humble", gate)
    jobs.submit(humble)
    qtbot.waitUntil(humble.entered.is_set, timeout=WAIT)
    jobs.submit(Work("urgent"))
    qtbot.waitUntil(lambda: "urgent" in jobs.results, timeout=WAIT)
    gate.set()
    idle(qtbot, jobs)
    assert jobs.results == ["urgent", "humble"]
    assert jobs.ended == []


def test_a_failure_is_told_and_the_next_job_is_done(qtbot, jobs, capsys):
    failures = []
    jobs.failed.connect(lambda request, error: failures.append((request.name, str(error))))
    jobs.submit(Work("bad"))
    idle(qtbot, jobs)
    jobs.submit(Work("good"))
    idle(qtbot, jobs)
    assert failures == [("bad", "broken")]
    assert jobs.results == ["good"]
    assert "broken" in capsys.readouterr().err


def test_a_failure_keeps_what_waits(qtbot, jobs, capsys):
    gate = threading.Event()
    jobs.submit(Work("bad", gate))
    jobs.submit(Work("waiting"))
    gate.set()
    idle(qtbot, jobs)
    assert jobs.results == ["waiting"]


def test_work_is_done_in_the_background_and_told_in_the_main_thread(qtbot, jobs):
    threads = []

    class Where(Work):
        def run(self, cache, progress):
            progress(0.5, "half")
            return QThread.currentThread()

    jobs.finished.connect(lambda r, thread: threads.append((thread, QThread.currentThread())))
    jobs.submit(Where("where"))
    idle(qtbot, jobs)
    worker, told = threads[0]
    assert worker is not told


def test_imports_do_not_wake_the_garbage_collector(qtbot, jobs, capsys):
    collecting = []

    class Importing(Work):
        def prepare(self):
            collecting.append(gc.isenabled())
            if self.name == "bad":
                raise ImportError("no such module")

    jobs.submit(Importing("good"))
    idle(qtbot, jobs)
    jobs.submit(Importing("bad"))
    idle(qtbot, jobs)
    assert collecting == [False, False]
    assert gc.isenabled()
    assert jobs.results == ["good"]


def test_a_module_is_not_left_half_imported(qtbot, jobs, tmp_path, monkeypatch):
    """A job that is stopped while it imports something stops after that."""
    (tmp_path / "slow_module.py").write_text(
        "import sys, threading\ngate = threading.Event()\n"
        "sys.modules['tests_of_jobs_gate'].put(gate)\n"
        "while not gate.wait(0.005):\n    pass\n(lambda: None)()\ncomplete = True\n"
    )
    told = threading.Event()
    gates = []

    class Gate:
        def put(self, gate):
            gates.append(gate)
            told.set()

    monkeypatch.setitem(sys.modules, "tests_of_jobs_gate", Gate())
    monkeypatch.syspath_prepend(tmp_path)

    class Lazy(Work):
        def run(self, cache, progress):
            importlib.import_module("slow_module")
            while True:
                _an_ordinary_call()

    jobs.submit(Lazy("lazy"))
    qtbot.waitUntil(told.is_set, timeout=WAIT)
    jobs.cancel("work")
    gates[0].set()
    idle(qtbot, jobs)
    assert jobs.ended == ["lazy"]
    assert sys.modules.pop("slow_module").complete


def test_a_file_that_is_to_blame_is_no_fault_of_the_program(qtbot, jobs, capsys):
    class Damaged(Work):
        def run(self, cache, progress):
            raise PictureError(message("not-a-file", name="x"))

    failures = []
    jobs.failed.connect(lambda request, error: failures.append(str(error)))
    jobs.submit(Damaged("damaged"))
    idle(qtbot, jobs)
    assert failures == ["“x” is not a file: choose a picture."]
    assert capsys.readouterr().err == ""


def test_shutting_down_stops_what_runs(qtbot, jobs):
    endless = Work("endless", threading.Event())
    jobs.submit(endless)
    qtbot.waitUntil(endless.entered.is_set, timeout=WAIT)
    jobs.shut_down()
    assert not jobs._thread.isRunning()
    jobs.submit(Work("too late"))
    assert jobs.results == []
