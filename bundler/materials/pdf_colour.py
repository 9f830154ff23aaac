"""Check the colour spaces of a PDF: ICC profiles, spot colours and their functions, by the rules of PDF/A."""

from __future__ import annotations

from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream

MAX_FUNCTION_DEPTH = 12
MAX_SUBFUNCTIONS = 10_000
MAX_SPACE_DEPTH = 6
MAX_COLORANTS = 32
"""The limit of PDF/A for a DeviceN colour space."""

_BAD_PROFILE = "所用的颜色特性文件（ICC）已损坏"
_BAD_COUNT = "所用的颜色特性文件（ICC）与写明的颜色分量数不符"
_BAD_VERSION = "所用的颜色特性文件（ICC）的版本或者种类归档格式不接受"
_BAD_SPOT = "所用的专色没有可用的替代颜色或者换算方法"
_NO_COLORANTS = "所用的几种专色没有写明各自的颜色，归档格式不接受"
_BAD_SPACE = "所用的颜色空间无法识别"
BAD_IMAGE = "图像的颜色分量数与写明的颜色空间不符"

_PROFILE_COMPONENTS = {b"GRAY": 1, b"RGB ": 3, b"Lab ": 3, b"CMYK": 4}
_PROFILE_CLASSES = frozenset({b"prtr", b"mntr", b"scnr", b"spac"})
_PROFILE_VERSION = 4
_PROFILE_HEADER = 132
"""Bytes of the header and of the length of the tag table after it."""
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
_PROCESS_COLORANTS = frozenset({"/Cyan", "/Magenta", "/Yellow", "/Black"})
_FUNCTION_TYPES = (0, 2, 3, 4)


class ColourError(Exception):
    """PDF/A does not allow a colour space, and it cannot be replaced; the message is the fault in Chinese."""


class SpotColourError(ColourError):
    """As `ColourError`, but every viewer shows the same colour, so that an image of the page keeps it."""


class ColourSpaces:
    """The colour spaces of one document; profiles and functions that many pages share are checked once."""

    def __init__(self) -> None:
        self._profiles: dict[tuple[int, int], str] = {}
        self._functions: dict[tuple[tuple[int, int], int], int] = {}

    def components(self, space: Any, depth: int = 0) -> int | None:  # noqa: ANN401 (a PDF object)
        """Return the number of components of a colour space; None for a pattern.

        Raises:
            ColourError: PDF/A does not allow it.
        """
        is_array = isinstance(space, pikepdf.Array) and len(space)
        family = space[0] if is_array else space
        if not isinstance(family, pikepdf.Name) or depth > MAX_SPACE_DEPTH:
            raise ColourError(_BAD_SPACE)
        name = str(family)
        if name == "/Pattern":
            if is_array and len(space) > 1:
                self.components(space[1], depth + 1)
            return None
        if name in _SPACE_COMPONENTS:
            return _SPACE_COMPONENTS[name]
        if is_array and len(space) > 1:
            if name == "/ICCBased":
                return self._profile_components(space[1])
            if name in {"/Indexed", "/I"}:
                self.components(space[1], depth + 1)
                return 1
            if name in {"/Separation", "/DeviceN"}:
                return self._spot_components(space, depth)
        raise ColourError(_BAD_SPACE)

    def _profile_components(self, stream: Any) -> int:  # noqa: ANN401 (a PDF object)
        if not isinstance(stream, pikepdf.Stream):
            raise ColourError(_BAD_PROFILE)
        if stream.objgen not in self._profiles:
            self._profiles[stream.objgen] = _profile_fault(stream)
        fault = self._profiles[stream.objgen]
        if fault:
            raise ColourError(fault)
        return int(stream.get("/N", 0))

    def _spot_components(self, space: Any, depth: int) -> int:  # noqa: ANN401 (a PDF object)
        """Return the components of a Separation or DeviceN space, whose function must lead into its alternate space."""
        spots = len(space[1]) if isinstance(space[1], pikepdf.Array) else 1
        if len(space) < 4 or not 1 <= spots <= MAX_COLORANTS:  # noqa: PLR2004 (family, names, alternate, function)
            raise ColourError(_BAD_SPOT)
        alternate = space[2]
        family = alternate[0] if isinstance(alternate, pikepdf.Array) and len(alternate) else alternate
        if not isinstance(family, pikepdf.Name) or str(family) in _NO_ALTERNATE:
            raise ColourError(_BAD_SPOT)
        components = self.components(alternate, depth + 1)
        # /Identity is not allowed as the function here, yet viewers understand it.
        if not isinstance(space[3], pikepdf.Name) and self._function_outputs(space[3], spots, 0) < (components or 1):
            raise ColourError(_BAD_SPOT)
        if str(space[0]) == "/DeviceN" and not _are_colorants_described(space):
            raise SpotColourError(_NO_COLORANTS)
        return spots

    def _function_outputs(self, function: Any, inputs: int, depth: int) -> int:  # noqa: ANN401 (a PDF object)
        """Return the number of values that a function returns; 0 if it is not usable."""
        if not isinstance(function, (pikepdf.Dictionary, pikepdf.Stream)) or depth > MAX_FUNCTION_DEPTH:
            return 0
        if function.objgen == (0, 0):
            return self._compute_outputs(function, inputs, depth)
        key = (function.objgen, inputs)
        if key not in self._functions:
            self._functions[key] = self._compute_outputs(function, inputs, depth)
        return self._functions[key]

    def _compute_outputs(self, function: Any, inputs: int, depth: int) -> int:  # noqa: ANN401 (a PDF object)
        kind, domain = function.get("/FunctionType"), function.get("/Domain")
        if kind not in _FUNCTION_TYPES or not isinstance(domain, pikepdf.Array) or len(domain) < 2 * inputs:
            return 0
        if kind in (0, 4):
            ends = function.get("/Range")
            sound = isinstance(function, pikepdf.Stream) and isinstance(ends, pikepdf.Array) and _is_readable(function)
            return len(ends) // 2 if sound else 0
        if kind == 2:  # noqa: PLR2004 (an exponential function)
            start = function.get("/C0")
            return len(start) if isinstance(start, pikepdf.Array) else 1
        parts = function.get("/Functions")
        if not isinstance(parts, pikepdf.Array) or not 1 <= len(parts) <= MAX_SUBFUNCTIONS:
            return 0
        return min(self._function_outputs(part, 1, depth + 1) for part in parts)


def _are_colorants_described(space: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a DeviceN space says of each of its spot colours, by itself, what colour it is."""
    attributes = space[4] if len(space) > 4 else None  # noqa: PLR2004 (after the function)
    described: set[str] = set(_PROCESS_COLORANTS)
    if isinstance(attributes, pikepdf.Dictionary):
        colorants, process = attributes.get("/Colorants"), attributes.get("/Process")
        if isinstance(colorants, pikepdf.Dictionary):
            described |= set(colorants.keys())
        components = process.get("/Components") if isinstance(process, pikepdf.Dictionary) else None
        described |= {str(name) for name in components} if isinstance(components, pikepdf.Array) else set()
    return {str(name) for name in space[1]} <= described


def _is_readable(stream: Any) -> bool:  # noqa: ANN401 (a PDF object)
    try:
        return bool(decode_stream(stream))
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return False


def _profile_fault(stream: Any) -> str:  # noqa: ANN401 (a PDF object)
    """Return the fault of an ICC profile by its header; empty if there is none."""
    try:
        profile = bytes(decode_stream(stream))
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
