"""Convert an image to a PDF with one page per page of the image; the data of a JPEG are copied byte for byte."""

from __future__ import annotations

import io
import logging
import zlib
from typing import Any

import img2pdf
import pikepdf
from PIL import Image, ImageOps, TiffImagePlugin

from bundler.file_inspection_record import JPEG
from bundler.materials.image_inspection import to_opaque_8bit
from bundler.materials.pdfa_fixes import clean_pdf_bytes

logging.getLogger("img2pdf").disabled = True  # its warnings concern what inspection has already reported in Chinese

_ORIENTATION = 0x0112
_UPRIGHT = 1
_NO_DATES = {"nodate": True, "producer": "", "engine": img2pdf.Engine.internal}
_REFUSALS = (
    img2pdf.ImageOpenError,
    img2pdf.JpegColorspaceError,
    img2pdf.AlphaChannelError,
    img2pdf.ExifOrientationError,
    img2pdf.UnsupportedColorspaceError,
    OSError,
    ValueError,
    TypeError,
    NotImplementedError,
)
_MIRRORS = {2: "-{w} 0 0 {h} {w} 0", 4: "{w} 0 0 -{h} 0 {h}", 5: "0 -{w} -{h} 0 {h} {w}", 7: "0 {w} {h} 0 0 0"}
"""The matrix that draws a mirrored JPEG, by EXIF orientation; with 5 and 7 the image is also turned by 90°."""
_TURNED = frozenset({5, 7})


_encode_as_png = img2pdf.to_png_data


def _encode_grey_quickly(image: Image.Image) -> Any:  # noqa: ANN401 (img2pdf has no types)
    """Encode a page of a TIFF for img2pdf: a scan in grey in half the time, and smaller than by zlib's own search.

    Only runs are compressed after PNG's filters have done their work. A drawing that repeats itself would become larger
    than in the TIFF; it is encoded as img2pdf does.
    """
    if image.mode != "L":
        return _encode_as_png(image)
    target = io.BytesIO()
    image.save(target, "PNG", compress_type=zlib.Z_RLE)
    data, palette = img2pdf.parse_png(target.getvalue())
    sizes = getattr(image, "tag_v2", {}).get(TiffImagePlugin.STRIPBYTECOUNTS, ())
    before = sizes if isinstance(sizes, int) else sum(sizes)
    return _encode_as_png(image) if 0 < before < len(data) else (data, palette, 8)


img2pdf.to_png_data = _encode_grey_quickly


def image_pdf(data: bytes, media_type: str) -> bytes:
    """Convert an image to a PDF: upright, nothing re-encoded with loss.

    Raises:
        ValueError: the image is larger than a page of a PDF may be.
    """
    try:
        return _convert(data, media_type)
    except img2pdf.PdfTooLargeError as error:
        raise ValueError("too large") from error


def _convert(data: bytes, media_type: str) -> bytes:
    try:
        pdf = (
            _jpeg_pdf(data) if media_type == JPEG else bytes(img2pdf.convert(_without_rare_features(data), **_NO_DATES))
        )
    except _REFUSALS:
        # The check could read the pixels; img2pdf only does not support the way in which they are stored.
        return bytes(img2pdf.convert(_to_plain_tiff(data), **_NO_DATES))
    return clean_pdf_bytes(pdf) if b"/DeviceCMYK" in pdf else pdf


def _jpeg_pdf(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        orientation = int(image.getexif().get(_ORIENTATION, _UPRIGHT))
    if orientation not in _MIRRORS:
        return bytes(img2pdf.convert(data, rotation=img2pdf.Rotation.ifvalid, **_NO_DATES))
    return _mirror_back(bytes(img2pdf.convert(data, rotation=img2pdf.Rotation.none, **_NO_DATES)), orientation)


def _mirror_back(pdf: bytes, orientation: int) -> bytes:
    """Draw the image of a page mirrored; the image data stay as they are."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        name = next(iter(page.obj.Resources.XObject.keys()))
        matrix = _MIRRORS[orientation].format(w=f"{width:.4f}", h=f"{height:.4f}")
        page.obj.Contents = document.make_stream(f"q {matrix} cm {name} Do Q".encode())
        size = (height, width) if orientation in _TURNED else (width, height)
        page.obj.MediaBox = pikepdf.Array([0, 0, *size])
        if "/CropBox" in page.obj:
            del page.obj["/CropBox"]
        document.save(target, deterministic_id=True)
    return target.getvalue()


def _without_rare_features(data: bytes) -> bytes:
    """Replace what img2pdf rejects or ignores, without visible loss: alpha, rare colour modes, orientation."""
    with Image.open(io.BytesIO(data)) as image:
        count = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        if all(_is_plain(image, number) for number in range(count)):
            return data
    return _to_plain_tiff(data)


def _to_plain_tiff(data: bytes) -> bytes:
    """Convert the pages to a TIFF of 8-bit grey or RGB, upright, without alpha."""
    with Image.open(io.BytesIO(data)) as image:
        frames = []
        for number in range(int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1):
            image.seek(number)
            frames.append(to_opaque_8bit(ImageOps.exif_transpose(image) if image.format == "JPEG" else image))
        dpi = image.info.get("dpi")
    target = io.BytesIO()
    options = {"dpi": dpi} if dpi else {}
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_adobe_deflate", **options)
    return target.getvalue()


def _is_plain(image: Image.Image, number: int) -> bool:
    """Whether one page of a PNG or TIFF can be embedded as it is."""
    image.seek(number)
    plain = image.mode in {"1", "L", "RGB"} or (image.mode == "P" and "transparency" not in image.info)
    return plain and int(image.getexif().get(_ORIENTATION, _UPRIGHT)) == _UPRIGHT
