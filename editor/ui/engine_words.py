"""The engine's words in the user's language. The engine itself speaks English and knows no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

if TYPE_CHECKING:
    from editor.quality import Quality

_WORDS = (
    QT_TRANSLATE_NOOP("Engine", "identical"),
    QT_TRANSLATE_NOOP("Engine", "excellent"),
    QT_TRANSLATE_NOOP("Engine", "very good"),
    QT_TRANSLATE_NOOP("Engine", "good"),
    QT_TRANSLATE_NOOP("Engine", "fair"),
    QT_TRANSLATE_NOOP("Engine", "poor"),
    QT_TRANSLATE_NOOP("Engine", "Opening the photo"),
    QT_TRANSLATE_NOOP("Engine", "Opening the file"),
    QT_TRANSLATE_NOOP("Engine", "Saving the photo"),
    QT_TRANSLATE_NOOP("Engine", "Hiding the original"),
    QT_TRANSLATE_NOOP("Engine", "Revealing the original"),
    QT_TRANSLATE_NOOP("Engine", "Encoding the file"),
    QT_TRANSLATE_NOOP("Engine", "Checking the file"),
    QT_TRANSLATE_NOOP("Engine", "Writing the file"),
    QT_TRANSLATE_NOOP("Engine", "Done"),
    QT_TRANSLATE_NOOP("Engine", "No edit changes the photo, so there is nothing to hide."),
    QT_TRANSLATE_NOOP(
        "Engine", "The written file did not give the original back when it was checked."
    ),
)
"""What the engine may say, for the translators' tools to find; tests compare it with the engine."""


def engine_text(text: str) -> str:
    """Progress, a quality word or a plain message; operators' names are known, too."""
    for context in ("Engine", "Operators"):
        translated = QCoreApplication.translate(context, text)
        if translated != text:
            return translated
    return text


def quality_text(quality: Quality) -> str:
    """A measured likeness, such as “42.1 dB (excellent)”."""
    if quality.psnr >= 100:
        return engine_text("identical")
    return f"{quality.psnr:.1f} dB ({engine_text(quality.words)})"
