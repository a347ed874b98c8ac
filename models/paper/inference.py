"""The paper's network on whole pictures, through real files."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.containers.container import JpegSettings, Medium
from models.containers.jpeg_codec import compressed
from models.networks.inference import in_tiles
from models.paper.network import PaperNetwork

Picture = NDArray[np.uint8]

LATENT_SEED = 0
"""Of the noise on the way back, so that a photo is restored alike each time."""


def embed(network: PaperNetwork, photo: Picture) -> Picture:
    """The exported picture, before it is written; H x W x 3 uint8 in and out, any size."""

    def run(x: Tensor) -> Tensor:
        return network.embed(x)[0]

    return in_tiles(run, network.config.multiple, _device(network), (photo,), None)


def extract(network: PaperNetwork, export: Picture) -> Picture:
    """The restored photo; H x W x 3 uint8 in and out, any size."""
    generator = torch.Generator().manual_seed(LATENT_SEED)

    def run(x: Tensor) -> Tensor:
        return network.extract(x, generator=generator)

    return in_tiles(run, network.config.multiple, _device(network), (export,), None)


def read_back(picture: Picture, medium: Medium) -> Picture:
    """What is read from a file of a picture; H x W x 3 uint8 in and out."""
    if medium.lossless:
        return picture
    return compressed(
        np.ascontiguousarray(picture), JpegSettings(medium.quality, medium.subsampling)
    )


def _device(network: PaperNetwork) -> torch.device:
    return next(network.parameters()).device
