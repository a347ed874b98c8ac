"""The engine's words in the user's language. The engine itself speaks English and knows no Qt."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from editor.ui.language import number

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


_SENTENCES = (
    QT_TRANSLATE_NOOP("Engine", "Applying {look}"),
    QT_TRANSLATE_NOOP("Engine", "“{name}” is empty (0 bytes): look for another copy of it."),
    QT_TRANSLATE_NOOP(
        "Engine",
        "“{name}” is damaged or incomplete and cannot be read ({why}): "
        "copy it again from where it came from.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine", "“{name}” is not a picture of a known kind: {kinds} can be opened."
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "“{name}” is a camera RAW file: develop it to a JPEG or a 16-bit TIFF first.",
    ),
    QT_TRANSLATE_NOOP("Engine", "“{name}” is a folder: choose a picture in it."),
    QT_TRANSLATE_NOOP(
        "Engine", "There is no file “{path}”: it may have been moved, renamed or deleted."
    ),
    QT_TRANSLATE_NOOP(
        "Engine", "You may not read “{name}”: change its permissions or copy it elsewhere."
    ),
    QT_TRANSLATE_NOOP(
        "Engine", "“{name}” cannot be read ({why}): copy it elsewhere and try again."
    ),
    QT_TRANSLATE_NOOP(
        "Engine", "There is not enough memory to open “{name}”: close other programs or pictures."
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "The disk is full, “{name}” was not written: free some space or choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "You may not write into the folder “{folder}”, “{name}” was not written: "
        "choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "There is no folder “{folder}”, “{name}” was not written: choose another folder.",
    ),
    QT_TRANSLATE_NOOP("Engine", "“{name}” was not written ({why}): choose another name or folder."),
    QT_TRANSLATE_NOOP("Engine", "“{name}” cannot be restored: {why}."),
    QT_TRANSLATE_NOOP(
        "Engine",
        "its pixels carry no original: it is not a Pentimento export, or it was resized, "
        "cropped or re-compressed since",
    ),
    QT_TRANSLATE_NOOP("Engine", "it was compressed too strongly since it was exported"),
    QT_TRANSLATE_NOOP(
        "Engine",
        "A picture of {width} x {height} pixels is too small to carry its original; "
        "it needs at least {least} pixels on each side.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "A JPEG of {width} x {height} pixels is too small to carry its original; "
        "export PNG instead.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "JPEG quality {quality} is too low to carry the original; use {least} or more.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "So much of the picture is pure black or white that a JPEG cannot carry its original; "
        "export PNG instead.",
    ),
    QT_TRANSLATE_NOOP("Engine", "{bits}-bit colour was converted to 8 bits per channel."),
    QT_TRANSLATE_NOOP("Engine", "Grey was converted to RGB."),
    QT_TRANSLATE_NOOP("Engine", "The EXIF metadata is damaged and was left out."),
    QT_TRANSLATE_NOOP("Engine", "The colour profile is damaged and was left out; sRGB is assumed."),
)
"""Sentences of the engine with what varies in them; those that are not here stay English."""


def engine_text(text: str) -> str:
    """Progress, a quality word, a note or what went wrong; operators' names are known, too."""
    for context in ("Engine", "Operators"):
        translated = QCoreApplication.translate(context, text)
        if translated != text:
            return translated
    for sentence, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            translated = QCoreApplication.translate("Engine", sentence)
            if translated == sentence:
                return text
            return translated.format(**{k: engine_text(v) for k, v in found.groupdict().items()})
    return text


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences that have something in them, as patterns of what the engine says."""
    found = []
    for sentence in _SENTENCES:
        parts = re.split(r"\{(\w+)\}", sentence)
        pattern = "".join(
            f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)
        )
        if len(parts) > 1:
            found.append((sentence, re.compile(pattern, re.DOTALL)))
    return tuple(found)


def quality_text(quality: Quality) -> str:
    """A measured likeness, such as “42.1 dB (excellent)”."""
    if quality.psnr >= 100:
        return engine_text("identical")
    return f"{number(quality.psnr, 1)} dB ({engine_text(quality.words)})"
