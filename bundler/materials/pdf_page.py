"""Inspect one page of a PDF: its upright size, its scan, its images and its colour spaces."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import pikepdf
from PIL import Image

from bundler.file_record import PageInfo
from bundler.materials.images import has_free_corner, is_blank
from bundler.materials.pdf_colour import BAD_IMAGE, ColourError, ColourSpaces
from bundler.materials.pdf_structure import (
    has_missing_objects,
)

MAX_CONTENT = 64 * 1024 * 1024
MAX_PIXELS = 150_000_000
MAX_DEPTH = 12
SCAN_SHARE = 0.6
"""A picture that fills this share of the page is a scan of it."""
_PLAIN_SPACES = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}
"""Colour spaces, and the mode in which a JPEG of such a one is decoded."""


class PageInspection:
    """One page, looked through: its boxes, fonts and pictures."""

    def __init__(
        self, page: pikepdf.Page, colouring: ColourSpaces, *, drawn_over: bool = False, repaired: bool = False
    ) -> None:
        self.page, self._drawn_over = page, drawn_over
        self.colour_faults: dict[str, None] = {}
        self._colouring = colouring
        self._has_fonts = False
        self.pictures: list[Any] = []
        self._pixels: Image.Image | None = None
        self._seen: set[tuple[int, int]] = set()
        self.width, self.height = _upright_size(page)
        content = _content(page)
        if repaired and has_missing_objects(page, content):
            raise ValueError("a reference to what is not there")
        self.is_empty = not content.strip() and "/Annots" not in page
        self._group(page.obj)
        self._resources(page.obj.get("/Resources") or page.resources, 0)

    def info(self) -> PageInfo:
        """The page's record."""
        scans = self.pictures
        dpi, fills, blank, free = None, False, self.is_empty, False
        if len(scans) == 1:
            pixels = int(scans[0].get("/Width", 0)), int(scans[0].get("/Height", 0))
            matrix = _placed(self.page)
            fills = _share(matrix, self.page) > SCAN_SHARE
            dpi = max(pixels) / max(self.width, self.height) * 72 if fills else None
            image = (self._pixels or _picture_of(scans[0])) if fills else None
            if image is not None:
                blank = blank or is_blank(image)
                free = self._is_bare_scan(matrix) and has_free_corner(image, self.width, self.height)
        return PageInfo(self.width, self.height, dpi, is_scan=fills, blank=blank, free_corner=free)

    def _is_bare_scan(self, matrix: list[float]) -> bool:
        """Whether the one picture is all of the page, the right way up, and nothing is drawn over it."""
        page = self.page.obj
        drawn_over = self._has_fonts or self._drawn_over or int(page.get("/Rotate", 0)) % 360
        picture = self.pictures[0]
        altered = any(key in picture for key in ("/SMask", "/Mask", "/Decode", "/ImageMask"))
        left, bottom, right, top = (float(value) for value in self.page.cropbox)
        whole = [right - left, 0.0, 0.0, top - bottom, left, bottom]
        return not drawn_over and not altered and all(abs(a - b) < 2.0 for a, b in zip(matrix, whole, strict=True))  # noqa: PLR2004 (points)

    def _resources(self, resources: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if resources is None or depth > MAX_DEPTH:
            return
        for font in _values(resources, "/Font"):
            self._has_fonts = True
            self._font(font, depth)
        for space in _entries(resources, "/ColorSpace"):
            self._space(space, resources)
        for shading in _values(resources, "/Shading"):
            self._shading(shading, resources)
        for thing in filter(self._is_new, _values(resources, "/XObject")):
            if thing.get("/Subtype") == "/Image":
                self._picture(thing, resources)
                self.pictures.append(thing)
            else:
                self._group(thing)
                self._resources(thing.get("/Resources"), depth + 1)
        for pattern in filter(self._is_new, _values(resources, "/Pattern")):
            self._shading(pattern.get("/Shading"), resources)
            self._resources(pattern.get("/Resources"), depth + 1)

    def _is_new(self, thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
        if thing.objgen in self._seen and thing.objgen != (0, 0):
            return False
        self._seen.add(thing.objgen)
        return True

    def _picture(self, picture: Any, resources: Any) -> None:  # noqa: ANN401 (PDF objects)
        components, pixels = _check_picture(picture, whole=not self.pictures and _is_plain(picture))
        self._pixels = pixels if not self.pictures else None
        if picture.get("/ImageMask", False):
            return
        meant = self._space(picture.get("/ColorSpace"), resources)
        if components and meant and components != meant:
            self.colour_faults[BAD_IMAGE] = None

    def _shading(self, shading: Any, resources: Any) -> None:  # noqa: ANN401 (PDF objects)
        if isinstance(shading, (pikepdf.Dictionary, pikepdf.Stream)):
            self._space(shading.get("/ColorSpace"), resources)

    def _group(self, owner: Any) -> None:  # noqa: ANN401 (a PDF object)
        group = owner.get("/Group")
        if isinstance(group, pikepdf.Dictionary):
            self._space(group.get("/CS"), None)

    def _space(self, space: Any, resources: Any) -> int | None:  # noqa: ANN401 (PDF objects)
        """Note what is wrong with a colour space; its components, where it has a fixed number."""
        if space is None or (isinstance(space, pikepdf.Name) and space in _named(resources)):
            return None
        try:
            return self._colouring.components(space)
        except ColourError as error:
            self.colour_faults[str(error)] = None
            return None

    def _font(self, font: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if font.get("/Subtype") == "/Type3":
            if font.objgen not in self._seen:
                self._seen.add(font.objgen)
                self._resources(font.get("/Resources"), depth + 1)
            return


def _values(resources: Any, key: str) -> list[Any]:  # noqa: ANN401 (a PDF object)
    return [value for value in _entries(resources, key) if hasattr(value, "get")]


def _entries(resources: Any, key: str) -> list[Any]:  # noqa: ANN401 (a PDF object)
    """The values of one kind of resource, whatever they are."""
    found = resources.get(key) if isinstance(resources, pikepdf.Dictionary) else None
    return [found[name] for name in found.keys()] if isinstance(found, pikepdf.Dictionary) else []  # noqa: SIM118


def _named(resources: Any) -> Any:  # noqa: ANN401 (a PDF object)
    """The colour spaces that resources have names for: some tools use such a name where only a space may stand."""
    found = resources.get("/ColorSpace") if isinstance(resources, pikepdf.Dictionary) else None
    return found if isinstance(found, pikepdf.Dictionary) else ()


def _upright_size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(value) for value in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    if width <= 0 or height <= 0:
        raise ValueError("a page without extent")
    return (height, width) if int(page.obj.get("/Rotate", 0)) % 180 else (width, height)


def _content(page: pikepdf.Page) -> bytes:
    """The page's content, inflated; a stream that does not inflate is damage, one that lies outside is too."""
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    total = b""
    for stream in streams:
        if "/F" in stream:
            raise ValueError("a stream kept in another file")
        total += stream.read_bytes()
        if len(total) > MAX_CONTENT:
            raise MemoryError
    return total


def _is_plain(picture: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a JPEG is seen on the page as a program for pictures would show it, in shades of grey or in colours."""
    altered = any(key in picture for key in ("/SMask", "/Mask", "/Decode", "/DecodeParms", "/ImageMask"))
    return not altered and str(picture.get("/ColorSpace")) in _PLAIN_SPACES


def _check_picture(picture: Any, *, whole: bool) -> tuple[int | None, Image.Image | None]:  # noqa: ANN401 (a PDF object)
    """A picture must decode to its end, and be no bomb.

    Args:
        picture: the PDF's object.
        whole: whether the pixels of a JPEG are wanted, which takes a little longer than seeing that they are there.

    Returns:
        the components of a JPEG, and its pixels where they are wanted and are as the PDF says.
    """
    width, height = int(picture.get("/Width", 0)), int(picture.get("/Height", 0))
    if width * height > MAX_PIXELS:
        raise MemoryError
    filters = picture.get("/Filter")
    names = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    parameters = picture.get("/DecodeParms")
    for one in parameters if isinstance(parameters, pikepdf.Array) else [parameters]:
        if isinstance(one, pikepdf.Dictionary) and int(one.get("/Columns", 1)) > 100_000:  # noqa: PLR2004
            raise ValueError("absurd predictor")
    if names[-1] in {"/DCTDecode", "/DCT"}:
        with Image.open(io.BytesIO(picture.read_raw_bytes() if len(names) == 1 else _before_jpeg(picture))) as image:
            components = len(image.getbands())
            if not whole:
                image.draft("L", (400, 400))
            image.load()
        fits = whole and _PLAIN_SPACES[str(picture.get("/ColorSpace"))] == image.mode
        return components, image if fits else None
    if names[-1] in {"/FlateDecode", "/LZWDecode", "/None", "/RunLengthDecode"}:
        _check_length(picture, len(picture.read_bytes()), width, height)
    return None, None


def _before_jpeg(picture: Any) -> bytes:  # noqa: ANN401 (a PDF object)
    """A JPEG that lies under another filter."""
    return bytes(picture.read_bytes(pikepdf.StreamDecodeLevel.generalized))


def _check_length(picture: Any, length: int, width: int, height: int) -> None:  # noqa: ANN401 (a PDF object)
    """Fewer bytes than the picture's rows need: its lower part is lost."""
    bits = 1 if picture.get("/ImageMask", False) else int(picture.get("/BitsPerComponent", 8))
    space = picture.get("/ColorSpace")
    components = {"/DeviceRGB": 3, "/DeviceCMYK": 4}.get(str(space), 1) if not isinstance(space, pikepdf.Array) else 1
    if length < (width * components * bits + 7) // 8 * height:
        raise ValueError("a picture that is cut short")


def _picture_of(picture: Any) -> Image.Image | None:  # noqa: ANN401 (a PDF object)
    """The picture's pixels; None where they cannot be had, which is told elsewhere."""
    with contextlib.suppress(Exception):
        return pikepdf.PdfImage(picture).as_pil_image()
    return None


def _share(matrix: list[float], page: pikepdf.Page) -> float:
    """The share of the page that a picture drawn with a matrix covers."""
    left, bottom, right, top = (float(value) for value in page.mediabox)
    area = abs(right - left) * abs(top - bottom)
    return min(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area, 1.0) if area else 0.0


def _placed(page: pikepdf.Page) -> list[float]:
    """The matrix with which the page's one picture is drawn; all zero where it is not drawn by the page itself."""
    matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    stack: list[list[float]] = []
    for step in pikepdf.parse_content_stream(page, operators="q Q cm Do"):
        name, operands = str(step.operator), step.operands
        if name == "q":
            stack.append(matrix)
        elif name == "Q" and stack:
            matrix = stack.pop()
        elif name == "cm":
            matrix = _times([float(value) for value in operands], matrix)
        elif name == "Do":
            return matrix
    return [0.0] * 6


def _times(first: list[float], second: list[float]) -> list[float]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m]
