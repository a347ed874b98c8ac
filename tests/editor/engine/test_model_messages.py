"""What `models` says to users becomes a message, word for word."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import models
from editor.engine.model_messages import CODES, model_message
from editor.messages import TEMPLATES, message
from models.containers.container import unknown_version

FOLDER = Path(models.__file__).parent
PLACES = {
    **{path: {"NoRoom", "Unreadable"} for path in FOLDER.glob("containers/*.py")},
    FOLDER / "zoo.py": {"WeightsError"},
    FOLDER / "networks" / "device.py": {"ValueError"},
}
"""Files, and the errors in them that users get to see."""


def texts_of(node: ast.expr | None, constants: dict[str, ast.expr]) -> Iterator[str]:
    """What an error may say, with something in place of what varies in it."""
    if isinstance(node, ast.Name):
        yield from texts_of(constants.get(node.id), constants)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = (str(p.value) if isinstance(p, ast.Constant) else "7" for p in node.values)
        yield "".join(parts)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from texts_of(value, constants)
    else:  # why a detection says that the original is lost: one of the others
        assert node is not None
        assert ast.unparse(node) == "detection.lost"


def sentences() -> Iterator[str]:
    yield unknown_version("jpeg", "9")
    for path, kinds in PLACES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            raised = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(raised, ast.Call) and getattr(raised.func, "id", "") in kinds:
                yield from texts_of(raised.args[0], constants)


@pytest.mark.parametrize("sentence", sorted(set(sentences())))
def test_every_sentence_is_known(sentence: str) -> None:
    found = model_message(sentence, "no-room")
    assert found.code in CODES
    assert str(found) == sentence


def test_all_of_them_are_found() -> None:
    assert {model_message(sentence, "no-room").code for sentence in sentences()} == set(CODES)


def test_what_varies_is_kept() -> None:
    sentence = "JPEG quality 40 is too low to carry the original; use 70 or more."
    assert model_message(ValueError(sentence), "no-room") == message(
        "jpeg-quality-too-low", quality="40", least="70"
    )


def test_an_unknown_sentence_becomes_what_the_caller_says() -> None:
    assert str(model_message("Something new.", "no-room")) == TEMPLATES["no-room"]
