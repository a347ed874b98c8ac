"""What the surviving layer carries comes back from smaller, turned and compressed copies."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.containers import turns
from models.containers.container import Received, Trust
from models.containers.surviving import reading, writing
from models.containers.surviving.container import SurvivingLayer
from models.containers.surviving.content import Core
from models.metrics import psnr, ssim
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural

LAKE = Path(__file__).resolve().parents[4] / "resources" / "sample" / "lake.jpg"


@pytest.fixture(scope="module")
def photo() -> NDArray[np.uint8]:
    return np.asarray(Image.open(LAKE).convert("RGB"))


@pytest.fixture(scope="module")
def look(photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(OPERATORS["exposure"](photo, 1.0))


@pytest.fixture(scope="module")
def layered(photo: NDArray[np.uint8], look: NDArray[np.uint8]) -> NDArray[np.uint8]:
    made = writing.embed(photo, look)
    assert made is not None
    return made


def copy(
    picture: NDArray[np.uint8], edge: int, quality: int, filtered: int = Image.Resampling.BICUBIC
) -> NDArray[np.uint8]:
    """What an app makes of a picture."""
    image = Image.fromarray(picture)
    share = edge / max(image.size)
    if share < 1:
        width, height = (round(side * share) for side in image.size)
        image = image.resize((width, height), filtered)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling=2)
    return np.asarray(Image.open(file).convert("RGB"))


def reduced(photo: NDArray[np.uint8], like: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = Image.fromarray(photo).resize(like.shape[1::-1], Image.Resampling.LANCZOS)
    return np.asarray(image)


def test_the_layer_is_hardly_seen(look: NDArray[np.uint8], layered: NDArray[np.uint8]) -> None:
    assert psnr(layered, look) > 44.5
    assert ssim(layered, look) > 1 - 1.1 * writing.MOST_LOSS_OF_SMOOTH


def test_of_textured_pictures_less_similarity_is_asked() -> None:
    grain = np.random.default_rng(3).normal(0, 12, (512, 768, 1))
    textured = np.clip(natural(512, 768, seed=3) + grain, 0, 255).astype(np.uint8)
    made = writing.embed(textured, textured)
    assert made is not None
    assert ssim(made, textured) > 1 - 1.3 * writing.MOST_LOSS


def test_small_smooth_pictures_carry_enough_to_be_read(photo: NDArray[np.uint8]) -> None:
    small = cv2.resize(photo, (768, 432), interpolation=cv2.INTER_AREA)
    smooth = np.asarray(OPERATORS["lens-blur"](small, 1.0))
    made = writing.embed(small, smooth)
    assert made is not None
    assert ssim(made, smooth) > 1 - 1.1 * writing.MOST_LOSS_OF_SMOOTH
    received = copy(made, 768, 75)
    found = reading.read(received)
    assert found is not None
    assert psnr(reading.restore(received, found), small) > psnr(received, small)


@pytest.mark.parametrize(("edge", "quality"), [(1152, 75), (1000, 80), (720, 95)])
def test_a_copy_gives_a_better_photo_than_itself(
    photo: NDArray[np.uint8], layered: NDArray[np.uint8], edge: int, quality: int
) -> None:
    received = copy(layered, edge, quality)
    found = reading.read(received)
    assert found is not None
    assert isinstance(found.core, Core)
    assert (found.core.height, found.core.width) == photo.shape[:2]
    meant = reduced(photo, received)
    assert psnr(reading.restore(received, found), meant) > psnr(received, meant) + 8


def test_what_came_through_makes_it_better(
    photo: NDArray[np.uint8], layered: NDArray[np.uint8]
) -> None:
    received = copy(layered, 1152, 85)
    found = reading.read(received)
    assert found is not None
    assert found.bodies
    without = dataclasses.replace(found, bodies=())
    better = psnr(reading.restore(received, found), photo)
    assert better > psnr(reading.restore(received, without), photo) + 0.5


@pytest.mark.parametrize("turn", range(8))
def test_turned_copies_are_restored_as_they_are(
    photo: NDArray[np.uint8], layered: NDArray[np.uint8], turn: int
) -> None:
    received = copy(np.ascontiguousarray(turns.turned(layered, turn)), 1100, 85)
    found = reading.read(received)
    assert found is not None
    restored = reading.restore(received, found)
    meant = reduced(np.ascontiguousarray(turns.turned(photo, turn)), received)
    assert psnr(restored, meant) > psnr(received, meant) + 8


@pytest.mark.parametrize(
    ("turn", "share", "edge"), [(0, 0.75, 9999), (3, 0.6, 9999), (6, 0.75, 950)]
)
def test_a_part_gives_the_photo_of_that_part(
    photo: NDArray[np.uint8], layered: NDArray[np.uint8], turn: int, share: float, edge: int
) -> None:
    height, width = (round(side * share**0.5) for side in photo.shape[:2])
    part = slice(31, 31 + height), slice(77, 77 + width)
    received = copy(np.ascontiguousarray(turns.turned(layered[part], turn)), edge, 85)
    found = reading.read(received)
    assert found is not None
    assert not found.whole
    assert found.turn == {0: 0, 3: 1, 6: 6}[turn]
    shown = found.shown
    assert shown is not None
    assert shown.share == pytest.approx(share, abs=0.003)
    assert shown.border < 0.005
    upright = np.zeros((2, 2), int)
    upright[0, 0] = 1  # the part is nearest to the upper left corner
    corner = np.argwhere(turns.turned(upright, turn))[0]
    gaps = [
        (shown.box[0], shown.exported[0] - shown.box[2])[corner[0]],
        (shown.box[1], shown.exported[1] - shown.box[3])[corner[1]],
    ]
    assert sorted(gaps) == pytest.approx([31, 77], abs=1)
    restored = reading.restore(received, found)
    meant = reduced(np.ascontiguousarray(turns.turned(photo[part], turn)), received)
    assert psnr(restored, meant) > psnr(received, meant) + 8


@pytest.mark.parametrize("level", [0, 255])
def test_a_border_stays_and_the_rest_is_restored(
    photo: NDArray[np.uint8], layered: NDArray[np.uint8], level: int
) -> None:
    sides = (40, 40, 70, 70)
    framed = cv2.copyMakeBorder(layered, *sides, cv2.BORDER_CONSTANT, value=(level,) * 3)
    received = copy(framed, 1100, 85)
    found = reading.read(received)
    assert found is not None
    restored = reading.restore(received, found)
    meant = cv2.copyMakeBorder(photo, *sides, cv2.BORDER_CONSTANT, value=(level,) * 3)
    assert psnr(restored, reduced(meant, received)) > psnr(received, reduced(meant, received)) + 6
    assert np.array_equal(restored[:30], received[:30])
    assert found.shown is not None
    area = photo.shape[0] * photo.shape[1]
    assert found.shown.border == pytest.approx(1 - area / meant[..., 0].size, abs=0.01)
    container = SurvivingLayer()
    mark = container.place.read(Received(received), container.numbers)
    assert mark is not None
    trust = container.extract(
        Received(received), container.detect(Received(received), mark), "cpu"
    ).trust
    assert (trust[0] == Trust.CHANGED).all()
    assert (trust[3:-3, 5:-5] == Trust.UNPROVEN).all()


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_other_codecs_leave_it_readable(layered: NDArray[np.uint8], kind: str) -> None:
    file = io.BytesIO()
    Image.fromarray(layered).save(file, kind, quality=75)
    assert reading.read(np.asarray(Image.open(file).convert("RGB"))) is not None


def test_a_copy_too_small_is_still_recognised(layered: NDArray[np.uint8]) -> None:
    container = SurvivingLayer()
    received = Received(copy(layered, 720, 80))
    mark = container.place.read(received, container.numbers)
    assert mark is not None
    lost = container.detect(received, mark).lost
    assert lost is not None
    assert lost.code == "compressed-too-strongly"


def test_foreign_pictures_carry_nothing(photo: NDArray[np.uint8], look: NDArray[np.uint8]) -> None:
    assert reading.read(photo) is None
    assert reading.read(look) is None
    assert reading.read(np.zeros((700, 900, 3), np.uint8)) is None


def test_noise_of_another_layer_is_outlived(layered: NDArray[np.uint8]) -> None:
    noise = np.random.default_rng(1).normal(0, 2, layered.shape)
    noisy = np.clip(np.rint(layered + noise), 0, 255).astype(np.uint8)
    found = reading.read(copy(noisy, 1152, 80))
    assert found is not None
    assert found.bodies


def test_small_pictures_have_no_layer(photo: NDArray[np.uint8], look: NDArray[np.uint8]) -> None:
    size = (writing.LEAST_EDGE - 1, 300)
    assert writing.embed(cv2.resize(photo, size), cv2.resize(look, size)) is None


def test_the_container_says_how_far_it_can_be_trusted(layered: NDArray[np.uint8]) -> None:
    container = SurvivingLayer()
    received = Received(copy(layered, 1152, 85))
    mark = container.place.read(received, container.numbers)
    assert mark is not None
    assert mark.recognition.known
    detection = container.detect(received, mark)
    restored = container.extract(received, detection, "cpu")
    assert restored.pixels.shape == received.pixels.shape
    assert restored.trust.min() >= Trust.UNPROVEN
