"""Making a container: what each tile carries is planned, written, measured and planned again.

The header has the prediction of the photo; each tile's message is what that misses there, coded by
AV1 (`coding.residual_tile`). Both are of the picture that hiding does not change, the coefficients
in the middle of their pairs.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models import parallel
from models.coding import finer_detail
from models.coding.random_streams import Purpose, Stream
from models.containers import coefficients
from models.containers.coefficients import Coefficients, Planes, Subsampling
from models.containers.container import NOTHING_BESIDES, Besides, Progress
from models.containers.jpeg import attached as attachments
from models.containers.jpeg import rate_planning, squares
from models.containers.jpeg.decoding import Decoded, decode, tiles_of
from models.containers.jpeg.header import Header, TileRecord, size_of
from models.containers.jpeg.header_channel import HeaderPlan
from models.containers.jpeg.layout import Area, Cut, Grid, pixels_of
from models.containers.jpeg.look import EVERY, costs_of, in_steps, rounded, sample
from models.containers.jpeg.prediction import Prediction
from models.containers.jpeg.reading import message_of, seal_of
from models.containers.jpeg.recognition import FEWEST_CHECKS
from models.containers.jpeg.refining import Mend, best_strength
from models.containers.jpeg.tile_codes import (
    FAST,
    FINER,
    FULL,
    HALF,
    KEPT,
    PIVOTS,
    QUALITIES,
    TileCodes,
    Typical,
)
from models.containers.jpeg.writer import Headless, Writer
from models.containers.lock import LOCKED, Lock
from models.metrics import ssim
from models.problems import NoRoom, Problem

VERSION = 3
"""Of the layout."""

LOCKED_VERSION = VERSION | LOCKED
"""What a locked container says instead."""

LOSS = 0.0188
"""Structural similarity that carrying may cost."""

MOST_LOSS = 0.0198
"""It is done again with less where it did cost more."""

LEAST = 128
"""Pictures with sides of so many pixels are large enough."""

LOSSLESS = 32
"""The same of lossless containers, for those whose picture is not."""

COST = 2.2
"""What may be spent in all, in the units of `embedding_costs`: bounds the file's growth."""

_ATTEMPTS, _MOST_ATTEMPTS = 4, 7  # where one of them was good enough, and where none was
_ENOUGH = 0.0182  # similarity lost, from which on no further attempt is made
_LARGE = 3 * 4_000_000  # samples of a picture for which a first success is good enough
_SPEEDS = ((1_500_000, 5), (4_000_000, 6))
"""Up to so many pixels the code is made at that speed of AV1's: at equal bits 5 is 0.3 to 0.6 dB
better than 8 and takes ten times as long."""
_GOOD = 75  # quality from which on only flat pictures carry nothing
_CODES = 1.27
"""By so much more is lost with codes than with as many bits changed at random, measured."""
_NO_CUT = Cut(3, 1)
_MEASURED = 1 << 20  # pixels in which similarity is measured, in tiles all over the picture
_TYPICAL = 12  # tiles of a large picture in which everything is tried
_SLOW = 4  # tiles of a small picture that show how long the slow code is
_TRIES = 2  # of the other ones, besides the first


def embed(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    quality: int,
    subsampling: Subsampling,
    progress: Progress | None = None,
    layered: NDArray[np.uint8] | None = None,
    besides: Besides = NOTHING_BESIDES,
    speed: int | None = None,
    mend: Mend | None = None,
) -> Coefficients:
    """The coefficients of a JPEG that looks like `look` and carries `photo`.

    Args:
        photo, look: H x W x 3 uint8 of equal shape.
        quality: of the file, libjpeg's scale.
        subsampling: of its chroma.
        layered: the look with what another layer, one that outlives compression, carries in its
            lowest luma frequencies; they are left alone, and what that layer costs is counted.
        besides: goes along; what is attached, where there is room, see `attached`.
        speed: of AV1, see `av1.encode`; None: the slower, the smaller the picture.
        mend: what a reader will have; how far it helps is measured. None: it shall not be used.

    Raises:
        NoRoom: for a picture too small.
    """
    report = progress or (lambda share: None)
    bare = layered is None or besides.lock is not None  # the layer tells of the photo
    under = look if bare or layered is None else layered
    if speed is None:
        speed = next((s for most, s in _SPEEDS if photo[..., 0].size <= most), FAST)
    job = _Job.of(photo, look, quality, subsampling, under, speed, besides.lock is not None)
    report(0.25)
    budget, likely = job.budget()
    difference = [
        job.prediction.from_values(planes, like) - job.prediction.from_middles(like)
        for planes, like in zip(job.measured(likely), job.measured_clean, strict=True)
    ]
    best = None
    report(0.35)
    for attempt in range(_MOST_ATTEMPTS):
        made = job.made(budget, difference, besides)
        lost = made.lost
        report(0.5 + 0.4 * attempt / _MOST_ATTEMPTS)
        if lost <= MOST_LOSS and (best is None or lost > best.lost):
            best = made
        enough = made.bounded or lost > _ENOUGH or photo.size > _LARGE
        if best is not None and (enough or attempt + 1 >= _ATTEMPTS):
            break
        budget *= min(1.3, max(0.4, 0.97 * LOSS / max(lost, 1e-6)))
        if best is None and attempt + 2 == _MOST_ATTEMPTS:
            budget = 0.0
    if best is None:
        raise NoRoom(_no_room(quality))
    report(0.9)
    result = best.container if mend is None else job.mended(best, photo, mend)
    report(1.0)
    return result


def _no_room(quality: int) -> Problem:
    """The likeliest reason why a picture that is large enough cannot carry anything."""
    if quality < _GOOD:
        return Problem("jpeg-quality-too-low", quality=quality, least=_GOOD)
    return Problem("jpeg-too-flat")


def _too_small(height: int, width: int) -> Problem:
    return Problem("jpeg-too-small", width=width, height=height, least=LEAST, lossless=LOSSLESS)


def _packed(header: Header, lock: Lock | None) -> bytes:
    return header.pack() if lock is None else header.sealed(lock)


@dataclass(frozen=True, eq=False)
class _Made:
    """A container, and what it was made of.

    Attributes:
        lost: how much similarity.
        bounded: whether another bound than that on similarity was what held it back.
        codes: of the residuals in all tiles.
        lock: that its header is sealed with.
    """

    container: Coefficients
    lost: float
    bounded: bool
    headless: Headless
    header: Header
    codes: list[bytes]
    lock: Lock | None


@dataclass(frozen=True, eq=False)
class _Job:
    """An export in the making."""

    look: NDArray[np.uint8]
    reference: Planes  # of the look alone
    clean: Coefficients
    others: Planes
    costs: list[NDArray[np.float32]]
    prediction: Prediction
    tiles: list[TileCodes]
    typical: Typical | None
    capacities: list[rate_planning.Capacity]
    locked: bool

    @property
    def version(self) -> int:
        return LOCKED_VERSION if self.locked else VERSION

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
        speed: int,
        locked: bool,
    ) -> _Job:
        height, width = look.shape[:2]
        grid = Grid.of(height, width, subsampling)
        if HeaderPlan.of(grid, size_of(len(grid.tiles()), locked)) is None:
            raise NoRoom(_too_small(height, width))
        tables = coefficients.tables_of(quality)
        values = in_steps(layered, subsampling, tables)
        planes = rounded(values)
        if np.count_nonzero(~squares.flat(planes, grid)) < FEWEST_CHECKS:
            raise NoRoom(_no_room(quality))
        reference = planes if layered is look else rounded(in_steps(look, subsampling, tables))
        clean = Coefficients(height, width, subsampling, tables, planes)
        others, costs, losses = costs_of(look, clean, values)
        del values
        prediction = Prediction.fitted(photo, clean)
        told = prediction.from_middles(clean)
        residual = photo - told
        shown = photo - coefficients.to_pixels(planes, clean)
        tiles = grid.tiles()
        capacities = parallel.mapped(
            lambda area: rate_planning.Capacity.of(
                sample(grid, area, losses, costs, len(tiles)), height * width
            ),
            tiles,
        )
        pixels = [pixels_of(grid, area, height, width) for area in tiles]
        coded = [TileCodes(residual[some], shown[some], speed) for some in pixels]
        typical = _explored(coded, speed >= FAST)
        return _Job(
            look, reference, clean, others, costs, prediction, coded, typical, capacities, locked
        )

    @property
    def writer(self) -> Writer:
        return Writer(self.grid, self.clean.planes, self.others, self.costs)

    def budget(self) -> tuple[float, Planes]:
        """Similarity that the tiles' messages may cost by what is told in advance, and what the
        container will be like.

        What a header costs is tried; so is by how much similarity suffers more than was told, from
        changes at random.
        """
        count = len(self.capacities)
        dummy = Stream(Purpose.JPEG_TRIAL).bits(8 * size_of(count, self.locked))
        header = np.packbits(dummy).tobytes()
        bare, left = self.clean.planes, LOSS
        if self.reference is not bare:
            left = max(0.2 * LOSS, LOSS - self._lost(bare))
        if self.look.size <= _LARGE:
            empty = self.writer.put(self.version, [b""] * count, [_NO_CUT] * count)
            bare = empty.with_header(header)
        else:  # in larger ones the header is next to nothing
            bare = self.writer.checked(self.version)
        left = max(0.2 * LOSS, LOSS - self._lost(bare))
        choice = self._choice(left, COST, final=False)
        changed = [plane.copy() for plane in bare]

        def change(place: int) -> None:
            area, capacity = self.grid.tiles()[place], self.capacities[place]
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
                used[EVERY.places(plane)] = True
                taken &= used.reshape(8, 8)
                ours = changed[plane][blocks]
                np.copyto(ours, self.others[plane][blocks], where=taken)

        parallel.mapped(change, self.measured_tiles or range(count))
        likely = changed[0], changed[1], changed[2]
        lost, told = _CODES * self._lost(likely) * self._less(choice), choice.loss + LOSS - left
        return left * min(2.0, told / max(lost, 1e-6)), likely

    def _choice(self, loss: float, cost: float, final: bool = True) -> rate_planning.Choice:
        """The best qualities within bounds; what they give is not guessed but tried, in large
        pictures only where it is `final`."""
        for attempt in itertools.count():
            done = self.typical is not None and attempt == _TRIES
            curves = [tile.curves(self.typical, done) for tile in self.tiles]
            choice = rate_planning.choose(curves, self.capacities, loss, cost)
            if done or (self.typical is not None and not final):
                break
            known = parallel.mapped(
                lambda way: way[0].tried(way[1], self.typical),
                zip(self.tiles, choice.qualities, strict=True),
            )
            if self.typical is None and all(known):
                break
        return choice

    @cached_property
    def measured_tiles(self) -> list[int]:
        """The tiles in which a large picture is measured, all over it; none: all of it is."""
        pixels, count = self.clean.height * self.clean.width, len(self.tiles)
        if pixels <= 1.5 * _MEASURED:
            return []
        return _spread(count, -(-count * _MEASURED // pixels))

    def measured(self, planes: Planes) -> list[Planes]:
        """The parts of coefficients in which the picture is measured."""
        if not self.measured_tiles:
            return [planes]
        parts = []
        for place in self.measured_tiles:
            area = self.grid.tiles()[place]
            y, cb, cr = (planes[plane][self.grid.blocks(plane, area)] for plane in range(3))
            parts.append((y, cb, cr))
        return parts

    @cached_property
    def measured_clean(self) -> list[Coefficients]:
        """These parts of the look's coefficients, each as a picture."""
        parts = self.measured(self.clean.planes)
        sizes = [
            (some[0].stop - some[0].start, some[1].stop - some[1].start) for some in self._areas
        ]
        return [
            replace(self.clean, height=height, width=width, planes=planes)
            for planes, (height, width) in zip(parts, sizes, strict=True)
        ]

    @cached_property
    def _areas(self) -> list[Area]:
        """Their pixels; of whole squares only."""
        if not self.measured_tiles:
            return [(slice(0, self.clean.height), slice(0, self.clean.width))]
        tiles = [self.grid.tiles()[place] for place in self.measured_tiles]
        return [
            (
                slice(16 * down.start, min(16 * down.stop, self.clean.height)),
                slice(16 * across.start, min(16 * across.stop, self.clean.width)),
            )
            for down, across in tiles
        ]

    def _less(self, choice: rate_planning.Choice) -> float:
        """How many times as much all tiles should lose as those that are measured."""
        if not self.measured_tiles:
            return 1.0
        pixels: int = sum((a.stop - a.start) * (b.stop - b.start) for a, b in self._areas)
        some = sum(choice.losses[place] for place in self.measured_tiles)
        share = pixels / (self.clean.height * self.clean.width)
        return min(3.0, max(1 / 3, choice.loss * share / max(some, 1e-9)))

    @cached_property
    def _before(self) -> list[float]:
        """Similarity of the look's own coefficients to it, in each part."""
        return self._similar(self.reference)

    def _similar(self, planes: Planes) -> list[float]:
        return [
            ssim(coefficients.shown(replace(like, planes=part)), self.look[area])
            for part, like, area in zip(
                self.measured(planes), self.measured_clean, self._areas, strict=True
            )
        ]

    def _lost(self, planes: Planes) -> float:
        """Similarity that they have less than the look's own coefficients, where it is measured."""
        after, sizes = (
            self._similar(planes),
            [a.size for a in map(self.look.__getitem__, self._areas)],
        )
        return float(np.average(np.subtract(self._before, after), weights=sizes))

    def made(self, budget: float, difference: list[NDArray[np.float32]], besides: Besides) -> _Made:
        """A container.

        Args:
            budget: of similarity.
            difference: what the prediction will be from the container as it is, less what it is
                without what is carried; of the parts that are measured.
            besides: goes along.
        """
        choice = self._choice(budget, COST)
        modes = [mode for mode, _ in choice.qualities]
        codes = [
            b"" if mode == KEPT else tile.at(choice.qualities[place])
            for place, (tile, mode) in enumerate(zip(self.tiles, modes, strict=True))
        ]
        said = codes.copy()
        for place in attachments.places(said, besides.attached, self.capacities):
            said[place] = attachments.put(said[place], besides.attached)
        messages = [
            b"" if mode == KEPT else message_of(code, place, besides.lock)
            for place, (code, mode) in enumerate(zip(said, modes, strict=True))
        ]
        cuts = [
            capacity.cut(8 * len(message))
            for capacity, message in zip(self.capacities, messages, strict=True)
        ]
        headless = self.writer.put(self.version, messages, cuts)
        seals = squares.seals(headless.planes, self.grid)
        records = tuple(
            TileRecord(len(message), cut, seal_of(seals[area]), mode == KEPT)
            for message, cut, area, mode in zip(
                messages, cuts, self.grid.tiles(), modes, strict=True
            )
        )
        shares = finer_detail.fit(*self._left(choice, difference))
        header = Header(0, self.prediction, shares, records, besides.doubtful)
        planes = headless.with_header(_packed(header, besides.lock))
        lost, bounded = self._lost(planes) * self._less(choice), choice.loss < 0.97 * budget
        container = replace(self.clean, planes=planes)
        return _Made(container, lost, bounded, headless, header, codes, besides.lock)

    def mended(self, made: _Made, photo: NDArray[np.uint8], mend: Mend) -> Coefficients:
        """A container that says how far a network improves what is decoded."""
        strength = best_strength(self._decoded(made, photo), mend)
        header = replace(made.header, refinement=strength)
        planes = made.headless.with_header(_packed(header, made.lock))
        return replace(made.container, planes=planes)

    def _decoded(
        self, made: _Made, photo: NDArray[np.uint8]
    ) -> list[tuple[NDArray[np.uint8], Decoded]]:
        """The photo and what is decoded of it, in whole or in some tiles."""
        every = tiles_of(made.container, made.header, made.codes)
        if not self.measured_tiles:
            return [(photo, decode(made.container, made.header, every, lambda share: None))]
        result = []
        parts = self.measured(made.container.planes)
        for place, like, planes in zip(
            self.measured_tiles, self.measured_clean, parts, strict=True
        ):
            original = photo[every[place].pixels]
            if original.shape[:2] != (like.height, like.width):
                continue  # at the edge, where a part of a square belongs to the tile
            whole = (slice(0, like.height), slice(0, like.width))
            tile = replace(every[place], pixels=whole)
            part = replace(like, planes=planes)
            result.append((original, decode(part, made.header, [tile], lambda share: None)))
        return result

    def _left(
        self, choice: rate_planning.Choice, difference: list[NDArray[np.float32]]
    ) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        """Of each tile that is measured and not kept the difference that can be added, and what
        its code leaves."""
        added, missing = [], []
        for part, place in enumerate(self.measured_tiles or range(len(self.tiles))):
            if choice.qualities[place][0] == KEPT:
                continue
            left = self.tiles[place].missing(choice.qualities[place])
            if self.measured_tiles:
                told = difference[part]
                left = left[: told.shape[0], : told.shape[1]]
            else:
                area = self.grid.tiles()[place]
                told = difference[0][pixels_of(self.grid, area, *self.look.shape[:2])]
            added.append(told)
            missing.append(left)
        return added, missing


def _explored(tiles: list[TileCodes], large: bool) -> Typical | None:
    """Try tiles: all of them at all of the first qualities; of a large picture only some, from
    which follows what is typical."""
    if not large or len(tiles) <= 2 * _TYPICAL:
        parallel.mapped(lambda tile: tile.explore(FULL, QUALITIES), tiles)
        few = [tiles[place] for place in _spread(len(tiles), _SLOW)]
        growth = np.mean(parallel.mapped(lambda tile: tile.slow_growth(PIVOTS[FULL]), few))
        for tile in tiles:
            tile.growth = float(growth)
        return None
    some = [tiles[place] for place in _spread(len(tiles), _TYPICAL)]

    def explore(tile: TileCodes) -> None:
        tile.explore(FULL, FINER)
        tile.explore(HALF, FINER)

    parallel.mapped(explore, some)
    parallel.mapped(lambda tile: tile.explore(FULL, PIVOTS[FULL : FULL + 1]), tiles)
    return Typical.of(some)


def _spread(count: int, some: int) -> list[int]:
    """So many of the numbers 0..count-1, far apart in rows of any length."""
    step = (5**0.5 - 1) / 2
    return sorted({int(count * (place * step % 1)) for place in range(some)})
