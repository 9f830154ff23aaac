"""The releases of the libraries on which the bytes of typeset pages depend, though not what the pages show.

HarfBuzz makes the font subsets and numbers their glyphs, Pango and FreeType measure, fontconfig chooses, zlib compresses:
another release of one of them gives other bytes for a page that looks and reads the same.
"""

from __future__ import annotations

import ctypes
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = ("fonttools", "pillow", "pydyf", "weasyprint")


@cache
def library_versions() -> dict[str, str]:
    """The release of each library by its name; without one that is not there.

    It loads Pango and HarfBuzz, so call it only where the typesetter runs.
    """
    found = {"zlib": zlib.ZLIB_RUNTIME_VERSION}
    for name, read in _READERS.items():
        with suppress(OSError, AttributeError):
            found[name] = read()
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return dict(sorted(found.items()))


def _pango() -> str:
    return _version_text(ctypes.CDLL("libpango-1.0.so.0").pango_version_string)


def _harfbuzz() -> str:
    return _version_text(ctypes.CDLL("libharfbuzz.so.0").hb_version_string)


def _version_text(function: ctypes._NamedFuncPointer) -> str:
    function.restype = ctypes.c_char_p
    text: bytes = function()
    return text.decode()


def _fontconfig() -> str:
    number: int = ctypes.CDLL("libfontconfig.so.1").FcGetVersion()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _freetype() -> str:
    library = ctypes.CDLL("libfreetype.so.6")
    handle = ctypes.c_void_p()
    if library.FT_Init_FreeType(ctypes.byref(handle)):
        raise OSError("FreeType does not start")
    parts = [ctypes.c_int() for _ in range(3)]
    library.FT_Library_Version(handle, *map(ctypes.byref, parts))
    library.FT_Done_FreeType(handle)
    return ".".join(str(part.value) for part in parts)


_READERS: dict[str, Callable[[], str]] = {
    "fontconfig": _fontconfig,
    "freetype": _freetype,
    "harfbuzz": _harfbuzz,
    "pango": _pango,
}
