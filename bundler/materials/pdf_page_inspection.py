"""Inspect one page of a PDF: its upright size, the scan that fills it, its images and its colour spaces."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pikepdf
from PIL import Image

from bundler.file_inspection_record import PageInfo
from bundler.materials.image_inspection import has_free_corner, look_at_image, look_at_scan
from bundler.materials.pdf_colour import BAD_IMAGE, ColourError, ColourSpaces, SpotColourError
from bundler.materials.pdf_filters import decode_stream, is_cut_short
from bundler.materials.pdf_image_checks import check_decoding, decode_pixels, decode_whole_jpeg, find_storage_fault
from bundler.materials.pdf_operators import parse_operators
from bundler.materials.pdf_plain_scans import Matrix
from bundler.materials.pdf_structure import has_missing_objects

MAX_CONTENT = 64 * 1024 * 1024
"""Bytes of a page's content, decompressed."""
MAX_DEPTH = 12
"""Nested resources of forms, patterns and glyphs."""
SCAN_SHARE = 0.6
"""An image that covers more than this share of the page is a scan of it."""
_ONE_IMAGE = re.compile(rb"\s*(?:q\s+)?(?:[\d.+-]+\s+){6}cm\s*/[^\s/<>\[\](){}%]+\s+Do\s*(?:\bQ\s*)?")
"""Content that draws an image, and nothing before or after it."""


class PageInspection:
    """One page of a PDF that is being bound.

    Attributes:
        width, height: of the upright page, in points.
        colour_faults: faults of its colour spaces, in Chinese, in the order found.
        picture_faults: faults of colour spaces and images that an image of the page solves, likewise.
        grey: after `info`, the page as it is looked at, if it is no more than a scan and that was asked for; else None.
    """

    def __init__(
        self,
        page: pikepdf.Page,
        colour_spaces: ColourSpaces,
        plain: Matrix | None = None,
        *,
        drawn_over: bool = False,
        repaired: bool = False,
    ) -> None:
        """Inspect a page.

        Args:
            page: the page, its annotations flattened.
            colour_spaces: those of the document.
            plain: the matrix of its image, if `find_plain_scans` found it; None for any other page.
            drawn_over: an annotation was drawn into the page.
            repaired: pikepdf had to repair the file.

        Raises:
            ValueError: content or an image is damaged; other errors of the libraries mean the same.
            MemoryError: content or an image is too large.
        """
        self._page, self._drawn_over, self._colour_spaces = page, drawn_over, colour_spaces
        self._plain = plain
        self.colour_faults: dict[str, None] = {}
        self.picture_faults: dict[str, None] = {}
        self._has_fonts = False
        self._images: list[Any] = []
        self._pixels: Image.Image | None = None
        self._seen: set[tuple[int, int]] = set()
        self.width, self.height = _upright_size(page)
        content = _read_content(page)
        if repaired and has_missing_objects(page, content):
            raise ValueError("a reference to a missing object")
        self._draws_one_image = _ONE_IMAGE.fullmatch(content) is not None
        self.grey: Image.Image | None = None
        self._check_group(page.obj)
        self._check_resources(page.obj.get("/Resources") or page.resources, 0)

    def info(self, *, keeps_picture: bool = False) -> PageInfo:
        """Return the page's record, with what is seen on it if it is no more than a scan.

        Args:
            keeps_picture: the attribute `grey` is asked for.
        """
        dpi, is_scan, free, blank, look = None, False, False, False, None
        if len(self._images) == 1:
            image = self._images[0]
            pixels = int(image.get("/Width", 0)), int(image.get("/Height", 0))
            matrix = self._plain or _image_matrix(self._page)
            is_scan = _covered_share(matrix, self._page) > SCAN_SHARE
            dpi = max(pixels) / max(self.width, self.height) * 72 if is_scan else None
            decoded = (self._pixels or decode_pixels(image)) if is_scan else None
            if decoded is not None:
                is_plain = self._is_plain_scan(matrix)
                is_reduced = self._pixels is not None and decoded.size != pixels
                load_whole = partial(decode_whole_jpeg, image) if is_reduced else None
                free = is_plain and has_free_corner(decoded, self.width, self.height, load_whole)
                if is_plain and self._draws_one_image:
                    blank, look = look_at_scan(decoded, self.width, self.height)
                    self.grey = look_at_image(decoded, self.width, self.height) if keeps_picture else None
        return PageInfo(self.width, self.height, dpi, is_scan=is_scan, blank=blank, free_corner=free, look=look)

    def _is_plain_scan(self, matrix: Matrix) -> bool:
        """Whether the one image fills the page exactly and upright, and nothing is drawn over it."""
        page = self._page.obj
        drawn_over = self._has_fonts or self._drawn_over or int(page.get("/Rotate", 0)) % 360
        is_altered = any(key in self._images[0] for key in ("/SMask", "/Mask", "/Decode", "/ImageMask"))
        left, bottom, right, top = (float(value) for value in self._page.cropbox)
        whole = [right - left, 0.0, 0.0, top - bottom, left, bottom]
        return not drawn_over and not is_altered and all(abs(a - b) < 2.0 for a, b in zip(matrix, whole, strict=True))  # noqa: PLR2004 (points)

    def _check_resources(self, resources: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if resources is None or depth > MAX_DEPTH:
            return
        for font in _dictionaries(resources, "/Font"):
            self._has_fonts = True
            self._check_font(font, depth)
        for space in _entries(resources, "/ColorSpace"):
            self._check_space(space, resources)
        for shading in _dictionaries(resources, "/Shading"):
            self._check_shading(shading, resources)
        for xobject in filter(self._is_new, _dictionaries(resources, "/XObject")):
            if xobject.get("/Subtype") == "/Image":
                self._check_image(xobject, resources)
                self._images.append(xobject)
            else:
                self._check_group(xobject)
                self._check_resources(xobject.get("/Resources"), depth + 1)
        for pattern in filter(self._is_new, _dictionaries(resources, "/Pattern")):
            self._check_shading(pattern.get("/Shading"), resources)
            self._check_resources(pattern.get("/Resources"), depth + 1)

    def _is_new(self, thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
        if thing.objgen in self._seen and thing.objgen != (0, 0):
            return False
        self._seen.add(thing.objgen)
        return True

    def _check_image(self, image: Any, resources: Any) -> None:  # noqa: ANN401 (PDF objects)
        components, pixels = check_decoding(image, None if self._images else (self.width, self.height))
        self._pixels = pixels if not self._images else None
        fault = find_storage_fault(image)
        if fault:
            self.picture_faults[fault] = None
        if image.get("/ImageMask", False):
            return
        stated = self._check_space(image.get("/ColorSpace"), resources)
        if components and stated and components != stated:
            self.colour_faults[BAD_IMAGE] = None

    def _check_shading(self, shading: Any, resources: Any) -> None:  # noqa: ANN401 (PDF objects)
        if isinstance(shading, (pikepdf.Dictionary, pikepdf.Stream)):
            self._check_space(shading.get("/ColorSpace"), resources)

    def _check_group(self, owner: Any) -> None:  # noqa: ANN401 (a PDF object)
        group = owner.get("/Group")
        if isinstance(group, pikepdf.Dictionary):
            self._check_space(group.get("/CS"), None)

    def _check_space(self, space: Any, resources: Any) -> int | None:  # noqa: ANN401 (PDF objects)
        """Note what is wrong with a colour space; return its number of components if that is fixed."""
        if space is None or (isinstance(space, pikepdf.Name) and space in _named_spaces(resources)):
            return None
        try:
            return self._colour_spaces.components(space)
        except SpotColourError as error:
            self.picture_faults[str(error)] = None
        except ColourError as error:
            self.colour_faults[str(error)] = None
        return None

    def _check_font(self, font: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        """Check the resources of a Type 3 font, whose glyphs are content streams."""
        if font.get("/Subtype") == "/Type3" and font.objgen not in self._seen:
            self._seen.add(font.objgen)
            self._check_resources(font.get("/Resources"), depth + 1)


def _dictionaries(resources: Any, key: str) -> list[Any]:  # noqa: ANN401 (a PDF object)
    return [value for value in _entries(resources, key) if hasattr(value, "get")]


def _entries(resources: Any, key: str) -> list[Any]:  # noqa: ANN401 (a PDF object)
    """Return the values of one kind of resource, of whatever type, in the order of their names."""
    found = resources.get(key) if isinstance(resources, pikepdf.Dictionary) else None
    return [found[name] for name in sorted(found.keys())] if isinstance(found, pikepdf.Dictionary) else []


def _named_spaces(resources: Any) -> Any:  # noqa: ANN401 (a PDF object)
    """Return the colour spaces named in resources; some tools use such a name where only a device space is allowed."""
    found = resources.get("/ColorSpace") if isinstance(resources, pikepdf.Dictionary) else None
    return found if isinstance(found, pikepdf.Dictionary) else ()


def _upright_size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(value) for value in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    if width <= 0 or height <= 0:
        raise ValueError("a page without extent")
    return (height, width) if int(page.obj.get("/Rotate", 0)) % 180 else (width, height)


def _read_content(page: pikepdf.Page) -> bytes:
    """Return the page's content, decompressed; a stream that is damaged or kept in another file is an error."""
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    content = b""
    for stream in streams:
        if "/F" in stream:
            raise ValueError("a stream kept in another file")
        content += decode_stream(stream)
        if is_cut_short(stream):
            raise ValueError("a stream that is cut short")
        if len(content) > MAX_CONTENT:
            raise MemoryError
    return content


def _covered_share(matrix: Matrix, page: pikepdf.Page) -> float:
    """Return the share of the page that an image drawn with a matrix covers."""
    left, bottom, right, top = (float(value) for value in page.mediabox)
    area = abs(right - left) * abs(top - bottom)
    return min(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area, 1.0) if area else 0.0


def _image_matrix(page: pikepdf.Page) -> Matrix:
    """Return the matrix with which the page's one image is drawn; zeros if the page's own content does not draw it."""
    matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    stack: list[list[float]] = []
    for instruction in parse_operators(page, "q Q cm Do"):
        name, operands = str(instruction.operator), instruction.operands
        if name == "q":
            stack.append(matrix)
        elif name == "Q" and stack:
            matrix = stack.pop()
        elif name == "cm":
            matrix = _multiply([float(value) for value in operands], matrix)
        elif name == "Do":
            return tuple(matrix)
    return (0.0,) * 6


def _multiply(first: list[float], second: list[float]) -> list[float]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m]
