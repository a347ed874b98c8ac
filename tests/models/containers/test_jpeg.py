"""JPEG containers, through the real codec."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import colour_prediction
from models.containers import jpeg as jpeg_container
from models.containers.jpeg import jpeg
from models.containers.jpeg_carriers import Subsampling
from models.metrics import psnr, ssim
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(208, 264, seed=6)


@pytest.fixture(scope="module")
def look(photo: np.ndarray) -> np.ndarray:
    return np.asarray(OPERATORS["film"](np.asarray(OPERATORS["exposure"](photo, 0.7))))


@pytest.fixture(scope="module")
def container(photo: np.ndarray, look: np.ndarray) -> np.ndarray:
    return jpeg_container.hide(1, photo, look, 95, "444")


def test_the_photo_comes_back_from_the_file(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    assert psnr(container, look) > 37
    file, clean = jpeg(container, 95, "444"), jpeg(look, 95, "444")
    assert ssim(file, look) > ssim(clean, look) - 0.025
    assert psnr(jpeg_container.reveal(None, file), photo) > psnr(file, photo) + 8


@pytest.mark.parametrize(("quality", "subsampling"), [(95, "420"), (90, "420"), (80, "420")])
def test_other_settings(
    photo: np.ndarray, look: np.ndarray, quality: int, subsampling: Subsampling
) -> None:
    container = jpeg_container.hide(1, photo, look, quality, subsampling)
    file = jpeg(container, quality, subsampling)
    assert psnr(jpeg_container.reveal(None, file), photo) > psnr(file, photo) + 6


def test_a_second_compression_leaves_the_base(photo: np.ndarray, container: np.ndarray) -> None:
    once = jpeg(container, 95, "444")
    twice = jpeg(once, 80, "420")
    restored = psnr(jpeg_container.reveal(None, twice), photo)
    assert psnr(twice, photo) + 5 < restored < psnr(jpeg_container.reveal(None, once), photo)


def test_a_gentle_look_that_lost_its_detail_is_left_as_it_was_received(photo: np.ndarray) -> None:
    look = photo.copy()
    look[:40] = np.asarray(OPERATORS["retouch"](photo))[:40]
    file = jpeg(jpeg_container.hide(1, photo, look, 95, "444"), 95, "444")
    assert psnr(jpeg_container.reveal(None, file), photo) > 36
    again = jpeg(file, 80, "420")
    assert np.array_equal(jpeg_container.reveal(None, again), again)


def test_strong_compression_is_noticed(container: np.ndarray) -> None:
    ruined = jpeg(container, 20, "420")
    with pytest.raises(jpeg_container.Unreadable):
        jpeg_container.reveal(None, ruined)


def test_containers_are_recognised_and_others_are_not(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    file = jpeg(container, 95, "444")
    found = jpeg_container.find(file, (2, 1))
    assert found is not None
    assert found.number == 1
    assert jpeg_container.find(jpeg(file, 80, "420"), (1,)) is not None
    assert jpeg_container.find(file, (2,)) is None
    for other in (photo, look, jpeg(look, 95, "444"), np.zeros_like(photo)):
        assert jpeg_container.find(other, (1,)) is None


def test_what_cannot_carry_says_so(photo: np.ndarray, look: np.ndarray) -> None:
    with pytest.raises(jpeg_container.NoRoom, match="too small"):
        jpeg_container.hide(1, photo[:64, :64], look[:64, :64], 95, "444")
    with pytest.raises(jpeg_container.NoRoom, match="quality 60 is too low"):
        jpeg_container.hide(1, photo, look, 60, "420")


def test_odd_sizes(photo: np.ndarray, look: np.ndarray) -> None:
    photo, look = photo[:203, :259], look[:203, :259]
    container = jpeg_container.hide(1, photo, look, 95, "420")
    assert container.shape == photo.shape
    file = jpeg(container, 95, "420")
    assert psnr(jpeg_container.reveal(None, file), photo) > psnr(file, photo) + 6


def test_a_cubic_of_the_colour_is_predicted(photo: np.ndarray) -> None:
    x = photo.astype(np.float64) / 255
    look = np.rint(255 * np.clip(0.9 * x - 0.2 * x**2 + 0.25 * x**3 + 0.02, 0, 1)).astype(np.uint8)
    coefficients = colour_prediction.fit(look, photo)
    assert len(coefficients) == colour_prediction.SIZE
    predicted = colour_prediction.predict(look, coefficients)
    assert psnr(predicted.astype(np.uint8), photo) > 38 > psnr(look, photo)
