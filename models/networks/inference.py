"""Embedding and extracting on pictures of any size, in bounded memory.

A picture is padded to whole blocks and worked on in tiles; each tile is computed with a margin
around it that is thrown away, so that the tiles join without a seam.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.networks import refinement, unet
from models.networks.blind_baseline import BlindBaseline
from models.networks.device import number_format
from models.networks.invertible import QuasiInvertibleNetwork
from models.networks.quantisation import round_to_lattice
from models.networks.refinement import RefinementNetwork

TILE = 768
"""Side of a tile in pixels, without its margin."""

REFINED_TILE = 512
"""The same of what the refinement works on: so much stays in the processor's caches."""

MARGIN = 64
"""Pixels around a tile that are computed and thrown away."""

Progress = Callable[[float], None]
"""Called with the share of the work that is done, 0..1; may raise to cancel."""


def embed(
    network: QuasiInvertibleNetwork,
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    lattice: int = 1,
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """The container of a look that carries its photo.

    Args:
        photo, look: H x W x 3 RGB uint8 of equal shape, any size from 1 x 1.
        lattice: see `quantisation.round_to_lattice`.

    Returns:
        H x W x 3 uint8, close to `look`: the lowest level of each class of `lattice` levels, so
        0..255 with a lattice of 1 and multiples of it otherwise.
    """
    if photo.shape != look.shape:
        raise ValueError(f"Photo {photo.shape} and look {look.shape} differ in size.")

    def run(i: Tensor, t: Tensor) -> Tensor:
        middle = (lattice - 1) / 2
        return round_to_lattice(network.embed(i, t)[0], lattice) - middle / 255

    return in_tiles(run, network.config.block, _device(network), (photo, look), progress)


def extract(
    network: QuasiInvertibleNetwork,
    container: NDArray[np.uint8],
    lattice: int = 1,
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """The photo that a container carries; H x W x 3 uint8 in and out, any size from 1 x 1.

    Whatever is written in the levels below `lattice` makes no difference.
    """
    classes = container - container % lattice
    middle = (lattice - 1) / 2

    def run(y: Tensor) -> Tensor:
        return network.extract(y + middle / 255)[0]

    return in_tiles(run, network.config.block, _device(network), (classes,), progress)


def estimate_blindly(network: BlindBaseline, look: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The baseline's estimate of the photo, in one piece; H x W x 3 uint8 in and out."""
    height, width = look.shape[:2]
    with torch.inference_mode():
        x = _to_tensor(look, unet.MULTIPLE, _device(network))
        return _to_pixels(network(x))[:height, :width]


def refine(
    network: RefinementNetwork,
    pictures: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
    conditions: NDArray[np.float32],
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """The refined photo; see `RefinementNetwork`.

    Args:
        pictures: decoded photo, prediction, export; H x W x 3 each, any size from 1 x 1.
        conditions: `refinement.CONDITIONS` x ceil(H / 16) x ceil(W / 16).

    Returns:
        H x W x 3 uint8.
    """
    device = _device(network)
    reduced = number_format(device)
    told = torch.from_numpy(conditions)[None].to(device)
    height, width = pictures[0].shape[:2]
    size = REFINED_TILE
    result = np.empty_like(pictures[0])
    tiles = list(_tiles(height, width, size))
    margin = -(-network.reach // refinement.MULTIPLE) * refinement.MULTIPLE
    with torch.inference_mode():
        for done, (y, x) in enumerate(tiles):
            rows, columns = (
                slice(max(0, start - margin), start + size + margin) for start in (y, x)
            )
            inputs = [_in_rows(p[rows, columns], device) for p in pictures]
            squares = told[:, :, _squares(rows), _squares(columns)]
            with torch.autocast(device.type, reduced, enabled=reduced != torch.float32):
                output = _to_pixels(network(*inputs, squares).float())
            inner = output[y - rows.start :, x - columns.start :][:size, :size]
            target = result[y : y + size, x : x + size]
            target[...] = inner[: target.shape[0], : target.shape[1]]
            if progress is not None:
                progress((done + 1) / len(tiles))
    return result


def _in_rows(picture: NDArray[np.uint8], device: torch.device) -> Tensor:
    """As `_to_tensor`, colours last in memory."""
    down, across = (-n % refinement.MULTIPLE for n in picture.shape[:2])
    padded = np.pad(picture, ((0, down), (0, across), (0, 0)), mode="edge")
    return torch.from_numpy(padded)[None].to(device).float().div_(255).permute(0, 3, 1, 2)


def _squares(pixels: slice) -> slice:
    size = refinement.MULTIPLE
    return slice(pixels.start // size, -(-pixels.stop // size))


def in_tiles(
    run: Callable[..., Tensor],
    block: int,
    device: torch.device,
    pictures: tuple[NDArray[np.uint8], ...],
    progress: Progress | None,
) -> NDArray[np.uint8]:
    """What `run` makes of pictures, tile by tile; H x W x 3 uint8 in and out, any size.

    Args:
        run: on tiles of the pictures, 1 x 3 x H' x W' in 0..1, to one such tile, not clipped.
        block: what the sides of a tile must be multiples of.
    """
    height, width = pictures[0].shape[:2]
    result = np.empty_like(pictures[0])
    tiles = list(_tiles(height, width, TILE))
    with torch.inference_mode():
        for done, (y, x) in enumerate(tiles):
            top, left = max(0, y - MARGIN), max(0, x - MARGIN)
            bottom, right = min(height, y + TILE + MARGIN), min(width, x + TILE + MARGIN)
            inputs = [_to_tensor(p[top:bottom, left:right], block, device) for p in pictures]
            output = _to_pixels(run(*inputs))
            rows, columns = min(TILE, height - y), min(TILE, width - x)
            result[y : y + rows, x : x + columns] = output[
                y - top : y - top + rows, x - left : x - left + columns
            ]
            if progress is not None:
                progress((done + 1) / len(tiles))
    return result


def _device(network: nn.Module) -> torch.device:
    return next(network.parameters()).device


def _tiles(height: int, width: int, size: int) -> Iterator[tuple[int, int]]:
    for y in range(0, height, size):
        for x in range(0, width, size):
            yield y, x


def _to_tensor(picture: NDArray[np.uint8], block: int, device: torch.device) -> Tensor:
    """H x W x 3 uint8 to 1 x 3 x H' x W' in 0..1, the last row and column repeated up to whole
    blocks."""
    down, across = (-n % block for n in picture.shape[:2])
    padded = np.pad(picture, ((0, down), (0, across), (0, 0)), mode="edge")
    tensor = torch.from_numpy(np.ascontiguousarray(padded.transpose(2, 0, 1)))[None].to(device)
    return tensor.float().div_(255)


def _to_pixels(x: Tensor) -> NDArray[np.uint8]:
    return x[0].mul(255).round_().clamp_(0, 255).byte().permute(1, 2, 0).cpu().numpy()
