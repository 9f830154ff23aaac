"""Write a PDF anew in one of the many ways that mean the same: values as objects of their own, chained filters, escapes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

import pikepdf

from bundler.materials.pdf_objects import name_bytes


class Choice(Protocol):
    """Chooses between ways to write."""

    def __call__(self, ways: int, /) -> int:
        """Return a number from 0 to below `ways`; 0 is the usual way."""


INDIRECT_OR_NOT = 4
"""The ways to write a value, of which the one numbered 1 is an object of its own."""
_MAX_FILTERS = 3
_NEVER_INDIRECT = frozenset({"/Length", "/Filter", "/DecodeParms"})


def _run_length(data: bytes) -> bytes:
    blocks = (data[at : at + 128] for at in range(0, len(data), 128))
    return b"".join(bytes([len(block) - 1]) + block for block in blocks) + b"\x80"


_ENCODERS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("/FlateDecode", zlib.compress),
    ("/ASCIIHexDecode", lambda data: data.hex().encode() + b">"),
    ("/RunLengthDecode", _run_length),
)


def scramble(data: bytes, choose: Choice) -> bytes:
    """Return the same document written in another way."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return _Writer(pdf, choose).write()


class _Writer:
    def __init__(self, pdf: pikepdf.Pdf, choose: Choice) -> None:
        self._pdf, self._choose = pdf, choose
        self._bodies: list[bytes] = [b""]
        self._numbers: dict[tuple[int, int], int] = {}

    def write(self) -> bytes:
        root = self._reference(self._pdf.Root)
        text, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
        for number, body in enumerate(self._bodies[1:], start=1):
            offsets.append(len(text))
            text += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = len(text)
        text += b"xref\n0 %d\n0000000000 65535 f \n" % len(self._bodies)
        text += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        return text + b"trailer << /Root %b /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (root, len(self._bodies), start)

    def _reserve(self) -> int:
        self._bodies.append(b"null")
        return len(self._bodies) - 1

    def _reference(self, thing: Any) -> bytes:  # noqa: ANN401 (a PDF object)
        """Write an indirect object once, and return a reference to it."""
        if thing.objgen not in self._numbers:
            number = self._numbers[thing.objgen] = self._reserve()
            self._bodies[number] = self._body(thing)
        return b"%d 0 R" % self._numbers[thing.objgen]

    def _value(self, value: Any, key: str = "") -> bytes:  # noqa: ANN401 (a PDF object, or the value of one)
        if isinstance(value, pikepdf.Object) and value.objgen != (0, 0):
            return self._reference(value)
        if key not in _NEVER_INDIRECT and self._choose(INDIRECT_OR_NOT) == 1:
            number = self._reserve()
            self._bodies[number] = self._body(value)
            return b"%d 0 R" % number
        return self._body(value)

    def _body(self, value: Any) -> bytes:  # noqa: ANN401 (a PDF object, or the value of one)
        if isinstance(value, pikepdf.Stream):
            return self._stream(value)
        if isinstance(value, pikepdf.Dictionary):
            return self._dictionary(value, frozenset())
        if isinstance(value, pikepdf.Array):
            return b"[ " + b" ".join(self._value(item) for item in value) + b" ]"
        if isinstance(value, pikepdf.Name):
            return self._name(value)
        if isinstance(value, pikepdf.String):
            return b"<" + bytes(value).hex().encode() + b">"
        return _scalar(value)

    def _dictionary(self, value: Any, without: frozenset[str]) -> bytes:  # noqa: ANN401 (a PDF object)
        keys = [key for key in value.keys() if key not in without]  # noqa: SIM118 (a PDF dictionary)
        return b"<< " + b" ".join(self._name(key) + b" " + self._value(value[key], key) for key in keys) + b" >>"

    def _name(self, name: Any) -> bytes:  # noqa: ANN401 (a name, or a key as text)
        """Write a name, perhaps with one of its characters as an escape."""
        raw = name_bytes(name) if isinstance(name, pikepdf.Name) else name.encode()[1:]
        written = [
            b"#%02x" % code if code <= 0x20 or code > 0x7E or code in b"#()<>[]{}/%" else bytes([code]) for code in raw
        ]
        place = self._choose(2 * len(raw) + 5)
        if 0 < place <= len(raw):
            written[place - 1] = b"#%02x" % raw[place - 1]
        return b"/" + b"".join(written)

    def _stream(self, stream: Any) -> bytes:  # noqa: ANN401 (a PDF object)
        """Write a stream within more filters than it has."""
        data = stream.read_raw_bytes()
        filters = stream.get("/Filter")
        names = [str(one) for one in (filters if isinstance(filters, pikepdf.Array) else [filters] if filters else [])]
        parameters = stream.get("/DecodeParms")
        settings = [self._body(parameters) if parameters is not None else b"null"] * len(names)
        while len(names) < _MAX_FILTERS:
            way = self._choose(3 * len(_ENCODERS))
            if not 0 < way <= len(_ENCODERS):
                break
            name, encode = _ENCODERS[way - 1]
            names, settings, data = [name, *names], [b"null", *settings], encode(data)
        text = self._dictionary(stream, frozenset({"/Length", "/Filter", "/DecodeParms"})).removesuffix(b">>")
        if len(names) == 1 and self._choose(2) == 0:
            text += b"/Filter " + names[0].encode() + b" /DecodeParms " + settings[0]
        elif names:
            text += b"/Filter [ " + " ".join(names).encode() + b" ] /DecodeParms [ " + b" ".join(settings) + b" ]"
        return text + b" /Length %d >>\nstream\n%b\nendstream" % (len(data), data)


def _scalar(value: object) -> bytes:
    if value is None:
        return b"null"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return format(value, "f").encode() if isinstance(value, Decimal) else str(value).encode()
