"""Messages: one catalogue, every code of it in use, and used with the parameters it has."""

from __future__ import annotations

import ast
import dataclasses
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import pytest

import editor
import models
from editor.engine.model_messages import problem_message
from editor.messages import TEMPLATES, Message, MessageError, all_of, fields, message, one_of
from models.problems import Code, NoRoom, Problem

SOURCES = sorted(Path(editor.__file__).parent.rglob("*.py"))
MODELS = sorted(Path(models.__file__).parent.rglob("*.py"))


def test_a_message_is_its_english_sentence() -> None:
    assert str(message("grey-converted")) == "Grey was converted to RGB."
    assert str(message("is-a-folder", name="a{b}")) == "“a{b}” is a folder: choose a picture in it."
    assert str(all_of(["PNG", "WebP", "TIFF"])) == "PNG, WebP and TIFF"
    assert str(one_of([".png", ".tif"])) == ".png or .tif"


def test_messages_may_hold_messages() -> None:
    why = message("too-small", width=4, height=5, least=40)
    assert str(message("not-restorable", why=why)) == f"This picture cannot be restored: {why}."


def test_messages_are_values() -> None:
    one = message("too-small", width=3, height=4, least=16)
    assert one == message("too-small", least=16, height=4, width=3)
    assert len({one, pickle.loads(pickle.dumps(one))}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.code = "done"  # type: ignore[misc]


def test_unknown_codes_and_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="no message 'nothing'"):
        message("nothing")
    with pytest.raises(ValueError, match="does not take"):
        message("done", name="a")
    with pytest.raises(ValueError, match="does not take"):
        message("is-a-folder")


def test_an_error_says_its_message() -> None:
    error = MessageError(message("grey-converted"))
    assert str(error) == "Grey was converted to RGB."
    assert pickle.loads(pickle.dumps(error)).message == error.message


def test_no_two_codes_say_the_same() -> None:
    """Translators get the sentences alone: one that means two things could not be translated."""
    assert [text for text, times in Counter(TEMPLATES.values()).items() if times > 1] == []


def calls(*functions: str, sources: Sequence[Path] = SOURCES) -> Iterator[ast.Call]:
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in functions:
                yield node


def literals(node: ast.expr) -> list[str]:
    """The strings an expression may be: one, or those of “a if x else b”."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    return []


def test_every_code_is_used_with_its_parameters_and_every_used_one_is_known() -> None:
    used: set[str] = set(get_args(Code))
    for call in calls("message"):
        for code in literals(call.args[0]):
            used.add(code)
            given = {keyword.arg for keyword in call.keywords}
            assert given in (fields(TEMPLATES[code]), {None}), (code, given)
    assert used == set(TEMPLATES)


def test_the_catalogue_has_every_problem_of_models_with_its_parameters() -> None:
    used: set[str] = set()
    for call in calls("Problem", sources=MODELS):
        (code,) = literals(call.args[0])
        used.add(code)
        assert {keyword.arg for keyword in call.keywords} == fields(TEMPLATES[code]), code
    assert used == set(get_args(Code))


def test_a_problem_becomes_its_message() -> None:
    problem = Problem("jpeg-quality-too-low", quality=40, least=75)
    assert problem_message(problem) == message("jpeg-quality-too-low", quality=40, least=75)
    assert str(problem) == "jpeg-quality-too-low: least 75, quality 40"
    assert pickle.loads(pickle.dumps(NoRoom(problem))).problem == problem


def test_what_is_raised_for_users_is_a_message() -> None:
    """No error of the engine, the files or the worker takes a sentence that stands beside it."""
    kinds = {"PictureError", "NotAnExport", "TooSmall", "WeightsUnusable", "NoSuchDevice"}
    kinds |= {"EditError", "RecipeError", "MessageError"}
    written = [
        (call.func.id, ast.unparse(argument))
        for call in calls(*kinds)
        for argument in call.args
        if isinstance(argument, (ast.Constant, ast.JoinedStr)) and isinstance(call.func, ast.Name)
    ]
    assert written == []


def test_progress_is_a_message() -> None:
    written = [
        ast.unparse(argument)
        for call in calls("progress", "part", "stretched")
        for argument in call.args
        if isinstance(argument, ast.JoinedStr)
        or (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
    ]
    assert written == []
    assert isinstance(message("done"), Message)
