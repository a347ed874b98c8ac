"""Lossless containers: the network's picture, the fine layer in its lowest levels, and the stamp.

    hide:   photo, look -> network -> classes of levels -> reveal -> what is missing -> fine layer
    reveal: container -> classes -> network -> photo, nearly -> fine layer -> photo

A gentle look needs no network: there the classes are the look's own, the first guess is a colour
prediction (`models.coding.colour_prediction`), and the fine layer does the rest; such a *direct*
container is closer to the look than the network's.

The network sees only classes of `lattice` neighbouring levels; which level of a class is written
belongs to the residual codec (`models.coding.residual_codec`) and, in a few samples, to the
watermark by which the container is recognised (`models.containers.watermark`).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import colour_prediction, residual_codec
from models.containers.watermark import Recognition, recognise, stamp, stamped_samples
from models.metrics import psnr
from models.networks import inference
from models.networks.invertible import QuasiInvertibleNetwork

LATTICES = (2, 4)
"""Lattices that a container may have, in the order in which they are tried."""

GOAL = 38.0
"""Restored PSNR in dB below which the next lattice is tried, at some cost to the container."""

DIRECT_GOAL = 44.0
"""Restored PSNR in dB from which a direct container is good enough."""

Progress = Callable[[float], None]


TOO_MUCH_CHANGED = "too much of it was changed since it was exported"


class Damaged(ValueError):
    """A container too damaged to give its photo back; says why."""


@dataclass(frozen=True)
class Key:
    """What a container's stamp says: the weights' number, the lattice, and whether it is direct."""

    weights: int
    lattice: int
    direct: bool = False

    @property
    def number(self) -> int:
        """As one number, for `models.containers.watermark`."""
        return self.weights * 16 + self.direct * 8 + self.lattice

    @staticmethod
    def of(number: int) -> Key:
        """Back from `number`."""
        return Key(number // 16, number % 8, bool(number & 8))


def hide(
    network: QuasiInvertibleNetwork,
    weights: int,
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """A picture like `look` that carries `photo`.

    A direct container is tried first and kept if it reaches `DIRECT_GOAL`; the network's follow,
    from the finest lattice on, until one reaches `GOAL`.

    Args:
        network: the invertible branch.
        weights: the number of its weights, for the stamp.
        photo, look: H x W x 3 uint8 of equal shape, with room for a stamp.

    Returns:
        H x W x 3 uint8.
    """
    report = progress or (lambda share: None)
    container, restored = _hide(network, Key(weights, LATTICES[0], True), photo, look, _silent)
    best = psnr(restored, photo)
    if best >= DIRECT_GOAL:
        report(1.0)
        return container
    for i, lattice in enumerate(LATTICES):

        def step(share: float, i: int = i) -> None:
            report(0.1 + 0.9 * (i + share) / len(LATTICES))

        candidate, restored = _hide(network, Key(weights, lattice), photo, look, step)
        quality = psnr(restored, photo)
        if quality > best + 0.5:  # else the finer container is the better one
            best, container = quality, candidate
        if best >= GOAL:
            break
    report(1.0)
    return container


def _silent(share: float) -> None:
    """No progress."""


def _hide(
    network: QuasiInvertibleNetwork,
    key: Key,
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    report: Progress,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The container for one lattice, and the photo that will be restored from it."""
    head = b""
    if key.direct:
        classes = look - look % key.lattice
        head = colour_prediction.fit(classes, photo)
        revealed = _predicted(classes, head)
    else:
        classes = inference.hide(network, photo, look, key.lattice, lambda s: report(0.4 * s))
        revealed = inference.reveal(network, classes, key.lattice, lambda s: report(0.4 + 0.3 * s))
    residual = photo.astype(np.int16) - revealed
    free = _free_samples(photo.shape, key)
    bits_each = key.lattice.bit_length() - 1
    if head:
        head += struct.pack("<I", zlib.crc32(head))
    spare = len(head) + residual_codec.header_size(*photo.shape[:2])
    code = residual_codec.encode(residual, free.size * bits_each // 8 - len(head) - spare - 1)
    container = classes + np.clip(look.astype(np.int16) - classes, 0, key.lattice - 1).astype(
        np.uint8
    )
    restored = revealed
    if code is not None:
        flat = container.reshape(-1)
        data = head + code.data
        _write(flat, free, data, bits_each)
        # The start once more at the picture's other end: without it nothing can be decoded.
        _write(flat, free[-_samples_for(spare, bits_each) :], data[:spare], bits_each)
        restored = _add(revealed, code.decoded)
    elif key.direct:
        restored = classes  # no room even for the prediction
    report(1.0)
    return stamp(container, key.number), restored


def reveal(
    network: QuasiInvertibleNetwork,
    key: Key,
    container: NDArray[np.uint8],
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """The photo in a container; H x W x 3 uint8 in and out.

    Where the fine layer is damaged, the network's part alone is given.

    Raises:
        Damaged: where it is a direct container, which has no other part.
    """
    report = progress or (lambda share: None)
    free = _free_samples(container.shape, key)
    bits_each = key.lattice.bit_length() - 1
    flat = np.ascontiguousarray(container).reshape(-1)
    data = _read(flat, free, bits_each)
    head = colour_prediction.SIZE + 4 if key.direct else 0
    height, width = container.shape[:2]
    size = head + residual_codec.header_size(height, width)
    spare = _read(flat, free[-_samples_for(size, bits_each) :], bits_each)
    if key.direct:
        coefficients = _undamaged(data[:head]) or _undamaged(spare[:head])
        if coefficients is None:
            raise Damaged(TOO_MUCH_CHANGED)
        revealed = _predicted(container - container % key.lattice, coefficients)
    else:
        revealed = inference.reveal(network, container, key.lattice, lambda s: report(0.7 * s))
    try:
        residual = residual_codec.decode(data[head:], height, width, spare[head:])
    except residual_codec.NoFineLayer:
        if key.direct:
            raise Damaged(TOO_MUCH_CHANGED) from None
        return revealed
    report(1.0)
    return _add(revealed, residual)


def find(pixels: NDArray[np.uint8], weights: Iterable[int]) -> tuple[Key, Recognition] | None:
    """The key of a container made with one of these weights, and how sure that is; else None."""
    keys = [
        Key(number, lattice, direct).number
        for number in weights
        for lattice in LATTICES
        for direct in (False, True)
    ]
    found = recognise(pixels, keys)
    return None if found is None else (Key.of(found.number), found)


def _samples_for(size: int, bits_each: int) -> int:
    """How many samples hold that many bytes."""
    return -(-8 * size // bits_each)


def _undamaged(head: bytes) -> bytes | None:
    """The bytes before a CRC-32 of them; None where it does not agree."""
    if len(head) < 4 or struct.unpack("<I", head[-4:])[0] != zlib.crc32(head[:-4]):
        return None
    return head[:-4]


def _predicted(classes: NDArray[np.uint8], coefficients: bytes) -> NDArray[np.uint8]:
    return colour_prediction.predict(classes, coefficients).astype(np.uint8)


def _add(revealed: NDArray[np.uint8], residual: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Revealed photo plus residual, by bands, so that a large picture needs little memory."""
    photo = np.empty_like(revealed)
    for y in range(0, len(photo), 256):
        total = residual[y : y + 256] + revealed[y : y + 256]
        np.rint(total, out=total)
        np.clip(total, 0, 255, out=total)
        photo[y : y + 256] = total
    return photo


def _free_samples(shape: tuple[int, ...], key: Key) -> NDArray[np.signedinteger]:
    """Flat indices of the samples that are not stamped, in writing order."""
    free = np.ones(shape[0] * shape[1] * 3, bool)
    free[stamped_samples(shape[0], shape[1], key.number)] = False
    places = np.flatnonzero(free)
    return places.astype(np.int32) if free.size < 2**31 else places


def _write(flat: NDArray[np.uint8], free: NDArray[np.integer], data: bytes, bits_each: int) -> None:
    """Put bytes into the lowest `bits_each` bits of samples, most significant bit first."""
    stream = np.unpackbits(np.frombuffer(data, np.uint8))
    bits = np.pad(stream, (0, -stream.size % bits_each)).reshape(-1, bits_each)
    weights = (1 << np.arange(bits_each)[::-1]).astype(np.uint8)
    values = (bits * weights).sum(axis=1, dtype=np.uint8)
    where = free[: values.size]
    flat[where] = (flat[where] & (0xFF << bits_each & 0xFF)) | values


def _read(flat: NDArray[np.uint8], free: NDArray[np.integer], bits_each: int) -> bytes:
    """All bits of the free samples, as bytes."""
    values = flat[free]
    bits = np.empty((values.size, bits_each), np.uint8)
    for k in range(bits_each):
        bits[:, k] = (values >> (bits_each - 1 - k)) & 1
    return np.packbits(bits.reshape(-1)).tobytes()
