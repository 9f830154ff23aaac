"""Write the files of a sample; the bytes are the same in every run."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import img2pdf
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from making import scanner
from making.fonts import DPI
from making.page_layout import draw_paper
from making.paper_model import Sample, Scan, WordFile

_SMOOTH, _SHARP = 9, 6.6
"""JPEG quantisation steps: fine for the paper's tint, coarse for the edges of letters; a page takes less than about 100 KB."""
_CREATED = datetime(2021, 9, 1, 9, 0, tzinfo=UTC)
_ZIP_TIME = (2021, 9, 1, 9, 0, 0)
_RESOLUTION = (DPI, DPI)


def _quantisation_table(scale: float) -> list[int]:
    """A quantisation table, 8 × 8, whose steps grow with the frequency."""
    return [min(255, round(_SMOOTH + scale * (row + column) ** 1.25 * 2)) for row in range(8) for column in range(8)]


_TABLE, _COLOUR_TABLE = _quantisation_table(_SHARP), _quantisation_table(_SHARP * 2)


def write_case(folder: Path, sample: Sample) -> None:
    """Write case.json."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(sample.case, ensure_ascii=False, indent=2) + "\n"
    (folder / "case.json").write_text(text, encoding="utf-8")


def write_file(folder: Path, file: Scan | WordFile) -> int:
    """Write one file below ``materials``, and return the number of its scanned pages."""
    target = folder / "materials" / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(file, WordFile):
        target.write_bytes(_build_word_file(file))
        return 0
    pages = [
        page
        for number, paper in enumerate(file.papers)
        for page in draw_paper(paper, f"{folder.name}/{file.name}|{number}")
    ]
    target.write_bytes(_encode_scan(file, pages, f"{folder.name}/{file.name}"))
    return len(pages)


def _encode_scan(file: Scan, pages: list[Image.Image], seed: str) -> bytes:
    seeds = [f"{seed}#{number}" for number in range(len(pages))]
    if file.format == "tiff-g4":
        images = [scanner.scan_bilevel(*pair) for pair in zip(pages, seeds, strict=True)]
        return _encode_tiff(images, "group4", strip_size=1 << 24)
    if file.format == "tiff-grey":
        return _encode_tiff(
            [scanner.scan_whitened(*pair) for pair in zip(pages, seeds, strict=True)], "tiff_adobe_deflate"
        )
    scanned = [scanner.scan(page, one, colour=file.colour) for page, one in zip(pages, seeds, strict=True)]
    if file.format == "pdf":
        jpegs = [_encode_jpeg(image) for image in scanned]
        return bytes(img2pdf.convert(jpegs, nodate=True, producer="", engine=img2pdf.Engine.internal))
    if len(scanned) != 1:
        raise ValueError(f"{file.name} has {len(scanned)} pages, and its format holds one")
    return _encode_jpeg(scanned[0]) if file.format == "jpeg" else _encode_png(scanned[0])


def _encode_jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    tables = [_TABLE] if image.mode == "L" else [_TABLE, _COLOUR_TABLE]
    image.save(target, "JPEG", qtables=tables, subsampling="4:2:0", optimize=True, dpi=_RESOLUTION)
    return target.getvalue()


def _encode_png(image: Image.Image) -> bytes:
    """A PNG with a palette, as office scanners make it."""
    few = image.quantize(palette=_office_palette(), dither=Image.Dither.NONE)
    target = io.BytesIO()
    few.save(target, "PNG", optimize=True, dpi=_RESOLUTION)
    return target.getvalue()


def _office_palette() -> Image.Image:
    """The palette: paper, toner, seal red and ink blue, each from pale to full."""
    paper, colours = (247, 243, 234), ((46, 44, 46), (206, 40, 44), (30, 36, 92))
    steps = [
        round(light + (dark - light) * step / 5)
        for colour in colours
        for step in range(1, 6)
        for light, dark in zip(paper, colour, strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*paper, *steps])
    return palette


def _encode_tiff(images: list[Image.Image], compression: str, strip_size: int = 1 << 16) -> bytes:
    target = io.BytesIO()
    images[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=images[1:],
        compression=compression,
        strip_size=strip_size,
        dpi=_RESOLUTION,
    )
    return target.getvalue()


def _build_word_file(file: WordFile) -> bytes:
    """A Word file as a layperson types it: default style, a title, a small table."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋", Pt(16)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(file.title).bold = True
    split = len(file.paragraphs) - file.after
    for text in file.paragraphs[:split]:
        _add_paragraph(document, text)
    table = document.add_table(rows=0, cols=len(file.table[0]), style="Table Grid")
    for row in file.table:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for text in file.paragraphs[split:]:
        _add_paragraph(document, text)
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = _CREATED.replace(tzinfo=None)
    target = io.BytesIO()
    document.save(target)
    return _repack(target.getvalue())


def _add_paragraph(document: WordDocument, text: str) -> None:
    """Add a paragraph; a text that begins with three full-width spaces is aligned right."""
    paragraph = document.add_paragraph(text.lstrip("　") if text.startswith("　　　") else text)
    if text.startswith("　　　"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repack(data: bytes) -> bytes:
    """Pack the file again with fixed times."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, old.read(name))
    return target.getvalue()
