"""Make a PDF of chosen pages of attached files, in a chosen order; nothing that is seen on a page is encoded again.

The pages of a PDF are taken over as they are, with the streams of their images; an image becomes a page as it does in a
bundle. What belongs to the first file as a whole, such as its form fields, stays in it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf

from bundler.bind.image_to_pdf import image_pdf
from bundler.errors import CaseError
from bundler.file_inspection_record import PDF

_NAMES_PAGES = (
    "/Outlines",
    "/Dests",
    "/Names",
    "/PageLabels",
    "/OpenAction",
    "/StructTreeRoot",
    "/MarkInfo",
    "/Threads",
)
"""Keys of a catalog that name pages which are gone, or stand elsewhere now; they would keep taken-out pages in the file."""


@dataclass(frozen=True, slots=True)
class PageSource:
    """A file that pages are taken from.

    Attributes:
        name: its name, for messages.
        data: its bytes.
        media_type: its media type, which is not that of a Word file.
    """

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class ChosenPage:
    """A page: the index of its source, and its number in it, from 1."""

    source: int
    number: int


def pdf_of_pages(sources: Sequence[PageSource], pages: Sequence[ChosenPage]) -> bytes:
    """Make a PDF of pages.

    Args:
        sources: the files.
        pages: the pages in their new order, each once.

    Raises:
        CaseError: another file than the first has form fields or layers, which its pages would lose.
    """
    opened = [pikepdf.open(io.BytesIO(_as_pdf(source))) for source in sources]
    try:
        for source, pdf in zip(sources[1:], opened[1:], strict=True):
            if "/AcroForm" in pdf.Root or "/OCProperties" in pdf.Root:
                raise CaseError(
                    f"“{source.name}”里有表单域或者图层，不能与别的文件合成一份。",
                    fix="请打印成普通的 PDF 或者重新扫描后再合并。",
                )
        chosen = [opened[page.source].pages[page.number - 1] for page in pages]
        target = opened[0]
        del target.pages[:]
        for page in chosen:
            target.pages.append(page)
        for key in _NAMES_PAGES:
            if key in target.Root:
                del target.Root[key]
        written = io.BytesIO()
        target.save(written, deterministic_id=True)
        return written.getvalue()
    finally:
        for pdf in opened:
            pdf.close()


def _as_pdf(source: PageSource) -> bytes:
    return source.data if source.media_type == PDF else image_pdf(source.data, source.media_type)
