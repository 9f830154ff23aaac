"""Helpers for raw PDF objects: names as bytes, and a walk through everything that pages refer to."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pikepdf

MAX_OBJECTS = 500_000
MAX_INTEGER = 2**31 - 1
"""The limit of PDF/A for the absolute value of an integer."""
_MAX_REAL, _MIN_REAL = Decimal("3.403e38"), Decimal("1.175e-38")
MAX_STRING, MAX_NAME = 32_767, 127
"""Limits of PDF/A: bytes of a string, bytes of a name."""
RENDERING_INTENTS = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
LIBRARY_ERRORS = (
    *(pikepdf.PdfError, ValueError, OSError, KeyError, TypeError, RuntimeError, OverflowError, AttributeError),
    *(IndexError, ArithmeticError, AssertionError),
)
"""What pikepdf and Pillow raise on damaged data, and what the wrong type of an object leads to."""
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_KEYS_NOT_FOLLOWED = frozenset({"/Parent", "/Annots"})
"""The page tree above a page, and its annotations, which are gone once they are flattened."""


def name_bytes(name: Any) -> bytes:  # noqa: ANN401 (a PDF object)
    """Return a PDF name as bytes, without its slash and with its escapes resolved; any other object as it is written.

    Some tools write names in GBK, which pikepdf cannot turn into text.
    """
    return _ESCAPE.sub(lambda code: bytes.fromhex(code[1].decode()), name.unparse(resolved=True).removeprefix(b"/"))


def is_number_out_of_range(value: object) -> bool:
    """Whether it is an integer or a real number that PDF/A does not allow: too large, or too near to zero."""
    if isinstance(value, Decimal):
        return not (value == 0 or _MIN_REAL <= abs(value) <= _MAX_REAL)
    return isinstance(value, int) and abs(value) > MAX_INTEGER


def is_utf8(name: bytes) -> bool:
    """Whether a name is spelt in UTF-8, as PDF/A requires of fonts, colours and resources."""
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def decode_name(name: Any) -> str:  # noqa: ANN401 (a PDF object)
    """Return a name as text, from UTF-8 or GBK; ``?`` where it is neither."""
    raw = name_bytes(name)
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return "?"


def walk_objects(roots: list[Any]) -> Iterator[Any]:
    """Yield each dictionary and stream that the roots refer to, once, the roots included.

    Raises:
        MemoryError: there are more than any real file has.
    """
    seen: set[tuple[int, int]] = set()
    pending = list(reversed(roots))
    count = 0
    while pending:
        thing = pending.pop()
        if thing.objgen != (0, 0):
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        count += 1
        if count > MAX_OBJECTS:
            raise MemoryError
        if isinstance(thing, pikepdf.Array):
            pending += [part for part in thing if _is_composite(part)]
            continue
        yield thing
        pending += [part for key, part in list(thing.items()) if key not in _KEYS_NOT_FOLLOWED and _is_composite(part)]


def make_values_direct(roots: list[Any]) -> None:
    """Write names, strings, numbers and arrays that are objects of their own where they are used; dictionaries stay.

    pdfium draws no field of a form whose values are objects of their own, although they may be (ISO 32000-1, 7.3.10).
    """
    for thing in list(walk_objects(roots)):
        for key, value in list(thing.items()):
            if key != "/Length" and not isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
                thing[key] = _direct(value)


def _direct(value: Any) -> Any:  # noqa: ANN401 (a PDF object, or the value of one)
    if isinstance(value, pikepdf.Array):
        return pikepdf.Array([_direct(part) for part in value])
    if isinstance(value, pikepdf.Object) and value.is_indirect and not _is_composite(value):
        return pikepdf.Object.parse(value.unparse(resolved=True))
    return value


def _is_composite(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array))
