"""What `models` says went wrong, as messages.

`models` knows nothing of the editor and says its errors in sentences. Here, where the engine meets
it, a sentence is looked up among the templates it can have been made from.
"""

from __future__ import annotations

import functools
import re

from editor.messages import TEMPLATES, Message, message

CODES = (
    "too-small",
    "jpeg-too-small",
    "jpeg-quality-too-low",
    "jpeg-black-or-white",
    "changed-too-much",
    "compressed-too-strongly",
    "other-version",
    "weights-index-missing",
    "weights-index-damaged",
    "weights-none-for",
    "weights-unknown",
    "weights-missing",
    "weights-damaged",
    "weights-do-not-fit",
    "unknown-device",
    "no-such-device",
)
"""The sentences of `models` that can reach users."""


def model_message(sentence: str | Exception, otherwise: str) -> Message:
    """A sentence of `models`, or that of an error of it, as a message.

    Args:
        otherwise: the code, without parameters, for a sentence that is not known here.
    """
    for code in CODES:
        found = _pattern(code).fullmatch(str(sentence))
        if found is not None:
            return message(code, **found.groupdict())
    return message(otherwise)


@functools.cache
def _pattern(code: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", TEMPLATES[code])
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)),
        re.DOTALL,
    )
