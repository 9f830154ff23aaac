"""Make a PDF of chosen pages of attached files, in a chosen order; nothing that is seen on a page is encoded again.

The pages of a PDF are taken over as they are, with the streams of their images; an image becomes a page as it does in a
bundle. Form fields and other annotations of a form become part of their pages, as a viewer shows them: fields belong to a
file as a whole, and would be lost in another one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf

from bundler.bind.image_to_pdf import image_pdf
from bundler.errors import CaseError
from bundler.file_inspection_record import PDF
from bundler.materials.annotation_visibility import (
    LostAnnotationError,
    annotations_of,
    is_drawn_by_viewers,
    is_visible,
)
from bundler.materials.flatten_annotations import flatten_annotations

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
        CaseError: a form shows something that cannot be kept; or another file than the first has layers, which its pages
            would lose.
    """
    opened = [pikepdf.open(io.BytesIO(_as_pdf(source))) for source in sources]
    try:
        for number, (source, pdf) in enumerate(zip(sources, opened, strict=True)):
            if number and "/OCProperties" in pdf.Root:
                raise CaseError(
                    f"“{source.name}”里有图层，不能与别的文件合成一份。",
                    fix="请打印成普通的 PDF 或者重新扫描后再合并。",
                )
            _fix_form_on_pages(source, pdf)
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


def _fix_form_on_pages(source: PageSource, pdf: pikepdf.Pdf) -> None:
    """Make the filled-in fields of a form part of its pages.

    Raises:
        CaseError: a viewer shows a field that has no appearance to keep.
    """
    if "/AcroForm" not in pdf.Root:
        return
    try:
        flatten_annotations(pdf)
        lost = next((number for number, page in enumerate(pdf.pages, start=1) if _shows_field(page)), None)
    except LostAnnotationError as error:
        lost = error.args[1]
    if lost is not None:
        raise CaseError(
            f"“{source.name}”第 {lost} 页的表单内容没有可用的外观，整理后会丢失，没有整理。",
            fix="请用阅读软件打开，打印成普通的 PDF，再“替换”这一份。",
        )
    del pdf.Root.AcroForm


def _shows_field(page: pikepdf.Page) -> bool:
    """Whether viewers draw a field on a page by themselves, which they do only as long as it is part of a form."""
    return any(
        one.get("/Subtype") == "/Widget" and is_visible(one, page) and is_drawn_by_viewers(one)
        for one in annotations_of(page)
    )


def _as_pdf(source: PageSource) -> bytes:
    return source.data if source.media_type == PDF else image_pdf(source.data, source.media_type)
