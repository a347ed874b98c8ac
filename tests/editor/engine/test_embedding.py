"""Where the editor meets the networks."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engine import embedding
from editor.messages import Message, message
from models import zoo
from models.containers import lossless
from models.metrics import psnr
from models.networks import pretrained
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(48, 64, seed=2)


@pytest.fixture(scope="module")
def container(photo: np.ndarray) -> np.ndarray:
    return embedding.embed(photo, np.asarray(OPERATORS["exposure"](photo, 0.8)))


def test_what_is_embedded_is_found_and_extracted(photo: np.ndarray, container: np.ndarray) -> None:
    found = embedding.find(container)
    assert found is not None
    assert found.weights == embedding.newest_weights()
    assert found.agreement == 1
    assert found.sure > 0.999999
    assert psnr(embedding.extract(container), photo) > psnr(container, photo) + 8


def test_ordinary_pictures_are_no_exports(photo: np.ndarray) -> None:
    assert embedding.find(photo) is None
    with pytest.raises(embedding.NotAnExport, match="not a Pentimento export"):
        embedding.extract(photo)
    assert embedding.extract(photo, force=True).shape == photo.shape


def test_cropped_and_rescaled_exports_are_no_longer_exports(container: np.ndarray) -> None:
    for changed in (container[:, 1:], container[::2, ::2], container[::-1]):
        assert embedding.find(np.ascontiguousarray(changed)) is None


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15), (17, 3), (8, 8)])
def test_too_small_pictures_are_refused_with_a_reason(size: tuple[int, int]) -> None:
    photo = natural(*size)
    with pytest.raises(embedding.TooSmall, match=rf"{size[1]} x {size[0]} pixels.*too small"):
        embedding.embed(photo, 255 - photo)
    assert embedding.find(photo) is None


@pytest.mark.parametrize("size", [(16, 16), (16, 21), (19, 16)])
def test_the_smallest_pictures_that_carry_something(size: tuple[int, int]) -> None:
    photo = natural(*size, seed=7)
    container = embedding.embed(photo, np.asarray(OPERATORS["exposure"](photo, 1.0)))
    assert psnr(embedding.extract(container), photo) > psnr(container, photo)


def test_the_newest_weights_of_a_channel_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        zoo.WeightsEntry("a", 1, "", "", "lossless"),
        zoo.WeightsEntry("b", 3, "", "", "lossless"),
        zoo.WeightsEntry("c", 9, "", "", "jpeg"),
    ]
    monkeypatch.setattr(zoo, "entries", lambda *_: {e.name: e for e in entries})
    assert embedding.newest_weights() == "b"
    with pytest.raises(zoo.WeightsError, match="no weights for paper"):
        zoo.newest("paper")


def test_older_exports_are_restored_with_the_weights_they_were_made_with(
    photo: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = zoo.newest(zoo.LOSSLESS)
    look = np.asarray(OPERATORS["exposure"](photo, 0.8))
    network, key = pretrained.load_network(entry.name), lossless.Key(entry.number, 2)
    container = lossless._embed(network, key, photo, look, lambda share: None)[0]
    newer = zoo.WeightsEntry("newer", entry.number + 1, entry.file, entry.sha256, entry.channel)
    monkeypatch.setattr(zoo, "entries", lambda *_: {entry.name: entry, newer.name: newer})
    loaded: list[str] = []
    load = pretrained.load_network

    def remember(name: str, device: object) -> object:
        loaded.append(name)
        return load(entry.name, device)  # type: ignore[arg-type]

    monkeypatch.setattr(pretrained, "load_network", remember)
    embedding.extract(container)
    assert loaded == [entry.name]
    assert embedding.newest_weights() == "newer"


def test_progress_is_told_in_words(photo: np.ndarray) -> None:
    told: list[tuple[float, Message]] = []
    look = np.asarray(OPERATORS["exposure"](photo, 0.8))
    container = embedding.embed(photo, look, progress=lambda *step: told.append(step))
    assert {what for _, what in told} == {message("hiding")}
    assert told[-1][0] == 1
    told.clear()
    embedding.extract(container, progress=lambda *step: told.append(step))
    assert {what for _, what in told} == {message("revealing")}
    assert told[-1][0] == 1


def test_the_lattices_are_told_apart(photo: np.ndarray) -> None:
    network = pretrained.load_network(embedding.newest_weights())
    look = np.asarray(OPERATORS["exposure"](photo, 0.8))
    number = zoo.newest(zoo.LOSSLESS).number
    for lattice in lossless.LATTICES:
        key = lossless.Key(number, lattice)
        found = embedding.find(lossless._embed(network, key, photo, look, lambda share: None)[0])
        assert found is not None
        assert found.detection.reading == key


def test_an_unknown_device_is_refused(photo: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Unknown device"):
        embedding.embed(photo, 255 - photo, device="abacus")
