"""JPEG containers: the photo comes back from the file, and what was changed is found."""

from __future__ import annotations

import functools
import io
from dataclasses import replace
from pathlib import Path

import jpeglib
import numpy as np
import pytest
from PIL import Image

from models.containers import coefficients, registry
from models.containers.coefficients import Coefficients, Subsampling
from models.containers.container import (
    Detection,
    JpegSettings,
    Medium,
    Received,
    Restored,
    Trust,
    squares_of,
)
from models.containers.jpeg import hiding, turns
from models.containers.jpeg.container import JpegContainer
from models.metrics import psnr, ssim
from models.operators.registry import OPERATORS
from models.problems import NoRoom, Problem, Unreadable
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def container(photo: np.ndarray, look: np.ndarray) -> Coefficients:
    return hiding.embed(photo, look, 90, "420")


@pytest.fixture(scope="module")
def whole(container: Coefficients) -> np.ndarray:
    """What it restores to."""
    return restored(container)[1].pixels


def restored(container: Coefficients, orientation: int = 1) -> tuple[Detection, Restored]:
    """What comes out of a file with these coefficients, and that orientation in its metadata."""
    shown = turns.upright(coefficients.shown(container), orientation)
    received = Received(shown, container, orientation)
    found = registry.detect(received)
    assert found is not None
    assert found.trust is not None
    back = registry.extract(received, found, "cpu")
    assert back.pixels.shape == shown.shape
    assert back.trust.shape == squares_of(*shown.shape[:2])
    assert (back.trust == found.trust).all(), "told before it is restored"
    return found, back


def with_planes(container: Coefficients, planes: list[np.ndarray]) -> Coefficients:
    return replace(container, planes=(planes[0], planes[1], planes[2]))


def by_pillow(look: np.ndarray, quality: int, subsampling: Subsampling) -> bytes:
    file = io.BytesIO()
    reduced = 0 if subsampling == "444" else 2
    Image.fromarray(look).save(file, "JPEG", quality=quality, subsampling=reduced)
    return file.getvalue()


def pixels_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def foreign(container: Coefficients) -> bool:
    return registry.detect(Received(coefficients.shown(container), container)) is None


def test_the_photo_comes_back_from_the_file(
    photo: np.ndarray, look: np.ndarray, container: Coefficients
) -> None:
    data, clean = coefficients.write(container), by_pillow(look, 90, "420")
    seen = pixels_of(clean)
    assert ssim(pixels_of(data), look) > ssim(seen, look) - 0.02
    assert len(data) < 1.25 * len(clean)
    found, back = restored(coefficients.read(data))
    assert (found.version, found.agreement, found.lost) == (JpegContainer.id, 1, None)
    assert (back.trust == Trust.PROVEN).all()
    assert psnr(back.pixels, photo) > psnr(seen, photo) + 8


@pytest.mark.parametrize(("quality", "subsampling"), [(95, "444"), (80, "420")])
def test_other_settings(
    photo: np.ndarray, look: np.ndarray, quality: int, subsampling: Subsampling
) -> None:
    medium = Medium.jpeg(JpegSettings(quality, subsampling))
    made = JpegContainer().embed(photo, look, medium, "cpu").coefficients
    assert made is not None
    clean = pixels_of(by_pillow(look, quality, subsampling))
    assert psnr(restored(made)[1].pixels, photo) > psnr(clean, photo) + 5


def test_a_file_written_anew_with_its_coefficients_is_the_same(
    container: Coefficients, whole: np.ndarray, tmp_path: Path
) -> None:
    """With other Huffman tables: what jpegtran and optimisers do."""
    data = coefficients.write(container)
    (tmp_path / "export.jpg").write_bytes(data)
    file = jpeglib.read_dct(str(tmp_path / "export.jpg"))
    file.write_dct(str(tmp_path / "again.jpg"))
    again = (tmp_path / "again.jpg").read_bytes()
    assert len(again) > len(data)
    assert np.array_equal(restored(coefficients.read(again))[1].pixels, whole)


def test_other_files_are_not_taken_for_containers(look: np.ndarray) -> None:
    for quality, subsampling in ((90, "420"), (95, "444")):
        assert foreign(coefficients.read(by_pillow(look, quality, subsampling)))  # type: ignore[arg-type]
    grey = np.full((64, 64, 3), 90, np.uint8)
    assert foreign(coefficients.read(by_pillow(grey, 90, "420")))


@pytest.mark.parametrize("subsampling", ["444", "420"])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 1), (8, 300), (300, 15), (9, 9)])
def test_a_file_too_small_for_any_square_is_none(
    height: int, width: int, subsampling: Subsampling
) -> None:
    tiny = coefficients.read(by_pillow(natural(height, width, seed=2), 90, subsampling))
    assert tiny is not None
    assert foreign(tiny)


def test_a_picture_without_its_file_is_none(container: Coefficients) -> None:
    assert registry.detect(Received(coefficients.shown(container))) is None


@pytest.mark.parametrize("turn", turns.TURNS)
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_turned_container_gives_the_turned_photo(turn: turns.Turn, orientation: int) -> None:
    container = _small_container()
    wanted = restored(container)[1].pixels
    mirrored, flipped, transposed = turn
    wanted = wanted[:: -1 if flipped else 1, :: -1 if mirrored else 1]
    wanted = wanted.transpose(1, 0, 2) if transposed else wanted
    found, back = restored(turns.turned(container, turn), orientation)
    assert found.agreement == 1
    assert (back.trust == Trust.PROVEN).all()
    assert np.array_equal(back.pixels, np.rot90(wanted, -1) if orientation == 6 else wanted)


@functools.cache
def _small_container() -> Coefficients:
    """Of a picture whose sides are whole blocks."""
    photo = natural(192, 256, seed=6)
    return hiding.embed(photo, np.asarray(OPERATORS["exposure"](photo, 0.7)), 95, "420")


def pasted(container: Coefficients, rows: slice, columns: slice) -> Coefficients:
    """With another picture in some of its squares."""
    other = natural(container.height, container.width, seed=9)
    source = coefficients.transformed(other, container.subsampling)
    planes = [p.copy() for p in container.planes]
    for index, (plane, values, table) in enumerate(
        zip(planes, source, container.tables, strict=True)
    ):
        factor = 1 if index and container.subsampling == "420" else 2
        part = (
            slice(factor * rows.start, factor * rows.stop),
            slice(factor * columns.start, factor * columns.stop),
        )
        plane[part] = np.rint(values[part] / table)
    return with_planes(container, planes)


def test_a_sticker_is_found_and_harms_only_its_surroundings(
    container: Coefficients, whole: np.ndarray
) -> None:
    rows, columns = slice(2, 6), slice(3, 8)
    received = pasted(container, rows, columns)
    _, back = restored(received)
    truth = np.zeros(back.trust.shape, bool)
    truth[rows, columns] = True
    changed = back.trust == Trust.CHANGED
    assert (changed & truth).sum() / (changed | truth).sum() > 0.7
    assert back.share(Trust.PROVEN) > 0.3
    assert back.share(Trust.COARSE) > 0
    height, width = whole.shape[:2]
    proven, left = (
        of.repeat(16, axis=0).repeat(16, axis=1)[:height, :width]
        for of in (back.trust == Trust.PROVEN, changed)
    )
    # Beside the sticker reduced chroma reaches a pixel over its edge.
    difference = back.pixels.astype(int) - whole
    assert np.abs(difference[proven]).mean() < 0.02
    assert np.array_equal(back.pixels[left], coefficients.shown(received)[left])


def test_one_changed_coefficient_is_found(container: Coefficients) -> None:
    for plane, change in ((0, 1), (0, 2), (1, 2), (2, -3)):
        changed = [p.copy() for p in container.planes]
        changed[plane][5, 4, 0, 0 if change == 2 else 3] += change
        _, back = restored(with_planes(container, changed))
        assert 0 < back.share(Trust.PROVEN) < 1


def test_a_container_whose_header_is_lost_says_so(container: Coefficients) -> None:
    """Every second square is of another picture."""
    received = container
    for row in range(13):
        for column in range(row % 2, 21, 2):
            received = pasted(received, slice(row, row + 1), slice(column, column + 1))
    shown = Received(coefficients.shown(received), received)
    found = registry.detect(shown)
    assert found is not None
    assert found.lost == Problem("changed-too-much")
    with pytest.raises(Unreadable, match="changed-too-much"):
        registry.extract(shown, found, "cpu")


def test_a_container_of_which_nothing_is_left_is_none(container: Coefficients) -> None:
    rng = np.random.default_rng(0)
    planes = [rng.integers(-3, 4, p.shape).astype(np.int16) for p in container.planes]
    assert foreign(with_planes(container, planes))


@pytest.mark.parametrize("rows", range(1, 9))
def test_a_cropped_container_is_none(container: Coefficients, rows: int) -> None:
    """Not even where whole squares were cut off, and none of another version."""
    y, cb, cr = container.planes
    planes = y[2 * rows :], cb[rows:], cr[rows:]
    height = container.height - 16 * rows
    assert foreign(replace(container, height=height, planes=planes))


def test_containers_of_other_versions_are_named(
    monkeypatch: pytest.MonkeyPatch, photo: np.ndarray, look: np.ndarray
) -> None:
    monkeypatch.setattr(hiding, "VERSION", 77)
    made = hiding.embed(photo[:160, :160], look[:160, :160], 90, "444")
    found = registry.detect(Received(coefficients.shown(made), made))
    assert found is not None
    assert found.lost == Problem("other-version", container="jpeg", version="77")


def test_where_a_look_changes_nothing_the_picture_is_kept(photo: np.ndarray) -> None:
    """A brushed look: where it was not brushed on, restoring gives what a JPEG of the photo has."""
    look = photo.copy()
    look[:, 200:] = np.asarray(OPERATORS["film"](photo))[:, 200:]
    made = hiding.embed(photo, look, 90, "444")
    _, back = restored(made)
    shown = coefficients.shown(made)
    assert psnr(back.pixels[:, :96], photo[:, :96]) >= psnr(shown[:, :96], photo[:, :96]) - 0.3
    assert psnr(back.pixels, photo) > psnr(shown, photo) + 3


def test_pictures_without_room_are_refused(photo: np.ndarray, look: np.ndarray) -> None:
    with pytest.raises(NoRoom, match="jpeg-too-small: height 24, least 128, lossless 32, width 24"):
        hiding.embed(photo[:24, :24], look[:24, :24], 90, "420")
    with pytest.raises(NoRoom, match="jpeg-quality-too-low: least 75, quality 20"):
        hiding.embed(photo, look, 20, "420")
    flat = np.full_like(photo, 90)
    with pytest.raises(NoRoom, match="jpeg-too-flat"):
        hiding.embed(photo, flat, 90, "420")
    with pytest.raises(NoRoom, match="jpeg-too-flat"):  # not too small, though it is
        hiding.embed(photo[:150, :200], flat[:150, :200], 90, "444")


def test_a_layer_below_is_left_alone_and_counted(photo: np.ndarray, look: np.ndarray) -> None:
    def layer(photo: np.ndarray, look: np.ndarray, medium: Medium) -> np.ndarray:
        assert medium.quality == 90
        return np.clip(look.astype(int) + 6, 0, 255).astype(np.uint8)

    medium = Medium.jpeg(JpegSettings(90, "444"))
    made = JpegContainer(layer).embed(photo, look, medium, "cpu").coefficients
    assert made is not None
    values = coefficients.transformed(layer(photo, look, medium), "444")[0]
    low = np.rint(values / made.tables[0]).astype(np.int16).reshape(*values.shape[:2], 64)
    left_alone = [0, 1, 8]
    ours = made.planes[0].reshape(low.shape)
    assert (ours[..., left_alone] == low[..., left_alone]).all()
    seen = pixels_of(by_pillow(look, 90, "444"))
    assert ssim(pixels_of(coefficients.write(made)), look) > ssim(seen, look) - 0.02
