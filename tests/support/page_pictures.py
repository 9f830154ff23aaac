"""Render pages with two renderers that share no code, and compare a page before and after it is bound."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageStat

from bundler.page_geometry import A4, FOLIO_BAND

MAX_COLOUR_DIFFERENCE = 32
"""The difference, of 255, that a square's mean colour may have."""
MAX_DIFFERING_SHARE = 0.001
"""Allows for edges on other pixels; a seal covers more than ten times this share."""
_DPI = 108


def render_with_pdfium(path: Path, number: int) -> Image.Image:
    """Render a page, from 0, with pdfium, annotations and forms included."""
    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        page: Image.Image = document[number].render(scale=_DPI / 72).to_pil()
        return page.convert("RGB")


def render_with_poppler(path: Path, number: int) -> Image.Image:
    """Render a page, from 0, with poppler."""
    page = str(number + 1)
    command = ["pdftoppm", "-r", str(_DPI), "-cropbox", "-f", page, "-l", page, "-singlefile", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def place_on_sheet(page: Image.Image, sheet: tuple[int, int], *, band: bool = True) -> Image.Image:
    """Place the image of a page on its sheet, below the band that is kept for the 页号 where there is one."""
    upright = page.height >= page.width
    kept = round(FOLIO_BAND / (A4[1] if upright else A4[0]) * sheet[1]) if band else 0
    scale = min(sheet[0] / page.width, (sheet[1] - kept) / page.height, 1.0)
    small = page.resize((round(page.width * scale), round(page.height * scale)), Image.Resampling.LANCZOS)
    laid = Image.new("RGB", sheet, "white")
    laid.paste(small, (round((sheet[0] - small.width) / 2), kept + round((sheet[1] - kept - small.height) / 2)))
    return laid


def differing_share(before: Image.Image, after: Image.Image, *, band: bool = True) -> float:
    """Return the share of squares of 16 by 16 pixels that differ; similar fonts do not differ at that size."""
    laid = place_on_sheet(before, after.size, band=band)
    top = round(FOLIO_BAND / A4[1] * after.height)
    box = (0, top, after.width, after.height)
    smaller = (after.width // 16, after.height // 16)
    differences = ImageChops.difference(
        laid.crop(box).resize(smaller, Image.Resampling.BOX), after.crop(box).resize(smaller, Image.Resampling.BOX)
    )
    red, green, blue = differences.split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return float(ImageStat.Stat(largest.point(lambda value: 255 if value > MAX_COLOUR_DIFFERENCE else 0)).mean[0] / 255)
