"""A TIFF page in grey is bound without loss, and no larger than it came or than a PNG of it is."""

import io
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageDraw

from bundler.bind.image_to_pdf import image_pdf
from bundler.file_inspection_record import TIFF


def scan() -> Image.Image:
    """Paper with grain, and lines of print."""
    page = Image.blend(Image.new("L", (620, 877), 246), Image.effect_noise((620, 877), 20), 0.2)
    for row in range(12):
        ImageDraw.Draw(page).rectangle((80, 100 + row * 60, 500, 112 + row * 60), fill=30)
    return page


def drawing() -> Image.Image:
    """A texture that repeats itself, which only a search for repetitions compresses."""
    tile = Image.effect_noise((64, 64), 90)
    page = Image.new("L", (640, 896))
    for left in range(0, 640, 64):
        for top in range(0, 896, 64):
            page.paste(tile, (left, top))
    return page


@pytest.mark.parametrize("page", [scan(), drawing()], ids=["scan", "drawing"])
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate"])
def test_grey_pages_lose_nothing_and_do_not_grow(page: Image.Image, compression: str) -> None:
    """Each page has the pixels of its frame, in no more bytes than in the file, or than PNG's usual encoding needs."""
    target = io.BytesIO()
    page.save(target, "TIFF", compression=compression, dpi=(200, 200), save_all=True, append_images=[page.rotate(180)])
    with pikepdf.open(io.BytesIO(image_pdf(target.getvalue(), TIFF))) as pdf:
        images: list[Any] = [one.obj.Resources.XObject.Im0 for one in pdf.pages]
        found = [pikepdf.PdfImage(one).as_pil_image().tobytes() for one in images]
        sizes = [len(one.read_raw_bytes()) for one in images]

    assert found == [page.tobytes(), page.rotate(180).tobytes()]
    png = io.BytesIO()
    page.save(png, "PNG")
    assert max(sizes) <= max(len(png.getvalue()) * 1.01, len(target.getvalue()) / 2)
