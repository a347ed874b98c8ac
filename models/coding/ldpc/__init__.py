"""Error correction: low-density parity-check codes of any length and of thirteen rates.

Irregular repeat-accumulate codes (Gallager 1963; Jin, Khandekar and McEliece 2000) in quasi-cyclic
form: the parity-check matrix is an array of circulant permutations, `COLUMNS` wide, whose shifts
are drawn so that no two rows meet twice. The parity bits form one long accumulator, so encoding is
a running sum. Decoding is layered normalised min-sum belief propagation (Hocevar 2004; Chen and
Fossorier 2002); soft input, all frames of a message side by side.

`matrices` constructs the codes, `encoding` and `decoding` use them, `rates` finds the one to use.
"""

from __future__ import annotations

from models.coding.ldpc.decoding import correct, decode
from models.coding.ldpc.encoding import encode
from models.coding.ldpc.matrices import COLUMNS, FRAME, PARITY_ROWS, RATES, Shape, capacity
from models.coding.ldpc.rates import highest_rate, likeliest_rates

__all__ = [
    "COLUMNS",
    "FRAME",
    "PARITY_ROWS",
    "RATES",
    "Shape",
    "capacity",
    "correct",
    "decode",
    "encode",
    "highest_rate",
    "likeliest_rates",
]
