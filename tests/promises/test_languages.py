"""The window speaks the system's language, or the one chosen; German is complete."""

from __future__ import annotations

import errno
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from editor.engine.edits import edit
from editor.engine.mask_parts import Mask, Stroke
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import (
    ExportFormat,
    decode_picture,
    encode_picture,
    open_picture,
    write_atomically,
)
from editor.messages import TEMPLATES, MessageError, Name, fields, message
from editor.ui.actions import ACTIONS
from editor.ui.dialogs.dialogs import AboutDialog, PreferencesDialog, ShortcutSheet
from editor.ui.panels.looks_panel import LookCard
from editor.ui.texts import language
from editor.ui.texts.engine_messages import CONTEXT, engine_text, error_text
from editor.ui.tools import update_translations
from editor.ui.widgets import theme
from editor.ui.worker.request import Request
from editor.ui.worker.system_requests import WarmUp
from models.operators.registry import OPERATORS
from tests.conftest import WAIT, make_photo

OTHERS = [code for code in language.LANGUAGES if code != "en"]


@pytest.fixture
def german(qapp):
    """The program in German, for one test."""
    before = QLocale()
    there = set(qapp.findChildren(QTranslator))
    language.speak(qapp, "de")
    yield
    for made in set(qapp.findChildren(QTranslator)) - there:
        qapp.removeTranslator(made)
        made.deleteLater()
    QLocale.setDefault(before)


@pytest.fixture
def dressed(qapp):
    """The program with its own look, in which texts take more room."""
    palette = qapp.palette()
    theme.apply(qapp, theme.DARK)
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


@pytest.fixture
def german_window(german, dressed, make_window):
    return make_window()


def messages(code):
    """Context, source and translation of every text of a catalogue."""
    catalogue = ElementTree.parse(language.TRANSLATIONS / f"pentimento_{code}.ts")
    for context in catalogue.getroot().iter("context"):
        for entry in context.iter("message"):
            yield context.findtext("name"), entry.findtext("source"), entry.find("translation")


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_keeps_its_fields(code):
    listed = list(messages(code))
    assert len(listed) > 300
    for context, source, translation in listed:
        assert translation.get("type") is None, source  # neither unfinished nor gone
        assert fields(translation.text) == fields(source), (context, source)
        assert ("&" in source) == ("&" in translation.text), (context, source)
    tables = set(update_translations.texts_of_tables())
    assert tables <= {(context, source) for context, source, _ in listed}


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_shipped_is_what_translators_wrote(code):
    shipped = QTranslator()
    assert shipped.load(str(language.TRANSLATIONS / f"pentimento_{code}.qm"))
    for context, source, translation in messages(code):
        assert shipped.translate(context, source) == translation.text


def test_the_sources_hold_no_text_that_translators_have_not_been_given():
    """Every literal given to tr() or translate() is in the catalogue."""
    known = {re.sub(r"\s+", " ", source) for _, source, _ in messages("de")}
    call = re.compile(r'\btr\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)')
    found = set()
    for path in update_translations.SOURCES.rglob("*.py"):
        for literals in call.findall(path.read_text(encoding="utf-8")):
            text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))
            found.add(re.sub(r"\s+", " ", text.replace("\\n", "\n").replace('\\"', '"')))
    assert len(found) > 100
    assert found <= known


def test_the_system_language_is_the_default_and_can_be_overridden(monkeypatch):
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: QLocale("de_AT")))
    assert language.locale_of("system").name() == "de_AT"
    assert language.locale_of("de").name() == "de_AT"
    assert language.locale_of("en").language() == QLocale.Language.English


def test_the_window_opens_in_german(qtbot, german_window, photo_file):
    window = german_window
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == ["&Datei", "&Bearbeiten", "&Ansicht", "&Zuschnitt", "&Maske", "&Hilfe"]
    assert window.action_set["export"].text() == "&Exportieren …"
    assert "Foto öffnen" in window.empty.open_button.text()
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        window.opening.open_path(photo_file)
    window.editing.add(edit("colour-pencil"))
    window.editing.add(edit("exposure", 0.5))
    assert window.action_set["undo"].text() == "&Rückgängig: Belichtung hinzufügen"
    rows = [window.adjust.edits._row(i) for i in range(2)]
    assert [row.name.text() for row in rows] == ["Buntstift", "Belichtung"]
    assert rows[1].value.text() == "+0,50 EV"
    assert window.adjust.exposure.box.text() == "+0,50 EV"
    assert window.status.size.text() == "240 × 160 (0,0 MP)"
    assert window.looks.cards["film"].accessibleDescription().startswith("Für eine warme Stimmung")
    window.saving.export()
    assert window.saving.dialog.windowTitle() == "Exportieren"


def test_failures_are_told_in_german(qtbot, german_window, tmp_path, capsys):
    broken = tmp_path / "leer.jpg"
    broken.write_bytes(b"")
    german_window.opening.open_path(broken)
    qtbot.waitUntil(lambda: german_window.notifications.message is not None, timeout=WAIT)
    assert german_window.notifications.message.text == (
        "„leer.jpg“ ist leer (0 Byte): nach einer anderen Kopie suchen."
    )


def test_what_varies_in_a_sentence_is_kept(german):
    low = message("jpeg-quality-too-low", quality=40, least=70)
    assert engine_text(low) == (
        "Die JPEG-Qualität 40 ist zu niedrig für das Original; 70 oder mehr wählen."
    )
    assert engine_text(message("applying", look=Name("Film"))) == "Film wird angewendet"
    assert engine_text(message("is-a-folder", name="a{b}")) == (
        "„a{b}“ ist ein Ordner: ein Bild darin wählen."
    )
    assert engine_text(message("not-restorable", why=message("changed-too-much"))) == (
        "Dieses Bild lässt sich nicht wiederherstellen: "
        "Zu viel davon wurde seit dem Export verändert."
    )


@pytest.mark.parametrize(
    ("kind", "fault", "why"),
    [
        ("png", "half", "die Datei bricht vorzeitig ab"),
        ("jpeg", "half", "die Datei bricht vorzeitig ab"),
        ("webp", "half", "die Datei bricht vorzeitig ab"),
        ("png", "header", "der Dateikopf ergibt keinen Sinn"),
        ("png", "pixels", "die Pixeldaten ergeben keinen Sinn"),
        ("tiff", "pixels", "die Pixeldaten ergeben keinen Sinn"),
        ("jpeg", "blank", "das Ende der Datei ist leer"),
    ],
)
def test_what_is_wrong_with_a_file(german, kind, fault, why):
    file = io.BytesIO()
    settings = {"compression": "tiff_lzw"} if kind == "tiff" else {}
    Image.fromarray(make_photo(160, 120)).save(file, kind, **settings)
    data = file.getvalue()
    half = len(data) // 2
    if fault == "half":
        data = data[:half]
    elif fault == "blank":
        data = data[:half] + bytes(len(data) - half)
    elif fault == "header":
        data = data[:8] + bytes(40) + data[48:]
    elif kind == "png":
        data = data.replace(b"IDAT\x78", b"IDAT\xff", 1)
    else:
        data = data[:400] + b"\xff" * (half - 400) + data[half:]
    with pytest.raises(PictureError) as caught:
        decode_picture(data, "a.x")
    assert error_text(caught.value) == (
        f"„a.x“ ist beschädigt oder unvollständig und lässt sich nicht lesen ({why}): "
        "die Datei noch einmal von ihrer Quelle kopieren."
    )


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.ENOSPC, "No space left"), "der Datenträger ist voll"),
        (OSError(errno.EACCES, "Permission denied"), "das System erlaubt es nicht"),
        (OSError(errno.ENOENT, "No such file"), "die Datei ist nicht vorhanden"),
        (OSError(errno.EROFS, "Read-only file system"), "der Datenträger ist schreibgeschützt"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "der Name ist zu lang"),
        (OSError(errno.EIO, "Input/output error"), f"das System meldet Fehler {errno.EIO}"),
        (OSError("without a number"), "das System meldet Fehler OSError"),
        (IndexError("list index out of range"), "IndexError"),
    ],
)
def test_what_the_system_says(german_window, error, why):
    german_window.jobs.failed.emit(WarmUp(), error)
    assert german_window.notifications.message.text == (
        f"Das hat nicht geklappt: {why}. Ihre Bearbeitungen bleiben erhalten."
    )


def test_a_file_that_the_system_does_not_read(german, tmp_path, monkeypatch):
    def fails(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("editor.files.picture_files.open", fails, raising=False)
    for act, said in (
        (open_picture, "„a.png“ lässt sich nicht lesen"),
        (lambda path: write_atomically(path, b"x"), "„a.png“ wurde nicht geschrieben"),
    ):
        with pytest.raises(PictureError) as caught:
            act(tmp_path / "a.png")
        assert error_text(caught.value).startswith(f"{said} (das System meldet Fehler {errno.EIO})")


def test_a_name_that_no_file_can_have(german):
    with pytest.raises(PictureError) as caught:
        open_picture("a\0b.png")
    assert "(so kann keine Datei heißen)" in error_text(caught.value)


def test_a_picture_that_its_format_does_not_take(german, monkeypatch):
    def fails(*_, **__):
        raise OSError("encoder error -2 when writing image file")

    monkeypatch.setattr(Image.Image, "save", fails)
    with pytest.raises(PictureError) as caught:
        encode_picture(Picture(make_photo(40, 30)), ExportFormat("png"))
    assert error_text(caught.value) == (
        "Dieses Bild ließ sich nicht als PNG schreiben: ein anderes Format wählen."
    )


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_and_nothing_else(code):
    """Both ways: every template has its words, every text of the engine is a template."""
    listed = {
        source: translation for context, source, translation in messages(code) if context == CONTEXT
    }
    assert set(listed) == set(TEMPLATES.values())
    for source, translation in listed.items():
        assert translation.get("type") is None, source
        assert translation.text not in ("", None, source)


ENGLISH = set(
    re.findall(
        r"\w+",
        "again and are be been but by cannot carry choose come file from has have is it its longer "
        "not of or out picture that the there they this to used were which with written",
    )
)
"""Words that a German sentence does not have."""


def test_the_german_window_shows_no_english_message(german_window):
    """Whatever the engine may say, told as a failure of a job."""
    request = Request()
    for code, template in TEMPLATES.items():
        values = {name: f"<{name.upper()}>" for name in fields(template)}
        said = message(code, **values)
        german_window.jobs.failed.emit(request, MessageError(said))
        shown = german_window.notifications.message.text
        assert shown != str(said)
        assert all(value in shown for value in values.values()), shown
        words = re.sub(r"<[A-Z]+>", "", shown)
        assert not ENGLISH & set(re.findall(r"[a-zäöüß]+", words.lower())), shown


@pytest.mark.parametrize("kind", range(4))
def test_nothing_is_cut_in_german(qtbot, german_window, photo_file, kind):
    """At 1280 x 720 every caption has the room that its text needs."""
    window = german_window
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        window.opening.open_path(photo_file)
    window.action_set["brush"].trigger()
    window.editing.add(edit("weighted-median"))
    dialogs = [PreferencesDialog(window.settings, window), ShortcutSheet(window)]
    dialogs.append(AboutDialog(window))
    window.saving.export()
    dialogs.append(window.saving.dialog)
    window.saving.dialog.form.kind.setCurrentIndex(kind)
    for dialog in dialogs:
        dialog.show()
    QApplication.processEvents()
    tight = []
    for top in (window, *dialogs):
        for widget in top.findChildren(QWidget):
            if isinstance(widget, (QLabel, QAbstractButton)) and widget.isVisible():
                wraps = isinstance(widget, QLabel) and widget.wordWrap()
                needed = widget.minimumSizeHint().width()
                if not wraps and widget.text() and widget.width() < needed:
                    tight.append((widget.text(), widget.width(), needed))
            if isinstance(widget, LookCard) and widget.isVisible():
                needed = widget.fontMetrics().horizontalAdvance(widget.text())
                if widget.width() - 4 < needed:
                    tight.append((widget.text(), widget.width(), needed))
            if isinstance(widget, QLabel) and widget.isVisible() and widget.wordWrap():
                needed = widget.heightForWidth(widget.width())
                if widget.height() < needed:
                    tight.append((widget.text(), widget.height(), needed))
            if isinstance(widget, QScrollArea) and widget.isVisible():
                assert not widget.horizontalScrollBar().isVisible()
                assert widget.widget().minimumSizeHint().width() <= widget.viewport().width()
    assert tight == []
    for dialog in dialogs[:3]:
        dialog.reject()


def test_no_text_widens_a_panel(qtbot, german_window, photo_file):
    window = german_window
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        window.opening.open_path(photo_file)
    window.action_set["brush"].trigger()
    shown = window.rendering.frame.histogram
    for operator in OPERATORS:
        window.editing.add(edit(operator, mask=Mask.painted((Stroke(((0.1, 0.2, 1.0),)),))))
        for low, high in ((0.1234, 0.0), (0.0, 0.9876)):
            clipped = replace(shown, source_low=low, source_high=high)
            for told in (clipped, replace(clipped, edit_low=low, edit_high=high)):
                window.adjust.histogram.show_histogram(told)
                QApplication.processEvents()
                for panel in (window.looks, window.adjust):
                    area = panel.findChild(QScrollArea)
                    assert area.widget().width() <= area.viewport().width(), operator


def test_every_tool_is_there_in_the_smallest_window(qtbot, german_window):
    german_window.resize(german_window.minimumSize())
    qtbot.waitUntil(lambda: german_window.toolbar.width() == german_window.minimumWidth())
    QApplication.processEvents()
    for name in ("open-photo", "brush", "compare", "restore-original", "export"):
        action = german_window.action_set[name]
        assert german_window.toolbar.widgetForAction(action).isVisible(), name


def test_every_key_of_the_sheet_is_listed_in_german(german_window):
    sheet = ShortcutSheet(german_window)
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Datei", "Ansicht", "Maske", "Maus und gehaltene Tasten"} <= texts
    assert sum(bool(spec.keys and spec.menu) for spec in ACTIONS) < len(texts)


def test_a_language_is_chosen_in_the_preferences(settings, window):
    dialog = PreferencesDialog(settings, window)
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    assert settings["language"] == "de"
    assert not dialog.language_hint.isHidden()
    dialog.reject()
