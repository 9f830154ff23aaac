"""Render a page of a file as a WebP image; runs in a sandboxed process, because the file may come from anybody."""

from __future__ import annotations

import hashlib
import io
from enum import StrEnum
from typing import TYPE_CHECKING

from bundler.file_inspection_record import PDF, TIFF, WORD

if TYPE_CHECKING:
    from PIL import Image

MEDIA_TYPE = "image/webp"
MAX_PIXELS = 25_000_000


class ImageSize(StrEnum):
    """The size at which a page is rendered."""

    THUMB = "thumb"
    """For a card: the longer side has `_THUMB_PIXELS` pixels."""
    PAGE = "page"
    """To read on the screen."""
    FINE = "fine"
    """To read the smallest print."""


_THUMB_PIXELS = 240
_DPI = {ImageSize.PAGE: 150.0, ImageSize.FINE: 300.0}
_WEBP_QUALITY = {ImageSize.THUMB: 60, ImageSize.PAGE: 80, ImageSize.FINE: 80}
_A4_WIDTH_INCHES = 8.27
"""An image without a resolution is assumed to be as wide as an A4 page."""

_loaded: dict[str, bytes] = {}
"""The last file that this process received, by its digest: the pages of a thick scan are requested one after another."""


def preload_renderer() -> None:
    """Import what the rendering of PDF files and images needs."""
    import pypdfium2  # noqa: F401 (imported for later)
    from PIL import Image, ImageOps  # noqa: F401

    import bundler.materials.image_inspection  # noqa: F401


def render_page(digest: str, data: bytes | None, media_type: str, page: int, size: ImageSize) -> bytes:
    """Render a page, upright, as a WebP image.

    Args:
        digest: the file's SHA-256.
        data: the file; None where this process has received it before.
        media_type: the file's type by its content; a Word file is typeset first.
        page: the page number, from 1.
        size: the size of the image.
    """
    image = _render(_load(digest, data, media_type), media_type, page, size)
    target = io.BytesIO()
    image.save(target, "WEBP", quality=_WEBP_QUALITY[size], method=2)
    return target.getvalue()


def count_pages(digest: str, data: bytes, media_type: str) -> int:
    """Count the pages of a PDF, or of a Word file after typesetting it."""
    import pypdfium2

    with pypdfium2.PdfDocument(_load(digest, data, media_type)) as pdf:
        return len(pdf)


def _load(digest: str, data: bytes | None, media_type: str) -> bytes:
    if data is not None and digest not in _loaded:
        _loaded.clear()
        _loaded[digest] = _typeset(data, digest) if media_type == WORD else data
    return _loaded[digest]


def _typeset(word: bytes, digest: str) -> bytes:
    """The PDF of a Word file, typeset as in the bundle."""
    from bundler.typeset.typesetter import Typesetter
    from bundler.word.docx_reader import read_blocks

    setter = Typesetter()
    setter.typeset_papers([("paper", read_blocks(word))])
    pdf, _ = setter.write(["paper"], "", hashlib.sha256(digest.encode()).digest()[:16], None)
    return pdf


def _render(data: bytes, media_type: str, page: int, size: ImageSize) -> Image.Image:
    if media_type in {PDF, WORD}:
        return _render_pdf_page(data, page, size)
    return _render_image(data, media_type, page, size)


def _render_pdf_page(data: bytes, page: int, size: ImageSize) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        if pdf.get_formtype():
            pdf.init_forms()  # without it filled-in form fields are not rendered
        pdf_page = pdf[page - 1]
        width, height = pdf_page.get_size()
        scale = _THUMB_PIXELS / max(width, height, 1) if size is ImageSize.THUMB else _DPI[size] / 72
        scale = min(scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
        image: Image.Image = pdf_page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil()
        return image.convert("RGB")


def _render_image(data: bytes, media_type: str, page: int, size: ImageSize) -> Image.Image:
    from PIL import Image, ImageOps

    from bundler.materials.image_inspection import set_pillow_limits, to_opaque_8bit

    set_pillow_limits()
    with Image.open(io.BytesIO(data)) as image:
        if media_type == TIFF:
            image.seek(page - 1)
        if size is ImageSize.THUMB:
            image.draft("RGB", (_THUMB_PIXELS, _THUMB_PIXELS))
        upright = image if media_type == TIFF else ImageOps.exif_transpose(image)
        flattened = to_opaque_8bit(upright)
        max_side = _THUMB_PIXELS if size is ImageSize.THUMB else int(_A4_WIDTH_INCHES * 1.414 * _DPI[size])
        flattened.thumbnail((max_side, max_side))
        return flattened
