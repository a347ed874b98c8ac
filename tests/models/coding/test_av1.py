"""Bare AV1 frames: the same pictures as from AVIF files, in fewer bytes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from models.coding import av1
from tests.models.natural_pictures import natural


@pytest.mark.parametrize("shape", [(64, 96), (1, 1), (13, 200), (256, 256)])
@pytest.mark.parametrize("quality", [0, 50, 100])
def test_a_frame_says_what_the_file_would(shape: tuple[int, int], quality: int) -> None:
    picture = natural(*shape, seed=1)
    file = io.BytesIO()
    settings = {"codec": "aom", "speed": 8, "max_threads": 1, "subsampling": "4:4:4"}
    Image.fromarray(picture).save(
        file, "AVIF", quality=quality, autotiling=False, advanced={"tune": "psnr"}, **settings
    )
    with Image.open(file) as image:
        wanted = np.asarray(image.convert("RGB"))
    frame = av1.encode(picture, quality)
    assert len(frame) < file.tell() - 250
    assert (av1.decode(frame, *shape) == wanted).all()


def test_damaged_frames_are_refused_or_decoded_to_something() -> None:
    frame = av1.encode(natural(40, 60), 50)
    rng = np.random.default_rng(0)
    for _ in range(100):
        damaged = bytearray(frame)
        for _ in range(4):
            damaged[rng.integers(len(damaged))] = rng.integers(256)
        try:
            picture = av1.decode(bytes(damaged[: rng.integers(len(damaged) + 1)]), 40, 60)
        except av1.NotAV1:
            continue
        assert picture.shape == (40, 60, 3)


def test_frames_of_another_size_are_refused() -> None:
    frame = av1.encode(natural(40, 60), 50)
    with pytest.raises(av1.NotAV1):
        av1.decode(frame, 400, 600)


def with_own_sequence_header(picture: np.ndarray) -> bytes:
    """A frame behind the sequence header as an encoder of another version might write it."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "AVIF", codec="aom", subsampling="4:4:4")
    sequence, frame = av1._split(file.getvalue())
    return bytes([0xFF, len(sequence)]) + sequence + frame


def test_a_frame_with_a_sequence_header_of_its_own() -> None:
    assert av1.decode(with_own_sequence_header(natural(40, 60)), 40, 60).any()


def test_a_frame_that_claims_to_be_large_is_not_even_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = with_own_sequence_header(np.zeros((2048, 2048, 3), np.uint8))
    assert len(frame) < 1000
    monkeypatch.setattr(av1.Image, "open", lambda *_, **__: pytest.fail("it is decoded"))
    with pytest.raises(av1.NotAV1, match="another size"):
        av1.decode(frame, 64, 64)


def test_the_size_is_read_from_whole_sequence_headers_too() -> None:
    """As films have them, and as a still picture may."""
    file = io.BytesIO()
    frames = [Image.fromarray(natural(48, 80, seed=seed)) for seed in (1, 2)]
    frames[0].save(file, "AVIF", codec="aom", save_all=True, append_images=frames[1:])
    sequence, _ = av1._split(file.getvalue())
    assert not sequence[0] >> 3 & 1  # reduced_still_picture_header
    assert av1._largest(sequence) == (48, 80)
