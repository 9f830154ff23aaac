"""Inspecting a PDF that someone else made: its pages as they stand upright, and what forbids binding them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image

from bundler.materials.images import is_blank
from bundler.materials.record import FileProblem, FileRecord, PageInfo

MAX_PAGES = 10_000
MAX_CONTENT = 64 * 1024 * 1024
MAX_PIXELS = 150_000_000
MAX_DEPTH = 12
MAX_TREE_DEPTH = 100
MAX_AGAIN = 100
"""A page that is listed once more is shown once more; thousands of such are a bomb."""
MAX_SPACE_DEPTH = 6
MAX_COLORANTS = 32
"""As many as PDF/A lets a DeviceN colour have."""
SCAN_SHARE = 0.6
"""A picture that fills this share of the page is a scan of it."""

_AGAIN = "请重新扫描，或者重新导出 PDF。"
_DAMAGED = FileProblem("FILE-DAMAGED", "已损坏，有内容读不出来。", _AGAIN)
_LOOPED = FileProblem("FILE-DAMAGED", "已损坏：页面目录有循环，或者反复列出同一页。", _AGAIN)
_TOO_MANY = FileProblem("FILE-TOO-LARGE", "页数过多。", "请分成几个文件。")

_BAD_PROFILE = "所用的颜色特性文件（ICC）已损坏"
_BAD_COUNT = "所用的颜色特性文件（ICC）与写明的颜色分量数不符"
_BAD_VERSION = "所用的颜色特性文件（ICC）的版本或者种类归档格式不接受"
_BAD_SPOT = "所用的专色没有可用的替代颜色或者换算方法"
_BAD_SPACE = "所用的颜色空间无法识别"
_BAD_PICTURE = "图像的颜色分量数与写明的颜色空间不符"

_PROFILE_COMPONENTS = {b"GRAY": 1, b"RGB ": 3, b"Lab ": 3, b"CMYK": 4}
_PROFILE_CLASSES = frozenset({b"prtr", b"mntr", b"scnr", b"spac"})
_PROFILE_VERSION = 4
_PROFILE_HEADER = 132
"""Bytes up to the table of tags, its length included."""
_SPACE_COMPONENTS = {
    "/DeviceGray": 1,
    "/DeviceRGB": 3,
    "/DeviceCMYK": 4,
    "/G": 1,
    "/RGB": 3,
    "/CMYK": 4,
    "/CalGray": 1,
    "/CalRGB": 3,
    "/CalCMYK": 4,
    "/Lab": 3,
}
_NO_ALTERNATE = frozenset({"/Pattern", "/Indexed", "/I", "/Separation", "/DeviceN"})
_FUNCTION_TYPES = (0, 2, 3, 4)


def inspect_pdf(data: bytes) -> FileRecord:
    """The pages of a PDF, or what is wrong with it."""
    try:
        # Handing down what pages inherit mends the page tree already, so it is looked at without that, and first.
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=False) as pdf:
            fault = _tree_problem(pdf)
        if fault is not None:
            return FileRecord("", problems=(fault,))
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            return _inspect(pdf)
    except pikepdf.PasswordError:
        fault = FileProblem("FILE-ENCRYPTED", "有打开密码。", "请去掉密码后另存，或者打印后扫描。")
    except pikepdf.PdfError as error:
        encrypted = "encrypt" in str(error).lower()
        fault = (
            FileProblem("FILE-ENCRYPTED", "已加密，打不开。", "请向提供者要不加密的文件。") if encrypted else _DAMAGED
        )
    return FileRecord("", problems=(fault,))


def _inspect(pdf: pikepdf.Pdf) -> FileRecord:
    count = len(pdf.pages)
    if count == 0:
        return FileRecord("", problems=(FileProblem("FILE-EMPTY", "一页也没有。", "请重新扫描或者重新导出。"),))
    if count > MAX_PAGES:
        return FileRecord("", problems=(_TOO_MANY,))
    problems: list[FileProblem] = list(_document_problems(pdf))
    pages: list[PageInfo] = []
    fonts: dict[str, list[int]] = {}
    colours: dict[str, list[int]] = {}
    colouring = _Colouring()
    for number, page in enumerate(pdf.pages, start=1):
        try:
            look = _Look(page, colouring)
            pages.append(look.info())
            for font in look.unembedded:
                fonts.setdefault(font, []).append(number)
            for fault in look.colour_faults:
                colours.setdefault(fault, []).append(number)
        except (pikepdf.PdfError, ValueError, OSError, KeyError, TypeError, RuntimeError, OverflowError):
            return FileRecord("", problems=(_DAMAGED,))
    problems += [_font_problem(name, tuple(numbers)) for name, numbers in fonts.items()]
    problems += [_colour_problem(fault, tuple(numbers)) for fault, numbers in colours.items()]
    return FileRecord("", pages=tuple(pages), problems=tuple(problems))


def _font_problem(name: str, pages: tuple[int, ...]) -> FileProblem:
    return FileProblem(
        "FILE-FONT",
        f"用的字体“{name}”没有嵌入，换一台电脑就可能显示成别的字。",
        "请用 WPS 另存为 PDF/A（嵌入字体），或者打印后扫描。",
        pages,
    )


def _colour_problem(fault: str, pages: tuple[int, ...]) -> FileProblem:
    return FileProblem(
        "FILE-COLOUR",
        f"{fault}，颜色不能按归档格式表示，换一台电脑就可能显示成别的颜色。",
        "请用 WPS 另存为 PDF/A，或者打印后扫描。",
        pages,
    )


def _tree_problem(pdf: pikepdf.Pdf) -> FileProblem | None:
    """What is wrong with the page tree as it is written; `pages` is not touched, since it mends the tree in silence.

    A root that is no tree is left to the library, which finds the tree or refuses the file.
    """
    top = _tree_top(pdf)
    if not _is_node(top):
        return None
    nodes, seen = [(top, 0)], {top.objgen}
    listed = leaves = lost = again = 0
    while nodes:
        node, depth = nodes.pop()
        kids: Any = node.get("/Kids")
        listed += len(kids)
        if listed > 2 * MAX_PAGES:
            return _TOO_MANY
        for kid in kids:
            known = _is_known(kid, seen)
            again += known
            if _is_node(kid):
                if known or depth >= MAX_TREE_DEPTH:
                    return _LOOPED
                nodes.append((kid, depth + 1))
            elif _is_leaf(kid):
                leaves += 1
            else:
                lost += 1
        if again > MAX_AGAIN:
            return _LOOPED
    return _lost_pages(top.get("/Count"), leaves, lost)


def _lost_pages(count: object, leaves: int, lost: int) -> FileProblem | None:
    """Compare the pages that the tree claims with those that it has."""
    if leaves > MAX_PAGES:
        return _TOO_MANY
    if isinstance(count, int) and count != leaves:
        message = f"已损坏：页面目录写明有 {count} 页，实际有 {leaves} 页。"
        return FileProblem("FILE-DAMAGED", message, _AGAIN)
    if lost:
        return FileProblem("FILE-DAMAGED", f"已损坏：页面目录里有 {lost} 处指向的不是页面，可能丢了页。", _AGAIN)
    return None


def _tree_top(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 (a PDF object)
    """The root of the page tree; some catalogs name a node below it."""
    top: Any = pdf.Root.get("/Pages")
    for _ in range(MAX_TREE_DEPTH):
        above = top.get("/Parent") if isinstance(top, pikepdf.Dictionary) else None
        if not isinstance(above, pikepdf.Dictionary):
            break
        top = above
    return top


def _is_node(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return isinstance(thing, pikepdf.Dictionary) and isinstance(thing.get("/Kids"), pikepdf.Array)


def _is_known(thing: Any, seen: set[tuple[int, int]]) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether an object of its own was met before; it is remembered."""
    if not isinstance(thing, pikepdf.Dictionary) or not thing.is_indirect:
        return False
    known = thing.objgen in seen
    seen.add(thing.objgen)
    return known


def _is_leaf(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Some tools leave a page's type out; a font in a page's place has nothing of a page."""
    if not isinstance(thing, pikepdf.Dictionary):
        return False
    return thing.get("/Type") == "/Page" or "/Contents" in thing or "/MediaBox" in thing


def _document_problems(pdf: pikepdf.Pdf) -> Iterator[FileProblem]:
    if any("repair" in str(w) or "xref" in str(w) or "reconstruct" in str(w) for w in pdf.get_warnings()):
        # Junk before the header only shifts the offsets; a file without its end has lost pages or pictures.
        if not _has_its_end(pdf):
            yield _DAMAGED
    elif any("null" in str(warning) or "kid" in str(warning).lower() for warning in pdf.get_warnings()):
        yield _DAMAGED
    if pdf.is_encrypted:
        yield FileProblem("FILE-OWNER-LOCKED", "设有权限密码，但可以打开；成卷时按可见内容装订。", "一般不用处理。")
    if _hidden_layers(pdf):
        yield FileProblem(
            "FILE-LAYERS", "有隐藏的图层，装订后可能显示出来。", "请导出为不带图层的 PDF，或者打印后扫描。"
        )
    if _signatures(pdf):
        yield FileProblem("FILE-SIGNED", "有电子签名，装订后签名不再有效，可见的印记保留。", "请另行保存原文件备查。")


def _has_its_end(pdf: pikepdf.Pdf) -> bool:
    return (
        "/Root" in pdf.trailer
        and "/Size" in pdf.trailer
        and not any("attempting to reconstruct" in str(w) and "/Prev" not in str(w) for w in pdf.get_warnings())
    )


def _hidden_layers(pdf: pikepdf.Pdf) -> bool:
    layers: Any = pdf.Root.get("/OCProperties")
    if layers is None:
        return False
    default = layers.get("/D", pikepdf.Dictionary())
    return bool(len(default.get("/OFF", [])) or default.get("/BaseState", "/ON") != "/ON")


def _signatures(pdf: pikepdf.Pdf) -> bool:
    form: Any = pdf.Root.get("/AcroForm")
    if form is None:
        return False
    with contextlib.suppress(pikepdf.PdfError, ValueError, TypeError):
        return any(field.get("/FT") == "/Sig" and "/V" in field for field in form.get("/Fields", []))
    return False


class _Look:
    """One page, looked through: its boxes, fonts and pictures."""

    def __init__(self, page: pikepdf.Page, colouring: _Colouring) -> None:
        self.page = page
        self.colour_faults: dict[str, None] = {}
        self._colouring = colouring
        self.unembedded: list[str] = []
        self.pictures: list[Any] = []
        self._seen: set[tuple[int, int]] = set()
        self.width, self.height = _upright_size(page)
        content = _content(page)
        self.is_empty = not content.strip() and "/Annots" not in page
        self._group(page.obj)
        self._resources(page.obj.get("/Resources") or page.resources, 0)

    def info(self) -> PageInfo:
        """The page's record."""
        scans = self.pictures
        dpi, fills, blank = None, False, self.is_empty
        if len(scans) == 1:
            pixels = int(scans[0].get("/Width", 0)), int(scans[0].get("/Height", 0))
            fills = _placed_share(self.page) > SCAN_SHARE
            dpi = max(pixels) / max(self.width, self.height) * 72 if fills else None
            blank = blank or (fills and _is_blank_picture(scans[0]))
        return PageInfo(self.width, self.height, dpi, is_scan=fills, blank=blank)

    def _resources(self, resources: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if resources is None or depth > MAX_DEPTH:
            return
        for font in _values(resources, "/Font"):
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
        components = _check_picture(picture)
        if picture.get("/ImageMask", False):
            return
        meant = self._space(picture.get("/ColorSpace"), resources)
        if components and meant and components != meant:
            self.colour_faults[_BAD_PICTURE] = None

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
        except _ColourError as error:
            self.colour_faults[str(error)] = None
            return None

    def _font(self, font: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if font.get("/Subtype") == "/Type3":
            if font.objgen not in self._seen:
                self._seen.add(font.objgen)
                self._resources(font.get("/Resources"), depth + 1)
            return
        descendants = font.get("/DescendantFonts")
        inner = descendants[0] if descendants is not None and len(descendants) else font
        descriptor = inner.get("/FontDescriptor")
        if descriptor is None or not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            self.unembedded.append(_font_name(inner))


class _ColourError(Exception):
    """A colour space that PDF/A cannot have and that nothing can take the place of; the fault is the message."""


class _Colouring:
    """The colour spaces of one document; profiles and functions that many pages share are looked at once."""

    def __init__(self) -> None:
        self._profiles: dict[tuple[int, int], str] = {}
        self._functions: dict[tuple[tuple[int, int], int], int] = {}

    def components(self, space: Any, depth: int = 0) -> int | None:  # noqa: ANN401 (a PDF object)
        """The components of a colour space; None for a pattern.

        Raises:
            _ColourError: it cannot be mended.
        """
        whole = isinstance(space, pikepdf.Array) and len(space)
        family = space[0] if whole else space
        if not isinstance(family, pikepdf.Name) or depth > MAX_SPACE_DEPTH:
            raise _ColourError(_BAD_SPACE)
        name = str(family)
        if name == "/Pattern":
            if whole and len(space) > 1:
                self.components(space[1], depth + 1)
            return None
        if name in _SPACE_COMPONENTS:
            return _SPACE_COMPONENTS[name]
        if whole and len(space) > 1:
            if name == "/ICCBased":
                return self._of_profile(space[1])
            if name in {"/Indexed", "/I"}:
                self.components(space[1], depth + 1)
                return 1
            if name in {"/Separation", "/DeviceN"}:
                return self._of_spots(space, depth)
        raise _ColourError(_BAD_SPACE)

    def _of_profile(self, stream: Any) -> int:  # noqa: ANN401 (a PDF object)
        if not isinstance(stream, pikepdf.Stream):
            raise _ColourError(_BAD_PROFILE)
        if stream.objgen not in self._profiles:
            self._profiles[stream.objgen] = _profile_fault(stream)
        fault = self._profiles[stream.objgen]
        if fault:
            raise _ColourError(fault)
        return int(stream.get("/N", 0))

    def _of_spots(self, space: Any, depth: int) -> int:  # noqa: ANN401 (a PDF object)
        """A Separation or DeviceN: its alternate must be a space of its own, and its function must lead into it."""
        spots = len(space[1]) if isinstance(space[1], pikepdf.Array) else 1
        if len(space) < 4 or not 1 <= spots <= MAX_COLORANTS:  # noqa: PLR2004 (family, names, alternate, function)
            raise _ColourError(_BAD_SPOT)
        alternate = space[2]
        family = alternate[0] if isinstance(alternate, pikepdf.Array) and len(alternate) else alternate
        if not isinstance(family, pikepdf.Name) or str(family) in _NO_ALTERNATE:
            raise _ColourError(_BAD_SPOT)
        needed = self.components(alternate, depth + 1)
        # /Identity is no function that a spot may have, yet readers know what it means.
        if not isinstance(space[3], pikepdf.Name) and self._outputs(space[3], spots, 0) < (needed or 1):
            raise _ColourError(_BAD_SPOT)
        return spots

    def _outputs(self, function: Any, inputs: int, depth: int) -> int:  # noqa: ANN401 (a PDF object)
        """The values that a function gives; 0 for one that cannot be used."""
        if not isinstance(function, (pikepdf.Dictionary, pikepdf.Stream)) or depth > MAX_DEPTH:
            return 0
        if function.objgen == (0, 0):
            return self._outputs_of(function, inputs, depth)
        key = (function.objgen, inputs)
        if key not in self._functions:
            self._functions[key] = self._outputs_of(function, inputs, depth)
        return self._functions[key]

    def _outputs_of(self, function: Any, inputs: int, depth: int) -> int:  # noqa: ANN401 (a PDF object)
        kind, domain = function.get("/FunctionType"), function.get("/Domain")
        if kind not in _FUNCTION_TYPES or not isinstance(domain, pikepdf.Array) or len(domain) < 2 * inputs:
            return 0
        if kind in (0, 4):
            ends = function.get("/Range")
            sound = isinstance(function, pikepdf.Stream) and isinstance(ends, pikepdf.Array) and _readable(function)
            return len(ends) // 2 if sound else 0
        if kind == 2:  # noqa: PLR2004 (an exponential function)
            start = function.get("/C0")
            return len(start) if isinstance(start, pikepdf.Array) else 1
        parts = function.get("/Functions")
        if not isinstance(parts, pikepdf.Array) or not 1 <= len(parts) <= MAX_PAGES:
            return 0
        return min(self._outputs(part, 1, depth + 1) for part in parts)


def _readable(stream: Any) -> bool:  # noqa: ANN401 (a PDF object)
    try:
        return bool(stream.read_bytes())
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return False


def _profile_fault(stream: Any) -> str:  # noqa: ANN401 (a PDF object)
    """What is wrong with an ICC profile, told by its header; empty for none."""
    try:
        profile = bytes(stream.read_bytes())
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return _BAD_PROFILE
    if len(profile) < _PROFILE_HEADER or profile[36:40] != b"acsp":
        return _BAD_PROFILE
    if profile[8] > _PROFILE_VERSION or profile[12:16] not in _PROFILE_CLASSES:
        return _BAD_VERSION
    components = _PROFILE_COMPONENTS.get(profile[16:20])
    if components is None:
        return _BAD_VERSION
    return "" if stream.get("/N") == components else _BAD_COUNT


def _font_name(font: Any) -> str:  # noqa: ANN401 (a PDF object)
    """A font's name; some tools write it in GBK bytes."""
    raw = bytes(str(font.get("/BaseFont", "/?")), "utf-8", "surrogateescape").lstrip(b"/")
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return "?"


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


def _check_picture(picture: Any) -> int | None:  # noqa: ANN401 (a PDF object)
    """A picture must decode whole, and be no bomb; the components of a JPEG are returned."""
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
            image.draft("L", (400, 400))
            image.load()
        return components
    if names[-1] in {"/FlateDecode", "/LZWDecode", "/None", "/RunLengthDecode"}:
        _check_length(picture, len(picture.read_bytes()), width, height)
    return None


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


def _is_blank_picture(picture: Any) -> bool:  # noqa: ANN401 (a PDF object)
    with contextlib.suppress(Exception):
        return is_blank(pikepdf.PdfImage(picture).as_pil_image())
    return False


def _placed_share(page: pikepdf.Page) -> float:
    """The share of the page that its one picture covers, from the matrix it is drawn with."""
    matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    stack: list[list[float]] = []
    left, bottom, right, top = (float(value) for value in page.mediabox)
    area = abs(right - left) * abs(top - bottom)
    for step in pikepdf.parse_content_stream(page, operators="q Q cm Do"):
        name, operands = str(step.operator), step.operands
        if name == "q":
            stack.append(matrix)
        elif name == "Q" and stack:
            matrix = stack.pop()
        elif name == "cm":
            matrix = _times([float(value) for value in operands], matrix)
        elif name == "Do":
            return min(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area, 1.0) if area else 0.0
    return 0.0


def _times(first: list[float], second: list[float]) -> list[float]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m]
