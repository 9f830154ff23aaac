"""An attached file's pages on fresh A4 sheets, numbered, and written one after the other."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from bundler.bind.object_copier import ObjectCopier
from bundler.bind.page_digest import PageDigester
from bundler.bind.page_numbers import FolioFont
from bundler.bind.parts import SourcePart
from bundler.bind.pdf_writer import PdfWriter
from bundler.file_record import PDF
from bundler.materials.pdfa_fixes import clean_pdf_bytes
from bundler.page_geometry import FOLIO_RIGHT, FOLIO_TOP, fit_on_sheet


@dataclass(frozen=True, slots=True)
class SharedObjects:
    """What the pages of every file refer to: numbers in the output.

    Attributes:
        tree: the root of the page tree.
        font: the 页号 font's.
        font_digest: what it adds to a page's digest.
    """

    tree: int
    font: int
    font_digest: bytes


def source_pdf(part: SourcePart, data: bytes) -> bytes:
    """An attached file as a PDF whose pages can be bound."""
    if part.media_type != PDF:
        # Imported only here: many a case has no pictures, and what it needs takes a twentieth of a second to load.
        from bundler.bind.image_to_pdf import image_pdf

        return image_pdf(data, part.media_type)
    return clean_pdf_bytes(data, part.pictured) if part.touched else data


def write_source_pages(
    part: SourcePart, first_folio: int, font: FolioFont, output: PdfWriter, shared: SharedObjects
) -> Iterator[tuple[int, str]]:
    """Write a file's pages; nothing of the file stays in memory afterwards.

    Returns:
        the number of each page in the output, and its digest.

    Raises:
        FileChangedError: the file is no longer the one that was checked.
        pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError: a library cannot cope with it.
    """
    with pikepdf.open(io.BytesIO(source_pdf(part, part.load())), suppress_warnings=True) as pdf:
        tree, stamp = (pdf.make_indirect(pikepdf.Dictionary()) for _ in range(2))
        carrier = ObjectCopier(pdf, output)
        carrier.know(tree, shared.tree)
        carrier.know(stamp, shared.font)
        digester = PageDigester(carrier.streams)
        digester.know(stamp, shared.font_digest)
        for folio, number in enumerate(part.pages, start=first_folio):
            page = pdf.pages[number - 1]
            fresh, content = _placed(pdf, page, band=number not in part.free_corners)
            fresh.obj.Parent = tree
            fresh.obj.Resources.Font = pikepdf.Dictionary(Folio=stamp)
            content = zlib.compress(b"q\n" + content + _folio_on(fresh, folio, font))
            fresh.obj.Contents = pdf.make_stream(content, Filter=pikepdf.Name.FlateDecode)
            fresh.remove_unreferenced_resources()
            yield carrier.carry(fresh.obj), digester.digest(fresh)


def _placed(pdf: pikepdf.Pdf, page: pikepdf.Page, *, band: bool) -> tuple[pikepdf.Page, bytes]:
    """A fresh A4 page for a page, and the content that draws it there as a form: upright, never enlarged, never cropped."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90  # noqa: PLR2004 (a quarter turn)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    if turned:
        width, height = height, width
    laid = fit_on_sheet(width, height, band=band)
    form = page.as_form_xobject()
    resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Source=form))
    sheet = pikepdf.Array([0, 0, *laid.sheet])
    fresh = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=sheet, Resources=resources))
    box = pikepdf.Rectangle(laid.x, laid.y, laid.x + width * laid.scale, laid.y + height * laid.scale)
    fresh_page = pikepdf.Page(fresh)
    content = fresh_page.calc_form_xobject_placement(form, pikepdf.Name.Source, box, allow_expand=unit > 1)
    return fresh_page, content


def add_folio(page: pikepdf.Page, folio: int, font: FolioFont) -> None:
    """Write a 页号 on a page of the font's own file, whatever its content leaves open."""
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(_folio_on(page, folio, font))
    page.add_resource(font.object, pikepdf.Name.Font, pikepdf.Name.Folio)


def _folio_on(page: pikepdf.Page, folio: int, font: FolioFont) -> bytes:
    """Content that leaves what was opened by a `q` before a page's own, and writes the number."""
    _, _, right, top = (float(value) for value in page.mediabox)
    return b"\nQ\n" + font.show(folio, right - FOLIO_RIGHT, top - FOLIO_TOP)
