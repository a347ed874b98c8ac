"""Make the program that runs without Python: a folder `dist/pentimento` (PyInstaller, onedir).

    python packaging/freeze.py [--work FOLDER] [--dist FOLDER] [--pack] [--self-test]

Run it with the Python of an environment that has the program's dependencies (with the CPU build of
PyTorch: the others are several gigabytes) and PyInstaller. `--pack` also makes a .tar.zst beside
the folder; `--self-test` starts the result, under Xvfb where there is no screen.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT)]

MOST_UNPACKED, MOST_PACKED = 850, 280
"""Megabytes (10^6 bytes) that a build with PyTorch for the CPU may have on Linux."""


def freeze(work: Path, dist: Path) -> Path:
    """Run PyInstaller; the folder of the program."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--workpath", str(work), "--distpath", str(dist)]
    subprocess.run([*command, *places, str(HERE / "pentimento.spec")], check=True, cwd=ROOT)
    return dist / "pentimento"


def megabytes(path: Path) -> float:
    """Size of a file, or of all files of a folder; what a link leads to is counted once."""
    files = [path] if path.is_file() else [f for f in path.rglob("*") if not f.is_symlink()]
    return sum(f.stat().st_size for f in files if f.is_file()) / 1e6


def pack(folder: Path, target: Path) -> Path:
    """A .tar.zst of a folder."""
    options = ["-C", folder.parent, "--sort=name", "--owner=0", "--group=0"]
    with subprocess.Popen(["tar", *options, "-c", folder.name], stdout=subprocess.PIPE) as tar:
        command = ["zstd", "-q", "-f", "-T0", "-12", "-o", target]
        subprocess.run(command, stdin=tar.stdout, check=True)
    if tar.returncode:
        raise SystemExit("tar failed")
    return target


def on_a_screen(command: list[str]) -> list[str]:
    """The command, in a virtual screen where there is none."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        return ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", *command]
    return command


def self_test(command: list[str]) -> float:
    """Run ``--self-test``; seconds until the window was on the screen.

    Raises SystemExit where it does not pass.
    """
    environment = {
        k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "PYTHONPATH")
    }
    start, shown = time.perf_counter(), None
    process = subprocess.Popen(
        on_a_screen([*command, "--self-test"]), stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    for line in process.stdout:
        if shown is None:
            shown = time.perf_counter() - start
        print(f"  {line}", end="", flush=True)
    if process.wait() or shown is None:
        raise SystemExit(f"{command[0]}: the self-test failed")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=ROOT / "build")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    parser.add_argument("--pack", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    folder = freeze(args.work.resolve(), args.dist.resolve())
    size = megabytes(folder)
    print(f"{folder}: {size:.0f} MB")
    if args.self_test:
        print(f"The window took {self_test([str(folder / 'pentimento')]):.1f} s.")
    packed = 0.0
    if args.pack:
        import editor

        name = f"pentimento-{editor.__version__}-{sys.platform}-{os.uname().machine}.tar.zst"
        packed = megabytes(pack(folder, args.dist / name))
        print(f"{name}: {packed:.0f} MB")
    if sys.platform.startswith("linux") and (size > MOST_UNPACKED or packed > MOST_PACKED):
        raise SystemExit(f"Larger than {MOST_UNPACKED} MB, or {MOST_PACKED} MB packed.")


if __name__ == "__main__":
    main()
