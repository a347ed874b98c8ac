"""Which page of a TIFF is its picture: some programs put a thumbnail first.

TIFF 6.0, section 8: NewSubfileType, and the older SubfileType.
"""

from __future__ import annotations

from PIL import Image

_NEW_SUBFILE_TYPE, _SUBFILE_TYPE = 254, 255
_REDUCED, _MASK = 1, 4
_OLD_REDUCED = 2
_MOST_PAGES = 64  # looked at
_SAME_SHAPE = 0.03  # two sides' ratios that differ by no more are of one picture


def choose(image: Image.Image) -> None:
    """Go to the page with the picture itself: the first that is neither thumbnail nor mask."""
    sizes, small = _pages(image)
    full = [page for page in range(len(sizes)) if not small[page]] or list(range(len(sizes)))
    largest = max(full, key=lambda page: (sizes[page][0] * sizes[page][1], -page))
    chosen = largest if small[0] or _is_thumbnail(sizes[0], sizes[largest]) else 0
    image.seek(chosen)


def has_others(image: Image.Image) -> bool:
    """Whether there is another page that is a picture of its own."""
    chosen = image.tell()
    sizes, small = _pages(image)
    image.seek(chosen)
    return any(
        not small[page] and not _is_thumbnail(size, sizes[chosen])
        for page, size in enumerate(sizes)
        if page != chosen
    )


def _pages(image: Image.Image) -> tuple[list[tuple[int, int]], list[bool]]:
    """The size of every page, and whether it says that it is a thumbnail or a mask."""
    sizes, small = [], []
    for page in range(_MOST_PAGES):
        try:
            image.seek(page)
        except Exception:  # the end, or a damaged page
            if page:
                break
            raise
        tags = image.tag_v2  # type: ignore[attr-defined]
        kind, old = tags.get(_NEW_SUBFILE_TYPE, 0), tags.get(_SUBFILE_TYPE, 0)
        sizes.append(image.size)
        small.append(bool(kind & (_REDUCED | _MASK)) or old == _OLD_REDUCED)
    return sizes, small


def _is_thumbnail(size: tuple[int, int], of: tuple[int, int]) -> bool:
    """Whether a page looks like a small copy of another."""
    ratio, other = size[0] / max(size[1], 1), of[0] / max(of[1], 1)
    return 2 * max(size) <= max(of) and abs(ratio / max(other, 1e-9) - 1) <= _SAME_SHAPE
