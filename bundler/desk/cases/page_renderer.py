"""A page drawn as a picture for the browser; done in a process with limits, for the file may be anybody's."""

from __future__ import annotations

import hashlib
import io
from enum import StrEnum
from typing import TYPE_CHECKING

from bundler.file_record import PDF, TIFF, WORD

if TYPE_CHECKING:
    from PIL import Image

MEDIA_TYPE = "image/webp"
MAX_PIXELS = 25_000_000


class ImageSize(StrEnum):
    """How large a page is drawn."""

    THUMB = "thumb"
    """For a card: its longer side is `_THUMB` pixels."""
    PAGE = "page"
    """To read on the screen."""
    FINE = "fine"
    """To read the smallest print."""


_THUMB = 240
_DPI = {ImageSize.PAGE: 150.0, ImageSize.FINE: 300.0}
_QUALITY = {ImageSize.THUMB: 60, ImageSize.PAGE: 80, ImageSize.FINE: 80}
_A4_WIDTH = 8.27
"""Inches; a picture that tells no resolution is taken to be as wide."""

_held: dict[str, bytes] = {}
"""The one file that this process was handed last: the pages of a thick scan are asked for one after another."""


def render_page(digest: str, data: bytes | None, media_type: str, page: int, size: ImageSize) -> bytes:
    """A page as a WebP picture, upright.

    Args:
        digest: the file's SHA-256.
        data: the file; None where this process was handed it before.
        media_type: told by its content; a Word file is set first.
        page: which, from 1.
        size: how large.
    """
    image = _drawn(_file(digest, data, media_type), media_type, page, size)
    target = io.BytesIO()
    image.save(target, "WEBP", quality=_QUALITY[size], method=2)
    return target.getvalue()


def count_pages(digest: str, data: bytes, media_type: str) -> int:
    """How many pages a PDF has, or a Word file once it is set."""
    import pypdfium2

    with pypdfium2.PdfDocument(_file(digest, data, media_type)) as pdf:
        return len(pdf)


def _file(digest: str, data: bytes | None, media_type: str) -> bytes:
    if data is not None and digest not in _held:
        _held.clear()
        _held[digest] = _set(data, digest) if media_type == WORD else data
    return _held[digest]


def _set(word: bytes, digest: str) -> bytes:
    """A Word file set as it would be bound."""
    from bundler.typeset.typesetter import Typesetter
    from bundler.word.docx_reader import read_blocks

    setter = Typesetter()
    setter.set_papers([("paper", read_blocks(word))])
    pdf, _ = setter.write(["paper"], "", hashlib.sha256(digest.encode()).digest()[:16], None)
    return pdf


def _drawn(data: bytes, media_type: str, page: int, size: ImageSize) -> Image.Image:
    if media_type in {PDF, WORD}:
        return _pdf_page(data, page, size)
    return _picture(data, media_type, page, size)


def _pdf_page(data: bytes, page: int, size: ImageSize) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        if pdf.get_formtype():
            pdf.init_forms()  # what is filled in is seen
        leaf = pdf[page - 1]
        width, height = leaf.get_size()
        scale = _THUMB / max(width, height, 1) if size is ImageSize.THUMB else _DPI[size] / 72
        scale = min(scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
        drawn: Image.Image = leaf.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil()
        return drawn.convert("RGB")


def _picture(data: bytes, media_type: str, page: int, size: ImageSize) -> Image.Image:
    from PIL import Image, ImageOps

    from bundler.materials.images import set_pillow_limits, to_opaque_8bit

    set_pillow_limits()
    with Image.open(io.BytesIO(data)) as image:
        if media_type == TIFF:
            image.seek(page - 1)
        if size is ImageSize.THUMB:
            image.draft("RGB", (_THUMB, _THUMB))
        upright = image if media_type == TIFF else ImageOps.exif_transpose(image)
        plain = to_opaque_8bit(upright)
        most = _THUMB if size is ImageSize.THUMB else int(_A4_WIDTH * 1.414 * _DPI[size])
        plain.thumbnail((most, most))
        return plain
