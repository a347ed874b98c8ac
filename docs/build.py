"""Builds the documentation site: ``python docs/build.py``; ``--view`` opens it, too.

Every warning fails the build: a link within the documents that leads nowhere, a page that no menu
has, an operator without a picture. With ``--links`` the links to other sites are followed instead;
that takes the network, and one that answers no programs, or is busy, counts as there.
"""

from __future__ import annotations

import argparse
import os
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"


def build(builder: str, target: Path) -> int:
    """Run one of Sphinx's builders on all documents. Returns its exit code, 0 without warnings."""
    settings = ["--conf-dir", str(ROOT / "docs"), "--doctree-dir", str(target.parent / "doctrees")]
    strict = ["--fresh-env", "--fail-on-warning", "--keep-going", "--quiet"]
    return build_main(["--builder", builder, *settings, *strict, str(ROOT), str(target)])


def main(argv: Sequence[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(prog="python docs/build.py", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=SITE, metavar="FOLDER")
    parser.add_argument("--view", action="store_true", help="open the site in the browser")
    parser.add_argument("--links", action="store_true", help="check links to other sites instead")
    args = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if args.links:
        return build("linkcheck", ROOT / "build" / "links")
    target = args.output.resolve()
    failed = build("html", target)
    if not failed:
        print(f"The site is in {target}.")
        if args.view:
            webbrowser.open((target / "index.html").as_uri())
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
