"""The bytes of some bands of quantised coefficients, and back."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import rans
from models.coding.residual_contexts import (
    CHANNELS,
    CONTEXTS,
    EMPTY,
    ORDER,
    Contexts,
    Plan,
    plan_bands,
)

PARTS = struct.Struct("<II")  # length of the tables, of the escapes


def pack_tables(plan: Plan) -> bytes:
    coded = plan.usual != EMPTY
    offsets = plan.fitted[coded].astype(np.int16) - plan.usual[coded, None]
    return zlib.compress(plan.usual.tobytes() + offsets.astype(np.int8).T.tobytes(), 9)


def _unpack_tables(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    unpacked = np.frombuffer(zlib.decompress(data), np.uint8)
    usual = unpacked[:CHANNELS]
    coded = usual != EMPTY
    if usual.size != CHANNELS or unpacked.size != CHANNELS + CONTEXTS * int(coded.sum()):
        raise rans.CorruptCode("The tables have the wrong size.")
    if (usual[coded] >= rans.MODELS).any():
        raise rans.CorruptCode("The tables name a distribution that does not exist.")
    offsets = unpacked[CHANNELS:].view(np.int8).reshape(CONTEXTS, -1).T
    fitted = np.zeros((CHANNELS, CONTEXTS), np.uint8)
    fitted[coded] = (usual[coded, None].astype(np.int16) + offsets).clip(0, rans.MODELS - 1)
    return usual, fitted


def encode_bands(quantised: Sequence[NDArray[np.int16]]) -> list[bytes]:
    """The codes of some bands (channels x rows x columns; columns alike)."""
    symbols = [np.clip(q, -rans.LARGEST, rans.LARGEST).astype(np.int8) for q in quantised]
    plans = plan_bands([np.abs(s).view(np.uint8) for s in symbols], with_models=True)
    starts, encoders = [], []
    for every, ours, plan in zip(quantised, symbols, plans, strict=True):
        coded = ORDER[plan.coded]
        planes = ours[coded].reshape(coded.size, ours[0].size)
        encoder = rans.Encoder(rans.lanes_for(planes.size))
        if coded.size:
            encoder.put_planes(planes, np.stack(plan.models))
        encoders.append(encoder)
        full = every[coded].reshape(planes.shape)[np.abs(planes) == rans.LARGEST]
        excess = np.abs(full) - rans.LARGEST
        tables = pack_tables(plan)
        escapes = zlib.compress(excess.astype("<u2").tobytes(), 9) if excess.any() else b""
        starts.append(PARTS.pack(len(tables), len(escapes)) + tables + escapes)
    return [a + b for a, b in zip(starts, rans.finish(encoders), strict=True)]


@dataclass
class _Tables:
    """What a band's code says before its symbols."""

    usual: NDArray[np.uint8]
    fitted: NDArray[np.uint8]
    excess: NDArray[np.uint16]
    code: bytes
    lanes: int

    @staticmethod
    def read(data: bytes, blocks: int) -> _Tables:
        """Of a band of that many blocks. Raises ValueError, zlib.error or struct.error."""
        tables_length, escapes_length = PARTS.unpack_from(data)
        start = PARTS.size
        usual, fitted = _unpack_tables(data[start : start + tables_length])
        start += tables_length
        escapes = data[start : start + escapes_length]
        excess = np.frombuffer(zlib.decompress(escapes) if escapes else b"", "<u2")
        code = data[start + escapes_length :]
        lanes = rans.lanes_for(int((usual != EMPTY).sum()) * blocks)
        rans.Decoders([code], [lanes])  # long enough?
        return _Tables(usual, fitted, excess, code, lanes)


def decode_bands(
    data: Sequence[bytes], rows: Sequence[int], columns: int
) -> list[NDArray[np.int32] | None]:
    """The quantised coefficients in some bands' codes; None where a code is damaged."""
    read: list[tuple[int, _Tables]] = []
    for band, (code, down) in enumerate(zip(data, rows, strict=True)):
        with contextlib.suppress(ValueError, zlib.error, struct.error):
            read.append((band, _Tables.read(code, down * columns)))
    result: list[NDArray[np.int32] | None] = [None] * len(data)
    if not read:
        return result
    read.sort(key=lambda r: -int((r[1].usual != EMPTY).sum()))
    tables, heights = [t for _, t in read], [rows[band] for band, _ in read]
    coded = [np.flatnonzero(t.usual != EMPTY) for t in tables]
    symbols = [np.zeros((c.size, r, columns), np.int8) for c, r in zip(coded, heights, strict=True)]
    decoders = rans.Decoders([t.code for t in tables], [t.lanes for t in tables])
    contexts = Contexts(heights, columns)
    for turn in range(coded[0].size):
        active = sum(c.size > turn for c in coded)
        context = contexts.current(active)
        models = [
            tables[i].fitted[coded[i][turn]][context[i, : heights[i]]].ravel()
            for i in range(active)
        ]
        magnitudes = np.zeros(context.shape, np.uint8)
        for i, plane in enumerate(decoders.get(models)):
            symbols[i][turn] = plane.reshape(heights[i], columns)
            magnitudes[i, : heights[i]] = np.abs(symbols[i][turn])
        contexts.add(magnitudes, np.array([tables[i].usual[coded[i][turn]] for i in range(active)]))
    for i, (band, table) in enumerate(read):
        planes = symbols[i].astype(np.int32)
        full = np.abs(planes) == rans.LARGEST
        more = table.excess[: int(full.sum())].astype(np.int32)
        if table.excess.size:
            if more.size != int(full.sum()):
                continue
            planes[full] += np.sign(planes[full]) * more
        if not decoders.broken[i]:
            quantised = np.zeros((CHANNELS, heights[i], columns), np.int32)
            quantised[ORDER[coded[i]]] = planes
            result[band] = quantised
    return result
