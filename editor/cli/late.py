"""The commands, each imported when it is run: what they import takes seconds."""

from __future__ import annotations

import argparse


def apply(args: argparse.Namespace) -> int:
    """See `editor.cli.commands.apply`."""
    from editor.cli.commands.apply import apply

    return apply(args)


def restore(args: argparse.Namespace) -> int:
    """See `editor.cli.commands.restore`."""
    from editor.cli.commands.restore import restore

    return restore(args)


def inspect(args: argparse.Namespace) -> int:
    """See `editor.cli.commands.inspect`."""
    from editor.cli.commands.inspect import inspect

    return inspect(args)


def batch(args: argparse.Namespace) -> int:
    """See `editor.cli.commands.batch`."""
    from editor.cli.commands.batch import batch

    return batch(args)


def evaluate(args: argparse.Namespace) -> int:
    """See `editor.cli.commands.evaluate`."""
    from editor.cli.commands.evaluate import evaluate

    return evaluate(args)


def demo(args: argparse.Namespace) -> int:
    """See `editor.cli.commands.demo`."""
    from editor.cli.commands.demo import demo

    return demo(args)
