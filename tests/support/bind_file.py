"""Bind the pages of one inspected PDF or picture behind a typeset cover, as a build does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bundler.bind.join import join
from bundler.bind.join_types import SourcePart, TypesetPart
from bundler.file_inspection_record import PDF, FileRecord
from tests.support import pdf_files


@cache
def _cover() -> bytes:
    """Typeset the page to begin with, once in a process."""
    return pdf_files.set_text()


def bind_file(data: bytes, record: FileRecord, target: Path) -> None:
    """Bind all pages of a PDF or a picture.

    Args:
        data: the file.
        record: what the inspection found.
        target: the file to write; its first page is the cover.
    """
    part = SourcePart(
        record.media_type or PDF,
        range(1, len(record.pages) + 1),
        lambda: data,
        frozenset(n for n, page in enumerate(record.pages, start=1) if page.free_corner),
        file="a.pdf",
        touched=record.touched,
        pictured=record.pictured_pages,
    )
    join(_cover(), [TypesetPart(0, 0, "封面"), part], [], target)
