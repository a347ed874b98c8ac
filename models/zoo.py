"""The trained weights that ship with the program, by name.

Weights are safetensors files under `resources/weights` (never pickles), each listed in
`resources/weights/index.json` with its SHA-256 digest, so that a damaged or swapped file is noticed
before it restores garbage.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from models.problems import Problem, WeightsError

if TYPE_CHECKING:
    import torch

WEIGHTS = resources.WEIGHTS
INDEX = "index.json"

LOSSLESS = "lossless"
"""The channel of the networks that lossless exports are made with."""

REFINEMENT = "refinement"
"""The channel of the networks that mend restored JPEG exports."""


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
            ``refinement`` (mends restored JPEG exports), ``operators`` (the learned looks) or
            ``paper`` (the paper's network, to compare with).
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
        raise WeightsError(Problem("weights-index-missing", path=str(path))) from None
    except (ValueError, TypeError, KeyError) as error:
        raise WeightsError(Problem("weights-index-damaged", path=str(path))) from error


def newest(channel: str, folder: Path = WEIGHTS) -> WeightsEntry:
    """The entry of a channel with the highest number. Raises WeightsError where there is none."""
    fitting = [e for e in entries(folder).values() if e.channel == channel]
    if not fitting:
        raise WeightsError(Problem("weights-none-for", channel=channel))
    return max(fitting, key=lambda e: e.number)


@contextlib.contextmanager
def loading(name: str, folder: Path) -> Iterator[tuple[dict[str, str], dict[str, torch.Tensor]]]:
    """The shape and the tensors (float32) of listed weights, once their digest is checked.

    Whatever goes wrong while they are put to use raises WeightsError too.
    """
    from safetensors import SafetensorError, safe_open

    listed = entries(folder)
    if name not in listed:
        known = ", ".join(listed) or "–"
        raise WeightsError(Problem("weights-unknown", name=name, known=known))
    entry = listed[name]
    path = folder / entry.file
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise WeightsError(Problem("weights-missing", path=str(path))) from None
    if digest != entry.sha256:
        raise WeightsError(Problem("weights-damaged", path=str(path)))
    try:
        with safe_open(path, framework="pt") as file:
            shape = file.metadata() or {}
            state = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        yield shape, state
    except (SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise WeightsError(Problem("weights-do-not-fit", path=str(path))) from error


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
    """Write weights as float16 and list them in the index. Returns the file's path."""
    from safetensors.torch import save_file

    path = folder / f"{name}.safetensors"
    tensors = {key: value.detach().cpu().half().contiguous() for key, value in state.items()}
    save_file(tensors, path, metadata=dict(shape))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    list_weights(folder, WeightsEntry(name, number, path.name, digest, channel))
    return path
