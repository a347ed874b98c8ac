"""A second reader of JPEG exports, written from models/FORMAT.md alone; see `plain_reader`.

jpeglib reads the file's coefficients, Pillow's decoder of AVIF the AV1 frames.
"""

from __future__ import annotations

import io
import math
import struct
import tempfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import jpeglib
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.golden.plain_reader import (
    Floats,
    Ints,
    Lock,
    NotReadable,
    Pixels,
    Stream,
    colour_values,
    dct,
)

VERSION, LOCKED = 3, 131
CHECKS = (6, 8, 10, 13, 16, 18, 22, 24)
HEADERS = (7, 9, 12, 15, 17, 19, 23, 25)
LEVELS = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.35, 1.7, 2.2, 3)
COLUMNS = {
    1: (127,),
    2: (71, 109),
    3: (95, 101, 121),
    4: (81, 95, 107, 121),
    5: (75, 95, 97, 105, 117),
    6: (73, 83, 95, 103, 109, 123),
    7: (69, 77, 93, 107, 111, 115, 121),
}
YCC = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
ZIGZAG = sorted(
    range(64),
    key=lambda at: (at // 8 + at % 8, at % 8 if (at // 8 + at % 8) % 2 == 0 else at // 8),
)
"""Flat place 8 v + u of each place."""

Area = tuple[slice, slice]


# ------------------------------------------------------------------------------------ the file


@dataclass
class Jpeg:
    """A file's coefficients: planes of rows x columns x 64, by place."""

    height: int
    width: int
    half: bool
    tables: list[Ints]
    planes: list[Ints]

    @property
    def rows(self) -> int:
        return -(-self.height // 8) // 2

    @property
    def columns(self) -> int:
        return -(-self.width // 8) // 2

    def per_square(self, plane: int) -> int:
        """Blocks along a side of a square."""
        return 1 if plane and self.half else 2

    def of_area(self, plane: int, area: Area) -> Ints:
        """A plane's blocks in some rows and columns of squares."""
        n = self.per_square(plane)
        rows, columns = (slice(n * part.start, n * part.stop) for part in area)
        return self.planes[plane][rows, columns]

    def in_squares(self, plane: int) -> Ints:
        """rows x columns x blocks x 64."""
        n = self.per_square(plane)
        blocks = self.planes[plane][: n * self.rows, : n * self.columns]
        cut = blocks.reshape(self.rows, n, self.columns, n, 64).swapaxes(1, 2)
        return cut.reshape(self.rows, self.columns, n * n, 64)


def open_jpeg(data: bytes) -> Jpeg:
    """The coefficients in a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.jpg"
        path.write_bytes(data)
        file = jpeglib.read_dct(str(path))
        planes = [p.reshape(*p.shape[:2], 64)[..., ZIGZAG] for p in (file.Y, file.Cb, file.Cr)]
        tables = [file.qt[n].astype(np.int64).ravel()[ZIGZAG] for n in file.quant_tbl_no[:3]]
    half = planes[1].shape[0] < planes[0].shape[0] or planes[1].shape[1] < planes[0].shape[1]
    signed = [p.astype(np.int64) for p in planes]
    return Jpeg(file.height, file.width, half, tables, signed)


def cells(plane: Ints) -> Ints:
    """Which pair each coefficient is of."""
    result = np.sign(plane) * (np.abs(plane) // 2)
    result[..., 0] = plane[..., 0]
    return result


def middles(plane: Ints) -> Floats:
    """Coefficients in the middle of their pairs."""
    k = np.abs(plane) // 2
    result = np.sign(plane) * np.where(k > 0, 2 * k + 0.5, 0)
    result[..., 0] = plane[..., 0]
    return result


# --------------------------------------------------------------------------------- the squares


def digests(jpeg: Jpeg, parameter: int, of: list[Ints]) -> Ints:
    """The digest of each square, of planes as `Jpeg.planes`."""
    stream = Stream(9, parameter)
    total = np.zeros((jpeg.rows, jpeg.columns), np.uint64)
    whole = Jpeg(jpeg.height, jpeg.width, jpeg.half, jpeg.tables, of)
    for plane in range(3):
        blocks = jpeg.per_square(plane) ** 2
        factors = (stream.words(64 * blocks) >> np.uint64(32) | np.uint64(1)).reshape(blocks, 64)
        by_place = factors[:, ZIGZAG]
        total += (whole.in_squares(plane).astype(np.uint64) * by_place).sum(axis=(2, 3))
    down, across = stream.words(2) >> np.uint64(32) | np.uint64(1)
    total += np.arange(jpeg.rows, dtype=np.uint64)[:, None] * down
    total += np.arange(jpeg.columns, dtype=np.uint64)[None] * across
    lower = np.uint64(0xFFFFFFFF)
    h = total & lower
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h = (h ^ h >> np.uint64(shift)) * np.uint64(factor) & lower
    return (h ^ h >> np.uint64(16)).astype(np.int64)


@dataclass
class Squares:
    """What the checks say: the version, which hold, and which squares have none."""

    version: int
    hold: NDArray[np.bool_]
    flat: NDArray[np.bool_]


def read_squares(jpeg: Jpeg) -> Squares:
    """Recognise a container."""
    luma = jpeg.in_squares(0)
    flat = (np.abs(luma[..., 1:]) > 1).sum(axis=(2, 3)) < 4
    numbers = 1 + np.arange(32) % 7
    bits = (luma[..., CHECKS] & 1).reshape(jpeg.rows, jpeg.columns, 32)
    said = np.bitwise_xor.reduce(bits * numbers, axis=2)
    differs = said ^ digests(jpeg, 1, [cells(p) for p in jpeg.planes]) >> 29
    which = np.add.outer(np.arange(jpeg.rows), np.arange(jpeg.columns)) % 8
    version = 0
    for bit in range(8):
        ours = differs[(which == bit) & ~flat]
        version |= int((ours == 7).sum() > (ours == 0).sum()) << bit

    def held(number: int) -> NDArray[np.bool_]:
        return differs == 7 * (number >> which & 1)

    counts = {number: int(held(number)[~flat].sum()) for number in (version, VERSION, LOCKED)}
    likelier = max((VERSION, LOCKED), key=lambda number: counts[number])
    if counts[likelier] >= 0.9 * counts[version]:
        version = likelier
    n, k = int((~flat).sum()), counts[version]
    if n == 0 or 2048 * bound(k, n) >= 1e-9:
        raise NotReadable("no watermark")
    return Squares(version, held(version), flat)


def bound(k: int, n: int) -> float:
    """On the probability that as many checks hold by chance."""
    p = k / n
    if p <= 1 / 8:
        return 1.0
    rest = (1 - p) * math.log((1 - p) * 8 / 7) if p < 1 else 0.0
    return math.exp(-n * (p * math.log(8 * p) + rest))


# --------------------------------------------------------------------------------- the messages


def syndrome(bits: Ints, w: int, count: int) -> Ints:
    """A message of so many bits."""
    columns = COLUMNS.get(w) or tuple(65 + 2 * ((2 * i + 1) * 16 // w) for i in range(w))
    groups = bits[: count * w].reshape(count, w)
    message = np.zeros(count, np.int64)
    for i in range(count):
        for r in range(min(7, i + 1)):
            taken = [at for at in range(w) if columns[at] >> r & 1]
            message[i] ^= int(groups[i - r, taken].sum()) & 1
    return message


def to_bytes(bits: Ints) -> bytes:
    """From the most significant end on."""
    return np.packbits(bits.astype(np.uint8)).tobytes()


def divided(n: int, side: int) -> list[slice]:
    """A row of n squares in parts."""
    parts = max(1, round(n / side))
    return [slice(a, b) for a, b in pairwise(n * i // parts for i in range(parts + 1))]


def grid(jpeg: Jpeg, side: int) -> list[Area]:
    """Areas of about that side."""
    across = divided(jpeg.columns, side)
    return [(r, c) for r in divided(jpeg.rows, side) for c in across]


def tiles_of(jpeg: Jpeg) -> list[Area]:
    """The tiles of a picture."""
    return grid(jpeg, 8 if jpeg.rows * jpeg.columns < 6000 else 12)


def pieces_of(jpeg: Jpeg, size: int) -> tuple[list[Area], int, int]:
    """The header's regions, how many are wanted, and the bytes of a piece."""
    for width, fewest in ((4, 20), (3, 12), (2, 8), (1, 8), (1, 1)):
        side = 2
        while side <= max(jpeg.rows, jpeg.columns):
            regions = grid(jpeg, side)
            wanted = -(-11 * len(regions) // 20)
            piece = -(-size // wanted)
            least = min((r.stop - r.start) * (c.stop - c.start) for r, c in regions)
            if fewest <= len(regions) <= 255 and 32 * least >= 8 * (piece + 1) * width:
                return regions, wanted, piece
            side *= 2
    raise NotReadable("too small")


# -- GF(256)


def times(a: int, b: int) -> int:
    """A product."""
    result = 0
    while b:
        result ^= a if b & 1 else 0
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return result


TIMES = np.array([[times(a, b) for b in range(256)] for a in range(256)], np.int64)
INVERSE = [0, *(int(np.flatnonzero(TIMES[a] == 1)[0]) for a in range(1, 256))]


def from_pieces(pieces: dict[int, Ints], wanted: int) -> bytes:
    """What any `wanted` pieces say, by elimination."""
    chosen = sorted(pieces)[:wanted]
    rows = [[int(k == p) if p < wanted else INVERSE[p ^ k] for k in range(wanted)] for p in chosen]
    left, right = np.array(rows, np.int64), np.array([pieces[p] for p in chosen], np.int64)
    for column in range(wanted):
        pivot = column + int(np.flatnonzero(left[column:, column])[0])
        for side in (left, right):
            side[[column, pivot]] = side[[pivot, column]]
        factor = INVERSE[left[column, column]]
        left[column], right[column] = TIMES[factor, left[column]], TIMES[factor, right[column]]
        for row in range(wanted):
            if row != column and left[row, column]:
                factor = int(left[row, column])
                left[row] ^= TIMES[factor, left[column]]
                right[row] ^= TIMES[factor, right[column]]
    return bytes(right.astype(np.uint8).ravel())


# -------------------------------------------------------------------------------------- header


@dataclass
class Tile:
    """What the header says of a tile."""

    length: int
    luma: int
    kept: bool
    chroma: int
    seal: int


@dataclass
class Header:
    """What stands in the header."""

    refinement: int
    colours: bytes
    weights: Floats
    shares: Floats
    tiles: list[Tile]


def read_header(jpeg: Jpeg, locked: bool, passphrase: str | None) -> tuple[Header, Lock | None]:
    """Out of the pieces whose checksums agree."""
    count = len(tiles_of(jpeg))
    size = 1 + 120 + 111 + 6 + 6 * count + 4 + 28 * locked
    regions, wanted, piece = pieces_of(jpeg, size)
    bits = jpeg.in_squares(0)[..., HEADERS] & 1
    pieces = {}
    for number, area in enumerate(regions):
        ours = bits[area].ravel()
        wanted_bits = 8 * (piece + 1)
        data = to_bytes(syndrome(ours, min(20, len(ours) // wanted_bits), wanted_bits))
        if zlib.crc32(data[:-1] + struct.pack("<I", number)) & 0xFF == data[-1]:
            pieces[number] = np.frombuffer(data[:-1], np.uint8).astype(np.int64)
    if len(pieces) < wanted:
        raise NotReadable("the header is damaged")
    data = from_pieces(pieces, wanted)[:size]
    if struct.pack("<I", zlib.crc32(data[:-4])) != data[-4:]:
        raise NotReadable("the header is damaged")
    lock = None
    if locked:
        if passphrase is None:
            raise NotReadable("locked")
        lock = Lock(passphrase, data[:16])
        data = lock.open(0, data[16:-4])
    packed = np.frombuffer(data, np.uint8, 111, 121).reshape(3, 37)
    halves = np.stack([packed[:, 10:] >> 4, packed[:, 10:] & 15], axis=2).reshape(3, 54)
    weights = np.concatenate([packed[:, :10] / 64, np.array(LEVELS)[halves]], axis=1)
    sent = np.frombuffer(data, np.uint8, 6, 232) / 200
    ends = np.searchsorted([6, 21], np.arange(64), side="right")
    shares = np.stack([sent[:3][ends], sent[3:][ends], sent[3:][ends]])
    tiles = [
        Tile(length, luma & 63, luma >= 128, chroma, seal)
        for length, luma, chroma, seal in struct.iter_unpack("<HBBH", data[238:-4])
    ]
    return Header(data[0], data[1:121], weights, shares, tiles), lock


# --------------------------------------------------------------------------------------- tiles


def message_of(jpeg: Jpeg, area: Area, tile: Tile) -> bytes:
    """A tile's message."""
    parts = []
    for plane in range(3):
        blocks = jpeg.of_area(plane, area).reshape(-1, 64)
        places = range(1, tile.chroma + 1)
        if plane == 0:
            places = [z for z in range(3, tile.luma + 1) if z not in CHECKS + HEADERS]  # type: ignore[assignment]
        parts += [blocks[:, z] for z in places]
    bits = np.concatenate(parts) & 1
    n = len(bits)
    stride = max(1, math.floor(n * (math.sqrt(5) - 1) / 2))
    while math.gcd(stride, n) != 1:
        stride += 1
    bits = bits[np.arange(n) * stride % n]
    e, wanted = n // 16, 8 * tile.length
    w = max(1, min(20, n // max(1, wanted)))
    while w > 1 and 16 * (e // w) < wanted:
        w -= 1
    wider = min(20, w + 1)
    m, l_ = e // w, e // wider
    first = 16 if m == l_ else min(16, max(0, -(-(wanted - 16 * l_) // (m - l_))))
    said: list[Ints] = []
    left = wanted
    for segment in range(16):
        width = w if segment < first else wider
        count = min(left, e // width)
        said.append(syndrome(bits[segment * e : (segment + 1) * e], width, count))
        left -= count
    return to_bytes(np.concatenate(said))


def seal_of(seals: Ints) -> int:
    """Of a tile, from those of its squares."""
    return zlib.crc32(seals.astype("<u4").tobytes()) & 0xFFFF


def number_in_sevens(number: int) -> bytes:
    """A size as AV1 writes it (4.10.5)."""
    return bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])


def av1_picture(frame: bytes, height: int, width: int) -> Floats:
    """The picture in a frame, read as an AVIF file."""
    if frame[0] == 255:
        sequence, frame = frame[2 : 2 + frame[1]], frame[2 + frame[1] :]
    else:
        sequence, frame = sequence_header(frame[0], height, width), frame[1:]
    stream = b"\x12\x00"
    for kind, content in ((b"\x0a", sequence), (b"\x32", frame)):
        stream += kind + number_in_sevens(len(content)) + content
    # A file that Pillow made, with this stream in place of its own.
    file = io.BytesIO()
    blank = Image.new("RGB", (width, height))
    blank.save(file, "AVIF", subsampling="4:4:4", codec="aom")
    made = bytearray(file.getvalue())
    at = made.index(b"mdat") + 4
    made[at - 8 : at - 4] = struct.pack(">I", 8 + len(stream))
    place = made.index(b"iloc") + 4 + 4 + 2 + 2 + 2 + 2 + 2  # of the first extent
    assert struct.unpack_from(">I", made, place)[0] == at
    made[place + 4 : place + 8] = struct.pack(">I", len(stream))
    with Image.open(io.BytesIO(bytes(made[:at]) + stream)) as image:
        return np.asarray(image.convert("RGB"), np.float64)


def sequence_header(choices: int, height: int, width: int) -> bytes:
    """As it would stand before the frame."""
    limits = ((0, 147456, 2048, 1152), (1, 278784, 2816, 1584), (4, 665856, 4352, 2448))
    fits = (
        number
        for number, most, wide, high in limits
        if width * height <= most and width <= wide and height <= high
    )
    level = next(fits, 5)
    sides = [max(1, (side - 1).bit_length()) for side in (width, height)]
    bits = f"00111{level:05b}{sides[0] - 1:04b}{sides[1] - 1:04b}"
    bits += f"{width - 1:0{sides[0]}b}{height - 1:0{sides[1]}b}{choices & 63:06b}"
    bits += f"01{1:08b}{13:08b}{6:08b}10" + "01"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def residual_of(code: bytes, height: int, width: int) -> Floats:
    """A tile's residual."""
    if not code:
        return np.zeros((height, width, 3))
    scale, half = (1, 1.25, 1.5, 2)[code[0] & 3], code[0] & 4
    size = (max(1, height // 2), max(1, width // 2)) if half else (height, width)
    values = (av1_picture(code[1:], *size) - 128) * scale
    return enlarged(values, height, width, cubic) if half else values


def cubic(distance: Floats) -> Floats:
    """Convolution kernel with a = -0.75."""
    x, a = np.abs(distance), -0.75
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0))


def linear(distance: Floats) -> Floats:
    """Convolution kernel."""
    return np.maximum(0, 1 - np.abs(distance))


def enlarged(picture: Floats, height: int, width: int, kernel: object) -> Floats:
    """Enlarged along both sides."""
    for axis, side in ((0, height), (1, width)):
        n = picture.shape[axis]
        centres = (np.arange(side) + 0.5) * n / side - 0.5
        result = 0
        for offset in range(-1, 3):
            at = np.floor(centres).astype(int) + offset
            factor = kernel(centres - at)  # type: ignore[operator]
            shape = [1] * picture.ndim
            shape[axis] = side
            result = result + picture.take(np.clip(at, 0, n - 1), axis) * factor.reshape(shape)
        picture = np.asarray(result)
    return picture


# ------------------------------------------------------------------------------------ restoring


def picture_of(jpeg: Jpeg, planes: list[NDArray[np.generic]]) -> Floats:
    """The picture of some coefficients."""
    samples = []
    for index, (plane, table) in enumerate(zip(planes, jpeg.tables, strict=True)):
        blocks = np.empty(plane.shape)
        blocks[..., ZIGZAG] = plane * table
        square = blocks.reshape(*plane.shape[:2], 8, 8)
        rows = np.einsum("rcvu,vy,ux->rycx", square, dct(8), dct(8), optimize=True)
        picture = rows.reshape(8 * plane.shape[0], 8 * plane.shape[1])
        if index and jpeg.half:
            picture = enlarged(picture, 2 * len(picture), 2 * picture.shape[1], linear)
        samples.append(picture[: jpeg.height, : jpeg.width])
    y, cb, cr = samples[0] + 128, samples[1], samples[2]
    rgb = [y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb]
    return np.clip(np.stack(rgb, axis=2), 0, 255)


def weighted(picture: Floats, factors: Floats) -> Floats:
    """A picture with each coefficient times its factor; 3 x 64 by place."""
    height, width, _ = picture.shape
    padded = np.pad(picture, ((0, -height % 8), (0, -width % 8), (0, 0)), mode="edge")
    planes = padded @ YCC.T
    by_frequency = np.empty((3, 64))
    by_frequency[:, ZIGZAG] = factors
    blocks = planes.reshape(len(padded) // 8, 8, -1, 8, 3)
    coefficients = np.einsum("vy,ux,rysxd->dvurs", dct(8), dct(8), blocks, optimize=True)
    coefficients *= by_frequency.reshape(3, 8, 8, 1, 1)
    back = np.einsum("vy,ux,dvurs->rysxd", dct(8), dct(8), coefficients, optimize=True)
    return (back.reshape(padded.shape) @ np.linalg.inv(YCC).T)[:height, :width]


@dataclass
class Restored:
    """What was read: `whole` tells of each tile whether its message is, `sealed` its seal."""

    header: Header
    squares: Squares
    whole: list[bool]
    sealed: list[bool]
    photo: Pixels
    attached: bytes = b""


def read_jpeg(data: bytes, passphrase: str | None = None) -> Restored:
    """Read a JPEG container that was not turned."""
    jpeg = open_jpeg(data)
    squares = read_squares(jpeg)
    if squares.version not in (VERSION, LOCKED):
        raise NotReadable(f"exported by another version: {squares.version}")
    header, lock = read_header(jpeg, squares.version == LOCKED, passphrase)
    shown = picture_of(jpeg, list(jpeg.planes))
    middle = picture_of(jpeg, [middles(p) for p in jpeg.planes])
    p, s = (
        weighted(np.clip(colour_values(of, header.colours), 0, 255) - 127.5, header.weights) + 127.5
        for of in (middle, shown)
    )
    photo = p + weighted(s - p, header.shares)
    luma = jpeg.planes[0].copy()
    luma[..., HEADERS] = cells(luma)[..., HEADERS]
    seals = digests(jpeg, 0, [luma, *jpeg.planes[1:]])
    result = Restored(header, squares, [], [], np.empty(shown.shape, np.uint8))
    areas = tiles_of(jpeg)
    for number, (area, tile) in enumerate(zip(areas, header.tiles, strict=True)):
        rows, columns = (slice(16 * part.start, 16 * part.stop) for part in area)
        if area[0].stop == jpeg.rows:
            rows = slice(rows.start, jpeg.height)
        if area[1].stop == jpeg.columns:
            columns = slice(columns.start, jpeg.width)
        part = photo[rows, columns]
        message = message_of(jpeg, area, tile)
        code = message[:-4]
        whole = message[-4:] == struct.pack("<I", zlib.crc32(code, number))
        if lock is not None:
            try:
                code, whole = lock.open(1 + number, message), True
            except NotReadable:
                whole = False
        result.whole.append(whole)
        if whole and code and code[0] & 8:
            end = 3 + int.from_bytes(code[1:3], "little")
            result.attached = result.attached or code[3:end]
            code = code[:1] + code[end:] if code[end:] else b""
        result.sealed.append(seal_of(seals[area]) == tile.seal)
        if tile.kept:
            part[:] = shown[rows, columns]
        elif whole:
            part += residual_of(code, *part.shape[:2])
    wrong = (~squares.hold & ~squares.flat).repeat(16, axis=0).repeat(16, axis=1)
    wrong = wrong[: jpeg.height, : jpeg.width]
    photo[: len(wrong), : wrong.shape[1]][wrong] = shown[: len(wrong), : wrong.shape[1]][wrong]
    result.photo[:] = np.clip(np.rint(photo), 0, 255)
    return result
