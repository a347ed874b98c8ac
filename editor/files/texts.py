"""Comments of JPEG and GIF, which are bytes, and texts of PNG, which have keywords."""

from __future__ import annotations

from collections.abc import Iterable

COMMENT = "Comment"
"""The keyword of a PNG's text that says no more than a JPEG's comment."""


def comment_text(comment: bytes) -> str:
    """A comment as text; its encoding is nowhere said."""
    comment = comment.rstrip(b"\0")
    try:
        return comment.decode("utf-8")
    except UnicodeDecodeError:
        return comment.decode("latin-1")


def as_comments(comments: Iterable[bytes], texts: Iterable[tuple[str, str]]) -> list[bytes]:
    """Comments, and the texts that are comments, each once."""
    found = [*comments, *(text.encode() for key, text in texts if key == COMMENT)]
    return list(dict.fromkeys(found))
