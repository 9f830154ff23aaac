"""Inspect a scanned image (JPEG, PNG, or a TIFF of one or more pages), and judge what is seen on an image."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

from PIL import Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

from bundler.file_inspection_record import FileProblem, FileRecord, PageInfo, PageLook
from bundler.materials.page_image_fingerprint import (
    make_look,
    shows_much,
    shows_nothing,
    shrink_to_cells,
    size_in_pixels,
    to_grey,
)
from bundler.page_geometry import A4, folio_corner

MAX_PIXELS = 150_000_000
MAX_PAGES = 2000
_EXIF_ORIENTATION = 0x0112
_ROTATED_ORIENTATIONS = frozenset({5, 6, 7, 8})
"""Exif orientations by a quarter turn, which swap width and height."""
_MIN_BRIGHTNESS, _MAX_CONTRAST = 150, 40
"""Grey values, of 255, of the corner: a folio is readable on paper at least so bright and at most so uneven."""
_CLEAR_BRIGHTNESS, _CLEAR_CONTRAST, _DARK = 165, 24, 90
"""Likewise, in a corner of half the detail: beyond these it is free, or is not free, in full detail as well."""
_DETAIL = 2
"""Pixels that are decoded, at least, for each pixel at which a page is looked at."""
_DAMAGED = FileProblem("FILE-DAMAGED", "的图像数据不完整或者已损坏。", "请重新扫描，或者重新复制原文件。")
_TOO_LARGE = FileProblem("FILE-TOO-LARGE", "的像素过多。", "请用 300 dpi 重新扫描。")


def inspect_image(data: bytes) -> FileRecord:
    """Inspect an image; its record has pages, or problems that say why not."""
    set_pillow_limits()
    try:
        with Image.open(io.BytesIO(data)) as image:
            pages = tuple(_inspect_frame(image, index, data) for index in range(_count_pages(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return FileRecord("", problems=(_TOO_LARGE,))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError):
        return FileRecord("", problems=(_DAMAGED,))
    return FileRecord("", pages=pages)


def set_pillow_limits() -> None:
    """Make Pillow refuse bombs, and truncated images, which WeasyPrint allows when it is loaded."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def _count_pages(image: Image.Image) -> int:
    """Return the pages of a TIFF; of an animation only the first frame is a page."""
    frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    if frames > MAX_PAGES:
        raise Image.DecompressionBombError
    return frames


def _inspect_frame(image: Image.Image, index: int, data: bytes) -> PageInfo:
    if image.format == "TIFF":
        image.seek(index)
    is_rotated = image.getexif().get(_EXIF_ORIENTATION) in _ROTATED_ORIENTATIONS and image.format != "TIFF"
    dpi = _read_dpi(image)
    size = image.size
    scale = 72 / dpi if dpi else A4[0] / size[1 if is_rotated else 0]
    decode_for_look(image, size[0] * scale, size[1] * scale)
    width, height = size[::-1] if is_rotated else size
    upright = ImageOps.exif_transpose(image) if is_rotated else image

    def load_whole() -> Image.Image:
        whole = Image.open(io.BytesIO(data))
        return ImageOps.exif_transpose(whole) if is_rotated else whole

    blank, look = look_at_scan(upright, width * scale, height * scale)
    is_whole = image.size == size
    return PageInfo(
        width * scale,
        height * scale,
        dpi,
        is_scan=True,
        blank=blank,
        free_corner=has_free_corner(upright, width * scale, height * scale, None if is_whole else load_whole),
        look=look,
    )


def decode_for_look(image: Image.Image, width: float, height: float) -> None:
    """Decode an image in the detail in which it is looked at; only a JPEG of high resolution has more.

    libjpeg reduces while it decodes, and still reads the data to their end, so that one cut short is an error as ever.

    Args:
        image: the image, not decoded yet.
        width: of the page that it covers, in points, in the image's own position.
        height: likewise.

    Raises:
        OSError: it is damaged; other errors of Pillow mean the same.
    """
    across, down = size_in_pixels(width, height)
    image.draft(None, (_DETAIL * across, _DETAIL * down))
    image.load()


def _read_dpi(image: Image.Image) -> float | None:
    """Return the lower of the two resolutions; None if the file states none that a scanner could have."""
    stated = image.info.get("dpi")
    if not stated or image.info.get("jfif_unit") == 0:
        return None
    lower = min(float(stated[0]), float(stated[1]))
    return lower if 20 <= lower <= 5000 else None  # noqa: PLR2004 (what scanners do)


def has_free_corner(
    image: Image.Image, width: float, height: float, load_whole: Callable[[], Image.Image] | None = None
) -> bool:
    """Whether only light paper is seen where the 页号 is printed.

    Args:
        image: the upright image, which covers the whole page.
        width: of the page, in points.
        height: of the page, in points.
        load_whole: where the image was decoded in half its detail or less, gives it in full; called only if the corner
            is neither clearly free nor clearly dark.
    """
    if load_whole is not None:
        outer = _corner_greys(image, width, height, 0)
        if outer is not None and outer[0] > _CLEAR_BRIGHTNESS and outer[1] - outer[0] < _CLEAR_CONTRAST:
            return True
        inner = _corner_greys(image, width, height, 1)
        if inner is not None and inner[0] < _DARK:
            return False
        image = load_whole()
    greys = _corner_greys(image, width, height, 0, blurred=True)
    return greys is not None and greys[0] > _MIN_BRIGHTNESS and greys[1] - greys[0] < _MAX_CONTRAST


def _corner_greys(
    image: Image.Image, width: float, height: float, inset: int, *, blurred: bool = False
) -> tuple[float, float] | None:
    """The darkest and the lightest grey of the corner, without `inset` pixels at its edges; None if there is no corner."""
    left, top, right, bottom = folio_corner(width, height)
    box = (
        int(left * image.width) + inset,
        int(top * image.height) + inset,
        -int(-right * image.width // 1) - inset,
        -int(-bottom * image.height // 1) - inset,
    )
    grey = _to_grey(image.crop(box)) if box[0] < box[2] and box[1] < box[3] else None
    if grey is None:
        return None
    low, high = (grey.filter(ImageFilter.BoxBlur(1)) if blurred else grey).getextrema()
    return float(low), float(high)  # type: ignore[arg-type]


def look_at_scan(image: Image.Image, width: float, height: float) -> tuple[bool, PageLook]:
    """Whether nothing is seen on an image that covers a page of that size in points, and what it looks like.

    The page is looked at in the size of `size_in_pixels` only where its cells do not tell whether something is seen.
    """
    seen = _plain(image)
    cells = to_grey(shrink_to_cells(seen))
    blank = not shows_much(cells, width, height) and shows_nothing(look_at_image(seen, width, height), width, height)
    return blank, make_look(cells)


def look_at_image(image: Image.Image, width: float, height: float) -> Image.Image:
    """The image in grey, in the size at which a page of that size in points is looked at."""
    return to_grey(_plain(image).resize(size_in_pixels(width, height), Image.Resampling.BOX, reducing_gap=2.0))


def _plain(image: Image.Image) -> Image.Image:
    """The image in grey or RGB, opaque."""
    return image if image.mode in {"L", "RGB"} and "transparency" not in image.info else to_opaque_8bit(image)


def _to_grey(image: Image.Image) -> Image.Image | None:
    """Return the image on white in shades of grey; None if its values have no fixed range."""
    if image.mode.startswith("I"):
        return None
    if "A" in image.getbands() or "transparency" in image.info:
        return _on_white(image).convert("L")
    return image if image.mode == "L" else image.convert("L")


def to_opaque_8bit(image: Image.Image) -> Image.Image:
    """Return the image as it is bound: opaque on white, 8 bits per channel, grey or RGB."""
    if image.mode.startswith("I"):  # 16 bits per sample, of which viewers show the upper eight
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode == "F":
        return image.convert("L")
    return _on_white(image).convert("L" if image.mode in {"1", "L", "LA", "La"} else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    rgba = image.convert("RGBA")
    background = Image.new("RGBA", rgba.size, "white")
    background.alpha_composite(rgba)
    return background
