"""How Sphinx builds the documentation site; `docs/build.py` starts it.

The top of the tree is the source folder, so that documents stay where they belong, are read on
the code's host as well as on the site, and link to one another by paths that hold in both.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "site")]

from editor import __version__  # noqa: E402

project = "Pentimento"
release = version = __version__
copyright = "Pentimento's authors, MIT licence"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "generated"]
root_doc = "docs/index"
include_patterns = [
    "*.md",
    "docs/**.md",
    "models/*.md",
    "editor/ui/README.md",
    "packaging/README.md",
    "resources/*/README.md",
]
exclude_patterns = [".*", "build", "dist", "shared", "tests", "*.egg-info", "**/__pycache__"]

myst_enable_extensions = ["attrs_block", "colon_fence", "substitution"]
myst_heading_anchors = 4

default_role = "code"  # docstrings have their code in single backticks
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_class_signature = "separated"
napoleon_numpy_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = "Pentimento"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_favicon = "../resources/icons/pentimento.svg"
html_extra_path = ["site/index.html"]
html_static_path = ["site/site.css"]
html_css_files = ["site.css"]

linkcheck_timeout = 30
linkcheck_retries = 2
linkcheck_anchors = False
linkcheck_allow_unauthorized = True
linkcheck_rate_limit_timeout = 20
