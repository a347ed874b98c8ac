"""The pseudo-random streams are those of FORMAT.md, whatever NumPy's own generators do."""

import numpy as np
import pytest

from models.coding.random_streams import Purpose, Stream

MASK = (1 << 64) - 1

# As in FORMAT.md.
VECTORS = ["133d1b1836b49e25", "fbd9ff744933275e", "f289b1b94ef9e741", "b298f47f8b702464"]
BITS = "001011001100010000001110"
INTEGERS = [84, 71, 42, 23, 88, 31, 87, 43]
PERMUTATION = [6, 1, 5, 2, 7, 4, 3, 0]


def philox(key: tuple[int, int], counter: int) -> list[int]:
    """One block of Philox 4x64-10 in plain integers, after the paper's section 3.4."""
    x = [counter & MASK, counter >> 64 & MASK, counter >> 128 & MASK, counter >> 192]
    a, b = key
    for _ in range(10):
        high0, low0 = divmod(0xD2E7470EE14C6C93 * x[0], 1 << 64)
        high1, low1 = divmod(0xCA5A826395121157 * x[2], 1 << 64)
        x = [high1 ^ x[1] ^ a, low1, high0 ^ x[3] ^ b, low0]
        a, b = (a + 0x9E3779B97F4A7C15) & MASK, (b + 0xBB67AE8584CAA73B) & MASK
    return x


def test_the_plain_block_is_the_published_one():
    # Known-answer test of Random123 1.14: counter and key zero.
    assert philox((0, 0), 0) == [
        0x16554D9ECA36314C,
        0xDB20FE9D672D0FDC,
        0xD7E772CEE186176B,
        0x7E68B68AEC7BA23B,
    ]


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("parameter", [0, 5, (1 << 64) - 1])
def test_words_are_blocks_with_the_counters_1_2_3(purpose, parameter):
    plain = [w for counter in (1, 2, 3) for w in philox((purpose, parameter), counter)]
    assert Stream(purpose, parameter).words(11).tolist() == plain[:11]


def test_drawing_twice_goes_on_where_the_first_stopped():
    stream = Stream(Purpose.WATERMARK, 3)
    assert [*stream.words(3), *stream.words(4)] == Stream(Purpose.WATERMARK, 3).words(7).tolist()


def test_bits_integers_and_permutations_follow_from_the_words():
    words = Stream(Purpose.QIM_SIGNS, 9).words(100).tolist()
    bits = Stream(Purpose.QIM_SIGNS, 9).bits(130)
    assert bits.tolist() == [words[i // 64] >> i % 64 & 1 for i in range(130)]
    integers = Stream(Purpose.QIM_SIGNS, 9).integers(1000, 100)
    assert integers.tolist() == [(w >> 32) * 1000 >> 32 for w in words]
    permutation = Stream(Purpose.QIM_SIGNS, 9).permutation(100)
    assert permutation.tolist() == sorted(range(100), key=lambda i: words[i])


def test_vectors_of_the_format():
    assert [f"{w:016x}" for w in Stream(Purpose.WATERMARK, 1).words(4)] == VECTORS
    assert "".join(map(str, Stream(Purpose.LDPC_WHITENING).bits(24))) == BITS
    assert Stream(Purpose.LDPC_MATRIX, 2).integers(100, 8).tolist() == INTEGERS
    assert Stream(Purpose.JPEG_BASE_ORDER).permutation(8).tolist() == PERMUTATION


def test_bits_are_even():
    assert abs(Stream(Purpose.LDPC_PADDING).bits(100_000).mean() - 0.5) < 0.01
    assert np.bincount(Stream(Purpose.LDPC_MATRIX).integers(7, 70_000)).min() > 9_500
