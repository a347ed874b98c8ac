"""Make a Debian package of the frozen program: `dist/pentimento_VERSION_ARCH.deb`.

    python packaging/freeze.py && python packaging/deb.py [--dist FOLDER]

Needs dpkg-deb. DEBFULLNAME and DEBEMAIL say who maintains the package, as they do for Debian's own
tools. The package holds all libraries that the program brings; it takes from the system
what must be the system's own: the C library, graphics drivers, fonts.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT)]

import icons  # noqa: E402
import system_entries  # noqa: E402

import editor  # noqa: E402

CONTROL = """\
Package: pentimento
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kilobytes}
Depends: libc6 (>= {libc}), libegl1, libgl1, fontconfig-config, fonts-dejavu-core | fonts-liberation
Recommends: xdg-desktop-portal
Section: graphics
Priority: optional
Description: photo editor whose exports carry their own original
 Apply a look, retouch a face, change the exposure, export. The exported JPEG,
 PNG, WebP or TIFF file carries the original photo in its pixels, and gives it
 back after all metadata was stripped.
 .
 The program brings its own Python, Qt and PyTorch (for the CPU).
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Pentimento
Comment: The libraries in /usr/lib/pentimento have licences of their own; see the SBOM of the
 release.

Files: *
Copyright: 2026 {authors}
License: MIT

License: MIT
"""


def fill(tree: Path, program: Path) -> None:
    """Lay out the package's files."""
    share = tree / "usr" / "share"
    apps, metainfo, doc = share / "applications", share / "metainfo", share / "doc" / "pentimento"
    vector, bitmap = (share / f"icons/hicolor/{size}/apps" for size in ("scalable", "256x256"))
    for folder in (apps, metainfo, doc, vector, bitmap, tree / "usr" / "bin"):
        folder.mkdir(parents=True)
    shutil.copytree(program, tree / "usr" / "lib" / "pentimento", symlinks=True)
    (tree / "usr" / "bin" / "pentimento").symlink_to("../lib/pentimento/pentimento")
    shutil.copy(HERE / "linux" / "pentimento.desktop", apps)
    (metainfo / f"{system_entries.APP_ID}.metainfo.xml").write_text(described())
    shutil.copy(icons.SVG, vector / "pentimento.svg")
    icons.png(bitmap, 256).rename(bitmap / "pentimento.png")
    licence = (ROOT / "LICENSE").read_text().strip()
    text = "".join(f" {line or '.'}\n" for line in licence.splitlines())
    (doc / "copyright").write_text(COPYRIGHT.format(authors=system_entries.AUTHORS) + text)
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (doc / "changelog.gz").write_bytes(gzip.compress(changes, 9, mtime=0))
    for path in tree.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(0o755 if runs else 0o644)


def described() -> str:
    """The AppStream metadata of this version."""
    file = HERE / "linux" / f"{system_entries.APP_ID}.metainfo.xml"
    today = datetime.date.today().isoformat()
    return file.read_text().replace("@VERSION@", editor.__version__).replace("@DATE@", today)


def libc_version() -> str:
    """Of the system that the program was frozen on: no older one runs it."""
    said = subprocess.run(["getconf", "GNU_LIBC_VERSION"], capture_output=True, text=True)
    return said.stdout.split()[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    dist = parser.parse_args().dist.resolve()
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    with tempfile.TemporaryDirectory(dir=dist, prefix="deb-") as folder:
        tree = Path(folder)
        tree.chmod(0o755)
        fill(tree, dist / "pentimento")
        size = sum(f.stat().st_size for f in tree.rglob("*") if f.is_file() and not f.is_symlink())
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN" / "control").write_text(
            CONTROL.format(
                version=editor.__version__,
                architecture=architecture,
                maintainer=system_entries.maintainer(),
                kilobytes=size // 1024,
                libc=libc_version(),
            )
        )
        package = dist / f"pentimento_{editor.__version__}_{architecture}.deb"
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build"]
        subprocess.run([*command, tree, package], check=True)
    print(f"{package}: {package.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
