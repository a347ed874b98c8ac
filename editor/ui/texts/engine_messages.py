"""The engine's messages in the user's language. The engine itself knows no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.engine.edits import kind_of
from editor.files.system_errors import system_reason
from editor.messages import TEMPLATES, Message, MessageError, Name, Parameter
from editor.ui.texts.language import number

if TYPE_CHECKING:
    from editor.engine.quality import Quality

CONTEXT = "Engine"
"""Where translators find the templates of the messages."""


def engine_text(message: Message | None) -> str:
    """A message in the user's language, what varies in it too; empty for None."""
    if message is None:
        return ""
    template = QCoreApplication.translate(CONTEXT, TEMPLATES[message.code])
    return template.format(**{name: _parameter(value) for name, value in message.parameters})


def error_text(error: BaseException) -> str:
    """What an error says: its message where it carries one; never the words of a library."""
    if isinstance(error, MessageError):
        return engine_text(error.message)
    if isinstance(error, OSError):
        return engine_text(system_reason(error))
    return type(error).__name__


def _parameter(value: Parameter) -> str:
    if isinstance(value, Message):
        return engine_text(value)
    if isinstance(value, Name):
        return QCoreApplication.translate("Operators", value)
    return str(value)


def decibels(quality: Quality) -> str:
    """A measured likeness as a number, such as “42.1 dB”."""
    if quality.identical:
        return engine_text(quality.words)
    return f"{number(quality.psnr, 1)} dB"


def operator_name(operator: str) -> str:
    """The name of an operator in the user's language."""
    return QCoreApplication.translate("Operators", kind_of(operator).name)


def format_summary(summary: str) -> str:
    """What exports in a file format are good for, in the user's language."""
    return QCoreApplication.translate("Formats", summary)
