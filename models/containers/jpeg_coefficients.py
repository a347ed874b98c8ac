"""JPEG containers: the photo in the quantised coefficients of its look's file.

What is carried is said in `coefficient_channel`: the header has the colour prediction
(`coding.colour_prediction`) and the weights with which it is to be taken
(`coding.weighted_prediction`); each tile's message is what that misses there, coded by AV1
(`coding.residual_tile`). Both predict from the same picture, the coefficients in the middle of
their pairs, which hiding does not change. Read from the file, everything comes back bit for bit;
what was changed since is found by the checks of squares and the checksums of tiles.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from models.coding import av1, colour_prediction, finer_detail, residual_tile, weighted_prediction
from models.coding.random_streams import Purpose, Stream
from models.containers import coefficient_channel, coefficients, embedding_costs, rate_planning
from models.containers.coefficient_channel import Area, Cut, Grid
from models.containers.coefficients import Coefficients, Planes, Subsampling
from models.containers.container import Progress
from models.containers.watermark import CERTAIN
from models.metrics import ssim
from models.problems import NoRoom, Problem, Unreadable

__all__ = ["Recognition", "Restored", "State", "detect", "embed", "extract", "upright"]

VERSION = 1
"""Of the layout; checks of squares are made with it."""

LOSS = 0.0188
"""Structural similarity that carrying may cost."""

MOST_LOSS = 0.0196
"""It is done again with less where it did cost more."""

COST = 2.2
"""What may be spent in all, in the units of `embedding_costs`: bounds the file's growth."""

QUALITIES = (10, 45, 70, 92)
"""Of AV1, at which every tile is tried first."""

COARSE = 30
"""A tile that is to be coded at a lower quality is also tried at half the size."""

_MAGIC = b"PC"
_HEADER = struct.Struct(
    f"<2sB{colour_prediction.SIZE}s{weighted_prediction.SIZE}s{finer_detail.SIZE}s"
)  # magic, version
_TILE = struct.Struct("<HBBH")  # bytes of the message, last places of luma and chroma, seal
_CRC = struct.Struct("<I")

_ATTEMPTS, _MOST_ATTEMPTS = 4, 7  # where one of them was good enough, and where none was
_ENOUGH = 0.0176  # similarity lost, from which on no further attempt is made
_LARGE = 3 * 4_000_000  # samples of a picture for which a first success is good enough
_FAST = 8
_SPEEDS = ((1_500_000, 5), (4_000_000, 6))
"""Up to so many pixels the code is made at that speed of AV1's: at equal bits 5 is 0.3 to 0.6 dB
better than 8 and takes ten times as long."""
_NO_CUT, _EVERY = Cut(3, 1), Cut(63, 63)
_SAMPLED_BLOCKS = 100  # of each plane of a tile
_MEASURED = 1 << 20  # pixels in which similarity is measured
_MEASURED_ROWS = 22  # blocks


# -- hiding --------------------------------------------------------------------------------------


def embed(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    quality: int,
    subsampling: Subsampling,
    progress: Progress | None = None,
    layered: NDArray[np.uint8] | None = None,
) -> Coefficients:
    """The coefficients of a JPEG that looks like `look` and carries `photo`.

    Args:
        photo, look: H x W x 3 uint8 of equal shape.
        quality: of the file, libjpeg's scale.
        subsampling: of its chroma.
        layered: the look with what another layer, one that outlives compression, carries in its
            lowest luma frequencies; they are left alone, and what that layer costs is counted.

    Raises:
        NoRoom: for a picture too small.
    """
    report = progress or (lambda share: None)
    job = _Job.of(photo, look, quality, subsampling, look if layered is None else layered)
    report(0.25)
    budget, likely = job.budget()
    difference = _told(likely, job.clean, job.colours, job.weights) - job.told
    best = None
    report(0.35)
    for attempt in range(_MOST_ATTEMPTS):
        made, lost, bounded = job.made(budget, difference)
        report(0.5 + 0.5 * attempt / _MOST_ATTEMPTS)
        if lost <= MOST_LOSS and (best is None or lost > best[1]):
            best = made, lost
        enough = bounded or lost > _ENOUGH or photo.size > _LARGE
        if best is not None and (enough or attempt + 1 >= _ATTEMPTS):
            break
        budget *= min(1.3, max(0.4, 0.97 * LOSS / max(lost, 1e-6)))
        if best is None and attempt + 2 == _MOST_ATTEMPTS:
            budget = 0.0
    if best is None:
        raise NoRoom(Problem("jpeg-too-flat"))
    report(1.0)
    return best[0]


@dataclass(frozen=True, eq=False)
class _Job:
    """An export in the making."""

    look: NDArray[np.uint8]
    reference: Planes  # of the look alone
    clean: Coefficients
    others: Planes
    costs: list[NDArray[np.float32]]
    colours: bytes
    weights: bytes
    told: NDArray[np.float32]
    tiles: list[_Tile]
    capacities: list[rate_planning.Capacity]

    @property
    def grid(self) -> Grid:
        return Grid.of(self.clean.height, self.clean.width, self.clean.subsampling)

    @staticmethod
    def of(
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        quality: int,
        subsampling: Subsampling,
        layered: NDArray[np.uint8],
    ) -> _Job:
        height, width = look.shape[:2]
        grid = Grid.of(height, width, subsampling)
        if min(grid.rows, grid.columns) == 0:
            raise NoRoom(Problem("jpeg-too-small", width=width, height=height))
        tables = coefficients.tables_of(quality)
        values = _in_steps(layered, subsampling, tables)
        planes = _rounded(values)
        reference = planes if layered is look else _rounded(_in_steps(look, subsampling, tables))
        clean = Coefficients(height, width, subsampling, tables, planes)
        others, costs, losses = _costs(look, clean, values)
        del values
        colours, weights, told = _prediction(photo, clean)
        residual = photo - told
        tiles = grid.tiles()
        samples = [_sample(grid, area, losses, costs) for area in tiles]
        capacities = [rate_planning.Capacity.of(sample, height * width) for sample in samples]
        speed = next((s for most, s in _SPEEDS if height * width <= most), _FAST)
        coded = [_Tile(residual[_pixels(grid, area, height, width)], speed) for area in tiles]
        return _Job(
            look, reference, clean, others, costs, colours, weights, told, coded, capacities
        )

    @property
    def writer(self) -> coefficient_channel.Writer:
        return coefficient_channel.Writer(self.grid, self.clean.planes, self.others, self.costs)

    def budget(self) -> tuple[float, Planes]:
        """Similarity that the tiles' messages may cost by what is told in advance, and what the
        container will be like.

        What a header costs is tried; so is by how much similarity suffers more than was told, from
        changes at random.
        """
        count = len(self.capacities)
        size = _HEADER.size + count * _TILE.size + _CRC.size
        dummy = Stream(Purpose.JPEG_TRIAL).bits(8 * size)
        header = np.packbits(dummy).tobytes()
        bare, left = self.clean.planes, LOSS
        if self.reference is not bare:
            left = max(0.2 * LOSS, LOSS - self._lost(bare))
        if self.look.size <= _LARGE:  # in larger ones the header is next to nothing
            bare = self.writer.put(VERSION, lambda _: header, [b""] * count, [_NO_CUT] * count)
            left = max(0.2 * LOSS, LOSS - self._lost(bare))
        choice = self._choice(left, COST)
        changed = [plane.copy() for plane in bare]
        for place, area in enumerate(self.grid.tiles()):
            capacity = self.capacities[place]
            strength = np.exp(
                np.interp(choice.bits[place], capacity.bits, np.log(rate_planning.STRENGTHS))
            )
            for plane, costs in enumerate(self.costs):
                blocks = self.grid.blocks(plane, area)
                exponent = np.clip(costs[blocks] * np.float32(strength), -30, 30)
                words = Stream(Purpose.JPEG_TRIAL, 1 + place * 3 + plane).words(exponent.size)
                chance = (words >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)
                taken = chance.reshape(exponent.shape) < 1 / (1 + np.exp(exponent))
                used = np.zeros(64, bool)
                used[_EVERY.places(plane)] = True
                taken &= used.reshape(8, 8)
                ours = changed[plane][blocks]
                np.copyto(ours, self.others[plane][blocks], where=taken)
        likely = changed[0], changed[1], changed[2]
        lost, told = self._lost(likely), choice.loss + LOSS - left
        return left * min(2.0, told / max(lost, 1e-6)), likely

    def _choice(self, loss: float, cost: float) -> rate_planning.Choice:
        """The best qualities within bounds; what they give is not guessed but tried."""
        while True:
            curves = [tile.curves() for tile in self.tiles]
            choice = rate_planning.choose(curves, self.capacities, loss, cost)
            known = [
                tile.tried(quality)
                for tile, quality in zip(self.tiles, choice.qualities, strict=True)
            ]
            if all(known):
                return choice

    def _lost(self, planes: Planes) -> float:
        """Similarity that these coefficients have less than the look's own, sampled."""
        rows = self.clean.planes[0].shape[0]
        pixels = self.clean.height * self.clean.width
        parts = max(1, round(_MEASURED / (8 * _MEASURED_ROWS * self.clean.width)))
        bands = [slice(0, rows)]
        if pixels > 1.5 * _MEASURED:
            starts = np.linspace(0, rows - _MEASURED_ROWS, parts).astype(int) // 2 * 2
            bands = [slice(int(start), int(start) + _MEASURED_ROWS) for start in starts]
        lost = 0.0
        for band in bands:
            look = self.look[8 * band.start : 8 * band.stop]
            before, after = (
                np.rint(coefficients.to_pixels(p, self.clean, band)).astype(np.uint8)
                for p in (self.reference, planes)
            )
            lost += ssim(before, look) - ssim(after, look)
        return lost / len(bands)

    def made(
        self, budget: float, difference: NDArray[np.float32]
    ) -> tuple[Coefficients, float, bool]:
        """A container, how much similarity it has lost, and whether another bound than that on
        similarity was what held it back."""
        choice = self._choice(budget, COST)
        messages, cuts = [], []
        for place, tile in enumerate(self.tiles):
            data = tile.at(choice.qualities[place])
            messages.append(data + _CRC.pack(zlib.crc32(data, place)))
            cuts.append(self.capacities[place].cut(8 * len(messages[-1])))
        missing = np.empty_like(difference)
        for tile, choice_, area in zip(
            self.tiles, choice.qualities, self.grid.tiles(), strict=True
        ):
            pixels = _pixels(self.grid, area, self.clean.height, self.clean.width)
            missing[pixels] = tile.missing(choice_)
        shares = finer_detail.fit([difference], [missing])
        start = _HEADER.pack(_MAGIC, VERSION, self.colours, self.weights, shares)

        def header(written: Planes) -> bytes:
            seals = coefficient_channel.seals(written, self.grid)
            table = b"".join(
                _TILE.pack(len(message), cut.luma, cut.chroma, _seal(seals[area]))
                for message, cut, area in zip(messages, cuts, self.grid.tiles(), strict=True)
            )
            return start + table + _CRC.pack(zlib.crc32(start + table))

        planes = self.writer.put(VERSION, header, messages, cuts)
        made = replace(self.clean, planes=planes)
        return made, self._lost(planes), choice.loss < 0.97 * budget


_FULL, _HALF, _NOTHING = range(3)


class _Tile:
    """A tile's residual and what came of coding it: at full size, at half, not at all."""

    def __init__(self, residual: NDArray[np.float32], speed: int) -> None:
        """`speed`: of the code that is used in the end; what is only tried is coded faster."""
        self._residual = np.ascontiguousarray(residual)
        self._speed = speed
        self._final: dict[tuple[int, int], bytes] = {}
        nothing = self._residual.ravel()
        self._codes: dict[tuple[int, int], tuple[bytes, float]] = {
            (_NOTHING, 0): (b"", float(nothing @ nothing))
        }
        for quality in QUALITIES:
            self._try((_FULL, quality))

    def tried(self, choice: tuple[int, int]) -> bool:
        """Whether a choice of mode and quality had been tried before; now it has."""
        if choice[0] != _HALF and choice[1] < COARSE and (_HALF, QUALITIES[0]) not in self._codes:
            for quality in QUALITIES:
                self._try((_HALF, quality))
            self._try(choice)
            return False
        return self._try(choice)

    def _try(self, choice: tuple[int, int]) -> bool:
        if choice in self._codes:
            return True
        coded = residual_tile.encode(self._residual, choice[1], half=choice[0] == _HALF)
        self._codes[choice] = coded.data, coded.error
        return False

    def at(self, choice: tuple[int, int]) -> bytes:
        """The code in a mode and quality that were tried."""
        mode, quality = choice
        if mode == _NOTHING or self._speed >= _FAST:
            return self._codes[choice][0]
        if choice not in self._final:
            coded = residual_tile.encode(self._residual, quality, mode == _HALF, self._speed)
            self._final[choice] = coded.data
        return self._final[choice]

    def missing(self, choice: tuple[int, int]) -> NDArray[np.float32]:
        """What the code leaves of the residual."""
        data = self.at(choice)
        if not data:
            return self._residual
        return self._residual - residual_tile.decode(data, *self._residual.shape[:2])

    def curves(self) -> list[rate_planning.Curve]:
        """What is known by now, in each mode."""
        result = []
        for mode in (_FULL, _HALF, _NOTHING):
            known = sorted(choice for choice in self._codes if choice[0] == mode)
            if not known:
                continue
            codes = [self._codes[choice] for choice in known]
            bits = [8.0 * (len(data) + _CRC.size) for data, _ in codes]
            growing = np.maximum.accumulate(bits) + np.arange(len(bits)) * 1e-3
            errors = np.array([error for _, error in codes])
            qualities = np.array([float(quality) for _, quality in known])
            result.append(rate_planning.Curve(mode, qualities, growing, errors))
        return result


def _in_steps(
    look: NDArray[np.uint8], subsampling: Subsampling, tables: NDArray[np.int64]
) -> tuple[NDArray[np.float32], ...]:
    """A picture's coefficients in quantiser steps, not rounded."""
    values = coefficients.transformed(look, subsampling)
    for value, table in zip(values, tables, strict=True):
        value /= table.astype(np.float32)
    return values


def _rounded(values: tuple[NDArray[np.float32], ...]) -> Planes:
    y, cb, cr = (np.rint(value).astype(np.int16) for value in values)
    return y, cb, cr


def _costs(
    look: NDArray[np.uint8], clean: Coefficients, values: tuple[NDArray[np.float32], ...]
) -> tuple[Planes, list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    """The other value of every pair, what it costs in all, and of similarity alone."""
    luma = np.square((values[0] - clean.planes[0]) * clean.tables[0].astype(np.float32))
    weights = embedding_costs.similarity_weights(
        look, luma.mean(axis=(2, 3), dtype=np.float32), clean.subsampling
    )
    del luma
    pixels = clean.height * clean.width
    file_bits = 8 * len(coefficients.write(clean))
    others, costs, losses = [], [], []
    for plane, (value, quantised) in enumerate(zip(values, clean.planes, strict=True)):
        other = embedding_costs.pair_of(value, quantised)
        worse = np.square(other - value)
        worse -= np.square(quantised - value)
        worse *= np.square(clean.tables[plane]).astype(np.float32)
        worse *= weights[plane][:, :, None, None]
        lengths = embedding_costs.CodeLengths.of(quantised)
        cost = lengths.grown(quantised, other)
        cost *= np.float32(pixels / file_bits / embedding_costs.GROWTH)
        cost += worse * np.float32(1 / embedding_costs.LOSS)
        others.append(other)
        costs.append(cost)
        losses.append(worse)
    return (others[0], others[1], others[2]), costs, losses


def _sample(
    grid: Grid,
    area: Area,
    losses: list[NDArray[np.float32]],
    costs: list[NDArray[np.float32]],
) -> rate_planning.Sample:
    chosen: list[list[NDArray[np.float32]]] = [[], []]
    blocks = []
    zigzag = _EVERY.places(1)
    for plane in range(3):
        ours = grid.blocks(plane, area)
        for kind, values in enumerate((losses[plane], costs[plane])):
            flat = values[ours].reshape(-1, 64)
            step = max(1, flat.shape[0] // _SAMPLED_BLOCKS)
            chosen[kind].append(flat[::step, zigzag])
        blocks.append(flat.shape[0])
    taken = (
        *coefficient_channel.LEFT_ALONE,
        *coefficient_channel.CHECKS,
        *coefficient_channel.HEADER,
    )
    return rate_planning.Sample(
        chosen[0], chosen[1], blocks, tuple(place for place in taken if place)
    )


def _prediction(
    photo: NDArray[np.uint8], clean: Coefficients
) -> tuple[bytes, bytes, NDArray[np.float32]]:
    """Colour prediction, weights, and what they make of the coefficients, levels."""
    middle = _middle(clean)
    colours = colour_prediction.fit(middle, photo)
    told = colour_prediction.approximate(middle, colours)
    weights = weighted_prediction.fit(told, photo)
    return colours, weights, weighted_prediction.apply(told, weights)


def _told(
    planes: Planes, like: Coefficients, colours: bytes, weights: bytes
) -> NDArray[np.float32]:
    """The prediction from coefficients as they are."""
    seen = coefficients.to_pixels(planes, like)
    return weighted_prediction.apply(colour_prediction.approximate(seen, colours), weights)


def _middle(of: Coefficients) -> NDArray[np.float32]:
    """The picture that hiding does not change: every coefficient in the middle of its pair."""
    return coefficients.to_pixels([coefficient_channel.middles(p) for p in of.planes], of)


def _pixels(grid: Grid, area: Area, height: int, width: int) -> Area:
    """A tile's pixels; the last ones reach to the picture's edges."""
    rows, columns = area
    size = coefficient_channel.SQUARE
    bottom = height if rows.stop == grid.rows else min(height, rows.stop * size)
    right = width if columns.stop == grid.columns else min(width, columns.stop * size)
    return slice(rows.start * size, bottom), slice(columns.start * size, right)


def _seal(seals: NDArray[np.uint32]) -> int:
    """Of a tile, from its squares'."""
    return zlib.crc32(seals.astype("<u4").tobytes()) & 0xFFFF


# -- recognising ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recognition:
    """What the checks of squares say.

    Attributes:
        version: of the layout.
        agreement: share of the squares that have checks and whose checks hold.
        chance: probability that in another picture as many hold.
    """

    version: int
    agreement: float
    chance: float


def detect(received: Coefficients) -> Recognition | None:
    """Whether a JPEG is a container, and of which version; None if it is none."""
    grid = Grid.of(received.height, received.width, received.subsampling)
    if min(grid.rows, grid.columns) == 0:
        return None
    sound, flat = _sound(received, grid)
    trials, agree = int((~flat).sum()), int(sound[~flat].sum())
    if trials == 0:
        return None
    chance = _binomial_tail(agree, trials, 2.0**-coefficient_channel.CHECK_BITS)
    return Recognition(VERSION, agree / trials, chance) if chance < CERTAIN else None


def _binomial_tail(successes: int, trials: int, chance: float) -> float:
    """A bound on the probability of at least that many successes: Chernoff's, exp(-n KL)."""
    share = successes / trials
    if share <= chance:
        return 1.0
    rest = 1 - share
    divergence = share * math.log(share / chance)
    divergence += rest * math.log(rest / (1 - chance)) if rest else 0.0
    return math.exp(-trials * divergence)


def upright(received: Coefficients) -> tuple[Coefficients, Recognition] | None:
    """A container that may have been turned or mirrored without loss, as it was made."""
    for turn in coefficients.TURNS:
        turned = coefficients.turned(received, *turn)
        found = detect(turned)
        if found is not None:
            return turned, found
    return None


def _sound(received: Coefficients, grid: Grid) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which squares' checks hold, and which squares are flat and have none."""
    digests = coefficient_channel.digests(received.planes, grid, VERSION)
    said = coefficient_channel.read_checks(received.planes, grid)
    sound = np.asarray(coefficient_channel.checks(digests) == said)
    return sound, coefficient_channel.flat(received.planes, grid)


# -- restoring -----------------------------------------------------------------------------------


class State:
    """What is known of a square."""

    INTACT, UNPROVEN, COARSE, CHANGED = range(4)


@dataclass(frozen=True, eq=False)
class Restored:
    """A restored photo.

    Attributes:
        pixels: H x W x 3 uint8; changed squares are left as they were received.
        squares: rows x columns of squares of 16 pixels: `State.INTACT`, proven; `UNPROVEN`,
            restored, but something near it was changed; `COARSE`, not changed, but what was coded
            for it is lost, so that it is only predicted; `CHANGED`.
        middle: H x W x 3 float32, the container free of what it carries.
    """

    pixels: NDArray[np.uint8]
    squares: NDArray[np.uint8]
    middle: NDArray[np.float32]

    @property
    def intact(self) -> bool:
        """Whether every square is proven to be what was written."""
        return not self.squares.any()


class _Header(NamedTuple):
    colours: bytes
    weights: bytes
    shares: bytes
    tiles: list[tuple[int, Cut, int]]
    sound: NDArray[np.bool_]


def extract(received: Coefficients, progress: Progress | None = None) -> Restored:
    """The photo in a container, which stands as it was made (`upright`).

    Raises:
        Unreadable: where too much was lost.
    """
    report = progress or (lambda share: None)
    grid = Grid.of(received.height, received.width, received.subsampling)
    if min(grid.rows, grid.columns) == 0:
        raise Unreadable(Problem("changed-too-much"))
    sound, flat = _sound(received, grid)
    header = _read_header(received, grid, sound | flat)
    if header is None:
        raise Unreadable(Problem("changed-too-much"))
    report(0.1)
    squares = np.where(_changed(sound, flat), State.CHANGED, State.UNPROVEN).astype(np.uint8)
    middle = _middle(received)
    told = colour_prediction.approximate(middle, header.colours)
    seen = colour_prediction.approximate(
        coefficients.to_pixels(received.planes, received), header.colours
    )
    picture = finer_detail.prediction(told, seen, header.weights, header.shares)
    del told, seen
    report(0.6)
    seals = coefficient_channel.seals(received.planes, grid)
    for place, area in enumerate(grid.tiles()):
        size, cut, seal = header.tiles[place]
        pixels = _pixels(grid, area, received.height, received.width)
        message = coefficient_channel.read_message(received.planes, grid, area, cut, size)
        residual = _read_tile(message, place, picture[pixels].shape)
        ours = squares[area]
        if residual is not None:
            picture[pixels] += residual
            if seal == _seal(seals[area]):
                ours[...] = np.where(header.sound[area], State.INTACT, State.UNPROVEN)
        else:
            np.maximum(ours, State.COARSE, out=ours)
    report(0.9)
    np.clip(np.rint(picture, out=picture), 0, 255, out=picture)
    result = picture.astype(np.uint8)
    if (squares == State.CHANGED).any():
        seen = coefficients.to_pixels(received.planes, received)
        side = coefficient_channel.SQUARE
        changed = (squares == State.CHANGED).repeat(side, axis=0).repeat(side, axis=1)
        changed = changed[: received.height, : received.width]
        covered = result[: changed.shape[0], : changed.shape[1]]
        covered[changed] = np.rint(seen[: changed.shape[0], : changed.shape[1]][changed])
    report(1.0)
    return Restored(result, squares, middle)


def _read_header(received: Coefficients, grid: Grid, sound: NDArray[np.bool_]) -> _Header | None:
    count = len(grid.tiles())
    size = _HEADER.size + count * _TILE.size + _CRC.size
    for data in coefficient_channel.read_header(received.planes, grid, size, sound):
        if zlib.crc32(data[: -_CRC.size]) != _CRC.unpack(data[-_CRC.size :])[0]:
            continue
        magic, version, colours, weights, shares = _HEADER.unpack_from(data)
        if magic != _MAGIC or version != VERSION:
            continue
        tiles = []
        for place in range(count):
            length, luma, chroma, seal = _TILE.unpack_from(data, _HEADER.size + place * _TILE.size)
            tiles.append((length, Cut(min(luma, 63), min(chroma, 63)), seal))
        whole = coefficient_channel.header_sound(received.planes, grid, data)
        return _Header(colours, weights, shares, tiles, whole)
    return None


def _read_tile(message: bytes, place: int, shape: tuple[int, ...]) -> NDArray[np.float32] | None:
    """A tile's residual, if its message is whole."""
    if len(message) < _CRC.size:
        return None
    data = message[: -_CRC.size]
    if _CRC.unpack(message[-_CRC.size :])[0] != zlib.crc32(data, place):
        return None
    if not data:
        return np.zeros(shape, np.float32)
    try:
        return residual_tile.decode(data, shape[0], shape[1])
    except av1.NotAV1:
        return None


def _changed(sound: NDArray[np.bool_], flat: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which squares have been changed, from which squares' checks hold and which have none.

    A changed square's checks hold by chance, too, and one without says nothing: it is taken for
    changed where most of its neighbours are.
    """
    wrong = ~sound & ~flat
    around = cv2.blur(wrong.astype(np.float32), (3, 3), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(wrong | (around > 0.5))
