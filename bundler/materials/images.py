"""Inspecting a scan that is a picture: JPEG, PNG, or a TIFF of one or more pages."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

from bundler.file_record import FileProblem, FileRecord, PageInfo
from bundler.page_geometry import A4, folio_corner

MAX_PIXELS = 150_000_000
MAX_PAGES = 2000
_TURNED = frozenset({5, 6, 7, 8})
_ORIENTATION = 0x0112
_SMALL = 400
"""Pixels along the longer side, enough to see whether there is anything to see."""
_LIGHT, _EVEN = 150, 40
"""Of 255: paper is at least so light where a number is to be read, and no more uneven than its own tint."""
_DAMAGED = FileProblem("FILE-DAMAGED", "的图像数据不完整或者已损坏。", "请重新扫描，或者重新复制原文件。")
_TOO_LARGE = FileProblem("FILE-TOO-LARGE", "的像素过多。", "请用 300 dpi 重新扫描。")


def inspect_image(data: bytes) -> FileRecord:
    """The pages of a picture, or what is wrong with it."""
    set_pillow_limits()
    try:
        with Image.open(io.BytesIO(data)) as image:
            pages = tuple(_page(image, number) for number in range(_frames(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return FileRecord("", problems=(_TOO_LARGE,))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError):
        return FileRecord("", problems=(_DAMAGED,))
    return FileRecord("", pages=pages)


def set_pillow_limits() -> None:
    """Make Pillow refuse bombs, and pictures that are cut short: WeasyPrint, where it is loaded, lets those pass."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    ImageFile.LOAD_TRUNCATED_IMAGES = False


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
    scale = 72 / dpi if dpi else A4[0] / width
    upright = ImageOps.exif_transpose(image) if turned else image
    return PageInfo(
        width * scale,
        height * scale,
        dpi,
        is_scan=True,
        blank=is_blank(image),
        free_corner=has_free_corner(upright, width * scale, height * scale),
    )


def _dpi(image: Image.Image) -> float | None:
    """The resolution; None where the file tells none, or none that a scanner could have."""
    given = image.info.get("dpi")
    if not given or image.info.get("jfif_unit") == 0:
        return None
    smaller = min(float(given[0]), float(given[1]))
    return smaller if 20 <= smaller <= 5000 else None  # noqa: PLR2004 (what scanners do)


def has_free_corner(image: Image.Image, width: float, height: float) -> bool:
    """Whether nothing but light paper is to be seen where the 页号 goes.

    Args:
        image: the picture, upright, that covers the whole page.
        width: of the page, in points.
        height: likewise.
    """
    left, top, right, bottom = folio_corner(width, height)
    box = (
        int(left * image.width),
        int(top * image.height),
        -int(-right * image.width // 1),
        -int(-bottom * image.height // 1),
    )
    grey = _grey(image.crop(box)) if box[0] < box[2] and box[1] < box[3] else None
    if grey is None:
        return False
    low, high = grey.filter(ImageFilter.BoxBlur(1)).getextrema()
    return bool(float(low) > _LIGHT and float(high) - float(low) < _EVEN)  # type: ignore[arg-type]


def is_blank(image: Image.Image) -> bool:
    """Whether a person sees nothing: shrunk, smoothed, and no spot of it darker than the paper."""
    grey = _grey(image)
    if grey is None:
        return False
    scale = min(_SMALL / max(grey.size), 1)
    size = max(round(grey.width * scale), 1), max(round(grey.height * scale), 1)
    small = grey.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    low, high = small.filter(ImageFilter.BoxBlur(1)).getextrema()
    return bool(float(high) - float(low) < 24)  # type: ignore[arg-type]  # noqa: PLR2004 (dust and JPEG noise)


def _grey(image: Image.Image) -> Image.Image | None:
    """The picture on white paper in shades of grey; None for one whose values have no fixed range."""
    if image.mode.startswith("I"):
        return None
    if "A" in image.getbands() or "transparency" in image.info:
        return _on_white(image).convert("L")
    return image if image.mode == "L" else image.convert("L")


def to_opaque_8bit(image: Image.Image) -> Image.Image:
    """The picture as it is bound: on white, in shades of grey or in colours."""
    if image.mode.startswith("I"):  # 16 bits to the sample, of which a reader shows the upper eight
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode == "F":
        return image.convert("L")
    return _on_white(image).convert("L" if image.mode in {"1", "L", "LA", "La"} else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    rgba = image.convert("RGBA")
    ground = Image.new("RGBA", rgba.size, "white")
    ground.alpha_composite(rgba)
    return ground
