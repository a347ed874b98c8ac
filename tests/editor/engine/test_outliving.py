"""What is said of one more compression was tried, and other programs agree with it."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine import embedding, outliving
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture
from models.metrics import psnr

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample" / "lake.jpg"


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    sample = Image.open(SAMPLE).convert("RGB")
    sample.thumbnail((800, 800))
    return np.asarray(sample)


@pytest.fixture(scope="module")
def export(photo: np.ndarray) -> Document:
    return Document(Picture(photo), exact=True).add("film")


def pillow(pixels: np.ndarray, quality: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()


def opencv(pixels: np.ndarray, quality: int) -> bytes:
    return cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def imagemagick(pixels: np.ndarray, quality: int) -> bytes:
    program = shutil.which("magick") or shutil.which("convert")
    if program is None:
        pytest.skip("ImageMagick is not installed.")
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    command = [program, "png:-", "-quality", str(quality), "jpeg:-"]
    return subprocess.run(command, input=file.getvalue(), capture_output=True, check=True).stdout


def ffmpeg(pixels: np.ndarray, quality: int) -> bytes:
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("ffmpeg is not installed.")
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    scale = {80: "4", 75: "5"}[quality]  # its own scale, about the same sizes
    command = [program, "-v", "error", "-i", "-", "-q:v", scale, "-f", "mjpeg", "-"]
    return subprocess.run(command, input=file.getvalue(), capture_output=True, check=True).stdout


@pytest.fixture(scope="module", params=["png", "jpeg"])
def written(request: pytest.FixtureRequest, export: Document) -> tuple[np.ndarray, int | None]:
    """An export's pixels, and the quality at which it says that it outlives compression."""
    fmt = ExportFormat(request.param, 95, "444")
    report = export.encode(fmt)
    said = [n for n in report.notes if n.code.startswith("compressed-again")]
    assert len(said) == 1
    quality = (
        int(str(dict(said[0].parameters)["quality"])) if said[0].code.endswith("restored") else None
    )
    return decode_picture(report.data).pixels, quality


@pytest.mark.parametrize("program", [pillow, opencv, imagemagick, ffmpeg])
def test_where_it_is_promised_other_programs_leave_the_original(
    photo: np.ndarray,
    written: tuple[np.ndarray, int | None],
    program: Callable[[np.ndarray, int], bytes],
) -> None:
    pixels, quality = written
    if quality is None:
        pytest.skip("Nothing is promised.")
    received = embedding.received(decode_picture(program(pixels, quality)))
    found = embedding.find(received)
    assert found is not None
    restored = embedding.extract(received, found).pixels
    assert psnr(restored, photo) > psnr(received.pixels, photo)


def test_of_a_picture_without_the_layer_nothing_is_promised(photo: np.ndarray) -> None:
    said = outliving.note_on(photo)
    assert said is not None
    assert said.code == "compressed-again-lost"
    assert outliving.note_on(photo[:300, :400]) is None
