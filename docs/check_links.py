"""Whether the links from the documents to other sites still lead somewhere.

    python docs/check_links.py

Links within the documents are tested with every change, see `tests/test_documents.py`.
"""

from __future__ import annotations

import re
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SKIPPED = {".venv", ".git", "build", "dist", "shared"}
_LINK = re.compile(r"https?://[^\s)>\"'`\]]+")
_UNKNOWN = {403, 405, 429}  # the site does not answer programs; that says nothing of the page


def links() -> dict[str, list[str]]:
    """The documents that each link is in."""
    found: dict[str, list[str]] = {}
    for page in sorted(ROOT.rglob("*.md")):
        inner = page.relative_to(ROOT)
        if not _SKIPPED & set(inner.parts):
            for link in _LINK.findall(page.read_text(encoding="utf-8")):
                found.setdefault(link.rstrip(".,;"), []).append(str(inner))
    return found


def trouble_with(link: str) -> str:
    """What is wrong with a link; empty where nothing is."""
    request = urllib.request.Request(link, headers={"User-Agent": "Mozilla/5.0"})
    try:
        with urllib.request.urlopen(request, timeout=30):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in _UNKNOWN else f"error {error.code}"
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    broken = {link: why for link in links() if (why := trouble_with(link))}
    for link, why in broken.items():
        print(f"{link} ({', '.join(links()[link])}): {why}")
    sys.exit(bool(broken))
