"""Inspecting a scan that is a picture: JPEG, PNG, or a TIFF of one or more pages."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageFilter, UnidentifiedImageError

from bundler.materials.record import FileProblem, FileRecord, PageInfo

MAX_PIXELS = 150_000_000
MAX_PAGES = 2000
A4_WIDTH_PT = 595.28
_TURNED = frozenset({5, 6, 7, 8})
_ORIENTATION = 0x0112
_DAMAGED = FileProblem("FILE-DAMAGED", "的图像数据不完整或者已损坏。", "请重新扫描，或者重新复制原文件。")
_TOO_LARGE = FileProblem("FILE-TOO-LARGE", "的像素过多。", "请用 300 dpi 重新扫描。")


def inspect_image(data: bytes) -> FileRecord:
    """The pages of a picture, or what is wrong with it."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data)) as image:
            pages = tuple(_page(image, number) for number in range(_frames(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return FileRecord("", problems=(_TOO_LARGE,))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError):
        return FileRecord("", problems=(_DAMAGED,))
    return FileRecord("", pages=pages)


def _frames(image: Image.Image) -> int:
    """The pages of a TIFF; of an animated picture only its first is a page."""
    frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    if frames > MAX_PAGES:
        raise Image.DecompressionBombError
    return frames


def _page(image: Image.Image, number: int) -> PageInfo:
    if image.format == "TIFF":
        image.seek(number)
    turned = image.getexif().get(_ORIENTATION) in _TURNED and image.format != "TIFF"
    dpi = _dpi(image)
    image.load()
    width, height = (image.height, image.width) if turned else image.size
    scale = 72 / dpi if dpi else A4_WIDTH_PT / width
    return PageInfo(width * scale, height * scale, dpi, is_scan=True, blank=is_blank(image))


def _dpi(image: Image.Image) -> float | None:
    """The resolution; None where the file tells none, or none that a scanner could have."""
    given = image.info.get("dpi")
    if not given or image.info.get("jfif_unit") == 0:
        return None
    smaller = min(float(given[0]), float(given[1]))
    return smaller if 20 <= smaller <= 5000 else None  # noqa: PLR2004 (what scanners do)


def is_blank(image: Image.Image) -> bool:
    """Whether a person sees nothing: shrunk, smoothed, and no spot of it darker than the paper."""
    grey = image.convert("RGBA") if "A" in image.getbands() or "transparency" in image.info else image
    if grey.mode == "RGBA":
        ground = Image.new("RGBA", grey.size, "white")
        ground.alpha_composite(grey)
        grey = ground
    if grey.mode.startswith("I"):
        return False
    small = grey.convert("L")
    small.thumbnail((400, 400), Image.Resampling.BOX)
    low, high = small.filter(ImageFilter.BoxBlur(1)).getextrema()
    return bool(float(high) - float(low) < 24)  # type: ignore[arg-type]  # noqa: PLR2004 (dust and JPEG noise)
