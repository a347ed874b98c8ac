"""Learned looks: the folded network is the trained one, on pictures of any size."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
import torch

from models.learned import folding, tiles
from models.learned import inference as learned_inference
from models.learned.folding import FoldedOperator
from models.learned.network import (
    COARSE,
    GROUP,
    LEARNED,
    POWERS,
    REACH,
    SLOPE,
    OperatorNetwork,
    coarse_guides,
    monomials,
)
from models.learned.starting_points import (
    LENS_BLUR,
    SMOOTHERS,
    pencil_shading,
    quick_lens_blur,
    quick_painting,
    smoothed,
    starting_point,
)
from models.learned.tiles import draw
from models.metrics import psnr
from models.operators import colour_pencil, lens_blur
from models.operators.images import from_float
from models.operators.registry import OPERATORS
from models.operators.working_scale import WORKING_LONG_EDGE
from tests.models.natural_pictures import natural

ON_WORKING_SCALE = [name for name in LEARNED if OPERATORS[name].working_scale]


def _random_network(seed: int = 0, slope: float = SLOPE) -> OperatorNetwork:
    """A network in which everything matters: also modulation, the last layer and the colours."""
    generator = torch.Generator().manual_seed(seed)
    network = OperatorNetwork(widths=(8, 12, 16), slope=slope)
    with torch.no_grad():
        for name, values in network.named_parameters():
            if name.endswith(("scale", "shift", "bias")):
                values += 0.2 * torch.randn(values.shape, generator=generator)
        for values in (network.last, network.colour):
            values.copy_(0.1 * torch.randn(values.shape, generator=generator))
    return network.requires_grad_(False)


def _levels(picture: np.ndarray) -> np.ndarray:
    return np.asarray(from_float(picture, np.dtype(np.uint8)), np.uint8)


def _float(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float32) / np.float32(255)


@pytest.mark.parametrize("slope", [0.0, 0.1])
@pytest.mark.parametrize("name", ["local-laplacian", "colour-pencil", "retouch", "rtv", LENS_BLUR])
def test_folded_is_the_network_itself(name: str, slope: float) -> None:
    network = _random_network(slope=slope)
    photo = _float(natural(64, 96))
    planes = photo, starting_point(photo, name, 500), coarse_guides(photo, 500)
    tensors = [torch.from_numpy(z).permute(2, 0, 1)[None] for z in planes]
    expected = network(*tensors, torch.tensor([LEARNED.index(name)]))[0].permute(1, 2, 0)
    folded = FoldedOperator(network, name)
    assert expected.abs().max() > 0.1
    for strength in (1.0,) if name == LENS_BLUR else (1.0, 0.3):
        got = draw(folded, photo, strength, 500)
        np.testing.assert_allclose(got, photo + strength * expected.numpy(), atol=1e-4)


def test_a_colour_goes_through_a_cubic_polynomial() -> None:
    """Where the network itself says nothing; beside the polynomial written out."""
    network = OperatorNetwork(widths=(4, 6, 8)).requires_grad_(False)
    coefficients = torch.zeros(3, len(POWERS))
    coefficients[0, 0], coefficients[1, POWERS.index((0, 2))] = 0.25, 2.0
    coefficients[2, POWERS.index((1, 1, 2))] = -3.0
    network.colour[LEARNED.index("film")] = coefficients
    photo = _float(natural(33, 51, seed=4))
    r, g, b = np.moveaxis(photo - 0.5, -1, 0)
    expected = photo + 0.7 * np.stack([np.full_like(r, 0.25), 2 * r * b, -3 * g * g * b], -1)
    drawn = draw(FoldedOperator(network, "film"), photo, 0.7, 500)
    np.testing.assert_allclose(drawn, expected, atol=1e-6)
    unused = FoldedOperator(network, "retouch")
    assert unused.colour is None
    assert np.array_equal(draw(unused, photo, 0.7, 500), photo)


def test_every_monomial_to_the_third_degree_once() -> None:
    assert len(set(POWERS)) == len(POWERS) == 20
    values = monomials(torch.tensor([2.0, 3.0, 5.0])).tolist()
    expected = [
        2**i * 3**j * 5**k for i in range(4) for j in range(4 - i) for k in range(4 - i - j)
    ]
    assert sorted(values) == sorted(expected), "products of primes tell each from the others"


def test_shading_under_its_lines_is_the_pencil_drawing() -> None:
    """Where no colour is out of gamut."""
    photo = np.float32(0.5) + np.float32(0.3) * (_float(natural(120, 150, seed=3)) - 0.5)
    lines = colour_pencil.line_strokes(colour_pencil.luma_of(photo), 900)
    drawn = lines[..., None] * pencil_shading(photo, 900)
    np.testing.assert_allclose(drawn, colour_pencil.draw(photo, 900), atol=1e-5)


@pytest.mark.parametrize("radius", [0.3, 2.0, 2.9, 4.0, 9.5])
def test_a_lens_blur_at_half_the_size_is_nearly_the_lens_blur(radius: float) -> None:
    photo = _float(natural(121, 154, seed=9))
    quick, exact = quick_lens_blur(photo, radius), lens_blur.blur(photo, radius)
    assert psnr(_levels(quick), _levels(exact)) > 40
    if radius <= 2:
        assert np.array_equal(quick, exact)


def test_a_lens_blur_does_not_jump_between_its_sizes() -> None:
    photo = _float(natural(90, 110, seed=10))
    looks = [quick_lens_blur(photo, radius) for radius in np.linspace(1.8, 4.2, 25)]
    steps = [float(np.abs(b - a).mean()) for a, b in pairwise(looks)]
    assert max(steps) < 2.5 * np.median(steps)


def test_smoothing_flattens_texture_and_keeps_edges() -> None:
    rng = np.random.default_rng(1)
    photo = np.full((80, 80, 3), 0.3, np.float32)
    photo[:, 40:] = 0.7
    noisy = (photo + rng.normal(0, 0.01, photo.shape)).astype(np.float32)
    for smoother in SMOOTHERS.values():
        smooth = smoothed(noisy, smoother)
        assert smooth[10:-10, 10:30].std() < 0.6 * noisy[10:-10, 10:30].std()
        if not smoother.blurred_edges:
            np.testing.assert_allclose(smooth[:, 39].mean(), 0.3, atol=0.02)
            np.testing.assert_allclose(smooth[:, 40].mean(), 0.7, atol=0.02)


def test_a_quick_painting_is_closer_to_the_painting_than_the_photo() -> None:
    photo = natural(160, 200, seed=11)
    painted = np.asarray(OPERATORS["oil-painting"](photo, 1.0, long_edge=800))
    quick = _levels(quick_painting(_float(photo), 800))
    assert psnr(quick, painted) > psnr(photo, painted) + 1


@pytest.mark.parametrize("size", [(1, 1), (2, 31), (40, 1)])
@pytest.mark.parametrize("name", LEARNED)
def test_every_look_starts_somewhere(name: str, size: tuple[int, int]) -> None:
    start = starting_point(natural(*size, seed=1), name, 500)
    assert start.shape == (*size, 3)
    assert start.dtype == np.float32
    assert 0 <= start.min() <= start.max() <= 1


def test_without_fused_convolutions_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    folded = FoldedOperator(_random_network(), "film")
    photo = _float(natural(40, 50))
    fused = draw(folded, photo, 1.0, 400)
    monkeypatch.setattr(folding, "_fuses", lambda device: False)
    np.testing.assert_allclose(draw(folded, photo, 1.0, 400), fused, atol=1e-5)


def test_a_pixel_knows_nothing_beyond_the_reach() -> None:
    """Whatever happens farther away than `REACH` makes no difference; nearer by, it does."""
    folded = FoldedOperator(_random_network(), "local-laplacian")
    photo = _float(natural(16, 640, seed=2))
    start = 320
    changed = photo.copy()
    changed[:, start:] = 1 - changed[:, start:]
    coarse = torch.zeros(16 // GROUP, 640 // GROUP, COARSE)

    def touched(mirrored: bool) -> np.ndarray:
        """Columns of the look that the change makes a difference to, to a group of pixels."""
        way = -1 if mirrored else 1
        with torch.inference_mode():
            before, after = (
                folded(torch.from_numpy(p[:, ::way].copy()), coarse).numpy()
                for p in (photo, changed)
            )
        return GROUP * np.flatnonzero(np.abs(after - before).max(axis=(0, 2)) > 0)

    # What is said of a group reaches into the next one.
    assert start - REACH + GROUP <= touched(False)[0] < start - REACH // 2
    assert start + REACH // 2 < touched(True)[-1] < start + REACH - 2 * GROUP


@pytest.mark.parametrize("name", ["l0-smoothing", "colour-pencil"])
@pytest.mark.parametrize("size", [(300, 521), (65, 400), (513, 30)])
def test_tiled_is_whole(name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    folded = FoldedOperator(_random_network(), name)
    photo = _float(natural(*size, seed=4))
    whole = draw(folded, photo, 1.0, 700)
    seen: list[tuple[int, ...]] = []
    forward = FoldedOperator.forward

    def watched(self: FoldedOperator, photo: torch.Tensor, *more: torch.Tensor) -> torch.Tensor:
        seen.append(tuple(photo.shape))
        return forward(self, photo, *more)

    monkeypatch.setattr(FoldedOperator, "forward", watched)
    monkeypatch.setattr(tiles, "TILE", 96)
    told: list[float] = []
    tiled = draw(folded, photo, 1.0, 700, told.append)
    assert len(seen) > 1
    assert max(max(shape[:2]) for shape in seen) <= 96 + 3 * tiles.MARGIN
    assert told == pytest.approx(np.arange(1, len(seen) + 1) / len(seen))
    np.testing.assert_allclose(tiled, whole, atol=1e-5)


@pytest.mark.parametrize("name", ["rtv", "colour-pencil", "film"])
def test_shipped_tiled_is_whole_within_a_level(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the number format of this computer."""
    photo = natural(200, 460, seed=5)
    op = learned_inference.learned(name)
    whole = np.asarray(op(photo, 1.0)).astype(int)
    monkeypatch.setattr(tiles, "TILE", 160)
    assert np.abs(np.asarray(op(photo, 1.0)) - whole).max() <= 1


@pytest.mark.parametrize("name", LEARNED)
def test_strength_0_is_the_photo_and_the_slider_moves_evenly(name: str) -> None:
    op = learned_inference.learned(name)
    photo = natural(70, 90, seed=6)
    assert np.array_equal(op(photo, 0.0), photo)
    source = _float(photo)
    strengths = np.linspace(0, 1, 6)
    looks = [np.asarray(op.render(source, float(s), 400)) for s in strengths]
    assert np.array_equal(looks[0], source)
    steps = [float(np.abs(b - a).mean()) for a, b in pairwise(looks)]
    assert min(steps) > 0
    if name == LENS_BLUR:  # its radius follows the strength, which moves less and less
        assert max(steps) < 3 * float(np.median(steps)), "no jump"
    else:
        assert max(steps) < 1.01 * min(steps), "no jump"
    away = [psnr(np.asarray(op(photo, float(s))), photo) for s in strengths[1:]]
    assert away == sorted(away, reverse=True)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (33, 2), (17, 31), (48, 64)])
@pytest.mark.parametrize("name", ["l0-smoothing", "colour-pencil"])
def test_any_size(name: str, size: tuple[int, int]) -> None:
    photo = natural(*size, seed=1)
    look = np.asarray(learned_inference.learned(name)(photo, 0.8))
    assert look.shape == photo.shape
    assert look.dtype == np.uint8


def test_what_the_photo_is_padded_with_hardly_matters() -> None:
    """An odd-sized picture looks like a part of a larger one, but near its border."""
    photo = natural(203, 301, seed=8)
    look = np.asarray(
        learned_inference.learned("multiscale-tone")(photo[:199, :297], long_edge=301)
    )
    larger = np.asarray(learned_inference.learned("multiscale-tone")(photo))
    assert psnr(look[:120, :200], larger[:120, :200]) > 40


@pytest.mark.parametrize("name", ON_WORKING_SCALE)
def test_preview_and_export_agree(name: str) -> None:
    """The look of a photo larger than the working scale, reduced, is the preview's look: close to
    it, and farther from the reference's, reduced likewise, by less than 1 dB."""
    photo = natural(300, 1728, seed=9)
    size = (WORKING_LONG_EDGE, 200)
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    op = learned_inference.learned(name)
    preview, export = np.asarray(op(small, 1.0)), np.asarray(op(photo, 1.0))
    reduced = cv2.resize(export, size, interpolation=cv2.INTER_AREA)
    reference = np.asarray(OPERATORS[name](small, 1.0))
    exported = np.asarray(OPERATORS[name](photo, 1.0))
    expected = cv2.resize(exported, size, interpolation=cv2.INTER_AREA)
    assert psnr(reduced, preview) > 36
    assert psnr(reduced, expected) > psnr(preview, reference) - 1


def test_only_what_was_learned() -> None:
    with pytest.raises(KeyError, match="exposure"):
        learned_inference.learned("exposure")
