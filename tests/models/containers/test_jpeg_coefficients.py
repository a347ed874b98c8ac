"""Containers in coefficients: the photo comes back from the file, and damage is found."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from models.containers import coefficient_channel, coefficients, jpeg_coefficients
from models.containers.coefficient_channel import Cut, Grid
from models.containers.coefficients import Coefficients
from models.containers.container import Subsampling
from models.containers.jpeg_coefficients import State
from models.metrics import psnr, ssim
from models.operators.registry import OPERATORS
from models.problems import NoRoom, Unreadable
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(208, 331, seed=6)


@pytest.fixture(scope="module")
def look(photo: np.ndarray) -> np.ndarray:
    return np.asarray(OPERATORS["film"](np.asarray(OPERATORS["exposure"](photo, 0.7))))


@pytest.fixture(scope="module")
def container(photo: np.ndarray, look: np.ndarray) -> Coefficients:
    return jpeg_coefficients.embed(photo, look, 90, "420")


def _pillow(look: np.ndarray, quality: int, subsampling: Subsampling) -> tuple[bytes, np.ndarray]:
    file = io.BytesIO()
    reduced = 0 if subsampling == "444" else 2
    Image.fromarray(look).save(file, "JPEG", quality=quality, subsampling=reduced)
    return file.getvalue(), _pixels(file.getvalue())


def _pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def test_the_photo_comes_back_from_the_file(
    photo: np.ndarray, look: np.ndarray, container: Coefficients
) -> None:
    data = coefficients.write(container)
    clean, seen = _pillow(look, 90, "420")
    assert ssim(_pixels(data), look) > ssim(seen, look) - 0.02
    assert len(data) < 1.25 * len(clean)
    received = coefficients.read(data)
    found = jpeg_coefficients.detect(received)
    assert found is not None
    assert found.agreement == 1
    restored = jpeg_coefficients.extract(received)
    assert restored.intact
    assert psnr(restored.pixels, photo) > psnr(seen, photo) + 8


def test_other_files_are_not_taken_for_containers(look: np.ndarray) -> None:
    for quality, subsampling in ((90, "420"), (95, "444")):
        data, _ = _pillow(look, quality, subsampling)  # type: ignore[arg-type]
        assert jpeg_coefficients.upright(coefficients.read(data)) is None
    grey = np.full((64, 64, 3), 90, np.uint8)
    assert jpeg_coefficients.detect(coefficients.read(_pillow(grey, 90, "420")[0])) is None


@pytest.mark.parametrize("turn", coefficients.TURNS)
def test_a_turned_container_is_found(
    container: Coefficients, turn: tuple[bool, bool, bool]
) -> None:
    back = jpeg_coefficients.upright(coefficients.turned(container, *turn))
    assert back is not None
    assert jpeg_coefficients.extract(back[0]).pixels.shape[0] == container.height


def test_a_sticker_is_found_and_harms_only_its_surroundings(
    photo: np.ndarray, container: Coefficients
) -> None:
    other = [p.copy() for p in container.planes]
    source = coefficients.transformed(natural(*photo.shape[:2], seed=9), "420")
    rows, columns = slice(2, 6), slice(3, 8)
    for plane, values, table in zip(other, source, container.tables, strict=True):
        factor = 2 if plane is other[0] else 1
        part = (
            slice(factor * rows.start, factor * rows.stop),
            slice(factor * columns.start, factor * columns.stop),
        )
        plane[part] = np.rint(values[part] / table)
    restored = jpeg_coefficients.extract(replace(container, planes=(other[0], other[1], other[2])))
    whole = jpeg_coefficients.extract(container).pixels
    truth = np.zeros(restored.squares.shape, bool)
    truth[rows, columns] = True
    found = restored.squares == State.CHANGED
    assert (found & truth).sum() / (found | truth).sum() > 0.7
    intact = restored.squares == State.INTACT
    assert intact.mean() > 0.3
    pixels = intact.repeat(16, axis=0).repeat(16, axis=1)
    height, width = min(pixels.shape[0], photo.shape[0]), min(pixels.shape[1], photo.shape[1])
    pixels = pixels[:height, :width]
    # Beside the sticker reduced chroma reaches a pixel over its edge.
    difference = restored.pixels[:height, :width].astype(int) - whole[:height, :width]
    assert np.abs(difference[pixels]).mean() < 0.02


def test_one_changed_coefficient_is_found(container: Coefficients) -> None:
    for plane, change in ((0, 1), (0, 2), (1, 2), (2, -3)):
        changed = [p.copy() for p in container.planes]
        changed[plane][5, 4, 0, 0 if change == 2 else 3] += change
        restored = jpeg_coefficients.extract(
            replace(container, planes=(changed[0], changed[1], changed[2]))
        )
        assert not restored.intact


def test_a_container_of_which_nothing_is_left_is_refused(container: Coefficients) -> None:
    rng = np.random.default_rng(0)
    y, cb, cr = (rng.integers(-3, 4, p.shape).astype(np.int16) for p in container.planes)
    with pytest.raises(Unreadable):
        jpeg_coefficients.extract(replace(container, planes=(y, cb, cr)))


def test_pictures_without_room_are_refused() -> None:
    tiny = natural(24, 24)
    with pytest.raises(NoRoom):
        jpeg_coefficients.embed(tiny, 255 - tiny, 90, "420")


@pytest.mark.parametrize("subsampling", ["444", "420"])
def test_every_message_is_read_and_cells_stay(subsampling: Subsampling) -> None:
    rng = np.random.default_rng(3)
    counts = coefficients.block_counts(300, 210, subsampling)
    y, cb, cr = (rng.integers(-4, 5, (*count, 8, 8)).astype(np.int16) for count in counts)
    planes = y, cb, cr
    grid = Grid.of(300, 210, subsampling)
    others = tuple(
        np.where(p < 0, -(np.abs(p) ^ 1), np.abs(p) ^ 1).astype(np.int16) for p in planes
    )
    costs = [rng.random(p.shape, dtype=np.float32) for p in planes]
    writer = coefficient_channel.Writer(grid, planes, (others[0], others[1], others[2]), costs)
    tiles, header = grid.tiles(), rng.bytes(200)
    messages = [rng.bytes(50 + 30 * place) for place in range(len(tiles))]
    cuts = [Cut(63 - 3 * place, 5 + 4 * place) for place in range(len(tiles))]
    written = writer.put(1, lambda _: header, messages, cuts)
    for before, after in zip(planes, written, strict=True):
        assert (coefficient_channel.cells(before) == coefficient_channel.cells(after)).all()
    for area, message, cut in zip(tiles, messages, cuts, strict=True):
        assert coefficient_channel.read_message(written, grid, area, cut, len(message)) == message
    sound = np.ones((grid.rows, grid.columns), bool)
    assert next(coefficient_channel.read_header(written, grid, 200, sound)) == header
    said = coefficient_channel.read_checks(written, grid)
    wanted = coefficient_channel.checks(coefficient_channel.digests(written, grid, 1))
    assert (said == wanted)[~coefficient_channel.flat(written, grid)].all()


def test_a_layer_below_is_left_alone_and_counted(photo: np.ndarray, look: np.ndarray) -> None:
    layered = np.clip(look.astype(int) + 6, 0, 255).astype(np.uint8)
    container = jpeg_coefficients.embed(photo, look, 90, "444", layered=layered)
    values = coefficients.transformed(layered, "444")[0]
    low = np.rint(values / container.tables[0]).astype(np.int16).reshape(*values.shape[:2], 64)
    left_alone = [0, 1, 8]
    ours = container.planes[0].reshape(low.shape)
    assert (ours[..., left_alone] == low[..., left_alone]).all()
    _, seen = _pillow(look, 90, "444")
    assert ssim(_pixels(coefficients.write(container)), look) > ssim(seen, look) - 0.02
