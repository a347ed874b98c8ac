"""Make a release: version, changelog, packages, checksums, bill of materials.

    python packaging/release.py 0.2.0 [--only-wheel] [--dist FOLDER]

1. `editor/__init__.py` gets the version, the top of CHANGELOG.md ("0.2.0, unreleased") its date.
2. dist/release-0.2.0 gets wheel and source distribution, and on Linux the frozen program and the
   Debian package, each after its self-test; then SBOM.json (CycloneDX) and SHA256SUMS.
3. What is left to do is printed: commit, tag, upload.

Run it in the environment that packages are built in, see packaging/README.md, which also needs
cyclonedx-bom. The working tree must be clean.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION_FILE, CHANGELOG = ROOT / "editor" / "__init__.py", ROOT / "CHANGELOG.md"


def with_version(source: str, version: str) -> str:
    """The text of `editor/__init__.py` with another version."""
    text, count = re.subn(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', source)
    if count != 1:
        raise SystemExit(f"{VERSION_FILE} has no version.")
    return text


def with_date(changelog: str, version: str, day: datetime.date) -> str:
    """The changelog with a date in the place of "unreleased"."""
    heading = f"## {version}, unreleased\n"
    if changelog.count(heading) != 1:
        raise SystemExit(f"CHANGELOG.md has no heading “{heading.strip()}”.")
    return changelog.replace(heading, f"## {version}, {day.isoformat()}\n")


def changes_of(changelog: str, version: str) -> str:
    """What the changelog says of a version, for the page of the release."""
    parts = re.split(r"(?m)^## ", changelog)
    return next(p.split("\n", 1)[1].strip() for p in parts if p.startswith(f"{version}, "))


def checksums(folder: Path) -> str:
    """Lines as `sha256sum --check` reads them, of all files of a folder but their own list."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.name != "SHA256SUMS")
    lines = []
    for file in files:
        with file.open("rb") as opened:
            lines.append(f"{hashlib.file_digest(opened, 'sha256').hexdigest()}  {file.name}\n")
    return "".join(lines)


def run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, cwd=ROOT)


def build(target: Path, dist: Path, *, only_wheel: bool) -> None:
    """All packages that this system can make, into a folder."""
    run(sys.executable, "-m", "build", "--outdir", target, ROOT)
    run(sys.executable, "-m", "twine", "check", "--strict", *target.iterdir())
    if only_wheel:
        return
    here = ROOT / "packaging"
    run(sys.executable, here / "freeze.py", "--dist", dist, "--pack", "--self-test")
    for packed in dist.glob("pentimento-*.tar.zst"):
        shutil.move(packed, target / packed.name)
    if shutil.which("dpkg-deb"):
        run(sys.executable, here / "deb.py", "--dist", dist)
        for package in dist.glob("pentimento_*.deb"):
            shutil.move(package, target / package.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("version")
    parser.add_argument("--only-wheel", action="store_true", help="no frozen program")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    args = parser.parse_args()
    if not re.fullmatch(r"\d+\.\d+\.\d+", args.version):
        raise SystemExit(f"“{args.version}” is no version such as 0.2.0.")
    if subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT):
        raise SystemExit("There are changes that are not committed.")
    source = with_version(VERSION_FILE.read_text(encoding="utf-8"), args.version)
    changelog = CHANGELOG.read_text(encoding="utf-8")
    dated = with_date(changelog, args.version, datetime.date.today())
    VERSION_FILE.write_text(source, encoding="utf-8")
    CHANGELOG.write_text(dated, encoding="utf-8")

    dist = args.dist.resolve()
    target = dist / f"release-{args.version}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    build(target, dist, only_wheel=args.only_wheel)
    bill = ["-m", "cyclonedx_py", "requirements", "--of", "JSON", "-o", target / "SBOM.json"]
    run(sys.executable, *bill, ROOT / "requirements.lock")
    (target / "CHANGES.md").write_text(changes_of(dated, args.version) + "\n", encoding="utf-8")
    (target / "SHA256SUMS").write_text(checksums(target), encoding="utf-8")
    print(f"\n{target}:\n{(target / 'SHA256SUMS').read_text()}")
    print("To do, once all of it is right:")
    print(
        f"  git commit -am 'Version {args.version}' && git tag -a v{args.version} -m {args.version}"
    )
    print(f"  upload {target.name}, with CHANGES.md as the text")


if __name__ == "__main__":
    main()
