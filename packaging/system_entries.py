"""What desktops are told about the program: its name, its version, the files it opens.

File types come from `editor.files.formats`, so that a new format is known to every desktop.
"""

from __future__ import annotations

import os
from typing import Any

import editor
from editor.files import formats

APP_ID = "io.github.pentimento_editor.Pentimento"
NAME = "Pentimento"
AUTHORS = "The Pentimento authors"
"""As in LICENSE."""

NO_ADDRESS = "nobody@pentimento.invalid"
"""The project has no mailbox, and no address ends in .invalid (RFC 2606)."""

SUMMARY = "Edit photos so that the original can be restored from the export"

MIME_TYPES = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "heif": "image/heif",
    "avif": "image/avif",
}
"""By kind of format."""

_MORE_MIME_TYPES = {"heif": ("image/heic",)}
_UTIS = {
    "png": "public.png",
    "jpeg": "public.jpeg",
    "webp": "org.webmproject.webp",
    "tiff": "public.tiff",
    "bmp": "com.microsoft.bmp",
    "gif": "com.compuserve.gif",
    "heif": "public.heic",
    "avif": "public.avif",
}


def mime_types() -> list[str]:
    """All that can be opened."""
    kinds = [fmt.kind for fmt in formats.FORMATS]
    return [mime for kind in kinds for mime in (MIME_TYPES[kind], *_MORE_MIME_TYPES.get(kind, ()))]


def maintainer() -> str:
    """Who answers for the package: whoever makes it, as Debian's own tools are told."""
    name = os.environ.get("DEBFULLNAME", AUTHORS)
    return f"{name} <{os.environ.get('DEBEMAIL', NO_ADDRESS)}>"


def macos_plist() -> dict[str, Any]:
    """The entries of the bundle's Info.plist beside those that PyInstaller writes."""
    documents = [
        {
            "CFBundleTypeName": f"{fmt.name} picture",
            "CFBundleTypeRole": "Editor" if fmt.kind in formats.WRITTEN else "Viewer",
            "LSHandlerRank": "Alternate",
            "LSItemContentTypes": [_UTIS[fmt.kind]],
        }
        for fmt in formats.FORMATS
    ]
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleShortVersionString": editor.__version__,
        "CFBundleDocumentTypes": documents,
        "CFBundleLocalizations": ["en", "de"],
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"{AUTHORS}, MIT licence",
    }


def windows_version(name: str) -> Any:
    """The version resource of an .exe, for PyInstaller."""
    from PyInstaller.utils.win32 import versioninfo as win

    numbers = (*(int(n) for n in editor.__version__.split(".")[:3]), 0)
    texts = {
        "CompanyName": AUTHORS,
        "FileDescription": SUMMARY if name == "pentimento" else f"{NAME}, command line",
        "FileVersion": editor.__version__,
        "InternalName": name,
        "LegalCopyright": f"{AUTHORS}, MIT licence",
        "OriginalFilename": f"{name}.exe",
        "ProductName": NAME,
        "ProductVersion": editor.__version__,
    }
    table = win.StringTable("040904B0", [win.StringStruct(*pair) for pair in texts.items()])
    return win.VSVersionInfo(
        ffi=win.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[
            win.StringFileInfo([table]),
            win.VarFileInfo([win.VarStruct("Translation", [0x409, 1200])]),
        ],
    )
