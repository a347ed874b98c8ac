"""What the paper's network trains through is what happens in files."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.containers.container import PNG, JpegSettings, Medium
from models.containers.jpeg_codec import compressed
from models.paper import media
from models.training.data import to_batch
from tests.models.natural_pictures import natural


def test_names_are_read_and_written() -> None:
    assert media.parse("png") == PNG
    assert media.parse("jpeg-90-444") == Medium.jpeg(JpegSettings(90, "444"))
    for name in ("png", "jpeg-95-420", "jpeg-7-444"):
        assert media.name_of(media.parse(name)) == name


@pytest.mark.parametrize("name", ["jpeg", "jpeg-0-420", "jpeg-101-420", "jpeg-95-422", "webp"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no medium"):
        media.parse(name)


@pytest.mark.parametrize("name", ["png", "jpeg-95-420", "jpeg-60-444"])
def test_forward_is_the_real_file_and_backward_passes_straight_through(name: str) -> None:
    medium = media.parse(name)
    pictures = [natural(24, 32, seed) for seed in (1, 2)]
    sent = to_batch(pictures) + 0.3 / 255
    sent[0, :, :4, :4] = 1.2  # clipped as in a file
    sent.requires_grad_(True)
    read = media.received(sent, medium)
    levels = (sent.detach() * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
    expected = [
        p if medium.lossless else compressed(p, JpegSettings(medium.quality, medium.subsampling))
        for p in np.ascontiguousarray(levels)
    ]
    assert torch.allclose(read, to_batch(expected), atol=1e-6)
    weights = torch.rand(read.shape)
    (read * weights).sum().backward()
    assert sent.grad is not None
    assert torch.equal(sent.grad, weights)
