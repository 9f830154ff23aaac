"""Printing: results to standard output, messages to standard error, unsafe characters of the input escaped."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from bundler.errors import BundlerError
from bundler.printable_text import replace_unsafe


def escape_unsafe(text: str) -> str:
    """The text with control, bidi, private-use and surrogate characters as ⟨U+XXXX⟩, so that it cannot steer a terminal."""
    return replace_unsafe(text, lambda character: f"⟨U+{ord(character):04X}⟩")


def use_utf8_output() -> None:
    """Make the standard streams write UTF-8 in every locale, and escape what UTF-8 cannot encode."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def print_result(text: str) -> None:
    """Print a result to standard output."""
    click.echo(escape_unsafe(text))


def print_message(text: str) -> None:
    """Print a message, which is no result, to standard error."""
    click.echo(escape_unsafe(text), err=True)


def print_json(value: Any) -> None:  # noqa: ANN401 (any JSON value)
    """Print a JSON value to standard output, with unsafe characters as JSON escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(replace_unsafe(text, _escaped))


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


def print_error(error: BundlerError) -> None:
    """Print an error to standard error: its code, what is wrong, and what to do next."""
    code = f"[{error.code}] " if error.code else ""
    print_message(f"错误：{code}{error.message}")
    if error.fix:
        print_message(f"　　怎么办：{error.fix}")
