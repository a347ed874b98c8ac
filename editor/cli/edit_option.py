"""The ``--edit`` option of the command line: text to edits."""

from __future__ import annotations

import difflib

from editor.cli.mask_option import GRADIENTS_HELP, format_mask, parse_mask
from editor.engine.edits import Edit, edit, kind_of
from models.geometry.steps import STEPS
from models.operators.registry import OPERATORS
from models.operators.settings import from_text, to_text

_KINDS = (*OPERATORS, *STEPS)


def parse_edit(text: str) -> Edit:
    """One edit from ``operator``, ``operator=value`` or ``operator=value:MASK``.

    MASK is a picture file (the edit acts where it is white and opaque), gradients, or both, see
    `mask_option.parse_mask`. The value is the strength,
    which may carry a sign, or the first setting of an operator that has settings; others follow
    with their names, as in ``tone-curve=0,0,0.3,0.2,1,1/channels=luminance/strength=0.5``. Without
    a value (``operator=:MASK``) it is the operator's default.

    Raises:
        ValueError: one sentence, for an unknown operator, value or mask.
    """
    name, equals, rest = text.partition("=")
    name = name.strip()
    if name not in _KINDS:
        raise ValueError(_unknown(name))
    value, colon, mask = (rest, "", "") if name in STEPS else rest.partition(":")
    if (equals and not rest) or (colon and not mask):
        missing = "mask" if colon else "value" if kind_of(name).settings else "strength"
        raise ValueError(f"--edit {text}: there is no {missing} after the “{text[-1]}”.")
    named = _named(text, name, value)
    strength = named.pop("strength", None)
    settings = {key: from_text(typed) for key, typed in named.items()}
    mine = parse_mask(mask) if mask else None
    return edit(name, None if strength is None else _number(text, strength), mask=mine, **settings)


def _named(text: str, operator: str, value: str) -> dict[str, str]:
    """What stands for an operator's value, by name."""
    known = [setting.name for setting in kind_of(operator).settings]
    named: dict[str, str] = {}
    for i, part in enumerate(value.split("/") if known else [value]):
        key, equals, typed = part.partition("=")
        if equals:
            named[key.strip()] = typed
        elif i == 0:
            named |= {known[0] if known else "strength": part} if part else {}
        else:
            raise ValueError(f"--edit {text}: there is no name before “{part}”.")
    unknown = [key for key in named if key not in (*known, "strength")]
    if unknown:
        names = ", ".join((*known, "strength"))
        raise ValueError(f"--edit {text}: {operator} has no “{unknown[0]}”, only {names}.")
    return named


def _number(text: str, typed: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise ValueError(f"--edit {text}: “{typed}” is not a number such as 0.8 or +1.5.") from None


def format_edit(e: Edit) -> str:
    """The edit as ``--edit`` would take it; what it cannot express is added in brackets."""
    op = kind_of(e.operator)
    sign = "+" if op.minimum < 0 else ""
    strength = f"{e.strength:{sign}g}"
    if op.settings:
        named = [f"{name}={to_text(value)}" for name, value in e.settings]
        named += [f"strength={strength}"] if e.strength != op.default_strength else []
        text = "=".join([e.operator, "/".join(named).removeprefix(f"{op.settings[0].name}=")])
        text = text.rstrip("=")
    else:
        text = f"{e.operator}={strength}"
    more = [f"{100 * e.opacity:.0f} % opaque"] if e.opacity != 1 else []
    gradients = "" if e.mask is None else format_mask(e.mask)
    text += f":{gradients}" if gradients else ""
    more += ["in a mask"] if e.mask is not None and not gradients else []
    more += ["switched off"] if not e.enabled else []
    return f"{text} ({', '.join(more)})" if more else text


def operators_help() -> str:
    """The operators with their strengths, one a line, and how masks are written, for the help."""
    lines = ["operators, their strengths (default) and what they do:"]
    for op in map(kind_of, _KINDS):
        sign = "+" if op.minimum < 0 else ""
        span = f"{op.minimum:g}..{op.maximum:{sign}g} ({op.default_strength:{sign}g})"
        forms = [f"{setting.name}={setting.form}" for setting in op.settings]
        span = forms[0].partition("=")[2] if forms else span
        forms += [] if op.id in STEPS else ["strength=0..1"]
        more = f" Also /{'/'.join(forms[1:])}." if op.settings and forms[1:] else ""
        lines.append(f"  {op.id:16} {span:12} {op.summary}{more}")
    lines += ["", GRADIENTS_HELP]
    return "\n".join(lines)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), _KINDS, 1, 0.6)
    close = close or [known for known in _KINDS if name and name.lower() in known][:1]
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"There is no operator “{name}”.{hint} Known ones: {', '.join(_KINDS)}."
