"""A picture as a PDF of one page for each of its pages; JPEG data are those of the input byte for byte."""

from __future__ import annotations

import io
import logging

import img2pdf
import pikepdf
from PIL import Image, ImageOps

from bundler.file_record import JPEG
from bundler.materials.images import to_opaque_8bit
from bundler.materials.pdfa_fixes import clean_pdf_bytes

logging.getLogger("img2pdf").disabled = True  # what it remarks of a file was judged before, in Chinese

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
"""How a JPEG is drawn that its camera mirrored, by EXIF orientation; 5 and 7 lie on their side as well."""
_LYING = frozenset({5, 7})


def image_pdf(data: bytes, media_type: str) -> bytes:
    """The picture's pages as a PDF, upright, nothing re-encoded with loss.

    Raises:
        ValueError: it has more pixels than a page of a PDF may be long.
    """
    try:
        return _picture_pdf(data, media_type)
    except img2pdf.PdfTooLargeError as error:
        raise ValueError("too large") from error


def _picture_pdf(data: bytes, media_type: str) -> bytes:
    try:
        pdf = _jpeg_pdf(data) if media_type == JPEG else bytes(img2pdf.convert(_plain(data), **_NO_DATES))
    except _REFUSALS:
        # The pixels can be read, as the check has seen; only the way in which they are stored is too rare to keep.
        return bytes(img2pdf.convert(_flattened(data), **_NO_DATES))
    return clean_pdf_bytes(pdf) if b"/DeviceCMYK" in pdf else pdf


def _jpeg_pdf(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        orientation = int(image.getexif().get(_ORIENTATION, _UPRIGHT))
    if orientation not in _MIRRORS:
        return bytes(img2pdf.convert(data, rotation=img2pdf.Rotation.ifvalid, **_NO_DATES))
    return _unmirrored(bytes(img2pdf.convert(data, rotation=img2pdf.Rotation.none, **_NO_DATES)), orientation)


def _unmirrored(pdf: bytes, orientation: int) -> bytes:
    """The page with its picture drawn the other way round, the picture's own data untouched."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        name = next(iter(page.obj.Resources.XObject.keys()))
        matrix = _MIRRORS[orientation].format(w=f"{width:.4f}", h=f"{height:.4f}")
        page.obj.Contents = document.make_stream(f"q {matrix} cm {name} Do Q".encode())
        size = (height, width) if orientation in _LYING else (width, height)
        page.obj.MediaBox = pikepdf.Array([0, 0, *size])
        if "/CropBox" in page.obj:
            del page.obj["/CropBox"]
        document.save(target, deterministic_id=True)
    return target.getvalue()


def _plain(data: bytes) -> bytes:
    """What img2pdf refuses or overlooks, without loss in what is seen: alpha on white, odd modes as plain ones, turns."""
    with Image.open(io.BytesIO(data)) as image:
        count = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        if all(_is_plain(image, number) for number in range(count)):
            return data
    return _flattened(data)


def _flattened(data: bytes) -> bytes:
    """The pages as a TIFF of the plainest sort."""
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
    """Whether one page of a PNG or TIFF can go in as it is."""
    image.seek(number)
    plain = image.mode in {"1", "L", "RGB"} or (image.mode == "P" and "transparency" not in image.info)
    return plain and int(image.getexif().get(_ORIENTATION, _UPRIGHT)) == _UPRIGHT
