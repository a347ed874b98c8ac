"""Where the editor meets the networks."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from editor.engine import embedding
from editor.engine.integrity import Integrity, Outcome
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.messages import Message, message
from models.containers.container import Embedding, Received, Trust
from models.containers.watermark import marked_samples
from models.metrics import psnr
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(64, 64, seed=2)


@pytest.fixture(scope="module")
def container(photo: np.ndarray) -> np.ndarray:
    return embedding.embed(photo, np.asarray(OPERATORS["exposure"](photo, 0.8))).pixels


def test_what_is_embedded_is_found_and_extracted(photo: np.ndarray, container: np.ndarray) -> None:
    found = embedding.find(Received(container))
    assert found is not None
    assert found.weights in embedding.versions()
    assert Integrity.of(found).outcome == Outcome.PROVEN
    assert found.sure > 0.999999
    assert psnr(embedding.extract(Received(container)).pixels, photo) > psnr(container, photo) + 8


def test_ordinary_pictures_are_no_exports(photo: np.ndarray) -> None:
    assert embedding.find(Received(photo)) is None
    with pytest.raises(embedding.NotAnExport, match="not a Pentimento export"):
        embedding.extract(Received(photo))
    with pytest.raises(embedding.NotAnExport, match="changed since it was exported"):
        embedding.extract(Received(photo), force=True)


def test_an_export_without_its_watermark_can_be_restored_by_force(
    photo: np.ndarray, container: np.ndarray
) -> None:
    unmarked = container.copy()
    unmarked.reshape(-1)[marked_samples(*photo.shape[:2])[:48]] ^= np.arange(48) % 2 == 0
    assert embedding.find(Received(unmarked)) is None
    restored = embedding.extract(Received(unmarked), force=True)
    whole = embedding.extract(Received(container)).pixels
    good = (restored.trust == Trust.PROVEN).repeat(16, 0).repeat(16, 1)
    assert 0 < good.mean() < 1
    assert np.array_equal(restored.pixels[good], whole[good])


def test_cropped_and_rescaled_exports_are_no_longer_exports(container: np.ndarray) -> None:
    for changed in (container[:, 1:], container[::2, ::2]):
        assert embedding.find(Received(np.ascontiguousarray(changed))) is None


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15), (16, 16), (17, 3), (8, 8)])
def test_too_small_pictures_are_refused_with_a_reason(size: tuple[int, int]) -> None:
    photo = natural(*size)
    with pytest.raises(embedding.TooSmall, match=rf"{size[1]} x {size[0]} pixels.*too small"):
        embedding.embed(photo, 255 - photo)
    assert embedding.find(Received(photo)) is None


@pytest.mark.parametrize("size", [(32, 32), (32, 37), (35, 32)])
def test_the_smallest_pictures_that_carry_something(size: tuple[int, int]) -> None:
    photo = natural(*size, seed=7)
    container = embedding.embed(photo, np.asarray(OPERATORS["exposure"](photo, 1.0))).pixels
    assert psnr(embedding.extract(Received(container)).pixels, photo) > psnr(container, photo)


def test_progress_is_told_in_words(photo: np.ndarray) -> None:
    told: list[tuple[float, Message]] = []
    look = np.asarray(OPERATORS["exposure"](photo, 0.8))
    container = embedding.embed(photo, look, progress=lambda *step: told.append(step)).pixels
    assert {what for _, what in told} == {message("hiding")}
    assert told[-1][0] == 1
    told.clear()
    embedding.extract(Received(container), progress=lambda *step: told.append(step))
    assert {what for _, what in told} == {message("revealing")}
    assert told[-1][0] == 1


def test_an_unknown_device_is_refused(photo: np.ndarray) -> None:
    with pytest.raises(embedding.NoSuchDevice, match="Unknown device"):
        embedding.embed(photo, 255 - photo, device="abacus")


def test_a_jpeg_is_received_with_its_coefficients(photo: np.ndarray) -> None:
    data = encode_picture(Picture(photo), ExportFormat("jpeg", 90, "420"))
    received = embedding.received(decode_picture(data))
    assert received.coefficients is not None
    assert received.coefficients.subsampling == "420"
    assert psnr(Embedding(received.coefficients).pixels, received.pixels) > 48


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_jpegs_are_received_as_pixels(photo: np.ndarray, mode: str) -> None:
    file = io.BytesIO()
    Image.fromarray(photo).convert(mode).save(file, "JPEG")
    assert embedding.received(decode_picture(file.getvalue())).coefficients is None
