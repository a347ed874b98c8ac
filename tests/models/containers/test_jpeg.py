"""JPEG containers, through the real codec."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import colour_prediction
from models.containers import jpeg
from models.containers.container import JpegSettings, Subsampling
from models.containers.jpeg_channel import SoftBase, compressed, receive_base
from models.containers.watermark import Recognition
from models.metrics import psnr, ssim
from models.operators.registry import OPERATORS
from models.problems import NoRoom
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(208, 264, seed=6)


@pytest.fixture(scope="module")
def look(photo: np.ndarray) -> np.ndarray:
    return np.asarray(OPERATORS["film"](np.asarray(OPERATORS["exposure"](photo, 0.7))))


@pytest.fixture(scope="module")
def container(photo: np.ndarray, look: np.ndarray) -> np.ndarray:
    return jpeg.embed(photo, look, JpegSettings(95, "444"))


def recognise(pixels: np.ndarray, numbers: tuple[int, ...]) -> Recognition | None:
    soft = SoftBase.read(pixels)
    return None if soft is None else soft.recognise(numbers)


def restored_from(file: np.ndarray) -> np.ndarray:
    """What is restored from a decoded file, without the last step, the network's."""
    base = receive_base(file)
    assert base is not None
    return jpeg.extract(None, file, base)


def test_the_photo_comes_back_from_the_file(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    assert psnr(container, look) > 37
    file, clean = (
        compressed(container, JpegSettings(95, "444")),
        compressed(look, JpegSettings(95, "444")),
    )
    assert ssim(file, look) > ssim(clean, look) - 0.025
    assert psnr(restored_from(file), photo) > psnr(file, photo) + 8


@pytest.mark.parametrize(("quality", "subsampling"), [(95, "420"), (90, "420"), (80, "420")])
def test_other_settings(
    photo: np.ndarray, look: np.ndarray, quality: int, subsampling: Subsampling
) -> None:
    container = jpeg.embed(photo, look, JpegSettings(quality, subsampling))
    file = compressed(container, JpegSettings(quality, subsampling))
    assert psnr(restored_from(file), photo) > psnr(file, photo) + 6


def test_a_second_compression_leaves_the_base(photo: np.ndarray, container: np.ndarray) -> None:
    once = compressed(container, JpegSettings(95, "444"))
    twice = compressed(once, JpegSettings(80, "420"))
    restored = psnr(restored_from(twice), photo)
    assert psnr(twice, photo) + 5 < restored < psnr(restored_from(once), photo)


def test_a_gentle_look_that_lost_its_detail_is_left_as_it_was_received(photo: np.ndarray) -> None:
    look = photo.copy()
    look[:40] = np.asarray(OPERATORS["retouch"](photo))[:40]
    file = compressed(jpeg.embed(photo, look, JpegSettings(95, "444")), JpegSettings(95, "444"))
    assert psnr(restored_from(file), photo) > 36
    again = compressed(file, JpegSettings(80, "420"))
    assert np.array_equal(restored_from(again), again)


def test_strong_compression_is_noticed(container: np.ndarray) -> None:
    ruined = compressed(container, JpegSettings(20, "420"))
    assert receive_base(ruined) is None


def test_containers_are_recognised_and_others_are_not(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    file = compressed(container, JpegSettings(95, "444"))
    found = recognise(file, (7, jpeg.LAYOUT))
    assert found is not None
    assert found.number == jpeg.LAYOUT
    assert recognise(compressed(file, JpegSettings(80, "420")), (jpeg.LAYOUT,)) is not None
    unknown = recognise(file, (7,))
    assert unknown is not None
    assert not unknown.known
    assert unknown.number == jpeg.LAYOUT
    for other in (photo, look, compressed(look, JpegSettings(95, "444")), np.zeros_like(photo)):
        assert recognise(other, (jpeg.LAYOUT,)) is None


def test_what_cannot_carry_says_so(photo: np.ndarray, look: np.ndarray) -> None:
    with pytest.raises(NoRoom, match="jpeg-too-small"):
        jpeg.embed(photo[:64, :64], look[:64, :64], JpegSettings(95, "444"))
    with pytest.raises(NoRoom, match="jpeg-quality-too-low: least 75, quality 60"):
        jpeg.embed(photo, look, JpegSettings(60, "420"))


def test_odd_sizes(photo: np.ndarray, look: np.ndarray) -> None:
    photo, look = photo[:203, :259], look[:203, :259]
    container = jpeg.embed(photo, look, JpegSettings(95, "420"))
    assert container.shape == photo.shape
    file = compressed(container, JpegSettings(95, "420"))
    assert psnr(restored_from(file), photo) > psnr(file, photo) + 6


def test_a_cubic_of_the_colour_is_predicted(photo: np.ndarray) -> None:
    x = photo.astype(np.float64) / 255
    look = np.rint(255 * np.clip(0.9 * x - 0.2 * x**2 + 0.25 * x**3 + 0.02, 0, 1)).astype(np.uint8)
    coefficients = colour_prediction.fit(look, photo)
    assert len(coefficients) == colour_prediction.SIZE
    predicted = colour_prediction.predict(look, coefficients)
    assert psnr(predicted.astype(np.uint8), photo) > 38 > psnr(look, photo)
