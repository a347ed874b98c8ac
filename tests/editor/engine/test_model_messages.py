"""What `models` says to users becomes a message, word for word."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import models
from editor.engine.model_messages import CODES, model_message
from editor.messages import TEMPLATES, message

FOLDER = Path(models.__file__).parent
PLACES = {
    **{path: {"NoRoom", "Unreadable", "Damaged"} for path in FOLDER.glob("containers/*.py")},
    FOLDER / "zoo.py": {"WeightsError"},
    FOLDER / "networks" / "device.py": {"ValueError"},
}
"""Files, and the errors in them that users get to see."""


def text_of(node: ast.AST | None, constants: dict[str, ast.expr]) -> str:
    """A literal, with something in place of what varies in it."""
    if isinstance(node, ast.Name):
        return text_of(constants.get(node.id), constants)
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr), "said in another way"
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values
    )


def sentences() -> Iterator[str]:
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
                yield text_of(raised.args[0], constants)


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
