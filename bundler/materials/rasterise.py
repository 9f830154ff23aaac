"""A page made a picture of itself, where nothing else keeps what is seen on it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Collection

import pikepdf
import pypdfium2
from PIL import Image

from bundler.materials.pictured import DPI
from bundler.page_geometry import fit_on_sheet


def rasterise_pages(pdf: pikepdf.Pdf, pages: Collection[int]) -> None:
    """Put in the place of each page, counted from 1, a picture that is all of it; no loss but that of its letters."""
    source = io.BytesIO()
    pdf.save(source, static_id=True, encryption=False)
    with pypdfium2.PdfDocument(source.getvalue()) as document:
        for number in sorted(pages):
            page = pdf.pages[number - 1]
            _put(pdf, page, _drawn(document, number - 1, float(page.obj.get("/UserUnit", 1))))


def _drawn(document: pypdfium2.PdfDocument, place: int, unit: float) -> Image.Image:
    page = document[place]
    width, height = page.get_size()
    scale = fit_on_sheet(width * unit, height * unit, band=False).scale * unit * DPI / 72
    drawn: Image.Image = page.render(scale=scale, may_draw_forms=False, fill_color=(255, 255, 255, 255)).to_pil()
    image = drawn.convert("RGB")
    red, green, blue = image.split()
    return red if red.tobytes() == green.tobytes() == blue.tobytes() else image


def _put(pdf: pikepdf.Pdf, page: pikepdf.Page, image: Image.Image) -> None:
    """The picture is upright, and so the page needs no turn and no corner of its own any more."""
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
