"""Read the operators of a PDF's content: of pages, forms, patterns, appearances and glyphs."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream, page_content

INLINE_IMAGE = "INLINE IMAGE"
"""The name that pikepdf gives to an image within the content; in the file it ends with ``EI``."""
_WHITESPACE = b"\0\t\n\f\r "
_AFTER_OPERAND = re.compile(rb"[\0\t\n\f\r \])>]\Z")
_END = "BX"
"""An operator without operands, appended to see whether something before it is unfinished."""


class UnfinishedContentError(ValueError):
    """The content ends within a command: after operands, or within a text or an image."""


def parse_operators(owner: Any, wanted: str = "") -> Sequence[Any]:  # noqa: ANN401 (PDF objects)
    """Return the operators of a page or of another stream with content, each with its operands.

    What stands after the last operator is left out, as viewers do.

    Args:
        owner: the page or the stream.
        wanted: the operators to return, separated by blanks; all of them if it is empty.

    Raises:
        TypeError: an operator stands within an array; other errors of pikepdf mean that the data are damaged.
    """
    with warnings.catch_warnings():  # pikepdf warns of what stands after the last operator, except in pages
        warnings.simplefilter("ignore", UserWarning)
        return pikepdf.parse_content_stream(owner, wanted)


def parse_finished_operators(owner: Any) -> Sequence[Any]:  # noqa: ANN401 (PDF objects)
    """Return the operators of a content that ends with one.

    Raises:
        UnfinishedContentError: it ends within a command.
        TypeError: an operator stands within an array; other errors of pikepdf mean that the data are damaged.
    """
    instructions = parse_operators(owner)
    data = decode_stream(owner) if isinstance(owner, pikepdf.Stream) else page_content(owner)
    if not _ends_with_last(data.rstrip(_WHITESPACE), instructions) and _is_unfinished(data):
        raise UnfinishedContentError
    return instructions


def _ends_with_last(data: bytes, instructions: Sequence[Any]) -> bool:
    """Whether data end with the operator that was read last; with a comment after it they do not."""
    if not instructions:
        return not data
    name = str(instructions[-1].operator)
    written = b"EI" if name == INLINE_IMAGE else name.encode()
    before = data.removesuffix(written)
    return len(before) < len(data) and (not before or _AFTER_OPERAND.search(before[-1:]) is not None)


def _is_unfinished(data: bytes) -> bool:
    with pikepdf.new() as pdf:
        instructions = parse_operators(pdf.make_stream(data + b"\n" + _END.encode()))
        last = instructions[-1] if len(instructions) else None
        return last is None or str(last.operator) != _END or len(last.operands) > 0
