"""Place the pages of an attached file on A4 sheets with their 页号, and write them one after the other."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from bundler.bind.copy_pdf_objects import ObjectCopier
from bundler.bind.join_types import SourcePart
from bundler.bind.page_digest import PageDigester
from bundler.bind.page_number_font import FolioFont
from bundler.bind.pdf_writer import PdfWriter
from bundler.bind.text_layer import NAME, LayerFont, PlacedScan
from bundler.file_inspection_record import PDF
from bundler.materials.pdfa_fixes import clean_pdf_bytes
from bundler.page_geometry import FOLIO_RIGHT, FOLIO_TOP, fit_on_sheet


@dataclass(frozen=True, slots=True)
class SharedObjects:
    """Objects of the output to which the pages of every file refer.

    Attributes:
        page_tree: the object number of the page tree's root.
        font: the object number of the 页号 font.
        font_digest: the font's digest, which goes into the digest of each page.
        layer: the font of the text layers; None where no page has one.
        layer_number, layer_digest: as of the 页号 font.
    """

    page_tree: int
    font: int
    font_digest: bytes
    layer: LayerFont | None = None
    layer_number: int = 0
    layer_digest: bytes = b""


def source_pdf(part: SourcePart, data: bytes) -> bytes:
    """Convert an attached file to a PDF whose pages can be bound."""
    if part.media_type != PDF:
        # Imported here: many cases have no images, and the libraries for them take 50 ms to load.
        from bundler.bind.image_to_pdf import image_pdf

        return image_pdf(data, part.media_type)
    return clean_pdf_bytes(data, part.pictured) if part.touched else data


def write_source_pages(
    part: SourcePart, first_folio: int, font: FolioFont, output: PdfWriter, shared: SharedObjects
) -> Iterator[tuple[int, str]]:
    """Write a file's pages; nothing of the file stays in memory afterwards.

    Yields:
        The object number of each page in the output, and the page's digest.

    Raises:
        FileChangedError: the file has changed since the check.
        pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError: a library cannot process the file.
    """
    with pikepdf.open(io.BytesIO(source_pdf(part, part.load())), suppress_warnings=True) as pdf:
        page_tree, folio_font, layer_font = (pdf.make_indirect(pikepdf.Dictionary()) for _ in range(3))
        copier = ObjectCopier(pdf, output)
        copier.map_to(page_tree, shared.page_tree)
        copier.map_to(folio_font, shared.font)
        digester = PageDigester(copier.streams)
        digester.set_digest(folio_font, shared.font_digest)
        if shared.layer is not None:
            copier.map_to(layer_font, shared.layer_number)
            digester.set_digest(layer_font, shared.layer_digest)
        for folio, number in enumerate(part.pages, start=first_folio):
            page = pdf.pages[number - 1]
            sheet, content, placed = _place_on_sheet(pdf, page, band=number not in part.free_corners)
            sheet.obj.Parent = page_tree
            sheet.obj.Resources.Font = pikepdf.Dictionary(Folio=folio_font)
            if shared.layer is not None and number in part.layer:
                sheet.obj.Resources.Font[f"/{NAME}"] = layer_font
                content = shared.layer.show(part.layer[number], placed) + content
            content = zlib.compress(b"q\n" + content + _folio_content(sheet, folio, font))
            sheet.obj.Contents = pdf.make_stream(content, Filter=pikepdf.Name.FlateDecode)
            sheet.remove_unreferenced_resources()
            yield copier.copy(sheet.obj), digester.digest(sheet)


def _place_on_sheet(pdf: pikepdf.Pdf, page: pikepdf.Page, *, band: bool) -> tuple[pikepdf.Page, bytes, PlacedScan]:
    """Make an A4 page, and the content that draws a page on it as a form: upright, never enlarged, never cropped."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    is_rotated = int(page.obj.get("/Rotate", 0)) % 180 == 90  # noqa: PLR2004 (a quarter turn)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    if is_rotated:
        width, height = height, width
    placed = fit_on_sheet(width, height, band=band)
    form = page.as_form_xobject()
    resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Source=form))
    media_box = pikepdf.Array([0, 0, *placed.sheet])
    sheet = pikepdf.Page(
        pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=media_box, Resources=resources))
    )
    box = pikepdf.Rectangle(placed.x, placed.y, placed.x + width * placed.scale, placed.y + height * placed.scale)
    content = sheet.calc_form_xobject_placement(form, pikepdf.Name.Source, box, allow_expand=unit > 1)
    return sheet, content, PlacedScan(placed.x, placed.y, width * placed.scale, height * placed.scale)


def add_folio(page: pikepdf.Page, folio: int, font: FolioFont) -> None:
    """Write a 页号 on a typeset page, whose graphics state is saved before and restored after its own content."""
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(_folio_content(page, folio, font))
    page.add_resource(font.object, pikepdf.Name.Font, pikepdf.Name.Folio)


def _folio_content(page: pikepdf.Page, folio: int, font: FolioFont) -> bytes:
    """Content that restores the graphics state, which a `q` saved before the page's own content, and writes the number."""
    _, _, right, top = (float(value) for value in page.mediabox)
    return b"\nQ\n" + font.show(folio, right - FOLIO_RIGHT, top - FOLIO_TOP)
