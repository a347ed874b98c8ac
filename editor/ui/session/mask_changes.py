"""Masks with something changed in them. Free of widgets."""

from __future__ import annotations

from dataclasses import replace

from editor.engine.mask_parts import Brush, How, Mask, MaskPart, Stroke


def brush_of(mask: Mask | None, at: int | None = None) -> int | None:
    """The part that is painted on: `at` where that is a brush's, else the last that is."""
    parts = mask.parts if mask is not None else ()
    brushes = [i for i, part in enumerate(parts) if isinstance(part.shape, Brush)]
    if at in brushes:
        return at
    return brushes[-1] if brushes else None


def painted(mask: Mask | None, stroke: Stroke, at: int | None = None) -> Mask:
    """A mask with one more stroke.

    Without a part to paint on, there is a new one; of a stroke that erases, one that takes away.
    """
    mask = mask or Mask()
    place = brush_of(mask, at)
    if place is not None:
        shape = mask.parts[place].shape
        assert isinstance(shape, Brush)
        return with_part(mask, place, shape=Brush((*shape.strokes, stroke)))
    if stroke.erase:
        part = MaskPart(Brush((replace(stroke, erase=False),)), How.SUBTRACT)
        return replace(mask, parts=(*mask.parts, part))
    return replace(mask, parts=(*mask.parts, MaskPart(Brush((stroke,)))))


def with_part(mask: Mask, at: int, **changes: object) -> Mask:
    """A mask with something changed in one of its parts."""
    part = replace(mask.parts[at], **changes)  # type: ignore[arg-type]
    return replace(mask, parts=(*mask.parts[:at], part, *mask.parts[at + 1 :]))


def with_new_part(mask: Mask | None, part: MaskPart) -> Mask:
    """A mask with one more part, the last."""
    mask = mask or Mask()
    return replace(mask, parts=(*mask.parts, part))


def without_part(mask: Mask, at: int) -> Mask:
    """A mask with one part less."""
    return replace(mask, parts=mask.parts[:at] + mask.parts[at + 1 :])
