"""Read the operators of a PDF's content: of pages, forms, patterns, appearances and glyphs."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream, page_content

INLINE_IMAGE = "INLINE IMAGE"
"""The name that pikepdf gives to an image within the content."""
_END = "BX"
"""An operator without operands, appended to see whether something before it is unfinished."""


class UnfinishedContentError(ValueError):
    """The content ends within a command: after operands, or within a text or an image.

    Attributes:
        finished: the operators before that command.
    """

    def __init__(self, finished: Sequence[Any]) -> None:
        super().__init__("content that ends within a command")
        self.finished = finished


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
    """Return the operators of a page or of another stream whose content ends with one.

    Raises:
        UnfinishedContentError: it ends within a command.
        TypeError: an operator stands within an array; other errors of pikepdf mean that the data are damaged.
    """
    data = decode_stream(owner) if isinstance(owner, pikepdf.Stream) else page_content(owner)
    _, stream = _scratch()
    stream.write(data + b"\n" + _END.encode())
    instructions = parse_operators(stream)
    last = instructions[-1] if len(instructions) else None
    if last is None or str(last.operator) != _END or len(last.operands):
        # What was appended is part of the unfinished text or image, or has operands that are not its own.
        raise UnfinishedContentError(instructions[:-1] if last and str(last.operator) == _END else instructions)
    return instructions[:-1]


@cache
def _scratch() -> tuple[pikepdf.Pdf, Any]:
    """Return a document with a stream for content that is read; what was read from it lives only as long as the document."""
    pdf = pikepdf.new()
    return pdf, pdf.make_stream(b"")
