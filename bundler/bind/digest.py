"""A digest for each page, over what the page is made of and not over where it lies in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

MAX_DEPTH = 80
"""Objects within objects; a real page has fewer than twenty."""

_LEFT_OUT = frozenset({"/Parent", "/Length"})
"""Where a page hangs in the tree and how many bytes a stream takes follow from the rest."""


class DigestError(ValueError):
    """Objects nested more deeply than any real page's."""


@dataclass
class PageDigester:
    """Digests of pages, by a walk in one fixed order through all that a page refers to.

    Numbers are taken by value, dictionaries by sorted key, streams as the bytes that are stored, and another page as the
    word "page": where links lead is compared on its own, so that a page that was moved keeps its digest.
    """

    _known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def digest(self, page: pikepdf.Page) -> str:
        """SHA-256 of a page, in hexadecimal digits.

        Raises:
            DigestError: its objects are nested too deeply.
            pikepdf.PdfError: one of its streams cannot be read.
        """
        return hashlib.sha256(b"page\0" + self._dictionary(page.obj, 0)).hexdigest()

    def _value(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        if depth > MAX_DEPTH:
            raise DigestError
        if not isinstance(thing, pikepdf.Object):
            return _scalar(thing)
        if isinstance(thing, pikepdf.Name):
            return b"/" + str(thing).encode("utf-8", "surrogateescape")
        if isinstance(thing, pikepdf.String):
            return b"(" + bytes(thing)
        return self._composite(thing, depth)

    def _composite(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        place = thing.objgen
        if place == (0, 0):
            return self._fresh(thing, depth)
        if place not in self._known:
            self._known[place] = b"cycle"
            self._known[place] = hashlib.sha256(self._fresh(thing, depth)).digest()
        return self._known[place]

    def _fresh(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        if isinstance(thing, pikepdf.Array):
            return b"[" + _joined(self._value(item, depth + 1) for item in thing)
        if isinstance(thing, pikepdf.Stream):
            return b"stream" + self._dictionary(thing, depth) + hashlib.sha256(thing.read_raw_bytes()).digest()
        if isinstance(thing, pikepdf.Dictionary):
            return b"page" if thing.get("/Type") == "/Page" else self._dictionary(thing, depth)
        return b"?"

    def _dictionary(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        keys = sorted(set(thing.keys()) - _LEFT_OUT)
        return b"<" + _joined(
            part
            for key in keys
            for part in (key.encode("utf-8", "surrogateescape"), self._value(thing[key], depth + 1))
        )


def _scalar(value: object) -> bytes:
    if isinstance(value, Decimal | float) and not isinstance(value, bool):
        value = Decimal(value)
        return b"n" + format(value.normalize(), "f").encode() if value.is_finite() else b"n?"
    return (b"b" if isinstance(value, bool) else b"n" if isinstance(value, int) else b"-") + str(value).encode()


def _joined(parts: Iterator[bytes]) -> bytes:
    """Parts with their lengths, so that no two lists of parts give the same bytes; their digest where they are long."""
    whole = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hashlib.sha256(whole).digest()
