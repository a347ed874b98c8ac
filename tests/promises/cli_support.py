"""Help for the tests of the command line: running it, reading files without the editor's code."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.cli.main import main

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "sample"


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


class Terminal(io.StringIO):
    """A stream that somebody looks at, so that progress is shown."""

    def isatty(self) -> bool:
        return True


def run(*arguments: object, terminal: bool = False) -> Result:
    """Run ``pentimento`` with these arguments, here."""
    out, err = io.StringIO(), Terminal() if terminal else io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Result(code, out.getvalue(), err.getvalue())


def succeeded(result: Result) -> Result:
    assert result.code == 0, result.err
    return result


def refused(result: Result, code: int = 1) -> str:
    """The one line that a command said when it refused."""
    assert result.code == code, result.err or result.out
    assert result.out == ""
    lines = result.err.splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("pentimento: ")
    assert "Traceback" not in lines[0]
    assert "inside Pentimento" not in lines[0]
    return lines[0]


def sample(name: str, edge: int) -> Image.Image:
    """A sample photo, reduced to a long edge."""
    with Image.open(SAMPLES / f"{name}.jpg") as image:
        image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        return image.copy()


def pixels(path: Path) -> NDArray[np.uint8]:
    """The pixels of a file as Pillow reads them, H x W x 3."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def decibels(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """PSNR, straight from its definition; 100 for equal pictures, as the program has it."""
    error = np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2)
    return 100.0 if error == 0 else float(20 * np.log10(255 / np.sqrt(error)))


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
