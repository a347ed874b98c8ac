"""The trained weights that ship with the program, by name.

Weights are safetensors files under `resources/weights` (never pickles), each listed in
`resources/weights/index.json` with its SHA-256 digest, so that a damaged or swapped file is noticed
before it restores garbage.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from models.device import number_format
from models.guess import GuessNetwork
from models.learned_operators import LEARNED, OperatorNetwork
from models.network import NetworkConfig, QuasiInvertibleNetwork
from models.refinement import RefinementNetwork

WEIGHTS = Path(__file__).resolve().parent.parent / "resources" / "weights"
INDEX = "index.json"


class WeightsError(Exception):
    """Weights that are missing, damaged or not what they should be; says which and what to do."""


@dataclass(frozen=True)
class WeightsEntry:
    """One line of the index.

    Attributes:
        name: how the program asks for it, for example ``lossless-1``.
        number: counts the versions of a channel; a container names by it the weights that it was
            made with.
        file: file name beside the index.
        sha256: digest of the file, hexadecimal.
        channel: what the weights are for: ``lossless`` (the invertible branch of lossless exports),
            ``refinement`` (mends restored JPEG exports) or ``operators`` (the learned looks).
    """

    name: str
    number: int
    file: str
    sha256: str
    channel: str


def entries(folder: Path = WEIGHTS) -> dict[str, WeightsEntry]:
    """All weights of the index, by name. Raises WeightsError where there is no readable index."""
    path = folder / INDEX
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))
        return {line["name"]: WeightsEntry(**line) for line in lines}
    except OSError:
        raise WeightsError(f"The weights' index {path} is missing; reinstall Pentimento.") from None
    except (ValueError, TypeError, KeyError) as error:
        raise WeightsError(
            f"The weights' index {path} is damaged; reinstall Pentimento."
        ) from error


def newest(channel: str, folder: Path = WEIGHTS) -> WeightsEntry:
    """The entry of a channel with the highest number. Raises WeightsError where there is none."""
    fitting = [e for e in entries(folder).values() if e.channel == channel]
    if not fitting:
        raise WeightsError(f"There are no weights for {channel}; reinstall Pentimento.")
    return max(fitting, key=lambda e: e.number)


def load_network(
    name: str, device: torch.device | None = None, folder: Path = WEIGHTS
) -> QuasiInvertibleNetwork:
    """The trained invertible branch of that name, ready to run on `device` (CPU when None).

    Raises:
        WeightsError: when the name is not listed, or the file is missing or not the listed one.
    """
    return _load_network(name, device or torch.device("cpu"), folder)


@functools.cache
def _load_network(name: str, device: torch.device, folder: Path) -> QuasiInvertibleNetwork:
    with _loading(name, folder) as (shape, state):
        config = NetworkConfig(
            couplings=int(shape["couplings"]),
            hidden=int(shape["hidden"]),
            step=float(shape["step"]),
        )
        network = QuasiInvertibleNetwork(config)
        missing = network.load_state_dict(state, strict=False)
        if missing.unexpected_keys or any(
            not key.endswith("transform.kernel") for key in missing.missing_keys
        ):
            raise ValueError(f"{name} holds other tensors than the network")
    network.compute_in(number_format(device))
    network.requires_grad_(False).eval()
    return network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]


@functools.cache
def load_operators(name: str, folder: Path = WEIGHTS) -> OperatorNetwork:
    """The trained learned operators of that name, float32 on the CPU. Raises as `load_network`."""
    with _loading(name, folder) as (shape, state):
        if tuple(shape["operators"].split()) != LEARNED:
            raise ValueError(f"{name} holds other operators")
        widths, slope = shape["widths"].split(), float(shape["slope"])
        network = OperatorNetwork(widths=[int(n) for n in widths], slope=slope)
        network.load_state_dict(state)
    return network.requires_grad_(False).eval()


@contextlib.contextmanager
def _loading(name: str, folder: Path) -> Iterator[tuple[dict[str, str], dict[str, torch.Tensor]]]:
    """The shape and the tensors (float32) of listed weights, once their digest is checked.

    Whatever goes wrong while they are put to use raises WeightsError too.
    """
    listed = entries(folder)
    if name not in listed:
        known = ", ".join(listed) or "none"
        raise WeightsError(f"There are no weights named '{name}'; installed ones: {known}.")
    entry = listed[name]
    path = folder / entry.file
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise WeightsError(f"The weights {path} are missing; reinstall Pentimento.") from None
    if digest != entry.sha256:
        raise WeightsError(f"The weights {path} are damaged; reinstall Pentimento.")
    try:
        with safe_open(path, framework="pt") as file:
            shape = file.metadata() or {}
            state = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        yield shape, state
    except (SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise WeightsError(f"The weights {path} do not fit this version of Pentimento.") from error


LOSSLESS = "lossless"
"""The channel of the invertible branches of lossless exports."""

REFINEMENT = "refinement"
"""The channel of the networks that mend restored JPEG exports."""


def load_refinement(
    name: str, device: torch.device | None = None, folder: Path = WEIGHTS
) -> RefinementNetwork:
    """The trained refinement of that name, ready to run. Raises as `load_network`."""
    return _load_refinement(name, device or torch.device("cpu"), folder)


@functools.cache
def _load_refinement(name: str, device: torch.device, folder: Path) -> RefinementNetwork:
    with _loading(name, folder) as (shape, state):
        a, b, c = (int(n) for n in shape["widths"].split())
        network = RefinementNetwork((a, b, c))
        network.load_state_dict(state)
    network.requires_grad_(False).eval()
    return network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]


GUESS = "guess.safetensors"


@functools.cache
def load_guess(device: torch.device, folder: Path = WEIGHTS) -> GuessNetwork:
    """The control network of the evaluation, ready to run. Raises WeightsError without it."""
    path = folder / GUESS
    try:
        with safe_open(path, framework="pt") as file:
            state = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        network = GuessNetwork()
        network.load_state_dict(state)
    except (OSError, SafetensorError, RuntimeError) as error:
        raise WeightsError(f"The control's weights {path} are missing or damaged.") from error
    network.requires_grad_(False).eval()
    return network.to(device)


def list_weights(folder: Path, entry: WeightsEntry) -> None:
    """Put an entry into the index, in place of one of the same name. Used after training."""
    listed = entries(folder) if (folder / INDEX).exists() else {}
    listed[entry.name] = entry
    lines = [vars(e) for e in listed.values()]
    (folder / INDEX).write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")


def install(
    name: str,
    number: int,
    channel: str,
    state: Mapping[str, torch.Tensor],
    shape: Mapping[str, str],
    folder: Path = WEIGHTS,
) -> Path:
    """Write weights as float16 and list them in the index; the path of their file."""
    path = folder / f"{name}.safetensors"
    tensors = {key: value.detach().cpu().half().contiguous() for key, value in state.items()}
    save_file(tensors, path, metadata=dict(shape))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    list_weights(folder, WeightsEntry(name, number, path.name, digest, channel))
    return path
