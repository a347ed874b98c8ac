"""What became of an export since it was made, and how far its original can be trusted."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from editor.engine.embedding import Found
from models.containers.container import Trust


class Outcome(enum.StrEnum):
    """What comes of a picture; its value is its name in reports."""

    PROVEN = "proven"
    """The original comes back, and it is proven that nothing of the export was changed."""
    UNPROVEN = "unproven"
    """The original comes back; nothing proves that the export was not changed."""
    PART = "in part"
    """Some of the original is lost, and it is known where."""
    LOCKED = "locked"
    """An export whose original takes a passphrase; what was changed of it is known all the same."""
    LOST = "lost"
    """An export whose original cannot be read any more."""
    FOREIGN = "foreign"
    """No export."""


@dataclass(frozen=True)
class Integrity:
    """See the module.

    Attributes:
        outcome: what comes of the picture.
        changed, predicted, unproven: shares of the picture, 0..1, with which something is wrong:
            what was changed since and is left as it was received; what is only predicted because
            its code was lost with another part; what nothing vouches for.
        trust: rows x columns, a `Trust` for each square of 16 pixels; None where that is not known
            or there is no original.
        doubtful: whether what was hidden came out of an export itself, and was not proven there:
            what comes back is then never proven, however well it is carried.
    """

    outcome: Outcome
    changed: float = 0.0
    predicted: float = 0.0
    unproven: float = 0.0
    trust: NDArray[np.uint8] | None = field(default=None, repr=False, compare=False)
    doubtful: bool = False

    @staticmethod
    def of(found: Found | None, trust: NDArray[np.uint8] | None = None) -> Integrity:
        """Of a picture.

        Args:
            found: the export that it is; None where it is none.
            trust: that of its original, where it was restored.
        """
        if trust is None and found is not None:
            trust = found.detection.trust
        if found is None and trust is None:
            return Integrity(Outcome.FOREIGN)
        if trust is None and found is not None and found.lost is not None:
            return Integrity(Outcome.LOST)
        if trust is None:
            return Integrity(Outcome.UNPROVEN, unproven=1.0)
        doubtful = found is not None and found.doubtful
        if doubtful:
            trust = np.maximum(trust, np.uint8(Trust.UNPROVEN))
        changed, predicted, unproven = (
            float((trust == kind).mean()) for kind in (Trust.CHANGED, Trust.COARSE, Trust.UNPROVEN)
        )
        outcome = Outcome.PROVEN
        if found is not None and found.locked:
            outcome = Outcome.LOCKED
        elif changed or predicted:
            outcome = Outcome.PART
        elif unproven:
            outcome = Outcome.UNPROVEN
        return Integrity(outcome, changed, predicted, unproven, trust, doubtful)

    def facts(self) -> dict[str, str | float | bool]:
        """For JSON."""
        return {
            "outcome": self.outcome.value,
            "changed": round(self.changed, 4),
            "predicted": round(self.predicted, 4),
            "unproven": round(self.unproven, 4),
            "doubtful": self.doubtful,
        }
