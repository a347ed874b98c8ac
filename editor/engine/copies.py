"""What was done to an export as a whole, where a picture is only a copy of it, in words."""

from __future__ import annotations

from typing import Any

from editor.engine.embedding import Found
from editor.messages import Message, message

_ALL = 0.99
"""A picture that shows so much of an export was not cropped, and one of which so much is the export
has no border: sizes are rounded on the way."""

_AS_LARGE = 0.01


def what_happened(found: Found) -> tuple[Message, ...]:
    """Participles that follow "the export was"; none where the picture is the export itself."""
    shown = found.detection.shown
    if shown is None:
        return ()
    top, left, bottom, right = shown.box
    height, width = found.received.pixels.shape[:2]
    result = []
    if shown.share < _ALL:
        result.append(message("copy-cropped", percent=max(1, round(100 * shown.share))))
    if shown.border > 1 - _ALL:
        result.append(message("copy-framed"))
    across, down = round(right - left), round(bottom - top)
    size = {"across": across, "down": down, "width": width, "height": height}
    larger = max(width, height) / max(right - left, bottom - top) - 1
    if larger < -_AS_LARGE:
        result.append(message("copy-smaller", **size))
    elif larger > _AS_LARGE:
        result.append(message("copy-larger", **size))
    return (*result, message("copy-compressed"))


def facts(found: Found) -> dict[str, Any] | None:
    """The same for JSON: sizes are width and height, `shown` is left, top, width and height in the
    export's pixels, `share` is of the export and `border` of the picture. None: no copy."""
    shown = found.detection.shown
    if shown is None:
        return None
    top, left, bottom, right = shown.box
    return {
        "exported": list(shown.exported[::-1]),
        "shown": [round(value, 1) for value in (left, top, right - left, bottom - top)],
        "share": round(shown.share, 4),
        "border": round(shown.border, 4),
        "was": [str(each) for each in what_happened(found)],
    }
