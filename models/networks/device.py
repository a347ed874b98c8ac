"""Where and in which number format the networks run."""

from __future__ import annotations

import functools

import torch

from models.networks.device_names import DEVICES
from models.problems import NoSuchDevice, Problem


def pick_device(name: str = "auto") -> torch.device:
    """The device of that name; `auto` takes a GPU where there is one.

    Raises NoSuchDevice where the device is not there or the name is not known.
    """
    if name not in DEVICES:
        raise NoSuchDevice(Problem("unknown-device", name=name, known=", ".join(DEVICES)))
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(d for d, there in available.items() if there))
    if not available[name]:
        raise NoSuchDevice(Problem("no-such-device", name=name))
    return torch.device(name)


@functools.cache
def number_format(device: torch.device) -> torch.dtype:
    """The number format of the subnets on a device: bfloat16 where it is faster and correct.

    Speed follows from the kind of hardware and is not timed, so that one computer always gives the
    same result; correctness is checked with a convolution against float32.
    """
    if device.type == "cuda":
        faster = torch.cuda.is_bf16_supported(including_emulation=False)
    elif device.type == "cpu":
        capability: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
        faster = bool(capability.get("avx512_bf16") or capability.get("amx_bf16"))
    else:
        faster = False
    if not faster:
        return torch.float32
    try:
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(1, 48, 16, 16, generator=generator).to(device)
        weight = torch.randn(64, 48, 3, 3, generator=generator).to(device) / 20
        exact = torch.nn.functional.conv2d(x, weight, padding=1)
        short = torch.nn.functional.conv2d(x.bfloat16(), weight.bfloat16(), padding=1).float()
        right = bool((short - exact).abs().max() < 0.05 * exact.abs().max())
    except RuntimeError:
        right = False
    return torch.bfloat16 if right else torch.float32
