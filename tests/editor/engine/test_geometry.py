"""Crop, straighten, turn, mirror: before all looks, masks and metadata with them, and what exports
carry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import resources
from editor import Document
from editor.engine import geometry
from editor.engine.edits import Edit, edit, from_recipe, stored_geometry, to_recipe
from editor.engine.mask_moves import moved
from editor.engine.mask_parts import LinearGradient, Mask, RadialGradient, Stroke
from editor.engine.masks import rasterise
from editor.engine.restore import inspect
from editor.files.picture import Picture
from models.operators.registry import OPERATORS

CROP = edit("crop", rectangle=(0.25, 0.125, 0.5, 0.75))
STEPS = (edit("turn", 90), edit("mirror"), edit("straighten", 4.0), CROP)


@pytest.fixture
def photo() -> Picture:
    """A photo of 256 x 192 with structure at all scales."""
    y, x = np.mgrid[0:192, 0:256]
    waves = [np.sin(x / 17 + c) + np.sin(y / 23 - c) + 0.4 * np.sin((x + y) / 5) for c in range(3)]
    return Picture(np.clip(128 + 40 * np.stack(waves, -1), 0, 255).astype(np.uint8))


def document(photo: Picture, *edits: Edit) -> Document:
    return Document(photo, edits)


def test_looks_come_after_wherever_they_stand(photo: Picture) -> None:
    expected = OPERATORS["vignette"](photo.pixels[24:168, 64:192], -1.0)
    vignette = edit("vignette", -1.0)
    for edits in ((CROP, vignette), (vignette, CROP)):
        assert np.array_equal(document(photo, *edits).look(), expected)


def test_steps_follow_each_other_in_the_order_of_the_list(photo: Picture) -> None:
    turn = edit("turn", 90)
    cropped_then_turned = document(photo, CROP, turn).look()
    assert np.array_equal(cropped_then_turned, np.rot90(photo.pixels[24:168, 64:192], -1))
    turned_then_cropped = document(photo, turn, CROP).look()
    assert np.array_equal(turned_then_cropped, np.rot90(photo.pixels, -1)[32:224, 48:144][:, :96])


def test_what_is_switched_off_is_left_out(photo: Picture) -> None:
    assert document(photo, edit("turn", 90, enabled=False)).framed is photo
    assert document(photo, edit("crop")).framed is photo
    assert document(photo, edit("turn", 90), edit("turn", -90)).framed is photo


def test_they_take_whole_steps_and_the_whole_photo() -> None:
    with pytest.raises(ValueError, match="turn takes multiples of 90"):
        edit("turn", 45)
    with pytest.raises(ValueError, match="mirror takes multiples of 1"):
        edit("mirror", 0.5)
    with pytest.raises(ValueError, match="crop changes the whole photo"):
        edit("crop", opacity=0.5)
    with pytest.raises(ValueError, match="turn changes the whole photo"):
        edit("turn", mask=Mask())
    with pytest.raises(ValueError, match="crop takes as rectangle"):
        edit("crop", rectangle=(0, 0, 0, 1))


def test_transparency_is_cropped_with_the_pixels(photo: Picture) -> None:
    alpha = np.arange(192 * 256, dtype=np.uint32).reshape(192, 256).astype(np.uint8)
    framed = document(Picture(photo.pixels, alpha), CROP, edit("mirror")).framed
    assert framed.alpha is not None
    assert np.array_equal(framed.alpha, alpha[24:168, 191:63:-1])


# -- masks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [STEPS[:1], STEPS[1:2], STEPS[2:3], STEPS[3:], STEPS])
def test_masks_stay_where_they_are_on_the_photo(photo: Picture, steps: tuple[Edit, ...]) -> None:
    painted = Mask.painted((Stroke(((0.3, 0.3, 1.0), (0.6, 0.4, 0.8)), size=0.15, softness=0.8),))
    stretched = np.rint(rasterise(painted, photo.pixels) * 255).astype(np.uint8)
    shown = geometry.frame(steps, photo.size)
    linear = Mask.of(LinearGradient((0.3, 0.2), (0.6, 0.7)))
    radial = Mask.of(RadialGradient((0.4, 0.6), (0.3, 0.2), 25.0, 0.6))
    for mask in (painted, Mask.from_picture(stretched), linear, radial):
        weights = np.rint(rasterise(mask, photo.pixels) * 255).astype(np.uint8)
        there = rasterise(moved(mask, shown), shown.picture(photo.pixels)) * 255
        expected = shown.picture(weights, outside=0).astype(np.float32)
        assert np.abs(there - expected).mean() < 1.5, np.abs(there - expected).max()
        (back,) = geometry.off_frame(geometry.on_frame((edit("film", mask=mask),), shown), shown)
        assert back.mask is not None
        again = rasterise(back.mask, photo.pixels)
        inside = shown.picture(np.rint(again * 255).astype(np.uint8), outside=0)
        assert np.abs(inside.astype(int) - expected).mean() < 2


# -- exports ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small photo in a file."""
    path = tmp_path_factory.mktemp("photos") / "portrait.png"
    with Image.open(resources.SAMPLES / "portrait.jpg") as image:
        image.convert("RGB").resize((240, 320)).save(path)
    return path


MASKED = edit("exposure", 1.0, mask=Mask.painted((Stroke(((0.5, 0.5, 1.0),), size=0.4),)))


def test_an_export_carries_what_was_cropped(sample: Path, tmp_path: Path) -> None:
    made = Document.open(sample).with_edits((*STEPS, MASKED, edit("film")))
    export = tmp_path / "e.png"
    report = made.export(export)
    assert report.restorable
    restored = Document.restore(export)
    assert restored.picture.size == made.frame.pixel_size
    difference = restored.picture.pixels.astype(int) - made.framed.pixels
    assert np.sqrt(np.mean(np.square(difference))) < 4
    # Its edits make the same look of what comes back.
    assert restored.edits is not None
    assert [e.operator for e in restored.edits] == ["exposure", "film"]
    again = Document(made.framed, restored.edits).look()
    assert np.abs(again.astype(int) - made.look()).mean() < 0.1


def test_the_exact_copy_is_of_the_whole_photo(sample: Path, tmp_path: Path) -> None:
    made = Document.open(sample).with_edits((*STEPS, MASKED, edit("film")))
    export = tmp_path / "e.jpg"
    report = made.export(export, keep_original=True)
    assert report.kept == len(sample.read_bytes())
    assert [e.operator for e in inspect(export).geometry] == [e.operator for e in STEPS]
    restored = Document.restore(export)
    assert restored.by_copy
    assert np.array_equal(restored.picture.pixels, made.photo.pixels)
    assert restored.edits is not None
    assert restored.edits[:4] == STEPS
    again = Document(restored.picture, restored.edits)
    assert again.frame.pixel_size == made.frame.pixel_size
    assert np.abs(again.look().astype(int) - made.look()).mean() < 0.1


def test_an_export_is_cropped_once_more(sample: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    turned = Document.open(sample).add("turn", 90).add(MASKED)
    turned.export(first, keep_original=True)
    again = Document.open(first).add(CROP)
    report = again.export(second, keep_original=True)
    assert report.kept == len(sample.read_bytes())
    restored = Document.restore(second)
    assert restored.by_copy
    assert np.array_equal(restored.picture.pixels, turned.photo.pixels)
    assert restored.edits is not None
    assert [e.operator for e in restored.edits] == ["turn", "crop", "exposure"]
    look = Document(restored.picture, restored.edits).look()
    expected = Document(turned.photo, (edit("turn", 90), CROP, MASKED)).look()
    assert np.abs(look.astype(int) - expected).mean() < 0.1


def test_a_crop_alone_has_nothing_to_hide(sample: Path, tmp_path: Path) -> None:
    made = Document.open(sample).add("crop", rectangle="1:1")
    report = made.export(tmp_path / "e.png")
    assert not report.restorable
    assert Document.open(tmp_path / "e.png").photo.size == (240, 240)


def test_recipes_hold_what_was_cropped_out_of_the_file() -> None:
    recipe = to_recipe((edit("film"),), (), STEPS)
    assert from_recipe(recipe) == (edit("film"),)
    assert stored_geometry(recipe) == STEPS
    assert stored_geometry(to_recipe((edit("film"),))) == ()
    assert from_recipe(to_recipe(STEPS)) == STEPS
