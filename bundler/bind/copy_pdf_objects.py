"""Copy objects of an open PDF to the PDF that is being written: what a page refers to, and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import re
import zlib
from decimal import Decimal
from typing import Any, cast

import pikepdf

from bundler.bind.pdf_writer import PdfWriter

ObjectId = tuple[int, int]
"""Number and generation of an object in its own file."""

_TOKEN = re.compile(
    rb"\((?:[^\\()]|\\.)*+\)|<[0-9A-Fa-f]*+>|/[^\s()<>\[\]{}/%]*+|([0-9]+) ([0-9]+) R(?![^\s\]>/(<])", re.DOTALL
)
"""Matches a reference, and also whole strings and names, which may contain its letters; brackets in strings are escaped."""
_KEPT_FILTERS = frozenset({"/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_KEPT_TYPES = frozenset({"/Metadata", "/EmbeddedFile"})
_WITH_NUMBER = (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)
"""Objects that are written under a number; all others are written where they are used."""


class ObjectCopier:
    """Copies objects of one PDF, each once. Only their numbers, and the digests of streams, stay in memory.

    Attributes:
        streams: SHA-256 of each stream as it was written.
    """

    def __init__(self, pdf: pikepdf.Pdf, output: PdfWriter) -> None:
        self._pdf, self._output = pdf, output
        self._numbers: dict[ObjectId, int] = {}
        self._pending: list[ObjectId] = []
        self.streams: dict[ObjectId, bytes] = {}

    def map_to(self, thing: Any, number: int) -> None:  # noqa: ANN401 (a PDF object)
        """Make references to an object point to a number of the output; the object itself is not copied."""
        self._numbers[thing.objgen] = number

    def copy(self, thing: Any, number: int | None = None) -> int:  # noqa: ANN401 (a PDF object)
        """Write an object and everything that it refers to.

        Args:
            thing: an indirect object.
            number: its number in the output, where one was reserved.

        Returns:
            The object's number in the output.

        Raises:
            pikepdf.PdfError: a stream cannot be read.
        """
        object_id = thing.objgen
        if number is not None:
            self._numbers[object_id] = number
            self._pending.append(object_id)
        number = self._number_of(object_id)
        while self._pending:
            self._write(self._pending.pop())
        return number

    def _number_of(self, object_id: ObjectId) -> int:
        if object_id not in self._numbers:
            self._numbers[object_id] = self._output.reserve()
            self._pending.append(object_id)
        return self._numbers[object_id]

    def _write(self, object_id: ObjectId) -> None:
        thing, number = self._pdf.get_object(object_id), self._numbers[object_id]
        if not isinstance(thing, pikepdf.Stream):
            self._output.write(number, self._serialise(thing, thing))
            return
        _normalise(thing)
        entries: Any = pikepdf.Dictionary(cast("Any", thing.stream_dict))
        if "/Length" in entries:
            del entries["/Length"]
        data = thing.read_raw_bytes()
        self.streams[object_id] = hashlib.sha256(data).digest()
        self._output.write_stream(number, self._serialise(entries, thing), data)

    def _serialise(self, thing: Any, owner: Any) -> bytes:  # noqa: ANN401 (PDF objects)
        """Write an object as bytes with the output's references; a reference to a page that is not copied becomes null."""
        text = _literal(thing)
        if b" R" not in text:
            return text
        has_other_pages = False

        def renumber(found: re.Match[bytes]) -> bytes:
            nonlocal has_other_pages
            if found[1] is None:
                return found[0]
            object_id = int(found[1]), int(found[2])
            if object_id not in self._numbers:
                target: Any = self._pdf.get_object(object_id)
                if not isinstance(target, _WITH_NUMBER):
                    return b" " + _literal(target) + b" "  # an object of its own for a number or a name is of no use
                if _is_page(target):
                    has_other_pages = True
                    return b"null"
                self._number_of(object_id)
            return b"%d 0 R" % self._numbers[object_id]

        text = _TOKEN.sub(renumber, text)
        if has_other_pages:
            self._remove_other_pages(owner)
        return text

    def _remove_other_pages(self, thing: Any) -> None:  # noqa: ANN401 (a PDF object)
        """Remove references to pages that are not copied from the object itself, so that its digest fits what was written."""
        if isinstance(thing, pikepdf.Array):
            for index, value in enumerate(thing):
                if self._is_other_page(value):
                    thing[index] = None
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for key in [key for key in thing.keys() if self._is_other_page(thing[key])]:  # noqa: SIM118 (a PDF dictionary)
                del thing[key]

    def _is_other_page(self, value: Any) -> bool:  # noqa: ANN401 (a PDF object)
        """Whether a value is a page that is not copied; a direct object is searched for such pages itself."""
        if not isinstance(value, pikepdf.Object):
            return False
        if value.objgen == (0, 0):
            self._remove_other_pages(value)
            return False
        return value.objgen not in self._numbers and _is_page(value)


def _literal(thing: Any) -> bytes:  # noqa: ANN401 (a PDF object, or the value of one)
    """Return an object as it is written in a PDF; pikepdf gives numbers and the like as values of Python."""
    if isinstance(thing, pikepdf.Object):
        return bytes(thing.unparse(resolved=True))
    if thing is None:
        return b"null"
    if isinstance(thing, bool):
        return b"true" if thing else b"false"
    return format(thing, "f").encode() if isinstance(thing, Decimal) else str(thing).encode()


def _is_page(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type")) in {"/Page", "/Pages"}


def _normalise(stream: Any) -> None:  # noqa: ANN401 (a PDF object)
    """Compress a stream with a filter that other programs keep when they save the file again."""
    if str(stream.get("/Filter")) in _KEPT_FILTERS or str(stream.get("/Type")) in _KEPT_TYPES:
        return
    with contextlib.suppress(pikepdf.PdfError):  # what cannot be decoded is copied as it is
        data = stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
        stream.write(zlib.compress(data), filter=pikepdf.Name.FlateDecode)
