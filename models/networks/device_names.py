"""The names of the devices that networks can run on; PyTorch is not needed to know them."""

from __future__ import annotations

DEVICES = ("auto", "cpu", "cuda", "mps")
"""What `device.pick_device` takes; `auto` is a GPU where there is one."""

ALWAYS_THERE = ("auto", "cpu")
"""Those that every computer has."""
