"""What a training run of the invertible branch depends on."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.networks.invertible import NetworkConfig


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that a run depends on; read from a TOML file."""

    network: NetworkConfig = field(default_factory=NetworkConfig)
    steps: int = 12_000
    batch: int = 8
    patch: int = 128
    learning_rate: float = 1e-3
    final_learning_rate: float = 1e-5
    warm_up: int = 200
    lattices: tuple[int, ...] = (2, 4)
    container_targets: tuple[float, ...] = (46.5, 43.0)
    container_weight: float = 2.0
    hardness: float = 0.5
    error_weight: float = 0.3
    rate_step: float = 3.0
    seed: int = 1
    validate_every: int = 500

    @staticmethod
    def read(path: Path) -> TrainingConfig:
        """The configuration in a TOML file; raises TypeError for a key that does not exist."""
        values: dict[str, Any] = tomllib.loads(path.read_text())
        network = NetworkConfig(**values.pop("network", {}))
        lists = {k: tuple(v) for k, v in values.items() if isinstance(v, list)}
        return TrainingConfig(network=network, **(values | lists))


def learning_rate(step: int, config: TrainingConfig) -> float:
    """Linear warm-up, then a half cosine down to the final rate."""
    if step < config.warm_up:
        return config.learning_rate * (step + 1) / config.warm_up
    progress = min(1.0, (step - config.warm_up) / max(1, config.steps - config.warm_up))
    low, high = config.final_learning_rate, config.learning_rate
    return low + (high - low) * 0.5 * (1 + math.cos(math.pi * progress))
