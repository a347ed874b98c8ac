"""Codes: random streams, entropy coding, error correction, prediction, the residual."""
