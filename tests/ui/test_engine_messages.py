"""Every word of the engine that the window shows is one that translators have been given."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import editor
from editor.engine.quality import Quality, in_words
from editor.ui.texts.engine_messages import SENTENCES, WORDS, engine_text, quality_text


def test_every_progress_message_is_known():
    folder = Path(editor.__file__).parent
    engine = (
        "engine/export.py",
        "engine/restore.py",
        "engine/embedding.py",
        "ui/worker/requests.py",
    )
    call = re.compile(r'(?:progress|part|stretched)\([^()]*?"([A-Z][^"]*)"\)')
    said = {text for name in engine for text in call.findall((folder / name).read_text())}
    assert {"Hiding the original", "Checking the file", "Opening the photo"} <= said
    assert said <= set(WORDS)


def said_by_the_engine():
    """Every text in the engine's sources; {} stands for what varies."""
    folder = Path(editor.__file__).parents[1]
    for path in (*folder.glob("editor/*/*.py"), *folder.glob("models/*/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "{}"
                    for part in node.values
                )


def test_what_translators_have_been_given_is_what_the_engine_says():
    said = set(said_by_the_engine())
    missing = [s for s in SENTENCES if re.sub(r"\{\w+\}", "{}", s) not in said]
    assert missing == []


def test_every_quality_word_is_known():
    assert {in_words(decibels) for decibels in range(0, 101)} <= set(WORDS)


def test_figures_keep_their_form():
    assert quality_text(Quality(42.123)) == str(Quality(42.123)) == "42.1 dB (excellent)"
    assert quality_text(Quality(100.0)) == "identical"


def test_words_are_translated(monkeypatch):
    german = {("Engine", "excellent"): "ausgezeichnet", ("Operators", "Film"): "Filmlook"}
    monkeypatch.setattr(
        "editor.ui.texts.engine_messages.QCoreApplication.translate",
        lambda context, text: german.get((context, text), text),
    )
    assert quality_text(Quality(42.123)) == "42.1 dB (ausgezeichnet)"
    assert engine_text("Film") == "Filmlook"
    assert engine_text("Something new") == "Something new"
