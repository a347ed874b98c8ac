"""The table of file formats, and what is made from it."""

from __future__ import annotations

import pytest
from PIL import Image

from editor.files import decoding, formats
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.ui.dialogs.dialogs import PreferencesDialog
from editor.ui.dialogs.export_dialog import ExportDialog
from editor.ui.session.settings import SETTINGS
from tests.conftest import make_photo


def test_nothing_stands_twice() -> None:
    suffixes = [suffix for fmt in formats.FORMATS for suffix in fmt.suffixes]
    assert len(suffixes) == len(formats.SUFFIXES)
    assert len({fmt.kind for fmt in formats.FORMATS}) == len(formats.FORMATS)
    assert set(formats.WRITTEN.values()) < set(formats.FORMATS)


@pytest.mark.parametrize("fmt", formats.FORMATS, ids=lambda fmt: fmt.kind)
def test_pillow_knows_every_decoder(fmt: formats.FileFormat) -> None:
    assert decoding.MAX_PIXELS  # importing it registers HEIF
    assert fmt.decoders[0] in Image.OPEN or fmt.kind == "avif"


@pytest.mark.parametrize("kind", formats.WRITTEN)
@pytest.mark.parametrize("number", range(4))
def test_a_name_asks_for_its_format(kind: str, number: int) -> None:
    fmt = formats.WRITTEN[kind]
    suffix = fmt.suffixes[number % len(fmt.suffixes)]
    assert formats.written_format(f"a{suffix.upper()}") is fmt
    assert ExportFormat.for_path(f"a{suffix}").kind == kind


@pytest.mark.parametrize("name", ["a.gif", "a", ".png/a", "png"])
def test_other_names_ask_for_none(name: str) -> None:
    assert formats.written_format(name) is None


@pytest.mark.parametrize("kind", formats.WRITTEN)
def test_what_the_table_says_of_a_format_is_true(kind: str) -> None:
    fmt = formats.WRITTEN[kind]
    pixels = make_photo(40, 30)
    alpha = pixels[..., 0]
    data = encode_picture(Picture(pixels, alpha), ExportFormat(kind))
    assert fmt.begins(data)
    assert sum(other.begins(data) for other in formats.FORMATS) == 1
    back = decoding.decode_picture(data)
    assert back.format == fmt.decoders[0]
    assert (back.alpha is not None) == fmt.has_alpha
    assert bool((back.pixels == pixels).all()) == fmt.lossless


def test_the_window_offers_what_can_be_written(qtbot, settings, window, open_photo, photo_file):
    kinds = list(formats.WRITTEN)
    assert all(SETTINGS["export/format"].valid(kind) for kind in kinds)
    preferences = PreferencesDialog(settings, window)
    box = preferences.format
    assert [box.itemData(i) for i in range(box.count())] == kinds
    preferences.reject()
    open_photo(photo_file)
    window.saving.export()
    dialog = window.saving.dialog
    assert isinstance(dialog, ExportDialog)
    assert [dialog.form.kind.itemData(i) for i in range(dialog.form.kind.count())] == kinds
