"""The picture of a scanned page at the size at which it is read: A4 at 200 dpi, finer scans are reduced to it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from bundler.digest import sha256_of
from bundler.file_inspection_record import JPEG, PDF, TIFF
from bundler.materials.image_inspection import set_pillow_limits, to_opaque_8bit
from bundler.text_recognition.ocr_engine import Picture

if TYPE_CHECKING:
    import pypdfium2

LONG_SIDE = 2339
"""Pixels of the longer side of A4 at 200 dpi."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page as a viewer shows it.

    Attributes:
        pixels: with three channels, or one where the page is stored in shades of grey.
        sha256: the digest of size and pixels.
    """

    pixels: Picture
    sha256: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])


class SourcePages:
    """The pages of an attached file; call it in a process with limits."""

    def __init__(self, data: bytes, media_type: str) -> None:
        set_pillow_limits()
        self._data, self._media_type = data, media_type
        self._document: pypdfium2.PdfDocument | None = None
        if media_type == PDF:
            import pypdfium2

            self._document = pypdfium2.PdfDocument(data)
            self._document.init_forms()

    def count(self) -> int:
        """How many pages there are."""
        if self._document is not None:
            return len(self._document)
        with Image.open(io.BytesIO(self._data)) as image:
            return int(getattr(image, "n_frames", 1)) if self._media_type == TIFF else 1

    def count_text(self, number: int) -> int:
        """How many characters of a page, counted from 1, can be copied, besides spaces."""
        if self._document is None:
            return 0
        page = self._document[number - 1]
        text = page.get_textpage()
        try:
            return len("".join(str(text.get_text_bounded()).split()))
        finally:
            text.close()
            page.close()

    def picture(self, number: int) -> PagePicture:
        """The picture of a page, counted from 1.

        Raises:
            OSError, ValueError: the page cannot be drawn.
        """
        import numpy as np

        image = self._draw_pdf(number) if self._document is not None else self._open_image(number)
        if image.mode not in {"L", "RGB"}:
            image = image.convert("RGB")
        if image.mode == "RGB" and _is_grey(image):
            image = image.getchannel(0)
        pixels = np.asarray(image, np.uint8)
        digest = sha256_of(f"{image.mode} {image.width} {image.height}\n".encode() + image.tobytes())
        return PagePicture(pixels if pixels.ndim == 2 else pixels[:, :, ::-1].copy(), digest)  # noqa: PLR2004 (grey)

    def _draw_pdf(self, number: int) -> Image.Image:
        assert self._document is not None  # noqa: S101 (the caller asked)
        page = self._document[number - 1]
        scale = LONG_SIDE / max(page.get_size())
        drawn: Image.Image = page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil().convert("RGB")
        page.close()
        return drawn

    def _open_image(self, number: int) -> Image.Image:
        with Image.open(io.BytesIO(self._data)) as image:
            if self._media_type == TIFF:
                image.seek(number - 1)
            elif self._media_type == JPEG:
                image.draft(None, (LONG_SIDE, LONG_SIDE))
            plain = to_opaque_8bit(ImageOps.exif_transpose(image) if self._media_type == JPEG else image)
        share = LONG_SIDE / max(plain.size)
        if share >= 1:
            return plain
        size = (max(round(plain.width * share), 1), max(round(plain.height * share), 1))
        return plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _is_grey(image: Image.Image) -> bool:
    """Whether the three channels are the same everywhere, as those of a grey scan that a viewer draws."""
    red, green, blue = (channel.tobytes() for channel in image.split())
    return red == green == blue
