"""Promise: every picture that opens is exported and restored, or it is said why it cannot be."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from models.operators.registry import OPERATORS
from tests.editor.files.picture_samples import display_p3, exif_block
from tests.promises.cli_support import (
    decibels,
    pixels,
    refused,
    run,
    sample,
    succeeded,
)


@dataclass(frozen=True)
class Odd:
    """A picture file, its upright RGB pixels as an independent reader sees them, and more.

    Attributes:
        note: what has to be said about its conversion.
        at_least: dB that the restored photo reaches.
    """

    name: str
    data: bytes
    photo: NDArray[np.uint8]
    note: str = ""
    at_least: float = 37
    alpha: NDArray[np.uint8] | None = field(default=None)


def natural(width: int = 160, height: int = 120) -> Image.Image:
    return ImageOps.fit(sample("clouds", 1152), (width, height))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def of_size(width: int, height: int, at_least: float) -> Odd:
    image = natural(width, height)
    return Odd("a.png", saved(image, "PNG"), np.asarray(image), at_least=at_least)


def converted(image: Image.Image, kind: str, note: str = "", **options: object) -> Odd:
    """A picture in another mode; its photo is what Pillow makes of the file."""
    data = saved(image, kind, **options)
    with Image.open(io.BytesIO(data)) as back:
        photo = np.asarray(back.convert("RGB"))
        alpha = None
        if "A" in back.mode or "transparency" in back.info:
            alpha = np.asarray(back.convert("RGBA"))[:, :, 3]
            photo = np.asarray(back.convert("RGBA"))[:, :, :3]
    return Odd(f"a.{kind.lower()}", data, photo, note, alpha=alpha)


def deep(suffix: str) -> Odd:
    """16 bits a channel; the photo is those rounded to 8, as the standard says (PNG, 13.12)."""
    samples = np.asarray(natural()).astype(np.uint16) * 257
    samples += np.random.default_rng(0).integers(0, 120, samples.shape, np.uint16)
    samples = np.maximum(samples, 60) - 60
    data = cv2.imencode(suffix, np.ascontiguousarray(samples[:, :, ::-1]))[1].tobytes()
    photo = np.floor(samples * (255 / 65535) + 0.5).astype(np.uint8)
    return Odd(f"a{suffix}", data, photo, "16-bit colour was converted to 8 bits")


def transparent(mode: str) -> Image.Image:
    image = natural().convert(mode[:-1])
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def palette_with_transparency() -> Odd:
    image = natural().quantize(64)
    return converted(image, "PNG", transparency=3)


def rotated() -> Odd:
    data = saved(natural(), "JPEG", quality=95, exif=b"Exif\0\0" + exif_block(6))
    with Image.open(io.BytesIO(data)) as image:
        photo = np.asarray(ImageOps.exif_transpose(image))
    assert photo.shape == (160, 120, 3)
    return Odd("a.jpg", data, photo)


ODD: dict[str, Callable[[], Odd]] = {
    "32 x 32": lambda: of_size(32, 32, 0),
    "641 x 479": lambda: of_size(641, 479, 37),
    "5000 x 20": lambda: of_size(5000, 20, 0),
    "20 x 400": lambda: of_size(20, 400, 0),
    "grey": lambda: converted(natural().convert("L"), "JPEG", "Grey was converted to RGB"),
    "grey with alpha": lambda: converted(transparent("LA"), "PNG", "Grey was converted to RGB"),
    "black and white": lambda: converted(natural().convert("1"), "PNG", "Grey was converted"),
    "CMYK": lambda: converted(natural().convert("CMYK"), "JPEG", "CMYK was converted to sRGB"),
    "palette": lambda: converted(natural().quantize(64), "GIF"),
    "palette with transparency": palette_with_transparency,
    "alpha": lambda: converted(transparent("RGBA"), "PNG"),
    "16-bit PNG": lambda: deep(".png"),
    "16-bit TIFF": lambda: deep(".tiff"),
    "rotated by EXIF": rotated,
    "P3": lambda: converted(natural(), "PNG", icc_profile=display_p3()),
    "P3 TIFF": lambda: converted(natural(), "TIFF", icc_profile=display_p3()),
}


@pytest.mark.parametrize("kind", ODD)
def test_exported_and_restored(tmp_path, kind):
    odd = ODD[kind]()
    source, export, original = tmp_path / odd.name, tmp_path / "e.png", tmp_path / "r.png"
    source.write_bytes(odd.data)
    clean = tmp_path / "c.png"
    options = ("--edit", "exposure=-0.7", "--clean", clean, "--json")
    figures = succeeded(run("apply", source, "-o", export, *options)).json
    succeeded(run("restore", export, "-o", original))

    assert figures["restorable"], figures["why_not"]
    of_export = "The edit list is too long for the pixels", "Compressed once more"
    notes = [note for note in figures["notes"] if not note.startswith(of_export)]
    assert any(odd.note in note for note in notes) or notes == []
    assert bool(odd.note) == bool(notes)
    # The look is that of these pixels, not of others: nothing was converted or turned twice.
    np.testing.assert_array_equal(pixels(clean), OPERATORS["exposure"](odd.photo, -0.7))
    assert figures["export_psnr"] == pytest.approx(
        decibels(pixels(export), pixels(clean)), abs=0.006
    )
    measured = decibels(pixels(original), odd.photo)
    assert figures["restored_psnr"] == pytest.approx(measured, abs=0.006)
    if kind != "black and white":  # a dither is the opposite of a photo: its figure is just true
        assert measured >= odd.at_least
    for path in (export, original):
        with Image.open(path) as image:
            alpha = np.asarray(image.getchannel("A")) if image.mode == "RGBA" else None
        np.testing.assert_array_equal(alpha, odd.alpha)


@pytest.mark.parametrize(
    ("width", "height", "suffix"),
    [(1, 1, "png"), (1, 1, "jpg"), (17, 3, "png"), (16, 16, "png"), (5000, 7, "jpg")],
)
def test_too_small_to_carry_anything(tmp_path, width, height, suffix):
    natural(width, height).save(tmp_path / "a.png")
    options = ["--edit", "film", "--edit", "exposure=1"]
    export = tmp_path / f"e.{suffix}"
    result = succeeded(run("apply", tmp_path / "a.png", "-o", export, *options))
    assert f"{width} x {height} pixels is too small to carry its original" in result.out
    assert pixels(export).shape == (height, width, 3)
    refused(run("restore", export, "-o", tmp_path / "r.png"))
    assert "Restorable: no" in succeeded(run("inspect", export)).out


@pytest.mark.parametrize(("width", "height"), [(1, 1), (17, 3)])
def test_every_operator_takes_the_smallest_pictures(tmp_path, width, height):
    natural(width, height).save(tmp_path / "a.png")
    options = [word for name in OPERATORS for word in ("--edit", name)]
    succeeded(run("apply", tmp_path / "a.png", "-o", tmp_path / "e.png", *options))
    assert pixels(tmp_path / "e.png").shape == (height, width, 3)


def test_a_rotated_photo_stays_upright(tmp_path):
    odd = rotated()
    (tmp_path / "a.jpg").write_bytes(odd.data)
    for suffix in ("png", "webp", "jpg"):
        export = tmp_path / f"e.{suffix}"
        succeeded(run("apply", tmp_path / "a.jpg", "-o", export, "--edit", "exposure=0.5"))
        assert upright(export)
    succeeded(run("restore", tmp_path / "e.webp", "-o", tmp_path / "r.jpg"))
    assert upright(tmp_path / "r.jpg")
    assert decibels(pixels(tmp_path / "r.jpg"), odd.photo) > 33


def upright(path: Path) -> bool:
    with Image.open(path) as image:
        assert image.getexif()[0x010F].startswith("Nikon")  # the metadata came along
        return image.size == (120, 160) and image.getexif().get(0x0112, 1) == 1


def test_a_wide_gamut_keeps_its_profile(tmp_path):
    natural().save(tmp_path / "a.jpg", quality=95, icc_profile=display_p3())
    export = tmp_path / "e.tif"
    succeeded(run("apply", tmp_path / "a.jpg", "-o", export, "--edit", "film", "--strip"))
    succeeded(run("restore", export, "-o", tmp_path / "r.webp"))
    for path in (export, tmp_path / "r.webp"):
        with Image.open(path) as image:
            assert image.info["icc_profile"] == display_p3()


def test_a_jpeg_says_that_it_drops_transparency(tmp_path):
    transparent("RGBA").save(tmp_path / "a.png")
    result = succeeded(run("apply", tmp_path / "a.png", "-o", tmp_path / "e.jpg"))
    assert "Note: JPEG has no transparency; it was left out." in result.err
