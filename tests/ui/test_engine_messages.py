"""The engine's messages in the window: looked up by code, filled in the user's language."""

from __future__ import annotations

from editor.engine.quality import Quality
from editor.messages import MessageError, Name, message
from editor.ui.texts.engine_messages import decibels, engine_text, error_text


def test_figures_keep_their_form():
    assert decibels(Quality(42.123)) == "42.1 dB"
    assert decibels(Quality(100.0)) == str(Quality(100.0)) == "identical"


def test_templates_and_what_is_in_them_are_translated(monkeypatch):
    german = {
        ("Engine", "excellent"): "hervorragend",
        ("Engine", "Applying {look}"): "{look} wird angewendet",
        ("Engine", "{others} and {last}"): "{others} und {last}",
        ("Operators", "Film"): "Filmlook",
    }
    monkeypatch.setattr(
        "editor.ui.texts.engine_messages.QCoreApplication.translate",
        lambda context, text: german.get((context, text), str(text)),
    )
    assert engine_text(Quality(42.123).words) == "hervorragend"
    assert engine_text(message("applying", look=Name("Film"))) == "Filmlook wird angewendet"
    kinds = message("and", others="PNG", last="TIFF")
    said = engine_text(message("unknown-kind", name="Film", kinds=kinds))
    assert said == "“Film” is not a picture of a known kind: PNG und TIFF can be opened."


def test_without_a_message_there_is_nothing_to_say():
    assert engine_text(None) == ""


def test_other_errors_are_told_without_the_words_of_libraries():
    assert error_text(MessageError(message("grey-converted"))) == "Grey was converted to RGB."
    assert error_text(OSError(5, "Input/output error")) == "the system reports error 5"
    assert error_text(KeyError("no such thing")) == "KeyError"
