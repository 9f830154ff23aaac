"""A digest of each page, computed from the page's content and not from its position in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

from bundler.digest import sha256_of

MAX_DEPTH = 80
"""Levels of objects within objects; a real page has fewer than twenty."""

_LEFT_OUT = frozenset({"/Parent", "/Length"})
"""Entries that are not digested: a page's place in the page tree, and the length of a stream."""

_WIDGET_NAMES = {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Sig"}
_WIDGET_ENTRIES = frozenset({*_WIDGET_NAMES, "/T", "/V", "/F", "/Rect", "/P"})
_WIDGET_FLAGS = 132
"""Print, and locked."""
_CORNERS = 4


class DigestError(ValueError):
    """Objects nested more deeply than any real page's."""


@dataclass
class PageDigester:
    """Digests pages by walking in a fixed order through everything that a page refers to.

    Numbers are digested by value, dictionaries by sorted key, streams as the stored bytes, and another page as the word
    "page": the targets of links are compared separately, so that a page that was moved keeps its digest.
    """

    streams: Mapping[tuple[int, int], bytes] = field(default_factory=dict)
    """SHA-256 of the bytes of streams that were read already."""
    _known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def digest(self, page: pikepdf.Page) -> str:
        """SHA-256 of a page in hexadecimal digits.

        Raises:
            DigestError: the page's objects are nested too deeply.
            pikepdf.PdfError: a stream of the page cannot be read.
        """
        return sha256_of(b"page\0" + self._dictionary(dict(page.obj.items()), 0))

    def object_digest(self, thing: Any) -> bytes:  # noqa: ANN401 (a PDF object)
        """The digest of an indirect object, as it goes into the digest of a page that refers to it."""
        return self._composite(thing, 0)

    def set_digest(self, thing: Any, digest: bytes) -> None:  # noqa: ANN401 (a PDF object)
        """Use a digest for an object, which `object_digest` gave for the same object in another file."""
        self._known[thing.objgen] = digest

    def _value(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        if not isinstance(thing, pikepdf.Object):
            return _scalar(thing)
        if isinstance(thing, pikepdf.Name):
            return b"/" + _name(thing)
        if isinstance(thing, pikepdf.String):
            return b"(" + bytes(thing)
        if depth > MAX_DEPTH:
            raise DigestError
        return self._composite(thing, depth)

    def _composite(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        object_id = thing.objgen
        if object_id == (0, 0):
            return self._encode(thing, depth)
        if object_id not in self._known:
            self._known[object_id] = b"cycle"
            self._known[object_id] = hashlib.sha256(self._encode(thing, depth)).digest()
        return self._known[object_id]

    def _encode(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        if isinstance(thing, pikepdf.Array):
            return b"[" + _join_parts(self._value(item, depth + 1) for item in thing)
        if isinstance(thing, pikepdf.Stream):
            data = self.streams.get(thing.objgen) or hashlib.sha256(thing.read_raw_bytes()).digest()
            return b"stream" + self._dictionary(dict(thing.items()), depth) + data
        if isinstance(thing, pikepdf.Dictionary):
            values = dict(thing.items())
            return b"page" if values.get("/Type") == "/Page" else self._dictionary(values, depth)
        return b"?"

    def _dictionary(self, values: dict[str, Any], depth: int) -> bytes:
        if "/Annots" in values and _are_signature_widgets(values["/Annots"]):
            del values["/Annots"]
        parts = []
        for key in sorted(values):
            if key not in _LEFT_OUT and values[key] is not None:  # null means that there is no entry
                parts += [key.encode("utf-8", "surrogateescape"), self._value(values[key], depth + 1)]
        return b"<" + _join_parts(parts)


def _are_signature_widgets(annotations: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether all annotations are fields of invisible signatures, which do not change the page."""
    return isinstance(annotations, pikepdf.Array) and all(map(is_signature_widget, annotations))


def is_signature_widget(annotation: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether an annotation is the widget of an invisible signature, with all its entries and no others.

    Viewers draw other annotations without an appearance and with an empty rectangle (Highlight by its QuadPoints, Line,
    Ink), and some carry a file, whatever their field type says.
    """
    if not isinstance(annotation, pikepdf.Dictionary) or set(annotation.keys()) != _WIDGET_ENTRIES:
        return False
    rectangle = annotation["/Rect"]
    return (
        all(str(annotation[key]) == value for key, value in _WIDGET_NAMES.items())
        and annotation["/F"] == _WIDGET_FLAGS
        and isinstance(rectangle, pikepdf.Array)
        and [side == 0 for side in rectangle] == [True] * _CORNERS
        and isinstance(annotation["/T"], pikepdf.String)
        and isinstance(annotation["/P"], pikepdf.Dictionary)
        and isinstance(annotation["/V"], pikepdf.Dictionary)
    )


def _name(thing: pikepdf.Name) -> bytes:
    """A name as it reads, or, where its bytes are no UTF-8 (such as a font's in GBK), as it is written."""
    try:
        return str(thing).encode()
    except UnicodeError:
        return bytes(thing.unparse(resolved=True))


def _scalar(value: object) -> bytes:
    if isinstance(value, Decimal | float):
        value = Decimal(value)
        return b"n" + format(value.normalize(), "f").encode() if value.is_finite() else b"n?"
    return (b"b" if isinstance(value, bool) else b"n" if isinstance(value, int) else b"-") + str(value).encode()


def _join_parts(parts: Iterable[bytes]) -> bytes:
    """Digest parts together with their lengths, so that no two lists of parts give the same digest."""
    whole = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hashlib.sha256(whole).digest()
