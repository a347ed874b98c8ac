"""A second reader of exported pictures, written from models/FORMAT.md alone.

It shares no line with the editor, so that the page is known to say all that a reader needs. JPEG
containers are read by `plain_jpeg_reader`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]


class NotReadable(Exception):
    """A picture that carries nothing, or nothing that this reader knows."""


# ---------------------------------------------------------------------------------- conventions


@cache
def dct(n: int) -> Floats:
    """The matrix of the orthonormal type-II DCT."""
    x, k = np.arange(n), np.arange(n)[:, None]
    scale = np.where(k == 0, math.sqrt(1 / n), math.sqrt(2 / n))
    return scale * np.cos(math.pi * (2 * x + 1) * k / (2 * n))


def to_samples(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Rounded and clipped to 0..255."""
    return np.clip(np.rint(values), 0, 255)


def bytes_of(bits: NDArray[np.integer]) -> bytes:
    """Bits from the most significant end on; what does not fill a byte is dropped."""
    return np.packbits(bits[: len(bits) // 8 * 8].astype(np.uint8)).tobytes()


class Stream:
    """A random stream; numpy's Philox is 4x64-10, and its first counter is 1."""

    def __init__(self, purpose: int, parameter: int) -> None:
        self._source = np.random.Philox(key=np.array([purpose, parameter], np.uint64))

    def words(self, n: int) -> NDArray[np.uint64]:
        """The next n words."""
        return self._source.random_raw(n)

    def bits(self, n: int) -> Ints:
        """n bits, 64 a word."""
        words = self.words(-(-n // 64)).astype("<u8").view(np.uint8)
        return np.unpackbits(words, bitorder="little")[:n].astype(np.int64)

    def integers(self, below: int, n: int) -> Ints:
        """n integers of 0..below-1."""
        upper = self.words(n) >> np.uint64(32)
        return (upper * np.uint64(below) >> np.uint64(32)).astype(np.int64)

    def permutation(self, n: int) -> Ints:
        """The numbers 0..n-1 sorted by their words."""
        return np.argsort(self.words(n), kind="stable")


# ------------------------------------------------------------------------------------ watermark


def crc16(data: bytes) -> int:
    """CRC-16/CCITT, from 0xFFFF on."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def word_of(number: int) -> int:
    """The 32 bits that the odd bits of a watermark say."""
    return number | crc16(struct.pack("<H", number)) << 16


def watermark(plain: Ints, number: int) -> Ints:
    """The bits of a watermark, from those of its stream."""
    bits, word = plain.copy(), word_of(number)
    for i in range(1, len(bits), 2):
        bits[i] ^= word >> (i - 1) // 2 % 32 & 1
    return bits


def chance(agrees: NDArray[np.bool_]) -> float:
    """A bound on the probability that chance agrees as well."""
    p = float(agrees.mean())
    if p <= 0.5:
        return 1.0
    rest = (1 - p) * math.log(1 - p) if p < 1 else 0.0
    return math.exp(-len(agrees) * (math.log(2) + p * math.log(p) + rest))


def number_of(bits: Ints, plain: Ints, known: list[int]) -> int:
    """The number in a watermark's bits: one that is known, or another that its CRC confirms."""
    flips = bits ^ plain
    votes = [flips[1 + 2 * place :: 64].mean() > 0.5 for place in range(32)]
    word = sum(1 << place for place, vote in enumerate(votes) if vote)
    voted = word & 0xFFFF
    wanted = [voted] if word_of(voted) == word else known
    tries = len(known) if wanted[0] in known else 1
    found: dict[float, int] = {}
    for number in wanted:
        word = word_of(number)
        agrees = flips == 0
        agrees[1::2] ^= np.array([word >> k % 32 & 1 == 1 for k in range(len(bits) // 2)])
        if chance(agrees) * tries < 1e-9 and chance(agrees[1::2]) <= 1e-3:
            found[chance(agrees)] = number
    if not found:
        raise NotReadable("no watermark")
    return found[min(found)]


def marked_pixels(height: int, width: int) -> tuple[Ints, Stream]:
    """The pixels with a bit of a lossless container's watermark, and the stream of its bits."""
    area = height * width
    n = min(area // max(1, min(64, area // 64)), 1 << 20)
    stream = Stream(1, height << 32 | width)
    return np.arange(n) * (area // n) + stream.integers(area // n, n), stream


# -------------------------------------------------------------------------------- entropy coder

EDGES = (102, 184, 276, 389, 512, 645, 799, 973, 1178, 1434, 1741, 2150, 2765, 3686, 5120)
PLANES = sorted(
    ((v, u, c) for v in range(8) for u in range(8) for c in range(3)),
    key=lambda plane: (plane[0] + plane[1], plane[0], plane[2]),
)
"""Frequency and opponent colour of each plane, in coding order."""


@cache
def distributions() -> tuple[Ints, Ints, Ints]:
    """By distribution: frequency and start of each symbol, and the symbol of each slot."""
    frequencies = []
    n = 32768
    for _ in range(64):
        p, q = n, n + 4194304
        one_side = [(q * q - p * p) * p * p ** (2 * k) * q ** (48 - 2 * k) for k in range(24)]
        weights = [*one_side[::-1], 2 * (q - p) * q**50, *one_side]
        f = [1 + w * (16384 - 49) // sum(weights) for w in weights]
        f[24] += 16384 - sum(f)
        frequencies.append(f)
        n = 1136 * n // 1000
    table = np.array(frequencies, np.int64)
    slots = np.stack([np.repeat(np.arange(49), f) for f in table])
    return table, np.cumsum(table, axis=1) - table, slots


def lanes_for(symbols: int) -> int:
    """How many lanes so many symbols are coded in."""
    return min(4096, max(1, symbols // 4096))


class Lanes:
    """The entropy coder's decoder."""

    def __init__(self, code: bytes, symbols: int) -> None:
        self.count = lanes_for(symbols)
        self._states = np.frombuffer(code, "<u4", self.count).astype(np.int64)
        self._words = np.frombuffer(code[4 * self.count :], "<u2").astype(np.int64)
        self._next = 0

    def plane(self, chosen: Ints) -> Ints:
        """The symbols of one plane, under the distribution chosen for each."""
        table, starts, slots = distributions()
        symbols = np.empty(len(chosen), np.int64)
        for begin in range(0, len(chosen), self.count):
            m = chosen[begin : begin + self.count]
            x = self._states[: len(m)]
            slot = x & 16383
            s = slots[m, slot]
            x[:] = table[m, s] * (x >> 14) + slot - starts[m, s]
            low = np.flatnonzero(x < 1 << 16)
            x[low] = x[low] << 16 | self._words[self._next : self._next + len(low)]
            self._next += len(low)
            symbols[begin : begin + len(m)] = s - 24
        return symbols


# ---------------------------------------------------------------------------- colour prediction


def colour_values(levels: NDArray[np.generic], coefficients: bytes) -> Floats:
    """Colour prediction of a picture, neither rounded nor clipped."""
    weights = np.frombuffer(coefficients, "<f2").astype(np.float64).reshape(20, 3)
    r, g, b = np.moveaxis(levels / 255 - 0.5, -1, 0)
    two = [r * r, r * g, r * b, g * g, g * b, b * b]
    three = [r * r * r, r * r * g, r * r * b, r * g * g, r * g * b, r * b * b]
    three += [g * g * g, g * g * b, g * b * b, b * b * b]
    monomials = np.stack([np.ones_like(r), r, g, b, *two, *three], axis=-1)
    return np.asarray(127.5 + monomials @ weights, np.float64)


def predict(levels: Pixels, coefficients: bytes) -> NDArray[np.floating]:
    """Colour prediction of a picture."""
    return to_samples(colour_values(levels, coefficients))


# --------------------------------------------------------------------------- lossless containers


FACTORS = {3: (1, 2, 3), 4: (1, 2, 6), 5: (1, 4, 10), 6: (1, 7, 18), 7: (1, 10, 25)}
TYPICAL = np.array([-24, -19, -14, -11, -8, -5, -3, -1, 0, 2, 4, 6, 8, 11, 14, 17])


@dataclass
class Tile:
    """A tile: its part of the picture, and its carriers among the part's pixels."""

    part: tuple[slice, slice]
    carriers: Ints

    def of(self, pixels: Pixels) -> Pixels:
        return pixels[self.part]

    def symbols(self, pixels: Pixels, bits: int) -> bytes:
        """What its carriers' symbols say."""
        colours = self.of(pixels).reshape(-1, 3)[self.carriers].astype(np.int64)
        values = colours @ np.array(FACTORS[bits]) % (1 << bits)
        return bytes_of((values[:, None] >> np.arange(bits)[::-1] & 1).ravel())

    def lowest(self, pixels: Pixels) -> bytes:
        """What the lowest bits of its carriers say."""
        return bytes_of((self.of(pixels).reshape(-1, 3)[self.carriers] & 1).ravel())


@dataclass
class LosslessHead:
    """The head of a lossless container; records are tile, step index, length, CRC."""

    bits: int
    tables: tuple[int, int]
    digest: int
    colours: bytes
    weights: bytes
    records: list[tuple[int, int, int, int]]
    packed: bytes
    lock: Lock | None = None


@dataclass
class Tables:
    """The tables, by plane in coding order."""

    shifts: Ints
    usual: Ints
    chosen: Ints


@dataclass
class Lossless:
    """What a lossless container carries.

    `agree` tells of each code whether its CRC does, `changed` of each square whether its check
    does not.
    """

    head: LosslessHead
    agree: list[bool]
    photo: Pixels
    changed: NDArray[np.bool_]
    intact: bool
    parity: bool
    attached: bytes = b""


def edges_of(side: int) -> list[int]:
    """Where the tiles of a side start, and its end."""
    n = max(1, min(5, side // 64), -(-side // 1024))
    return [16 * round(i * side / n / 16) for i in range(n)] + [side]


def by_squares(places: Ints, width: int) -> Ints:
    """Places in a tile of that width, row by row, square by square."""
    return np.array(sorted(places, key=lambda p: (p // width // 16, p % width // 16)), np.int64)


def tiles_of(taken: NDArray[np.bool_]) -> list[Tile]:
    """The tiles of a picture, pixels of which are taken for something else."""
    edges = [edges_of(side) for side in taken.shape]
    parts = [
        (slice(top, bottom), slice(left, right))
        for top, bottom in pairwise(edges[0])
        for left, right in pairwise(edges[1])
    ]
    free = [by_squares(np.flatnonzero(~taken[p].ravel()), taken[p].shape[1]) for p in parts]
    return [Tile(part, f[: len(f) // 8 * 8]) for part, f in zip(parts, free, strict=True)]


@dataclass
class Kept:
    """The kept pixels, flat: of the head, and of each square's check; the pixels that follow in
    each square; and the squares' shape."""

    head: Ints
    checks: list[list[int]]
    following: list[list[int]]
    shape: tuple[int, int]


def kept_pixels(marked: NDArray[np.bool_], locked: bool = False) -> Kept:
    """Those of a picture whose watermark is where `marked` says."""
    height, width = marked.shape
    tiles = (len(edges_of(height)) - 1) * (len(edges_of(width)) - 1)
    e = 1.2 if marked.size < 4096 else 3 if marked.size < 1 << 19 else 4
    wanted = math.ceil(round(8 * head_size(tiles, marked.size >= 4096, locked) * e) / 3)
    free = [
        [
            y * width + x
            for y in range(top, min(top + 16, height))
            for x in range(left, min(left + 16, width))
            if not marked[y, x]
        ]
        for top in range(0, height, 16)
        for left in range(0, width, 16)
    ]
    m = 1
    while m < 256 and sum(len(places[3 : 3 + m]) for places in free) < wanted:
        m += 1
    heads = np.array([place for places in free for place in places[3 : 3 + m]], np.int64)
    order = Stream(10, 0).permutation(len(heads))
    shape = -(-height // 16), -(-width // 16)
    checks, following = [places[:3] for places in free], [places[3 + m :] for places in free]
    return Kept(heads[order][:wanted], checks, following, shape)


def parity_pixels(kept: Kept, area: int, bits: int) -> tuple[Ints, int]:
    """The pixels with parity, and of how many lowest bits of each of their samples."""
    low = 1 if bits < 5 else 2
    count = math.ceil(256 * bits / (3 * low * 50)) if area >= 1 << 15 else 0
    places = [place for places in kept.following for place in places[:count]]
    return np.array(places, np.int64), low


def parity_agrees(pixels: Pixels, places: Ints, low: int, carried: bytes) -> bool:
    """Whether parity is that of what all tiles carry."""
    size = max(8, -(-len(carried) // 8192))
    count = len(places) * 3 * low // 8 // size
    pieces = -(-len(carried) // size)
    data = np.frombuffer(carried.ljust(pieces * size, b"\0"), np.uint8).reshape(pieces, size)
    drawn = Stream(12, count).bits(count * pieces).reshape(count, pieces) == 1
    said = bytes_of((pixels.reshape(-1, 3)[places][..., None] >> np.arange(low)[::-1] & 1).ravel())
    return all(
        np.bitwise_xor.reduce(data[drawn[i]]).tobytes() == said[i * size : (i + 1) * size]
        for i in range(count)
    )


def seeds_of(pixels: Pixels, kept: Kept) -> Ints:
    """The seed that each square's check was made with, if it was not changed; 509 for none."""
    height, width, _ = pixels.shape
    rows, columns = kept.shape
    plain = np.zeros((16 * rows, 16 * columns, 3), np.int64)
    plain[:height, :width] = pixels
    for place in [place for places in kept.checks for place in places]:
        plain[divmod(place, width)] &= 0xFE
    w, o = 1 + Stream(11, 0).integers(508, 768), Stream(11, 1).integers(509, rows * columns)
    seeds = np.full(rows * columns, 509)
    for j, places in enumerate(kept.checks):
        y, x = 16 * (j // columns), 16 * (j % columns)
        if len(places) == 3:
            check = 0
            for bit in (pixels.reshape(-1, 3)[places] & 1).ravel():
                check = 2 * check + int(bit)
            value = int((plain[y : y + 16, x : x + 16].ravel() * w).sum() + o[j])
            seeds[j] = (check - value) % 509 if check < 509 else 509
    return seeds


def lossless_head(data: bytes, count: int) -> LosslessHead:
    """The head that starts here, of a picture of so many tiles."""
    size, flags, bits, length, crc, digest = struct.unpack("<HBBHII", data[:14])
    if struct.pack("<I", zlib.crc32(data[:size])) != data[size : size + 4]:
        raise NotReadable("no head")
    if flags > 3:
        raise NotReadable("exported by a newer version")
    first = 14 + 120 + 192 * (flags & 1)
    records = list(struct.iter_unpack("<HBII", data[first : first + 11 * count]))
    colours, weights = data[14:134], data[134:first]
    return LosslessHead(bits, (length, crc), digest, colours, weights, records, data[: size + 4])


def head_size(count: int, weighted: bool, locked: bool = False) -> int:
    """Bytes of a head for so many tiles, without further fields."""
    return 14 + 120 + 192 * weighted + 11 * count + 4 + 34 * locked


class Lock:
    """A passphrase's key for one export."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        words = unicodedata.normalize("NFKC", passphrase).encode()
        key = hashlib.scrypt(words, salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=32)
        self._cipher = AESCCM(key, tag_length=8)

    def open(self, number: int, sealed: bytes) -> bytes:
        """A message."""
        try:
            return self._cipher.decrypt(number.to_bytes(11, "little"), sealed, None)
        except InvalidTag:
            raise NotReadable("sealed otherwise, or changed since") from None


def locked_head(data: bytes, count: int, passphrase: str | None) -> LosslessHead:
    """The head that starts here, of a locked picture of so many tiles."""
    size = int.from_bytes(data[:2], "little") + 2
    body, crc = data[2:size], data[size : size + 4]
    if len(body) < 28 or struct.pack("<I", zlib.crc32(body)) != crc:
        raise NotReadable("no head")
    if passphrase is None:
        raise NotReadable("locked, or sealed as one says")
    lock = Lock(passphrase, body[:16])
    head = lossless_head(lock.open(0, body[20:]), count)
    assert struct.pack("<I", head.digest) == body[16:20]
    return dataclasses.replace(head, packed=data[: size + 4], lock=lock)


def head_code(head: bytes, bits: int) -> Ints:
    """The bits of the head's pixels."""
    rate = next(r for r in range(13) if capacity(bits, r) >= len(head))
    return encode(head, bits, rate)


def find_lossless_head(
    pixels: Pixels, kept: Kept, count: int, locked: bool = False, passphrase: str | None = None
) -> LosslessHead:
    """The head, of a picture of so many tiles."""
    read = (1.0 - 2.0 * (pixels.reshape(-1, 3)[kept.head] & 1)).astype(np.float32)
    seeds, width = seeds_of(pixels, kept), pixels.shape[1]
    usual = int(np.bincount(seeds, minlength=509)[:509].argmax())
    squares = kept.head // width // 16 * kept.shape[1] + kept.head % width // 16
    for soft in (np.where((seeds == usual)[squares, None], read, 0), read):
        for rate in range(13):
            if capacity(read.size, rate) >= head_size(count, False, locked):
                try:
                    if locked:
                        return locked_head(correct(soft.ravel(), rate), count, passphrase)
                    return lossless_head(correct(soft.ravel(), rate), count)
                except NotReadable as why:
                    if "newer" in str(why) or "sealed" in str(why):
                        raise
                except (struct.error, IndexError):
                    pass
    raise NotReadable("the head is damaged")


def is_intact(pixels: Pixels, kept: Kept, head: LosslessHead) -> bool:
    """Whether all but the checks is as it was written."""
    bits = (pixels.reshape(-1, 3)[kept.head] & 1).ravel()
    plain = pixels.reshape(-1, 3).copy()
    plain[[*kept.head, *(place for places in kept.checks for place in places)]] &= 0xFE
    same = bool((bits == head_code(head.packed, bits.size)).all())
    return same and zlib.crc32(plain.tobytes()) == head.digest


def portions(waiting: int, lengths: list[int], rooms: list[int]) -> list[int]:
    """How many bytes tiles carry that have codes of these lengths and room for so many bytes."""
    carried = []
    for length, room in zip(lengths, rooms, strict=True):
        carried.append(min(waiting, room))
        waiting += length - carried[-1]
    return carried


def pieces_of_tables(area: int, others: int) -> int:
    """How many pieces the tables are in, with so many tiles that are not last ones; 0: one."""
    return min(others, 255) if area >= 1 << 18 else 0


def stream_of(pixels: Pixels, tiles: list[Tile], head: LosslessHead) -> tuple[bytes, bytes]:
    """Tables, then the codes of all tiles; and what the tiles carry, row by row.

    Pieces of the tables are only put together where the first ones, which are the tables
    themselves, are there.
    """
    last, others = head.records[:2], head.records[2:]
    size = head.tables[0]
    count = pieces_of_tables(len(pixels) * pixels.shape[1], len(others))
    wanted = count - count * 9 // 20
    piece = -(-size // wanted) + 1 if count else 0
    lengths = [length + (piece if i < count else 0) for i, (_, _, length, _) in enumerate(others)]
    first = sum(length for _, _, length, _ in last) + (0 if count else size)
    held = [tiles[place].symbols(pixels, head.bits) for place, _, _, _ in others]
    sizes = portions(first, lengths, [len(h) for h in held])
    lowest = [tiles[place].lowest(pixels) for place, _, _, _ in last]
    data = b"".join([h[:carried] for h, carried in zip(held, sizes, strict=True)] + lowest)
    by_tile = dict(zip([place for place, *_ in others], held, strict=True))
    by_tile |= dict(zip([place for place, *_ in last], lowest, strict=True))
    every = b"".join(by_tile[place] for place in range(len(tiles)))
    if not count:
        return data, every
    codes, tables, at = data[:first], b"", first
    for i, length in enumerate(lengths):
        here = piece if i < count else 0
        if i < wanted:
            part = data[at : at + piece - 1]
            if data[at + piece - 1] != zlib.crc32(part + struct.pack("<I", i)) & 255:
                raise NotReadable("a piece of the tables is damaged")
            tables += part
        codes += data[at + here : at + length]
        at += length
    return tables[:size] + codes, every


def unpack_tables(packed: bytes) -> Tables:
    """Tables from their bytes."""
    plain = np.frombuffer(zlib.decompress(packed), np.uint8)
    shifts, usual = plain[:192].astype(np.int64), plain[192:384].astype(np.int64)
    kept = np.flatnonzero(usual != 255)
    offsets = plain[384:].view(np.int8).reshape(16, len(kept)).T
    chosen = np.zeros((192, 16), np.int64)
    chosen[kept] = np.clip(np.clip(usual[kept, None] + TYPICAL, 0, 63) + offsets, 0, 63)
    return Tables(shifts, usual, chosen)


def tile_contexts(activity: Ints, weight: int) -> Ints:
    """The context of each block."""
    if weight == 0:
        return np.full(activity.size, 8)
    total = np.pad(activity, 1, mode="edge")
    total = total[:-2] + 2 * total[1:-1] + total[2:]
    total = total[:, :-2] + 2 * total[:, 1:-1] + total[:, 2:] + 7 * activity
    return np.searchsorted([e * 23 * weight // 1024 for e in EDGES], total, side="right").ravel()


def tile_residual(code: bytes, tables: Tables, rows: int, columns: int, step: float) -> Floats:
    """The residual of a tile of so many blocks."""
    count, upper_size, low_bits = struct.unpack("<IIB", code[:9])
    upper = np.unpackbits(np.frombuffer(code[9 : 9 + upper_size], np.uint8))
    uppers = np.diff(np.flatnonzero(upper)[:count], prepend=-1) - 1
    at = 9 + upper_size
    lower = np.unpackbits(np.frombuffer(code[at : at + -(-count * low_bits // 8)], np.uint8))
    powers = 1 << np.arange(low_bits)[::-1]
    excess = (uppers << low_bits) + lower[: count * low_bits].reshape(count, low_bits) @ powers
    at += -(-count * low_bits // 8)

    kept = np.flatnonzero(tables.usual != 255)
    blocks = rows * columns
    low_size = -(-int(tables.shifts[kept].sum()) * blocks // 8)
    lowest = np.unpackbits(np.frombuffer(code[at : at + low_size], np.uint8)).astype(np.int64)
    lanes = Lanes(code[at + low_size :], len(kept) * blocks)
    means = distributions()[0] @ np.abs(np.arange(-24, 25)) / (1 << 14)
    activity, weight = np.zeros((rows, columns), np.int64), 0
    coefficients = np.zeros((3, 8, 8, rows, columns))
    for plane in kept:
        symbols = lanes.plane(tables.chosen[plane][tile_contexts(activity, weight)])
        unit = int(1024 / (means[tables.usual[plane]] + 0.02))
        activity += -(activity >> 4) + np.abs(symbols).reshape(rows, columns) * unit
        weight += 1024 - (weight >> 4)
        full = np.abs(symbols) == 24
        symbols[full] += np.sign(symbols[full]) * excess[: full.sum()]
        excess = excess[full.sum() :]
        shift = int(tables.shifts[plane])
        low = lowest[: shift * blocks].reshape(blocks, shift) @ (1 << np.arange(shift)[::-1])
        lowest = lowest[shift * blocks :]
        v, u, c = PLANES[plane]
        value = (symbols << shift) + low - ((1 << shift) >> 1)
        coefficients[c, v, u] = value.reshape(rows, columns) * step
    return from_frequencies(coefficients)


def from_frequencies(coefficients: Floats) -> Floats:
    """3 x 8 x 8 x rows x columns back to a picture."""
    picture = np.einsum("vy,ux,cd,cvurs->rysxd", dct(8), dct(8), dct(3), coefficients)
    rows, _, columns, _, _ = picture.shape
    return picture.reshape(8 * rows, 8 * columns, 3)


def tile_prediction(levels: Floats, head: LosslessHead) -> Floats:
    """The photo of a tile, from its levels alone."""
    values = np.clip(colour_values(levels, head.colours), 0, 255)
    if not head.weights:
        return values
    height, width, _ = values.shape
    padded = np.pad(values, ((0, -height % 8), (0, -width % 8), (0, 0)), mode="edge")
    blocks = padded.reshape(len(padded) // 8, 8, -1, 8, 3)
    coefficients = np.einsum("vy,ux,cd,rysxd->cvurs", dct(8), dct(8), dct(3), blocks)
    weights = np.frombuffer(head.weights, np.uint8).reshape(3, 8, 8, 1, 1) / 200
    return from_frequencies(coefficients * weights)[:height, :width]


def read_lossless(pixels: Pixels, passphrase: str | None = None) -> Lossless:
    """Read a lossless container, upright."""
    height, width, _ = pixels.shape
    if height * width < 64:
        raise NotReadable("too small")
    places, stream = marked_pixels(height, width)
    bits = (pixels.ravel()[3 * places + 1] & 1).astype(np.int64)
    number = number_of(bits, stream.bits(len(places)), [4 << 8, 132 << 8])
    locked = number == 132 << 8
    if number not in (4 << 8, 132 << 8):
        raise NotReadable(f"exported by another version: {number >> 8}")
    marked = np.zeros(height * width, bool)
    marked[places] = True
    kept = kept_pixels(marked.reshape(height, width), locked)
    of_kept = np.zeros(height * width, bool)
    of_kept[[*kept.head, *(place for check in kept.checks for place in check)]] = True
    count = (len(edges_of(height)) - 1) * (len(edges_of(width)) - 1)
    head = find_lossless_head(pixels, kept, count, locked, passphrase)
    parity, low = parity_pixels(kept, height * width, head.bits)
    of_parity = np.zeros(height * width, bool)
    of_parity[parity] = True
    taken = (marked | of_kept | of_parity).reshape(height, width)
    if height * width >= 1 << 16:
        taken[[0, -1]] = taken[:, [0, -1]] = True
    tiles = tiles_of(taken)
    checked = np.array([len(places) == 3 for places in kept.checks])
    seed = struct.unpack("<I", head.packed[-4:])[0] % 509
    changed = checked & (seeds_of(pixels, kept) != seed)
    (data, carried), at = stream_of(pixels, tiles, head), head.tables[0]
    whole = zlib.crc32(data[:at]) == head.tables[1]
    packed = head.lock.open(1, data[:at]) if head.lock is not None and whole else data[:at]
    tables = unpack_tables(packed) if whole else None
    intact = is_intact(pixels, kept, head) and not changed.any()
    agrees = parity_agrees(pixels, parity, low, carried)
    empty = np.empty_like(pixels)
    result = Lossless(head, [], empty, changed.reshape(kept.shape), intact, agrees)
    if tables is not None:
        inflate = zlib.decompressobj()
        inflate.decompress(packed)
        result.attached = inflate.unused_data
    for i, (place, index, length, crc) in enumerate(head.records):
        levels = tiles[place].of(pixels).astype(np.float64)
        middle = of_kept.reshape(height, width)[tiles[place].part][..., None] | (i < 2)
        seen = np.where(middle, levels - levels % 2 + 0.5, levels)
        size = 1 << low
        of_tile = of_parity.reshape(height, width)[tiles[place].part][..., None]
        seen = np.where(of_tile, levels - levels % size + (size - 1) / 2, seen)
        photo = tile_prediction(seen, head)
        code, at = data[at : at + length], at + length
        result.agree.append(tables is not None and zlib.crc32(code) == crc)
        if result.agree[-1]:
            assert tables is not None
            code = code if head.lock is None else head.lock.open(2 + place, code)
            rows, columns = -(-photo.shape[0] // 8), -(-photo.shape[1] // 8)
            residual = tile_residual(code, tables, rows, columns, 0.25 * 2 ** (index / 16))
            photo = photo + residual[: photo.shape[0], : photo.shape[1]]
        tiles[place].of(result.photo)[:] = to_samples(photo)
    each = result.changed.repeat(16, 0).repeat(16, 1)[:height, :width]
    result.photo[each] = pixels[each]
    return result


# ------------------------------------------------------------------------------ error correction

PARITY_ROWS = (24, 21, 19, 17, 15, 13, 11, 9, 7, 6, 5, 4, 3)


def frames_of(channel_bits: int) -> tuple[int, int]:
    """How many frames so many channel bits are, and the side of their circulants."""
    frames = max(1, round(channel_bits / 4096))
    return frames, channel_bits // frames // 32


@cache
def matrix(rate: int, side: int) -> list[list[tuple[int, int]]]:
    """The rows and shifts of each message column."""
    R = PARITY_ROWS[rate]
    M = 32 - R
    heavy = round((0.4 if R > 14 else 0.25 if R > 8 else 0) * M)
    met = {(h - 1, h, 0) for h in range(1, R)} | {(0, R - 1, side - 1)}
    load = [0] * R
    stream = Stream(5, rate << 32 | side)
    columns = []
    for column in range(M):
        degree = min(R, 6 if column < heavy else 3)
        best: tuple[int, list[tuple[int, int]], set[tuple[int, int, int]]] | None = None
        for _ in range(200):
            luck = stream.integers(1 << 31, R)
            cost = [(load[h] << 32) + 3 * int(luck[h]) for h in range(R)]
            rows = sorted(sorted(range(R), key=cost.__getitem__)[:degree])
            draw = list(zip(rows, stream.integers(side, degree).tolist(), strict=True))
            meetings = [(a, b, (t - s) % side) for a, s in draw for b, t in draw if a < b]
            clashes = sum(m in met for m in meetings)
            if best is None or clashes < best[0]:
                best = clashes, draw, set(meetings)
            if clashes == 0:
                break
        assert best is not None
        columns.append(best[1])
        met |= best[2]
        for h, _ in best[1]:
            load[h] += 1
    return columns


def capacity(channel_bits: int, rate: int) -> int:
    """Bytes of a message in so many channel bits."""
    frames, side = frames_of(channel_bits)
    return frames * side * (32 - PARITY_ROWS[rate]) // 8


def encode(message: bytes, channel_bits: int, rate: int) -> Ints:
    """The channel bits of a message of as many bytes as there is room for."""
    frames, side = frames_of(channel_bits)
    R = PARITY_ROWS[rate]
    M = 32 - R
    said = np.zeros(frames * M * side, np.int64)
    said[: 8 * len(message)] = np.unpackbits(np.frombuffer(message, np.uint8))
    channel = Stream(7, 0).bits(channel_bits)
    white = Stream(6, 0).bits(M * side)
    for frame in range(frames):
        bits = said[frame * M * side :][: M * side] ^ white
        columns = bits.reshape(M, side)
        sums = np.zeros((side, R), np.int64)
        for column, meets in enumerate(matrix(rate, side)):
            for h, shift in meets:
                sums[:, h] ^= columns[column][(np.arange(side) + shift) % side]
        parity = np.bitwise_xor.accumulate(sums.ravel()).reshape(side, R).T
        where = slice(frame * 32 * side, (frame + 1) * 32 * side)
        channel[where] = np.concatenate([bits, parity.ravel()])
    return channel


@cache
def checks(rate: int, side: int) -> Ints:
    """The bits of a frame that each check joins, filled up with the number of its bits."""
    R = PARITY_ROWS[rate]
    M = 32 - R
    joined: list[list[int]] = [[] for _ in range(R * side)]
    for column, meets in enumerate(matrix(rate, side)):
        for h, shift in meets:
            for j in range(side):
                joined[j * R + h].append(column * side + (j + shift) % side)
    for t, bits in enumerate(joined):
        bits += [(M + i % R) * side + i // R for i in (t - 1, t) if i >= 0]
    longest = max(map(len, joined))
    return np.array([bits + [32 * side] * (longest - len(bits)) for bits in joined])


def propagate(soft: Floats, joined: Ints, rounds: int) -> Ints:
    """Normalised min-sum belief propagation: the bits of a frame."""
    soft = np.append(soft, 1e9)  # what fills the checks up is surely 0
    messages = np.zeros(joined.shape)
    belief = soft
    for _ in range(rounds):
        incoming = belief[joined] - messages
        negative = incoming < 0
        size = np.abs(incoming)
        least = size.argmin(axis=1)[:, None]
        smallest = np.take_along_axis(size, least, 1)
        np.put_along_axis(size, least, np.inf, 1)
        second = size.min(axis=1, keepdims=True)
        messages = np.repeat(smallest, joined.shape[1], 1)
        np.put_along_axis(messages, least, second, 1)
        odd = negative ^ (negative.sum(axis=1, keepdims=True) % 2 == 1)
        messages *= np.where(odd, -0.8, 0.8)
        belief = soft + np.bincount(joined.ravel(), messages.ravel(), len(soft))
        belief[-1] = 1e9
        if not ((belief < 0)[joined].sum(axis=1) % 2).any():
            break
    return (belief[:-1] < 0).astype(np.int64)


def correct(soft: Ints, rate: int, wanted: int | None = None) -> bytes:
    """The message (or its beginning, with as many bytes as are wanted) in a channel's soft bits."""
    frames, side = frames_of(len(soft))
    size = (32 - PARITY_ROWS[rate]) * side
    if size == 0:
        return b""
    if wanted is not None:
        frames = min(frames, -(-8 * wanted // size))
    white = Stream(6, 0).bits(size)
    found = []
    for frame in soft[: frames * 32 * side].reshape(frames, 32 * side):
        bits = propagate(frame.astype(np.float64), checks(rate, side), rounds=100)
        found.append(bits[:size] ^ white)
    return bytes_of(np.concatenate(found))


# ----------------------------------------------------------------------------------- edit list

DICTIONARY = (
    b'"erase":false,"erase":true,"stays":true,"surface":[[],"mask":{"strokes":[{"points":[[0.0'
    b',1.0]],"size":0.05,"softness":0.5,"strength":1.0,"erase":false}],"png":""},"enabled":fal'
    b"selocal-laplacian multiscale-tone l0-smoothing rtv weighted-median lens-blur black-and-w"
    b"hite film colour-pencil oil-painting retouch contrast highlights shadows whites blacks c"
    b"larity temperature tint vibrance saturation sharpening noise-reduction vignette exposure"
    b',"made_by":"operators-4","opacity":0.5,"strength":-0.5}]}"},{"operator":"","strength":1.'
    b'0},{"operator":"","strength":0.{"pentimento":1,"edits":[{"operator":"'
)


def recipe_of(attached: bytes) -> str:
    """The edit list in attached bytes, JSON."""
    if attached[:1] != b"\x01":
        raise NotReadable("no edit list")
    return zlib.decompressobj(-15, zdict=DICTIONARY).decompress(attached[1:]).decode("ascii")
