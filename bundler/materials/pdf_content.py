"""Checks of page content: its operators and operands, and the fonts with the text that each shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

from bundler.file_record import FileProblem
from bundler.materials.pdf_fonts import FontFault, FontUse, find_font_fault, font_name, is_rendered_reliably
from bundler.materials.pdf_objects import name_bytes

MAX_DEPTH = 12
MAX_STEPS = 2_000_000
_MAX_STACK = 28
_INVISIBLE = 3
_NUMBERS = {
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
"""Operators that take so many numbers and nothing else."""
_OTHERS = frozenset(
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
) | {"INLINE IMAGE"}
_INTENTS = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
_BLENDS = frozenset(
    [
        "/Normal",
        "/Compatible",
        "/Multiply",
        "/Screen",
        "/Overlay",
        "/Darken",
        "/Lighten",
        "/ColorDodge",
        "/ColorBurn",
        "/HardLight",
        "/SoftLight",
        "/Difference",
        "/Exclusion",
        "/Hue",
        "/Saturation",
        "/Color",
        "/Luminosity",
    ]
)
_SHOWS = {"Tj": 0, "'": 0, '"': 2, "TJ": 0}
_MOST_INTEGER, _MOST_TEXT, _MOST_NAME = 2**31 - 1, 32_767, 127


class ContentError(ValueError):
    """The content does what an archive may not have; the message says in Chinese what."""


@dataclass
class _State:
    font: Any = None
    mode: int = 0


@dataclass
class ContentCheck:
    """One page's content, gone through step by step, forms and patterns included.

    Attributes:
        fonts: each font with its use, by the object's own number or by its place.
    """

    fonts: dict[Any, FontUse] = field(default_factory=dict)
    _seen: set[tuple[tuple[int, int], int]] = field(default_factory=set)
    _steps: int = 0

    def page(self, page: Any) -> None:  # noqa: ANN401 (a PDF object)
        """Go through a page.

        Raises:
            DrawingError: it does what an archive may not have.
            MemoryError: it never ends.
        """
        self._run(page, page.get("/Resources"), _State(), 0)

    def _run(self, holder: Any, resources: Any, state: _State, depth: int) -> None:  # noqa: ANN401 (PDF objects)
        if depth > MAX_DEPTH:
            raise ContentError("图形嵌套过深")
        if not isinstance(resources, pikepdf.Dictionary):
            resources = pikepdf.Dictionary()
        stack: list[_State] = []
        for step in pikepdf.parse_content_stream(holder):
            self._steps += 1
            if self._steps > MAX_STEPS:
                raise MemoryError
            name = str(step.operator)
            _check_operator(name, step.operands)
            if name == "q":
                stack.append(_State(state.font, state.mode))
                if len(stack) > _MAX_STACK:
                    raise ContentError("图形状态嵌套过深")
            elif name == "Q":
                state = stack.pop() if stack else state
            else:
                self._step(name, step.operands, resources, state, depth)

    def _step(self, name: str, operands: Any, resources: Any, state: _State, depth: int) -> None:  # noqa: ANN401
        _check_operands(operands)
        if name == "Tf":
            state.font = _resource(resources, "/Font", operands[0])
        elif name == "Tr":
            state.mode = int(operands[0])
        elif name in _SHOWS:
            self._show(operands[_SHOWS[name]], state, depth)
        elif name == "Do":
            self._do(_resource(resources, "/XObject", operands[0]), state, depth)
        elif name == "gs":
            self._set(_resource(resources, "/ExtGState", operands[0]), state, depth)
        elif name in {"SCN", "scn"} and len(operands) and isinstance(operands[-1], pikepdf.Name):
            self._pattern(_resource(resources, "/Pattern", operands[-1]), depth)
        else:
            _check_plain(name, operands, resources)

    def _show(self, text: Any, state: _State, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        font = state.font
        if font is None:
            raise ContentError("有文字没有指明字体")
        use = self.fonts.setdefault(font.objgen if font.objgen != (0, 0) else id(font), FontUse(font))
        parts = (
            [text] if isinstance(text, pikepdf.String) else [part for part in text if isinstance(part, pikepdf.String)]
        )
        use.shown |= {bytes(part) for part in parts}
        if state.mode != _INVISIBLE or font.get("/Subtype") == "/Type3":
            use.visible = True
        if font.get("/Subtype") == "/Type3":
            self._glyphs(font, depth)

    def _glyphs(self, font: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if self._is_known(font, 0):
            return
        for glyph in font.get("/CharProcs", pikepdf.Dictionary()).values():
            if isinstance(glyph, pikepdf.Stream):
                self._run(glyph, font.get("/Resources"), _State(), depth + 1)

    def _do(self, thing: Any, state: _State, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        kind = thing.get("/Subtype")
        if kind == "/PS":
            raise ContentError("含有 PostScript 程序")
        if kind == "/Form" and not self._is_known(thing, state.mode):
            self._run(thing, thing.get("/Resources"), _State(state.font, state.mode), depth + 1)

    def _set(self, settings: Any, state: _State, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        font = settings.get("/Font")
        if isinstance(font, pikepdf.Array) and len(font):
            state.font = font[0]
        blend = settings.get("/BM")
        if blend is not None and (isinstance(blend, pikepdf.Array) or str(blend) not in _BLENDS):
            raise ContentError("用了归档格式不认识的混合方式")
        mask = settings.get("/SMask")
        group = mask.get("/G") if isinstance(mask, pikepdf.Dictionary) else None
        if isinstance(group, pikepdf.Stream) and not self._is_known(group, state.mode):
            self._run(group, group.get("/Resources"), _State(), depth + 1)

    def _pattern(self, pattern: Any, depth: int) -> None:  # noqa: ANN401 (a PDF object)
        if isinstance(pattern, pikepdf.Stream) and not self._is_known(pattern, 0):
            self._run(pattern, pattern.get("/Resources"), _State(), depth + 1)

    def _is_known(self, thing: Any, mode: int) -> bool:  # noqa: ANN401 (a PDF object)
        """Whether this was gone through before with letters as visible as now."""
        key = (thing.objgen, mode)
        known = key in self._seen and thing.objgen != (0, 0)
        self._seen.add(key)
        return known


_PLAIN_SPACES = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"})


def _check_operator(name: str, operands: Any) -> None:  # noqa: ANN401 (PDF objects)
    """A command must be one of the standard's, with as much before it as it takes."""
    if name in _OTHERS:
        if not len(operands):
            raise ContentError("有不完整的绘图命令")
        return
    wanted = _NUMBERS.get(name)
    if wanted is None:
        raise ContentError("有归档格式不认识的绘图命令")
    if len(operands) != wanted or not all(isinstance(one, (int, Decimal)) for one in operands):
        raise ContentError("有不完整的绘图命令")


def _check_plain(name: str, operands: Any, resources: Any) -> None:  # noqa: ANN401 (PDF objects)
    """The operators that change nothing that has to be remembered."""
    if name == "ri" and str(operands[0]) not in _INTENTS:
        raise ContentError("用了归档格式不认识的颜色再现方式")
    if name == "sh":
        _resource(resources, "/Shading", operands[0])
    elif name in {"CS", "cs"} and str(operands[0]) not in _PLAIN_SPACES:
        _resource(resources, "/ColorSpace", operands[0])
    elif name == "INLINE IMAGE":
        _check_inline(operands[0])


def _resource(resources: Any, kind: str, name: Any) -> Any:  # noqa: ANN401 (PDF objects)
    """What a name stands for: it must be in the resources of the content itself."""
    listed = resources.get(kind)
    found = listed.get(str(name)) if isinstance(listed, pikepdf.Dictionary) and isinstance(name, pikepdf.Name) else None
    if not isinstance(found, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array, pikepdf.Name)):
        raise ContentError("用到了文件里没有的资源")
    return found


def _check_operands(operands: Any) -> None:  # noqa: ANN401 (PDF objects)
    for value in operands:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _MOST_INTEGER:
            raise ContentError("有超出归档格式范围的数值")
        if isinstance(value, pikepdf.String) and len(bytes(value)) > _MOST_TEXT:
            raise ContentError("有超出归档格式范围的文字")
        if isinstance(value, pikepdf.Name) and len(name_bytes(value)) > _MOST_NAME:
            raise ContentError("有超出归档格式范围的名称")


def _check_inline(image: Any) -> None:  # noqa: ANN401 (an inline image)
    settings = image.obj
    filters = settings.get("/Filter", settings.get("/F"))
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if {"/LZW", "/LZWDecode", "/Crypt"} & set(names) or settings.get("/Interpolate", settings.get("/I", False)) is True:
        raise ContentError("页内图像的存法归档格式不接受")
    intent = settings.get("/Intent")
    if intent is not None and str(intent) not in _INTENTS:
        raise ContentError("页内图像的颜色再现方式归档格式不认识")


_CURE = "请用 WPS 另存为 PDF/A（嵌入字体），或者打印后扫描。"


@dataclass
class PageFaults:
    """The faults of a file's pages, gathered fault by fault.

    Attributes:
        lost: pages of which a picture would not show what they mean.
    """

    lost: set[int] = field(default_factory=set)
    _fonts: dict[tuple[str, FontFault], list[int]] = field(default_factory=dict)
    _drawings: dict[str, list[int]] = field(default_factory=dict)
    _programs: dict[tuple[int, int], Any] = field(default_factory=dict)

    def look(self, page: pikepdf.Page, number: int) -> bool:
        """Look at a page, counted from 1; whether its content was found sound."""
        drawing = ContentCheck()
        try:
            drawing.page(page.obj)
        except ContentError as error:
            self._drawings.setdefault(str(error), []).append(number)
        sound = True
        for use in drawing.fonts.values():
            fault = find_font_fault(use, self._programs)
            if fault is not None:
                sound = False
                self._note(use.font, fault, number)
        return sound and not any(number in pages for pages in self._drawings.values())

    def _note(self, font: Any, fault: FontFault, number: int) -> None:  # noqa: ANN401 (a PDF object)
        descendants = font.get("/DescendantFonts")
        inner = descendants[0] if isinstance(descendants, pikepdf.Array) and len(descendants) else font
        pages = self._fonts.setdefault((font_name(inner), fault), [])
        if number not in pages:
            pages.append(number)
        if not is_rendered_reliably(font):
            self.lost.add(number)

    @property
    def pages(self) -> set[int]:
        """Every page with a fault."""
        return {number for pages in (*self._fonts.values(), *self._drawings.values()) for number in pages}

    def problems(self) -> list[FileProblem]:
        """The faults as problems of the file."""
        found = [
            FileProblem("FILE-FONT", f"用的字体“{name}”{fault}。", _CURE, tuple(pages))
            for (name, fault), pages in self._fonts.items()
        ]
        return found + [
            FileProblem("FILE-DAMAGED", f"{fault}。", "请用阅读器“打印为 PDF”，或者打印后扫描。", tuple(pages))
            for fault, pages in self._drawings.items()
        ]
