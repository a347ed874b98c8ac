"""WebP."""

from __future__ import annotations

from editor.files import copy_places
from editor.files.file_format import FileContents, FileFormat


def write(contents: FileContents) -> bytes:
    """The bytes of a lossless WebP file; its resolution stands in EXIF."""
    from editor.files.written import pillow

    # exact: also the colours under transparent pixels. Method 2 at effort 20 takes 0.23 s per
    # megapixel; effort 50 takes 0.41 s for 5 % less, method 0 0.09 s for up to 15 % more.
    settings = pillow.usual_settings(contents)
    settings |= {"lossless": True, "exact": True, "quality": 20, "method": 2}
    if contents.xmp:
        settings["xmp"] = contents.xmp
    data = pillow.saved(pillow.image_of(contents), "webp", settings)
    if not contents.copy:
        return data
    height, width = contents.pixels.shape[:2]
    alpha = contents.alpha is not None
    return copy_places.with_webp_chunk(data, contents.copy, width, height, alpha=alpha)


FORMAT = FileFormat(
    "webp",
    "WebP",
    (".webp",),
    ("WEBP",),
    ((8, b"WEBP"),),
    write,
    "lossless, smaller than PNG",
    resolution_in_exif=True,
    has_iptc=False,
    longest_edge=16_383,  # a 14-bit field
)
