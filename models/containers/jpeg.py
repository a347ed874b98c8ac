"""JPEG containers: what is needed to restore the photo, as bits that survive the JPEG codec.

Two layers of bits live in the picture (`models.containers.jpeg_channel`):

* the *base* outlives a second compression; it carries a colour prediction
  (`models.coding.colour_prediction`) and, where there is room, a first code of what that misses
  (`models.coding.residual_codec`);
* the *detail* carries the map of its own carriers, in those that are always on, and a second code
  of what the first one misses. It is lost when the file is compressed again; the base then stands
  alone.
"""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models import zoo
from models.coding import colour_prediction, residual_codec
from models.containers import bit_allocation
from models.containers.container import (
    Change,
    Container,
    Detection,
    Embedding,
    JpegSettings,
    Mark,
    Medium,
    Progress,
    Received,
    Restored,
    Trust,
)
from models.containers.jpeg_carriers import Carriers
from models.containers.jpeg_channel import (
    FEWEST_BLOCKS,
    RESAVED,
    JpegChannel,
    ReceivedBase,
    SoftBase,
    compressed,
)
from models.containers.jpeg_message import LAYOUT, BaseHeader, unpack_map
from models.containers.jpeg_rates import Payload, send_at_working_rates
from models.containers.places import JPEG_BASE
from models.metrics import psnr
from models.problems import NoRoom, Problem, Unreadable

if TYPE_CHECKING:
    from models.networks.refinement import RefinementNetwork

LOWEST_QUALITY = 75
"""Exports below this quality carry nothing."""

MOST_LOSS = 0.022
"""Structural similarity that carrying may cost, as far as it can be told in advance."""

MOST_NOISE = 11.5
"""Squared error, in levels² per pixel, that carrying may cost: 37.5 dB."""

NOISE_PER_MISS = 0.3
"""A photo that follows almost wholly from its look is not worth as much: the noise stays below that
share of the squared error that the colour prediction leaves."""

LEAST_NOISE = 1.0
"""But so much is always allowed."""

GENTLE = 34.0
"""From that likeness of look and photo on (dB) it is asked whether the look as it was received may
be the better photo once the detail is lost."""

TOO_STRONGLY = Problem("compressed-too-strongly")
"""Why a recognised container cannot be read any more."""

_SAMPLES = 100_000


class JpegContainer(Container):
    """In the pixels of JPEG files of quality 75 and above."""

    id = f"jpeg-{LAYOUT}"
    place = JPEG_BASE
    numbers = (LAYOUT,)
    survives = frozenset({Change.METADATA_REMOVED, Change.SAVED_LOSSLESS, Change.COMPRESSED_AGAIN})

    def fits(self, medium: Medium) -> bool:
        """For JPEG files."""
        return medium.kind == "jpeg"

    def weights(self) -> tuple[str, ...]:
        """Those of the network that mends what was decoded."""
        return (zoo.newest(zoo.REFINEMENT).name,)

    def embed(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        medium: Medium,
        device: str,
        progress: Progress | None = None,
    ) -> Embedding:
        """See `Container.embed`; the result has to be compressed with just these settings."""
        settings = JpegSettings(medium.quality, medium.subsampling)
        return Embedding(embed(photo, look, settings, progress))

    def detect(self, received: Received, mark: Mark) -> Detection:
        """See `Container.detect`."""
        assert isinstance(mark.reading, SoftBase)
        base = mark.reading.receive()
        return self.found(mark, None if base is not None else TOO_STRONGLY, base)

    def extract(
        self,
        received: Received,
        detection: Detection,
        device: str,
        progress: Progress | None = None,
    ) -> Restored:
        """See `Container.extract`. Nothing proves that a picture was not changed."""
        base = detection.reading
        if not isinstance(base, ReceivedBase):
            raise Unreadable(TOO_STRONGLY)
        from models.networks.device import pick_device
        from models.networks.pretrained import load_refinement

        (name,) = self.weights()
        network = load_refinement(name, pick_device(device))
        pixels = extract(network, received.pixels, base, progress)
        return Restored.alike(pixels, Trust.UNPROVEN)


def embed(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    jpeg: JpegSettings,
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """A picture like `look` that carries `photo` through a JPEG file.

    Args:
        photo, look: H x W x 3 uint8 of equal shape.
        jpeg: what the picture will be written with.

    Returns:
        H x W x 3 uint8, to be compressed with just these settings.

    Raises:
        NoRoom: for a picture too small or a quality too low.
    """
    report = progress or (lambda share: None)
    height, width = look.shape[:2]
    if (height // 8) * (width // 8) < FEWEST_BLOCKS:
        raise NoRoom(Problem("jpeg-too-small", width=width, height=height))
    if jpeg.quality < LOWEST_QUALITY:
        raise NoRoom(Problem("jpeg-quality-too-low", quality=jpeg.quality, least=LOWEST_QUALITY))
    channel = JpegChannel.of(height, width, jpeg)
    carriers = channel.carriers
    squares = _densities(photo, look, carriers)
    densities = bit_allocation.to_blocks(squares, carriers.rows, carriers.columns)
    report(0.1)
    base, detail = channel.random_bits()
    received = compressed(channel.send(look, densities, base, detail), jpeg)
    report(0.2)
    rates = channel.likely_rates(received, densities, base, detail)
    del base, detail
    middle = channel.without_bits(received, densities)
    colours = colour_prediction.fit(middle, photo)
    predicted = colour_prediction.predict(middle, colours)
    keep = psnr(look, photo) > GENTLE and _better_as_received(received, photo, channel, colours)
    del received, middle
    report(0.35)
    payload = Payload(photo, look, predicted, colours, keep, squares, LAYOUT)
    container = send_at_working_rates(channel, payload, rates, report)
    report(1.0)
    return container


def _better_as_received(
    received: NDArray[np.uint8], photo: NDArray[np.uint8], channel: JpegChannel, colours: bytes
) -> bool:
    """Whether, after one more compression, the picture is closer to the photo than what the base
    makes of it."""
    again = compressed(received, RESAVED[-1])
    predicted = colour_prediction.predict(channel.without_bits(again, None), colours)
    return psnr(again, photo) > psnr(predicted.astype(np.uint8), photo)


def _densities(
    photo: NDArray[np.uint8], look: NDArray[np.uint8], carriers: Carriers
) -> NDArray[np.uint8]:
    """How many bits each square of 16 x 16 pixels carries."""
    bits = 4.0 * np.array(carriers.counts)
    every = max(1, round(math.sqrt(look.size / 3 / _SAMPLES)))
    few, wanted = look[::every, ::every], photo[::every, ::every]
    predicted = colour_prediction.predict(few, colour_prediction.fit(few, wanted))
    missed = float(np.square(predicted.astype(np.float32) - wanted).mean())
    noise = min(MOST_NOISE, max(LEAST_NOISE, NOISE_PER_MISS * missed))
    return bit_allocation.choose(look, bits, carriers.noises(), MOST_LOSS, noise)


def extract(
    network: RefinementNetwork | None,
    pixels: NDArray[np.uint8],
    base: ReceivedBase,
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """The photo in a container read back from a JPEG file; H x W x 3 uint8 in and out.

    Args:
        network: mends what was decoded; None leaves it as it was coded.
        base: what the pixels' base says.
    """
    report = progress or (lambda share: None)
    height, width = pixels.shape[:2]
    header = base.header
    channel = JpegChannel.of(height, width, header.jpeg)
    carriers = channel.carriers

    soft = channel.soft_detail(pixels)
    message = channel.decode_always(soft, header.rates)
    rows, columns = -(-carriers.rows // 2), -(-carriers.columns // 2)
    squares = unpack_map(message, rows, columns, len(carriers.counts))
    if squares is None and header.keep:
        return pixels.copy()
    codes = [base.message[BaseHeader.SIZE :]] if header.coded else []
    densities = None
    if squares is not None:
        densities = bit_allocation.to_blocks(squares[0], carriers.rows, carriers.columns)
        codes.append(message[squares[1] :] + channel.decode_more(soft, densities, header.rates))
    del soft
    report(0.3)
    middle = channel.without_bits(pixels, densities)
    picture = colour_prediction.predict(middle, header.colours).astype(np.float32)
    report(0.5)
    step: float | None = None
    for code in codes:
        with contextlib.suppress(residual_codec.NoResidual):  # damaged
            picture += residual_codec.decode(code, height, width)
            step = residual_codec.step_of(code, height, width)
    report(0.8)
    np.clip(np.rint(picture, out=picture), 0, 255, out=picture)
    decoded = picture.astype(np.uint8)
    del picture
    if network is None:
        return decoded
    from models.networks import inference

    return inference.refine(network, decoded, middle, step, lambda share: report(0.8 + 0.2 * share))
