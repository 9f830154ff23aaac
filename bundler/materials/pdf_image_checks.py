"""Check the images of a PDF: they decode to their end, are no bombs, and are stored as PDF/A allows."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import pikepdf
from PIL import Image

from bundler.materials.image_inspection import decode_for_look
from bundler.materials.pdf_filters import GENERAL_FILTERS, decode_stream, filter_names
from bundler.materials.pdf_jpeg2000 import is_allowed_jp2

MAX_PIXELS = 150_000_000
_MAX_COLUMNS = 100_000
"""Of a predictor: more than the pixels of any scan's row."""
_DEVICE_SPACES = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}
"""Colour spaces in which Pillow decodes a JPEG as a PDF viewer does, with Pillow's mode."""
_COMPONENTS = {"/DeviceRGB": 3, "/DeviceCMYK": 4}
_SMALL = (400, 400)
"""Pixels of a JPEG that is decoded only to see whether it is damaged."""
_BAD_JPEG2000 = "有 JPEG 2000 图像，存法归档格式不接受"
_BAD_STORAGE = "有图像的存法归档格式不接受"


def check_decoding(
    image: Any,  # noqa: ANN401 (a PDF object)
    page_size: tuple[float, float] | None,
) -> tuple[int | None, Image.Image | None]:
    """Check that an image decodes to its end and is not a bomb.

    Args:
        image: the PDF's object, its general filters undone.
        page_size: width and height, in points, of the page that the image may cover, if its pixels are asked for.

    Returns:
        The number of components of a JPEG, and its pixels, in the detail in which the page is looked at, if they were
        asked for and are what a PDF viewer shows.

    Raises:
        MemoryError: it has too many pixels.
        ValueError: it is damaged; other errors of the libraries mean the same.
    """
    width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    if width * height > MAX_PIXELS:
        raise MemoryError
    names = filter_names(image)
    parameters = image.get("/DecodeParms")
    for entry in parameters if isinstance(parameters, pikepdf.Array) else [parameters]:
        if isinstance(entry, pikepdf.Dictionary) and int(entry.get("/Columns", 1)) > _MAX_COLUMNS:
            raise ValueError("absurd predictor")
    if names == ["/DCTDecode"]:
        return _check_jpeg(image, page_size if _is_decoded_alike(image) else None)
    if set(names) <= GENERAL_FILTERS:
        _check_length(image, len(decode_stream(image)), width, height)
    return None, None


def _check_jpeg(
    image: Any,  # noqa: ANN401 (a PDF object)
    page_size: tuple[float, float] | None,
) -> tuple[int, Image.Image | None]:
    with Image.open(io.BytesIO(image.read_raw_bytes())) as jpeg:
        components = len(jpeg.getbands())
        if page_size is None:
            jpeg.draft("L", _SMALL)
            jpeg.load()
        else:
            decode_for_look(jpeg, *page_size)
    fits = page_size is not None and _DEVICE_SPACES[str(image.get("/ColorSpace"))] == jpeg.mode
    return components, jpeg if fits else None


def _is_decoded_alike(image: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether Pillow decodes a JPEG to what a PDF viewer shows."""
    is_altered = any(key in image for key in ("/SMask", "/Mask", "/Decode", "/DecodeParms", "/ImageMask"))
    return not is_altered and str(image.get("/ColorSpace")) in _DEVICE_SPACES


def _check_length(image: Any, length: int, width: int, height: int) -> None:  # noqa: ANN401 (a PDF object)
    """Raise ValueError if there are fewer bytes than the image's rows need, so that its lower part is missing."""
    bits = 1 if image.get("/ImageMask", False) else int(image.get("/BitsPerComponent", 8))
    space = image.get("/ColorSpace")
    components = _COMPONENTS.get(str(space), 1) if not isinstance(space, pikepdf.Array) else 1
    if length < (width * components * bits + 7) // 8 * height:
        raise ValueError("an image that is cut short")


def find_storage_fault(image: Any) -> str | None:  # noqa: ANN401 (a PDF object)
    """Return what PDF/A forbids in the way in which an image is stored, in Chinese; None if nothing."""
    names = filter_names(image)
    if names == ["/JPXDecode"]:
        allowed = is_allowed_jp2(image.read_raw_bytes(), has_space="/ColorSpace" in image)
        return None if allowed else _BAD_JPEG2000
    return _BAD_STORAGE if len(names) > 1 else None


def decode_pixels(image: Any) -> Image.Image | None:  # noqa: ANN401 (a PDF object)
    """Return the image's pixels; None if pikepdf cannot decode them, which other checks report."""
    with contextlib.suppress(Exception):
        return pikepdf.PdfImage(image).as_pil_image()
    return None


def decode_whole_jpeg(image: Any) -> Image.Image:  # noqa: ANN401 (a PDF object)
    """Return the pixels, in full detail, of a JPEG that `check_decoding` gave in less."""
    return Image.open(io.BytesIO(image.read_raw_bytes()))
