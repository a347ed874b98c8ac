"""Looks in the window are those of the document's exact flag, on the device of the settings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine import operator_choice
from editor.engine.edits import edit
from editor.engine.progress import ignore_progress
from editor.engine.render import render
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture
from editor.ui.worker import preview
from editor.ui.worker.cache import RenderCache
from editor.ui.worker.export_requests import EncodeExport, EstimateSize
from editor.ui.worker.look_requests import FullLook, LookRequest, Preview, Settle
from models.problems import NoSuchDevice, Problem
from tests.conftest import make_photo

LEARNED = (edit("l0-smoothing"),)
DOCUMENT = Document(Picture(make_photo(360, 240)), LEARNED)


@pytest.fixture
def chosen(monkeypatch):
    """How the form of an operator was chosen, each time; the reference is used."""
    seen = []

    def form(operator, edge, *, exact=False, device="auto"):
        seen.append((exact, device))
        return operator_choice.OPERATORS[operator]

    monkeypatch.setattr(preview, "form", form)
    monkeypatch.setattr("editor.engine.render.form", form)
    return seen


def looks_of(document, device):
    """One request of each kind that makes looks for the screen or the clipboard."""
    edge = max(document.photo.size)
    return [
        Preview(document=document, device=device),
        Settle(document=document, device=device, edge=edge),
        Settle(document=document, device=device, edge=edge // 2),
        FullLook(document=document, device=device),
        EstimateSize(document=document, device=device, fmt=ExportFormat("png")),
    ]


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize(("exact", "device"), [(False, "cpu"), (True, "auto")])
def test_every_look_follows_the_exact_flag_and_the_device(chosen, kind, exact, device):
    request = looks_of(replace(DOCUMENT, exact=exact), device)[kind]
    request.run(RenderCache(), ignore_progress)
    assert chosen == [(exact, device)]


def test_what_is_kept_of_another_device_or_flag_is_not_shown(chosen):
    cache = RenderCache()
    ways = [(False, "auto"), (False, "cpu"), (True, "cpu")]
    for exact, device in ways:
        for request in looks_of(replace(DOCUMENT, exact=exact), device):
            request.run(cache, ignore_progress)
    # Preview, the look at full size (once for all three requests), the look at half size.
    assert chosen == [way for way in ways for _ in range(3)]


def test_a_device_that_this_computer_lacks_does_not_keep_looks_from_being_shown(
    chosen, monkeypatch
):
    def missing(name):
        raise NoSuchDevice(Problem("no-such-device", name=name))

    monkeypatch.setattr("models.networks.device.pick_device", missing)
    for request in looks_of(DOCUMENT, "cuda"):
        request.prepare()
        request.run(RenderCache(), ignore_progress)
    assert set(chosen) == {(False, "auto")}


def test_the_preview_of_an_exact_document_is_the_reference_look():
    exact = replace(DOCUMENT, exact=True)
    frame = Preview(document=exact).run(RenderCache(), ignore_progress)
    reference = render(DOCUMENT.photo.pixels, LEARNED, exact=True).astype(int)
    learned = render(DOCUMENT.photo.pixels, LEARNED).astype(int)
    assert np.abs(frame.pixels - reference).max() <= 1
    assert np.abs(frame.pixels - learned).max() > 1


def test_an_exact_document_is_exported_with_the_look_that_was_shown(chosen):
    request = EncodeExport(
        document=replace(DOCUMENT, exact=True), device="cpu", fmt=ExportFormat("jpeg", 30)
    )
    request.prepare()
    request.run(RenderCache(), ignore_progress)
    assert set(chosen) == {(True, "cpu")}


def test_the_window_asks_with_the_documents_flag_and_the_settings_device(
    qtbot, window, open_photo, settings, settled, tmp_path
):
    path = tmp_path / "wide.png"
    Image.fromarray(make_photo(1500, 200)).save(path)
    settings["device"] = "cpu"
    open_photo(path)
    window.session.document = replace(window.session.document, exact=True)
    asked = []
    window.jobs.started.connect(asked.append)
    window.canvas.zoom_to(1.0)
    with qtbot.waitSignal(window.rendering.settled):
        window.editing.add(edit("exposure", 1.0))
    window.clipboard.copy_look()
    settled()
    looks = [request for request in asked if isinstance(request, LookRequest)]
    assert {Preview, Settle, FullLook} <= {type(request) for request in looks}
    assert {(r.document.exact, r.device) for r in looks} == {(True, "cpu")}


def test_another_device_in_the_preferences_is_used_at_once(
    window, open_photo, photo_file, settings, settled
):
    open_photo(photo_file)
    window.editing.add(edit("exposure", 1.0))
    settled()
    asked = []
    window.jobs.started.connect(asked.append)
    settings["device"] = "cpu"
    settled()
    assert [r.device for r in asked if isinstance(r, Preview)] == ["cpu"]
