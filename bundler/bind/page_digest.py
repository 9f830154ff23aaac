"""A digest for each page, over what the page is made of and not over where it lies in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

MAX_DEPTH = 80
"""Objects within objects; a real page has fewer than twenty."""

_LEFT_OUT = frozenset({"/Parent", "/Length"})
"""Where a page hangs in the tree and how many bytes a stream takes follow from the rest."""


_SIGNATURES_OWN = frozenset({"/Pages", "/AcroForm", "/Perms", "/Extensions"})


class DigestError(ValueError):
    """Objects nested more deeply than any real page's."""


@dataclass
class PageDigester:
    """Digests of pages, by a walk in one fixed order through all that a page refers to.

    Numbers are taken by value, dictionaries by sorted key, streams as the bytes that are stored, and another page as the
    word "page": where links lead is compared on its own, so that a page that was moved keeps its digest.
    """

    streams: Mapping[tuple[int, int], bytes] = field(default_factory=dict)
    """The SHA-256 of the bytes of streams that somebody has read already."""
    _known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def digest(self, page: pikepdf.Page) -> str:
        """SHA-256 of a page, in hexadecimal digits.

        Raises:
            DigestError: its objects are nested too deeply.
            pikepdf.PdfError: one of its streams cannot be read.
        """
        return hashlib.sha256(b"page\0" + self._dictionary(dict(page.obj.items()), 0)).hexdigest()

    def part(self, thing: Any) -> bytes:  # noqa: ANN401 (a PDF object)
        """The digest that an indirect object adds to that of a page which refers to it."""
        return self._composite(thing, 0)

    def know(self, thing: Any, digest: bytes) -> None:  # noqa: ANN401 (a PDF object)
        """Take an object for one whose digest is known: `part` of it in another file."""
        self._known[thing.objgen] = digest

    def frame(self, pdf: pikepdf.Pdf) -> str:
        """A digest of all that a document says beside its pages, but for what a signature adds."""
        said: dict[str, Any] = {key: pdf.Root[key] for key in sorted(pdf.Root.keys()) if key not in _SIGNATURES_OWN}
        said["/Info"] = pdf.trailer.get("/Info")
        parts = (part for key, value in said.items() for part in (key.encode(), self._value(value, 0)))
        return hashlib.sha256(b"frame\0" + _joined(parts)).hexdigest()

    def _value(self, thing: Any, depth: int) -> bytes:  # noqa: ANN401 (a PDF object)
        if not isinstance(thing, pikepdf.Object):
            return _scalar(thing)
        if isinstance(thing, pikepdf.Name):
            return b"/" + str(thing).encode("utf-8", "surrogateescape")
        if isinstance(thing, pikepdf.String):
            return b"(" + bytes(thing)
        if depth > MAX_DEPTH:
            raise DigestError
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
            data = self.streams.get(thing.objgen) or hashlib.sha256(thing.read_raw_bytes()).digest()
            return b"stream" + self._dictionary(dict(thing.items()), depth) + data
        if isinstance(thing, pikepdf.Dictionary):
            values = dict(thing.items())
            return b"page" if values.get("/Type") == "/Page" else self._dictionary(values, depth)
        return b"?"

    def _dictionary(self, values: dict[str, Any], depth: int) -> bytes:
        if "/Annots" in values and _all_unseen(values["/Annots"]):
            del values["/Annots"]
        parts = []
        for key in sorted(values):
            if key not in _LEFT_OUT and values[key] is not None:  # a value that is null is as good as none
                parts += [key.encode("utf-8", "surrogateescape"), self._value(values[key], depth + 1)]
        return b"<" + _joined(parts)


def _all_unseen(annotations: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether annotations are nothing but the fields of signatures that show nothing: such a signature changes no page."""
    return isinstance(annotations, pikepdf.Array) and all(map(_is_unseen, annotations))


def _is_unseen(annotation: Any) -> bool:  # noqa: ANN401 (a PDF object)
    if not isinstance(annotation, pikepdf.Dictionary) or annotation.get("/FT") != "/Sig":
        return False
    place = annotation.get("/Rect")
    return isinstance(place, pikepdf.Array) and all(side == 0 for side in place) and "/AP" not in annotation


def _scalar(value: object) -> bytes:
    if isinstance(value, Decimal | float):
        value = Decimal(value)
        return b"n" + format(value.normalize(), "f").encode() if value.is_finite() else b"n?"
    return (b"b" if isinstance(value, bool) else b"n" if isinstance(value, int) else b"-") + str(value).encode()


def _joined(parts: Iterable[bytes]) -> bytes:
    """Parts with their lengths, so that no two lists of parts give the same bytes; their digest where they are long."""
    whole = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hashlib.sha256(whole).digest()
