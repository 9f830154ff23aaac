"""Objects of an open PDF carried over to the one that is being written: what a page refers to, and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import re
import zlib
from typing import Any, cast

import pikepdf

from bundler.bind.pdf_writer import PdfWriter

Place = tuple[int, int]
"""The number and generation of an object in the file that it comes from."""

_TOKEN = re.compile(
    rb"\((?:[^\\()]|\\.)*+\)|<[0-9A-Fa-f]*+>|/[^\s()<>\[\]{}/%]*+|([0-9]+) ([0-9]+) R(?![^\s\]>/(<])", re.DOTALL
)
"""What may hold the letters of a reference, a string or a name, is passed over whole; brackets in strings are escaped."""
_KEPT_FILTERS = frozenset({"/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})


class ObjectCopier:
    """Carries objects of one PDF, each once, and keeps no more of them than a number and, of a stream, its digest.

    Attributes:
        streams: the SHA-256 of each stream as it was written.
    """

    def __init__(self, pdf: pikepdf.Pdf, output: PdfWriter) -> None:
        self._pdf, self._output = pdf, output
        self._numbers: dict[Place, int] = {}
        self._waiting: list[Place] = []
        self.streams: dict[Place, bytes] = {}

    def know(self, thing: Any, number: int) -> None:  # noqa: ANN401 (a PDF object)
        """Let references to an object lead to a number of the output; the object itself is not carried."""
        self._numbers[thing.objgen] = number

    def carry(self, thing: Any, number: int | None = None) -> int:  # noqa: ANN401 (a PDF object)
        """Write an object and all that it refers to.

        Args:
            thing: an indirect object.
            number: its number in the output, where that was promised before.

        Returns:
            its number.

        Raises:
            pikepdf.PdfError: a stream cannot be read.
        """
        place = thing.objgen
        if number is not None:
            self._numbers[place] = number
            self._waiting.append(place)
        number = self._number(place)
        while self._waiting:
            self._write(self._waiting.pop())
        return number

    def _number(self, place: Place) -> int:
        if place not in self._numbers:
            self._numbers[place] = self._output.reserve()
            self._waiting.append(place)
        return self._numbers[place]

    def _write(self, place: Place) -> None:
        thing, number = self._pdf.get_object(place), self._numbers[place]
        if not isinstance(thing, pikepdf.Stream):
            self._output.write(number, self._text(thing, thing))
            return
        _settle(thing)
        entries: Any = pikepdf.Dictionary(cast("Any", thing.stream_dict))
        if "/Length" in entries:
            del entries["/Length"]
        data = thing.read_raw_bytes()
        self.streams[place] = hashlib.sha256(data).digest()
        self._output.write_stream(number, self._text(entries, thing), data)

    def _text(self, said: Any, owner: Any) -> bytes:  # noqa: ANN401 (PDF objects)
        """What an object says, its references those of the output; one to a page that is not carried becomes null."""
        text: bytes = said.unparse(resolved=True)
        if b" R" not in text:
            return text
        away: list[Place] = []

        def follow(found: re.Match[bytes]) -> bytes:
            if found[1] is None:
                return found[0]
            place = int(found[1]), int(found[2])
            if place not in self._numbers:
                target: Any = self._pdf.get_object(place)
                if target is None:
                    return b"null"
                if _is_page(target):
                    away.append(place)
                    return b"null"
                self._number(place)
            return b"%d 0 R" % self._numbers[place]

        text = _TOKEN.sub(follow, text)
        if away:
            self._cut(owner)
        return text

    def _cut(self, thing: Any) -> None:  # noqa: ANN401 (a PDF object)
        """Take the same references out of the object, so that its digest is of what was written."""
        if isinstance(thing, pikepdf.Array):
            for place, value in enumerate(thing):
                if self._leads_away(value):
                    thing[place] = None
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for key in [key for key in thing.keys() if self._leads_away(thing[key])]:  # noqa: SIM118 (a PDF dictionary)
                del thing[key]

    def _leads_away(self, value: Any) -> bool:  # noqa: ANN401 (a PDF object)
        """Whether a value is a page that is not carried; what a value holds itself is cut on the way."""
        if not isinstance(value, pikepdf.Object):
            return False
        if value.objgen == (0, 0):
            self._cut(value)
            return False
        return value.objgen not in self._numbers and _is_page(value)


def _is_page(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") in {"/Page", "/Pages"}


def _settle(stream: Any) -> None:  # noqa: ANN401 (a PDF object)
    """Bring a stream into the form in which it is written, which a program that saves the file again leaves as it is."""
    if str(stream.get("/Filter")) in _KEPT_FILTERS or stream.get("/Type") in {"/Metadata", "/EmbeddedFile"}:
        return
    with contextlib.suppress(pikepdf.PdfError):  # what cannot be taken out of its filters stays in them
        data = stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
        stream.write(zlib.compress(data), filter=pikepdf.Name.FlateDecode)
