"""What a page looks like, small enough to keep: to see whether two pages show the same, and whether a page shows anything.

A look is the page in 414 by 585 cells of a few shades, whatever its size; on A4 a cell is 1.4 points wide. Two pages
look alike if their cells differ by no more than one shade, but for a few: other bytes, a stronger compression or a
changed pixel of a scan do not reach the limit, while one figure filled in with another, in print of nine points,
goes beyond it (`tests/materials/test_page_image_fingerprint.py` measures both).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from bundler import cache
from bundler.digest import sha256_of
from bundler.errors import FileChangedError
from bundler.file_inspection_record import PageLook

if TYPE_CHECKING:  # loaded when a page is looked at: a check that only compares must start quickly
    from PIL import Image

_CELLS = (414, 585)
"""On a scan of A4 a cell is a square of 4 pixels at 200 dpi, and of 3 at 300 dpi in half its detail, and so the mean of all its pixels."""
_SHADE = 16
"""Grey values that are kept as one shade."""
_PAPER = 232
"""Grey value from which on all is paper, so that its grain does not swell the record."""
_SHADES = bytes(min(value, _PAPER) // _SHADE for value in range(256))
_MAX_EXCESS = 1
"""Sum of the shades by which cells differ, not counting the first of each cell, in which noise lies."""
_LEVEL = 1
"""Of compression; where only runs are looked for, as in these cells, the next levels give the same."""
_ROWS_AT_ONCE = 35
"""Rows of cells that are decompressed at once, a seventeenth of the page."""
_FEW_CELLS, _MAX_EXCESS_OF_FEW = 4, 8
"""The cells that one changed pixel reaches, and their excess; a figure that is another changes more cells."""
_SHARE_OF_BRIGHTNESS = 0.4
_REGIONS = (4, 4)
"""Parts of the page whose mean is kept beside the cells: most pages differ already in these."""
_MAX_REGION_DIFFERENCE = 0x100
"""In 256ths of a grey value."""
MAX_SUM_DIFFERENCE = _MAX_REGION_DIFFERENCE * _REGIONS[0] * _REGIONS[1]
"""Pages whose sums of means differ more do not look alike."""
_LONG_SIDE = 842
"""Pixels, and points of an A4 page, at which a page is looked at."""
_MIN_SIDE = 14
"""Points, 5 mm: on a smaller page nothing can be read."""
_MIN_EXTENT = 5
"""Pixels that a mark is long or wide at least; dust is smaller."""
_MIN_CONTRAST = 12
"""Grey values, of 255, by which a mark differs from the paper around it; the noise of a scan differs less."""
_PAPER_RADIUS = 12
"""Pixels around a mark that are taken as its paper; shadows and folds change more slowly."""
_STRIP = 84
"""Rows that are looked at together; most pages show something in the first strips."""
_NEAR = 5
"""Pixels of the square in which the same mark may be drawn a little differently."""
_MIN_LOSS = 48
"""Grey values by which a mark that is lost was darker."""
_MAX_SPECKS = 400
"""Pixels that differ from the paper; on a page with more of them something is drawn."""
_MIN_CELL_CONTRAST, _PAPER_RADIUS_IN_CELLS, _CELL_STRIP = 2 * _MIN_CONTRAST, 8, 40
_MANY_CELLS = 4 * _MAX_SPECKS
"""Cells that differ twice as much from the paper: pixels smaller than a cell reach four of them at most, so that these are too many specks."""
_MEAN_OF_CELLS = 3
"""Cells of each direction that are put together before the means of the page's parts are taken."""


def size_in_pixels(width: float, height: float) -> tuple[int, int]:
    """The size at which a page, given in points, is looked at: a pixel is a point, but on pages longer than A4."""
    scale = min(_LONG_SIDE / max(width, height), 1.0)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def to_grey(image: Image.Image) -> Image.Image:
    """An image in grey, each pixel about as dark as its darkest colour: a pale red seal stays darker than the paper.

    The brightness has a share in it, so that pure colours, which all lack one of the three, differ from each other and from black.
    """
    from PIL import Image, ImageChops

    if image.mode == "L":
        return image
    colours = image.convert("RGB")
    red, green, blue = colours.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return Image.blend(darkest, colours.convert("L"), _SHARE_OF_BRIGHTNESS)


def shrink_to_cells(image: Image.Image) -> Image.Image:
    """An image, grey or RGB, in the size of the cells: each is the mean of the pixels in it."""
    from PIL import Image

    factor = max(round(image.width / _CELLS[0]), 1)
    if (-(-image.width // factor), -(-image.height // factor)) == _CELLS:
        return image.reduce(factor)
    return image.resize(_CELLS, Image.Resampling.BOX, reducing_gap=2.0)


def shows_much(cells: Image.Image, width: float, height: float) -> bool:
    """Whether so much is seen on a page that its cells tell it; where they do not, `shows_nothing` decides.

    Args:
        cells: what `shrink_to_cells` gives of the page, in grey.
        width: of the page, in points.
        height: of the page, in points.
    """
    from PIL import ImageChops, ImageFilter

    across, down = size_in_pixels(width, height)
    if across < _CELLS[0] or down < _CELLS[1]:
        return False
    found = 0
    # From the middle of the page, where most pages have what suffices.
    for top in sorted(range(0, cells.height, _CELL_STRIP), key=lambda top: abs(2 * top - cells.height)):
        above, bottom = max(top - _PAPER_RADIUS_IN_CELLS, 0), min(top + _CELL_STRIP, cells.height)
        strip = cells.crop((0, above, cells.width, min(bottom + _PAPER_RADIUS_IN_CELLS, cells.height)))
        darkest, lightest = map(float, strip.getextrema())  # type: ignore[arg-type]
        if lightest - darkest < _MIN_CELL_CONTRAST:
            continue
        contrast = ImageChops.difference(strip, strip.filter(ImageFilter.BoxBlur(_PAPER_RADIUS_IN_CELLS)))
        own_rows = contrast.crop((0, top - above, cells.width, bottom - above))
        found += sum(own_rows.histogram()[_MIN_CELL_CONTRAST:])
        if found > _MANY_CELLS:
            return True
    return False


def shows_nothing(grey: Image.Image, width: float, height: float) -> bool:
    """Whether a person sees nothing on a page but specks of dust.

    Args:
        grey: the page in the size of `size_in_pixels`.
        width: of the page, in points.
        height: of the page, in points.
    """
    from PIL import ImageChops, ImageFilter

    if min(width, height) < _MIN_SIDE:
        return True
    threshold = [0] * _MIN_CONTRAST + [1] * (256 - _MIN_CONTRAST)
    data = b""
    for top in range(0, grey.height, _STRIP):
        bottom = min(top + _STRIP, grey.height)
        # The strip with as much of its neighbours as the paper around its own rows is taken from.
        above = max(top - _PAPER_RADIUS, 0)
        strip = grey.crop((0, above, grey.width, min(bottom + _PAPER_RADIUS, grey.height)))
        marks = ImageChops.difference(strip, strip.filter(ImageFilter.BoxBlur(_PAPER_RADIUS))).point(threshold)
        data += marks.crop((0, top - above, grey.width, bottom - above)).tobytes()
        if data.count(1) > _MAX_SPECKS:
            return False
    return not _has_mark({place for place, value in enumerate(data) if value}, grey.width)


def is_lost(before: Image.Image, after: Image.Image) -> bool:
    """Whether something is seen on a page, and nothing near the same place on another of the same size."""
    from PIL import ImageChops, ImageFilter

    darkest_near = after.filter(ImageFilter.MinFilter(_NEAR))
    lost = ImageChops.subtract(darkest_near, before).point([0] * _MIN_LOSS + [1] * (256 - _MIN_LOSS)).tobytes()
    if lost.count(1) > _MAX_SPECKS:
        return True
    return _has_mark({place for place, value in enumerate(lost) if value}, before.width)


def _has_mark(pixels: set[int], width: int) -> bool:
    """Whether some of the pixels, all touching, extend over more than dust does."""
    steps = (-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1)
    while pixels:
        pending = [pixels.pop()]
        columns, rows = set(), set()
        while pending:
            place = pending.pop()
            rows.add(place // width)
            columns.add(place % width)
            near = {place + step for step in steps} & pixels
            pixels -= near
            pending += near
        if max(len(rows), len(columns)) >= _MIN_EXTENT:
            return True
    return False


def make_look(grey: Image.Image) -> PageLook:
    """The look of a page in grey, of any size, with its cells."""
    from PIL import Image

    shrunk = grey if grey.size == _CELLS else shrink_to_cells(grey)
    regions = shrunk.reduce(_MEAN_OF_CELLS).convert("F").resize(_REGIONS, Image.Resampling.BOX)
    means = memoryview(regions.tobytes()).cast("f")
    cells = _compress(shrunk.tobytes().translate(_SHADES))
    return PageLook(
        means=b"".join(round(value * 256).to_bytes(2, "big") for value in means).hex(),
        digest=sha256_of(cells),
        cells=cells,
    )


def _compress(cells: bytes) -> bytes:
    """Compress cells by their runs: a quarter smaller than with a search for repeated parts, in half the time.

    There is no checksum in them: their digest is in the look.
    """
    compressor = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS, strategy=zlib.Z_RLE)
    return compressor.compress(cells) + compressor.flush()


def look_alike(one: PageLook | None, other: PageLook | None) -> bool:
    """Whether two pages show the same; a page without a look is like no other.

    Raises:
        FileChangedError: the cells of a page were removed from the cache, or damaged, since its file was inspected.
    """
    if one is None or other is None:
        return False
    if identity_of(one) == identity_of(other):
        return True
    if have_other_regions(region_means(one.means), region_means(other.means)):
        return False
    rows, other_rows = _open_rows(one), _open_rows(other)
    excess = cells = 0
    for number in range(_CELLS[1]):
        row, other_row = rows.get(number), other_rows.get(number)
        if row != other_row:
            differences = [abs(a - b) for a, b in zip(row, other_row, strict=True) if a != b]
            cells += len(differences)
            excess += sum(differences) - len(differences)
            if excess > (_MAX_EXCESS if cells > _FEW_CELLS else _MAX_EXCESS_OF_FEW):
                return False
    return True


def have_other_regions(means: Sequence[int], others: Sequence[int]) -> bool:
    """Whether a part of two pages differs so much that they do not look alike; most pairs are told apart here."""
    for mean, other in zip(means, others, strict=True):
        if not -_MAX_REGION_DIFFERENCE <= mean - other <= _MAX_REGION_DIFFERENCE:
            return True
    return False


def identity_of(look: PageLook) -> tuple[str, str]:
    """What two pages with the same cells and the same means have in common."""
    return look.means, look.digest


@lru_cache(maxsize=8192)
def region_means(means: str) -> Sequence[int]:
    """The means of the parts of a page, in 256ths of a grey value."""
    return struct.unpack(f">{len(means) // 4}H", bytes.fromhex(means))


class _Rows:
    """The rows of a page's cells, decompressed as far as they are asked for: most pages differ in the first lines of text."""

    def __init__(self, compressed: bytes) -> None:
        self._rest = compressed
        self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
        self._read: list[bytes] = []

    def get(self, number: int) -> bytes:
        """Return a row, counted from 0."""
        width, _ = _CELLS
        while number >= len(self._read):
            cells = self._decompressor.decompress(self._rest, width * _ROWS_AT_ONCE)
            if not cells:
                raise ValueError("fewer cells than a page has")
            self._rest = self._decompressor.unconsumed_tail
            self._read += [cells[begin : begin + width] for begin in range(0, len(cells), width)]
        return self._read[number]


@lru_cache(maxsize=8)
def _open_rows(look: PageLook) -> _Rows:
    compressed = look.cells or cache.load_part(look.cache_name, look.begin, look.length) or b""
    if sha256_of(compressed) != look.digest:
        cache.remove(look.cache_name)  # so that the file is inspected anew next time
        raise FileChangedError(
            "检查时，本机的缓存被清理了，页面没有比对完。", fix="请再运行一次。", code="FILE-CHANGED"
        )
    return _Rows(compressed)
