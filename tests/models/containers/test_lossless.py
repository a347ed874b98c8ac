"""Lossless containers, made with the shipped weights."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import residual_codec
from models.containers import lossless as lossless_container
from models.containers.lossless import Key
from models.containers.watermark import stamped_samples
from models.metrics import psnr
from models.networks import inference, pretrained
from models.networks.invertible import QuasiInvertibleNetwork
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural

WEIGHTS = 1


@pytest.fixture(scope="module")
def network() -> QuasiInvertibleNetwork:
    return pretrained.load_network("lossless-1")


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(96, 120, seed=4)


@pytest.fixture(scope="module")
def look(photo: np.ndarray) -> np.ndarray:
    return np.asarray(OPERATORS["exposure"](photo, 0.7))


@pytest.fixture(scope="module")
def container(network: QuasiInvertibleNetwork, photo: np.ndarray, look: np.ndarray) -> np.ndarray:
    return lossless_container.hide(network, WEIGHTS, photo, look)


@pytest.fixture(scope="module")
def restored(network: QuasiInvertibleNetwork, container: np.ndarray) -> np.ndarray:
    found = lossless_container.find(container, [WEIGHTS])
    assert found is not None
    return lossless_container.reveal(network, found[0], container)


def test_the_photo_comes_back_and_the_look_is_kept(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray, restored: np.ndarray
) -> None:
    assert container.dtype == restored.dtype == np.uint8
    assert container.shape == restored.shape == photo.shape
    assert psnr(container, look) > 38
    assert psnr(restored, photo) > max(36, psnr(look, photo) + 10)


def test_the_container_says_how_it_was_made(container: np.ndarray, photo: np.ndarray) -> None:
    found = lossless_container.find(container, [3, WEIGHTS, 2])
    assert found is not None
    key, recognition = found
    assert key.weights == WEIGHTS
    assert key.lattice in lossless_container.LATTICES
    assert recognition.agreement == 1
    assert lossless_container.find(container, [2, 3]) is None
    assert lossless_container.find(photo, [WEIGHTS]) is None


@pytest.mark.parametrize("weights", [1, 7, 900])
@pytest.mark.parametrize("lattice", lossless_container.LATTICES)
def test_keys_are_numbers(weights: int, lattice: int) -> None:
    assert Key.of(Key(weights, lattice).number) == Key(weights, lattice)


@pytest.mark.parametrize("lattice", lossless_container.LATTICES)
def test_fine_layer_and_stamp_stay_below_the_lattice(
    network: QuasiInvertibleNetwork, photo: np.ndarray, look: np.ndarray, lattice: int
) -> None:
    """Exactly what was promised while hiding comes out, whatever the lattice."""
    key = Key(WEIGHTS, lattice)
    container, promised = lossless_container._hide(network, key, photo, look, lambda share: None)
    classes = inference.hide(network, photo, look, lattice)
    assert np.array_equal(container - container % lattice, classes)
    assert np.array_equal(lossless_container.reveal(network, key, container), promised)


@pytest.mark.parametrize("bits_each", [1, 2])
def test_bits_are_written_most_significant_first_and_nowhere_else(bits_each: int) -> None:
    flat = np.random.default_rng(0).integers(0, 256, 500, dtype=np.uint8)
    free = np.arange(3, 500, 2)
    data = bytes(range(7, 27))
    written = flat.copy()
    lossless_container._write(written, free, data, bits_each)
    bits = "".join(f"{b:08b}" for b in data)
    for i, start in enumerate(range(0, len(bits), bits_each)):
        assert written[free[i]] % 2**bits_each == int(bits[start : start + bits_each], 2)
    untouched = np.setdiff1d(np.arange(500), free[: len(bits) // bits_each])
    assert np.array_equal(written[untouched], flat[untouched])
    assert (written >> bits_each == flat >> bits_each).all()
    assert lossless_container._read(written, free, bits_each)[: len(data)] == data


def test_stamped_samples_are_not_written_to() -> None:
    key = Key(WEIGHTS, 2)
    free = lossless_container._free_samples((40, 30, 3), key)
    assert set(free) | set(stamped_samples(40, 30, key.number)) == set(range(3600))
    assert not set(free) & set(stamped_samples(40, 30, key.number))


def test_damage_to_a_few_pixels_costs_the_fine_layer_but_not_the_photo(
    network: QuasiInvertibleNetwork,
    photo: np.ndarray,
    look: np.ndarray,
    container: np.ndarray,
    restored: np.ndarray,
) -> None:
    damaged = container.copy()
    damaged[50:52, 60:63] = (255, 0, 128)
    found = lossless_container.find(damaged, [WEIGHTS])
    assert found is not None
    again = lossless_container.reveal(network, found[0], damaged)
    assert psnr(look, photo) + 5 < psnr(again, photo) < psnr(restored, photo)
    far = np.ones(photo.shape[:2], bool)
    far[:20] = far[80:] = False  # rows around the damage
    assert psnr(again[~far], photo[~far]) > psnr(look, photo) + 5


@pytest.fixture(scope="module")
def networks_container(
    network: QuasiInvertibleNetwork, photo: np.ndarray, look: np.ndarray
) -> np.ndarray:
    """A container that is not direct, whatever the look."""
    return lossless_container._hide(network, Key(WEIGHTS, 2), photo, look, lambda share: None)[0]


def test_without_a_fine_layer_the_networks_part_is_given(
    network: QuasiInvertibleNetwork, networks_container: np.ndarray
) -> None:
    found = lossless_container.find(networks_container, [WEIGHTS])
    assert found is not None
    key, container = found[0], networks_container
    assert not key.direct
    erased = container - container % key.lattice
    assert np.array_equal(
        lossless_container.reveal(network, key, erased),
        inference.reveal(network, erased, key.lattice),
    )


def test_a_direct_container_without_its_fine_layer_is_refused(
    network: QuasiInvertibleNetwork, photo: np.ndarray
) -> None:
    gentle = np.asarray(OPERATORS["film"](photo, 0.3))
    container = lossless_container.hide(network, WEIGHTS, photo, gentle)
    found = lossless_container.find(container, [WEIGHTS])
    assert found is not None
    assert found[0].direct
    assert (
        psnr(lossless_container.reveal(network, found[0], container), photo)
        >= lossless_container.DIRECT_GOAL
    )
    with pytest.raises(lossless_container.Damaged):
        lossless_container.reveal(network, found[0], container - container % 2)


@pytest.mark.parametrize("size", [(16, 16), (17, 23), (40, 16)])
def test_small_pictures_go_through(network: QuasiInvertibleNetwork, size: tuple[int, int]) -> None:
    photo = natural(*size, seed=3)
    look = np.asarray(OPERATORS["exposure"](photo, 0.5))
    container = lossless_container.hide(network, WEIGHTS, photo, look)
    found = lossless_container.find(container, [WEIGHTS])
    assert found is not None
    restored = lossless_container.reveal(network, found[0], container)
    assert restored.shape == photo.shape
    assert psnr(restored, photo) > psnr(look, photo) + 3


def test_hiding_is_deterministic_leaves_its_inputs_and_reports(
    network: QuasiInvertibleNetwork,
) -> None:
    photo = natural(32, 32)
    look = np.asarray(OPERATORS["exposure"](photo, 0.5))
    kept = photo.copy(), look.copy()
    shares: list[float] = []
    first = lossless_container.hide(network, WEIGHTS, photo, look, shares.append)
    assert np.array_equal(first, lossless_container.hide(network, WEIGHTS, photo, look))
    assert np.array_equal(photo, kept[0])
    assert np.array_equal(look, kept[1])
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_the_container_closest_to_the_look_that_suffices_is_taken(
    network: QuasiInvertibleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = natural(48, 48)
    look = np.asarray(OPERATORS["exposure"](photo, 0.5))
    direct, fine, coarse = Key(WEIGHTS, 2, True), Key(WEIGHTS, 2), Key(WEIGHTS, 4)
    errors: dict[Key, int] = {}

    def pretend(network, key, photo, look, report):  # type: ignore[no-untyped-def]
        off = np.uint8(errors[key])
        return np.full_like(photo, key.number), np.where(photo < 128, photo + off, photo - off)

    def taken(first: int, second: int, third: int) -> Key:
        errors.update({direct: first, fine: second, coarse: third})
        return Key.of(int(lossless_container.hide(network, WEIGHTS, photo, look)[0, 0, 0]))

    monkeypatch.setattr(lossless_container, "_hide", pretend)
    # Every pixel off by 1, 2, 3, 4 levels: 48.1, 42.1, 38.6, 36.1 dB.
    assert taken(1, 0, 0) == direct
    assert taken(2, 1, 0) == fine
    assert taken(2, 2, 1) == direct
    assert taken(6, 4, 2) == coarse
    assert taken(6, 4, 4) == fine


def test_the_fine_layer_is_worth_its_bits(
    network: QuasiInvertibleNetwork, networks_container: np.ndarray, photo: np.ndarray
) -> None:
    found = lossless_container.find(networks_container, [WEIGHTS])
    assert found is not None
    alone = inference.reveal(network, networks_container, found[0].lattice)
    restored = lossless_container.reveal(network, found[0], networks_container)
    assert psnr(restored, photo) > psnr(alone, photo) + 2
    data = lossless_container._read(
        networks_container.reshape(-1),
        lossless_container._free_samples(networks_container.shape, found[0]),
        found[0].lattice.bit_length() - 1,
    )
    assert residual_codec.decode(data, *photo.shape[:2]).any()
