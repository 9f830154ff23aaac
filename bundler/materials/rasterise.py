"""Pages of a PDF that are bound as images of themselves: which pages, what the record says of it, and the conversion."""

from __future__ import annotations

import io
import zlib
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from bundler.file_inspection_record import Change, FileProblem, FileRecord
from bundler.page_geometry import fit_on_sheet

if TYPE_CHECKING:  # loaded when a page is converted: a check only marks pages and must start quickly
    import pikepdf
    import pypdfium2
    from PIL import Image

DPI = 300
"""Resolution of the image at the size at which it is placed on its A4 sheet."""
_SOLVED_RULES = frozenset({"FILE-FONT", "FILE-DAMAGED"})
"""Problems of a page that an image of it solves."""


def mark_rasterised_pages(record: FileRecord) -> FileRecord:
    """Mark the picturable pages of a file as bound as images, and replace the problems that this solves.

    Returns:
        The record with FILE-PICTURED in place of those problems; unchanged if no page is picturable.
    """
    if not record.picturable:
        return record
    reasons: dict[int, list[str]] = {}
    problems = []
    for problem in record.problems:
        if problem.rule not in _SOLVED_RULES:
            problems.append(problem)
            continue
        for number in set(problem.pages) & set(record.picturable):
            reasons.setdefault(number, []).append(problem.message.rstrip("。"))
        unsolved = tuple(number for number in problem.pages if number not in record.picturable)
        if unsolved or not problem.pages:
            problems.append(replace(problem, pages=unsolved))
    pages_by_reason: dict[str, list[int]] = {}
    for number in record.picturable:
        pages_by_reason.setdefault("；".join(reasons.get(number, [])), []).append(number)
    problems += [
        FileProblem(
            "FILE-PICTURED",
            f"{reason}，装订时按 {DPI} dpi 转为图像。",
            f"请核对该页；能重新导出的，请{'嵌入字体' if '字体' in reason else '重新导出'}。",
            tuple(pages),
        )
        for reason, pages in pages_by_reason.items()
    ]
    pictured = tuple(
        Change(f"{reason}，按 {DPI} dpi 转为图像", tuple(pages)) for reason, pages in pages_by_reason.items()
    )
    return replace(record, problems=tuple(problems), pictured=pictured, touched=True)


def rasterise_pages(pdf: pikepdf.Pdf, pages: Collection[int]) -> None:
    """Replace pages, counted from 1, by lossless images of themselves; only their text layer is lost."""
    import pikepdf
    import pypdfium2

    from bundler.materials.pdf_objects import make_values_direct

    form = pdf.Root.get("/AcroForm")
    annotations = [pdf.pages[number - 1].obj.get("/Annots") for number in pages]
    make_values_direct([part for part in (form, *annotations) if isinstance(part, (pikepdf.Dictionary, pikepdf.Array))])
    source = io.BytesIO()
    pdf.save(source, static_id=True, encryption=False)
    with pypdfium2.PdfDocument(source.getvalue()) as document:
        document.init_forms()
        for number in sorted(pages):
            page = pdf.pages[number - 1]
            image = _render_page(document, number - 1, float(page.obj.get("/UserUnit", 1)))
            _replace_content(pdf, page, image)


def _render_page(document: pypdfium2.PdfDocument, index: int, unit: float) -> Image.Image:
    """Render a page, upright; in shades of grey where it has no colour.

    Args:
        document: the file.
        index: the page, from 0.
        unit: the page's UserUnit.
    """
    page = document[index]
    width, height = page.get_size()
    scale = fit_on_sheet(width * unit, height * unit, band=False).scale * unit * DPI / 72
    rendered: Image.Image = page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil()
    image = rendered.convert("RGB")
    red, green, blue = image.split()
    return red if red.tobytes() == green.tobytes() == blue.tobytes() else image


def _replace_content(pdf: pikepdf.Pdf, page: pikepdf.Page, image: Image.Image) -> None:
    """Make the image the whole content of the page; it is upright, so rotation and crop box go."""
    import pikepdf

    left, bottom, right, top = (float(value) for value in page.cropbox)
    width, height = abs(right - left), abs(top - bottom)
    if int(page.obj.get("/Rotate", 0)) % 180:
        width, height = height, width
    picture = pdf.make_stream(
        zlib.compress(image.tobytes()),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceGray if image.mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.FlateDecode,
    )
    for key in ("/Rotate", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Group", "/Annots"):
        if key in page.obj:
            del page.obj[key]
    page.obj.MediaBox = pikepdf.Array([0, 0, round(width, 4), round(height, 4)])
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=picture))
    page.obj.Contents = pdf.make_stream(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Page Do Q".encode())
