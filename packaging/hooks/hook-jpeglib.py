"""PyInstaller: the libjpeg that is used, of the 24 that `jpeglib` brings and loads by name."""

from pathlib import Path

from PyInstaller.utils.hooks import get_package_paths

VERSION = "6b"

_, package = get_package_paths("jpeglib")
binaries = [
    (str(file), "jpeglib/cjpeglib")
    for file in Path(package, "cjpeglib").glob(f"cjpeglib_{VERSION}.*")
]
