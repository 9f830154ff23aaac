"""Check page content by the rules of PDF/A: operators, operands and resources, and the fonts with the text they show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

from bundler.file_inspection_record import FileProblem
from bundler.materials.pdf_filters import is_cut_short
from bundler.materials.pdf_fonts import FontFault, FontUse, find_font_fault, font_name, is_rendered_reliably
from bundler.materials.pdf_glyph_checks import descendant_font
from bundler.materials.pdf_objects import (
    MAX_NAME,
    MAX_STRING,
    RENDERING_INTENTS,
    is_number_out_of_range,
    is_utf8,
    name_bytes,
)
from bundler.materials.pdf_operators import INLINE_IMAGE, UnfinishedContentError, parse_finished_operators

MAX_DEPTH = 12
MAX_STEPS = 2_000_000
"""Operators of a page, forms and patterns included."""
_MAX_STACK = 28
"""Nested graphics states that PDF/A allows."""
_INVISIBLE = 3
"""The text rendering mode that draws nothing."""
_NUMBER_OPERATORS = {
    **dict.fromkeys(["w", "J", "j", "M", "i", "Tc", "Tw", "Tz", "TL", "Tr", "Ts", "g", "G"], 1),
    **dict.fromkeys(["m", "l", "Td", "TD", "d0"], 2),
    **dict.fromkeys(["rg", "RG"], 3),
    **dict.fromkeys(["v", "y", "re", "k", "K"], 4),
    **dict.fromkeys(["c", "cm", "Tm", "d1"], 6),
    **dict.fromkeys(
        [
            "q",
            "Q",
            "h",
            "S",
            "s",
            "f",
            "F",
            "f*",
            "B",
            "B*",
            "b",
            "b*",
            "n",
            "W",
            "W*",
            "BT",
            "ET",
            "T*",
            "EMC",
            "BX",
            "EX",
        ],
        0,
    ),
}
"""Operators that take only numbers, with how many."""
_OTHER_OPERATORS = frozenset(
    [
        "d",
        "ri",
        "gs",
        "Tf",
        "Tj",
        "TJ",
        "'",
        '"',
        "CS",
        "cs",
        "SC",
        "SCN",
        "sc",
        "scn",
        "sh",
        "Do",
        "MP",
        "DP",
        "BMC",
        "BDC",
    ]
) | {INLINE_IMAGE}
_BLEND_MODES = frozenset(
    f"/{mode}"
    for mode in [
        "Normal",
        "Compatible",
        "Multiply",
        "Screen",
        "Overlay",
        "Darken",
        "Lighten",
        "ColorDodge",
        "ColorBurn",
        "HardLight",
        "SoftLight",
        "Difference",
        "Exclusion",
        "Hue",
        "Saturation",
        "Color",
        "Luminosity",
    ]
)
_TEXT_OPERAND = {"Tj": 0, "'": 0, '"': 2, "TJ": 0}
"""Operators that show text, with the index of the operand that holds it."""
_EARLY_END = re.compile(rb"\sEI\s")
"""Where a reader may take the data of an inline image to end; at its true end nothing follows."""
_INLINE_FILTERS = frozenset(
    [
        *("None", "/AHx", "/ASCIIHexDecode", "/A85", "/ASCII85Decode", "/Fl", "/FlateDecode"),
        *("/RL", "/RunLengthDecode", "/CCF", "/CCITTFaxDecode", "/DCT", "/DCTDecode"),
    ]
)
"""Filters of inline images that PDF/A allows, abbreviated and in full; ``None`` for an image without one."""
_DEVICE_SPACES = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"})
UNFINISHED = "有不完整的绘图命令"
_EXPORT_PDFA = "请用 WPS 另存为 PDF/A（嵌入字体），或者打印后扫描。"


class ContentError(ValueError):
    """The content does what PDF/A does not allow; the message says in Chinese what."""


@dataclass
class _GraphicsState:
    font: Any = None
    text_mode: int = 0


@dataclass
class ContentCheck:
    """A walk through the operators of one page, of its forms and patterns, and of the glyphs of Type 3 fonts.

    Attributes:
        fonts: the fonts that show text, by object number, or by identity for a direct object.
    """

    fonts: dict[Any, FontUse] = field(default_factory=dict)
    _seen: set[tuple[tuple[int, int], int]] = field(default_factory=set)
    _steps: int = 0

    def check(self, page: Any) -> None:  # noqa: ANN401 (a PDF object)
        """Check a page.

        Raises:
            ContentError: it does what PDF/A does not allow.
            MemoryError: it has too many steps.
        """
        self._check_stream(page, page.get("/Resources"), _GraphicsState(), 0)

    def _check_stream(self, stream: Any, resources: Any, state: _GraphicsState, depth: int) -> None:  # noqa: ANN401 (PDF objects)
        if depth > MAX_DEPTH:
            raise ContentError("图形嵌套过深")
        if not isinstance(resources, pikepdf.Dictionary):
            resources = pikepdf.Dictionary()
        stack: list[_GraphicsState] = []
        for instruction in _parse(stream):
            self._steps += 1
            if self._steps > MAX_STEPS:
                raise MemoryError
            name = str(instruction.operator)
            _check_operator(name, instruction.operands)
            if name == "q":
                stack.append(_GraphicsState(state.font, state.text_mode))
                if len(stack) > _MAX_STACK:
                    raise ContentError("图形状态嵌套过深")
            elif name == "Q":
                state = stack.pop() if stack else state
            else:
                self._execute(name, instruction.operands, resources, state, depth)

    def _execute(self, name: str, operands: Any, resources: Any, state: _GraphicsState, depth: int) -> None:  # noqa: ANN401
        _check_operands(operands)
        if name == "Tf":
            state.font = _require_dictionary(_find_resource(resources, "/Font", operands[0]))
        elif name == "Tr":
            state.text_mode = int(operands[0])
        elif name in _TEXT_OPERAND:
            self._show_text(operands[_TEXT_OPERAND[name]], state, depth)
        elif name == "Do":
            self._draw_xobject(_require_dictionary(_find_resource(resources, "/XObject", operands[0])), state, depth)
        elif name == "gs":
            settings = _require_dictionary(_find_resource(resources, "/ExtGState", operands[0]))
            self._apply_graphics_state(settings, state, depth)
        elif name in {"SCN", "scn"} and len(operands) and isinstance(operands[-1], pikepdf.Name):
            self._check_pattern(_find_resource(resources, "/Pattern", operands[-1]), depth)
        else:
            _check_stateless(name, operands, resources)

    def _show_text(self, text: Any, state: _GraphicsState, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        font = state.font
        if font is None:
            raise ContentError("有文字没有指明字体")
        use = self.fonts.setdefault(font.objgen if font.objgen != (0, 0) else id(font), FontUse(font))
        parts = (
            [text] if isinstance(text, pikepdf.String) else [part for part in text if isinstance(part, pikepdf.String)]
        )
        use.shown |= {bytes(part) for part in parts}
        if state.text_mode != _INVISIBLE or font.get("/Subtype") == "/Type3":
            use.visible = True
        if font.get("/Subtype") == "/Type3":
            self._check_glyphs(font, depth)

    def _check_glyphs(self, font: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if self._was_checked(font, 0):
            return
        for glyph in font.get("/CharProcs", pikepdf.Dictionary()).values():
            if isinstance(glyph, pikepdf.Stream):
                self._check_stream(glyph, font.get("/Resources"), _GraphicsState(), depth + 1)

    def _draw_xobject(self, xobject: Any, state: _GraphicsState, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if not isinstance(xobject, pikepdf.Stream):
            raise ContentError("用到了文件里没有的资源")
        subtype = xobject.get("/Subtype")
        if subtype == "/PS":
            raise ContentError("含有 PostScript 程序")
        if subtype == "/Form" and not self._was_checked(xobject, state.text_mode):
            self._check_stream(
                xobject, xobject.get("/Resources"), _GraphicsState(state.font, state.text_mode), depth + 1
            )

    def _apply_graphics_state(self, settings: Any, state: _GraphicsState, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        font = settings.get("/Font")
        if isinstance(font, pikepdf.Array) and len(font):
            state.font = _require_dictionary(font[0])
        blend = settings.get("/BM")
        if blend is not None and (isinstance(blend, pikepdf.Array) or str(blend) not in _BLEND_MODES):
            raise ContentError("用了归档格式不认识的混合方式")
        mask = settings.get("/SMask")
        group = mask.get("/G") if isinstance(mask, pikepdf.Dictionary) else None
        if isinstance(group, pikepdf.Stream) and not self._was_checked(group, state.text_mode):
            self._check_stream(group, group.get("/Resources"), _GraphicsState(), depth + 1)

    def _check_pattern(self, pattern: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if isinstance(pattern, pikepdf.Stream) and not self._was_checked(pattern, 0):
            self._check_stream(pattern, pattern.get("/Resources"), _GraphicsState(), depth + 1)

    def _was_checked(self, thing: Any, mode: int) -> bool:  # noqa: ANN401 (a PDF object)
        """Whether this stream was checked before in the same text rendering mode."""
        key = (thing.objgen, mode)
        known = key in self._seen and thing.objgen != (0, 0)
        self._seen.add(key)
        return known


def _parse(stream: Any) -> Sequence[Any]:  # noqa: ANN401 (PDF objects)
    """Return the operators of a page or of another stream with content.

    Raises:
        ContentError: its last command is unfinished, or one has an operator among its operands.
        ValueError: its data are cut short; other errors of pikepdf mean that they are damaged.
    """
    if isinstance(stream, pikepdf.Stream) and is_cut_short(stream):
        raise ValueError("a stream that is cut short")
    try:
        return parse_finished_operators(stream)
    except UnfinishedContentError as error:
        raise ContentError(UNFINISHED) from error
    except TypeError as error:  # an operator within an array
        raise ContentError("有归档格式不认识的绘图命令") from error


def _check_operator(name: str, operands: Any) -> None:  # noqa: ANN401 (PDF objects)
    """An operator must be one of the standard's and have all its operands."""
    if name in _OTHER_OPERATORS:
        if not len(operands):
            raise ContentError(UNFINISHED)
        return
    count = _NUMBER_OPERATORS.get(name)
    if count is None:
        raise ContentError("有归档格式不认识的绘图命令")
    if len(operands) != count or not all(isinstance(operand, (int, Decimal)) for operand in operands):
        raise ContentError(UNFINISHED)


def _check_stateless(name: str, operands: Any, resources: Any) -> None:  # noqa: ANN401 (PDF objects)
    """Check an operator that changes no state which a later check needs."""
    if name == "ri" and str(operands[0]) not in RENDERING_INTENTS:
        raise ContentError("用了归档格式不认识的颜色再现方式")
    if name == "sh":
        _find_resource(resources, "/Shading", operands[0])
    elif name in {"CS", "cs"} and str(operands[0]) not in _DEVICE_SPACES:
        _find_resource(resources, "/ColorSpace", operands[0])
    elif name == INLINE_IMAGE:
        _check_inline_image(operands[0])


def _find_resource(resources: Any, kind: str, name: Any) -> Any:  # noqa: ANN401 (PDF objects)
    """Return the resource of a name, which must be in the resources of the content itself."""
    listed = resources.get(kind)
    found = listed.get(str(name)) if isinstance(listed, pikepdf.Dictionary) and isinstance(name, pikepdf.Name) else None
    if not isinstance(found, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array, pikepdf.Name)):
        raise ContentError("用到了文件里没有的资源")
    return found


def _require_dictionary(resource: Any) -> Any:  # noqa: ANN401 (PDF objects)
    if not isinstance(resource, (pikepdf.Dictionary, pikepdf.Stream)):
        raise ContentError("用到了文件里没有的资源")
    return resource


def _check_operands(operands: Any) -> None:  # noqa: ANN401 (PDF objects)
    for value in operands:
        if is_number_out_of_range(value):
            raise ContentError("有超出归档格式范围的数值")
        if isinstance(value, pikepdf.String) and len(bytes(value)) > MAX_STRING:
            raise ContentError("有超出归档格式范围的文字")
        if isinstance(value, pikepdf.Name):
            _check_name(name_bytes(value))


def _check_name(name: bytes) -> None:
    if len(name) > MAX_NAME:
        raise ContentError("有超出归档格式范围的名称")
    if not is_utf8(name):
        raise ContentError("有归档格式不接受的名称")


def _check_inline_image(image: Any) -> None:  # noqa: ANN401 (an inline image)
    settings = image.obj
    filters = settings.get("/Filter", settings.get("/F"))
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if not set(names) <= _INLINE_FILTERS or settings.get("/Interpolate", settings.get("/I", False)) is True:
        raise ContentError("页内图像的存法归档格式不接受")
    if _EARLY_END.search(image.unparse()):
        raise ContentError("页内图像的数据里像有结尾标记，阅读软件会读出不同的内容")
    intent = settings.get("/Intent")
    if intent is not None and str(intent) not in RENDERING_INTENTS:
        raise ContentError("页内图像的颜色再现方式归档格式不认识")


@dataclass
class PageFaults:
    """The faults of the content and fonts of a file's pages, each with its pages, from 1.

    Attributes:
        lost: pages of which an image would not show what they mean, because of a font that is not embedded.
    """

    lost: set[int] = field(default_factory=set)
    _font_faults: dict[tuple[str, FontFault], list[int]] = field(default_factory=dict)
    _content_faults: dict[str, list[int]] = field(default_factory=dict)
    _programs: dict[tuple[int, int], Any] = field(default_factory=dict)

    def check(self, page: pikepdf.Page, number: int) -> None:
        """Check the content and the fonts of a page.

        Raises:
            MemoryError: the content has too many steps.
            ValueError: the content is damaged; other errors of the libraries mean the same.
        """
        content = ContentCheck()
        try:
            content.check(page.obj)
        except ContentError as error:
            self.add(str(error), number)
        for use in content.fonts.values():
            fault = find_font_fault(use, self._programs)
            if fault is not None:
                self._add_font_fault(use.font, fault, number)

    def add(self, fault: str, number: int) -> None:
        """Add a fault, in Chinese, that an image of the page solves."""
        self._content_faults.setdefault(fault, []).append(number)

    def _add_font_fault(self, font: Any, fault: FontFault, number: int) -> None:  # noqa: ANN401 (a PDF object)
        pages = self._font_faults.setdefault((font_name(descendant_font(font)), fault), [])
        if number not in pages:
            pages.append(number)
        if not is_rendered_reliably(font):
            self.lost.add(number)

    @property
    def pages(self) -> set[int]:
        """All pages with a fault."""
        return {number for pages in (*self._font_faults.values(), *self._content_faults.values()) for number in pages}

    def problems(self) -> list[FileProblem]:
        """Return the faults as problems of the file."""
        font_problems = [
            FileProblem("FILE-FONT", f"用的字体“{name}”{fault}。", _EXPORT_PDFA, tuple(pages))
            for (name, fault), pages in self._font_faults.items()
        ]
        content_problems = [
            FileProblem("FILE-DAMAGED", f"{fault}。", "请用阅读器“打印为 PDF”，或者打印后扫描。", tuple(pages))
            for fault, pages in self._content_faults.items()
        ]
        return font_problems + content_problems
