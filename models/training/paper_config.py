"""What a training run of the paper's network depends on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.operators.registry import OPERATORS
from models.paper.network import PaperConfig

CONFIG = Path(__file__).parent / "configs" / "paper.toml"


@dataclass(frozen=True)
class PaperTraining:
    """Everything that a run depends on; read from a TOML file.

    Attributes:
        operators: which to train a network for.
        medium: the file that the exports go through, see `models.paper.media`.
        look_weight, photo_weight: of the squared errors of exported picture and restored photo.
        crops, crop: how many training crops to make of the photos, and their side in pixels.
        validate_every: steps.
    """

    operators: tuple[str, ...]
    medium: str
    steps: int
    batch: int
    patch: int
    learning_rate: float
    look_weight: float
    photo_weight: float
    crops: int
    crop: int
    seed: int
    validate_every: int
    network: PaperConfig = field(default_factory=PaperConfig)

    @staticmethod
    def read(path: Path = CONFIG) -> PaperTraining:
        """The configuration in a TOML file.

        Raises TypeError for a key that is missing or does not exist, ValueError for an operator
        that does not exist.
        """
        values: dict[str, Any] = tomllib.loads(path.read_text())
        network = PaperConfig(**values.pop("network", {}))
        operators = tuple(values.pop("operators"))
        unknown = [name for name in operators if name not in OPERATORS]
        if unknown:
            raise ValueError(f"There is no operator called {unknown[0]}.")
        return PaperTraining(operators=operators, network=network, **values)
