"""The engine's words in the user's language. The engine itself speaks English and knows no Qt."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.ui.texts.language import number
from models.operators.registry import OPERATORS

if TYPE_CHECKING:
    from editor.engine.quality import Quality

WORDS = (
    "identical",
    "excellent",
    "very good",
    "good",
    "fair",
    "poor",
    "Opening the photo",
    "Opening the file",
    "Saving the photo",
    "Hiding the original",
    "Revealing the original",
    "Encoding the file",
    "Checking the file",
    "Writing the file",
    "Done",
    "This picture",
    "No edit changes the photo, so there is nothing to hide.",
    "The written file did not give the original back when it was checked.",
)
"""What the engine may say, for the translators' tools to find; tests compare it with the engine."""


SENTENCES = (
    "Applying {look}",
    "“{name}” is empty (0 bytes): look for another copy of it.",
    "“{name}” is damaged or incomplete and cannot be read ({why}): "
    "copy it again from where it came from.",
    "“{name}” is not a picture of a known kind: {kinds} can be opened.",
    "“{name}” is a camera RAW file: develop it to a JPEG or a 16-bit TIFF first.",
    "“{name}” is a folder: choose a picture in it.",
    "There is no file “{path}”: it may have been moved, renamed or deleted.",
    "You may not read “{name}”: change its permissions or copy it elsewhere.",
    "“{name}” cannot be read ({why}): copy it elsewhere and try again.",
    "There is not enough memory to open “{name}”: close other programs or pictures.",
    "The disk is full, “{name}” was not written: free some space or choose another folder.",
    "You may not write into the folder “{folder}”, “{name}” was not written: "
    "choose another folder.",
    "There is no folder “{folder}”, “{name}” was not written: choose another folder.",
    "“{name}” was not written ({why}): choose another name or folder.",
    "{name} cannot be restored: {why}.",
    "its pixels carry no original: it is not a Pentimento export, or it was resized, "
    "cropped or re-compressed since",
    "it was compressed too strongly since it was exported",
    "A picture of {width} x {height} pixels is too small to carry its original; "
    "it needs at least {least} pixels on each side.",
    "A JPEG of {width} x {height} pixels is too small to carry its original; export PNG instead.",
    "JPEG quality {quality} is too low to carry the original; use {least} or more.",
    "So much of the picture is pure black or white that a JPEG cannot carry its original; "
    "export PNG instead.",
    "{bits}-bit colour was converted to 8 bits per channel.",
    "Grey was converted to RGB.",
    "The EXIF metadata is damaged and was left out.",
    "The colour profile is damaged and was left out; sRGB is assumed.",
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
    for sentence in SENTENCES:
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


def operator_name(operator: str) -> str:
    """The name of an operator in the user's language."""
    return QCoreApplication.translate("Operators", OPERATORS[operator].name)
