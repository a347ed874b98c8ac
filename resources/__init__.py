"""Files shipped with the program: weights, icons, sample photos, translations."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent

WEIGHTS = _FOLDER / "weights"
SAMPLES = _FOLDER / "sample"
ICONS = _FOLDER / "icons"
TRANSLATIONS = _FOLDER / "translations"
