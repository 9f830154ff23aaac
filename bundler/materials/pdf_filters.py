"""Give each stream of a PDF at most one filter: what general compression wraps around an image is undone.

Filters may be chained in any order and number, and PDF/A forbids LZW. After this, a stream is kept as it was written, or
it holds an image as its encoder wrote it, or it is compressed with Flate.
"""

from __future__ import annotations

import contextlib
import zlib
from typing import Any, cast

import pikepdf

_FULL_NAMES = {
    "/Fl": "/FlateDecode",
    "/LZW": "/LZWDecode",
    "/A85": "/ASCII85Decode",
    "/AHx": "/ASCIIHexDecode",
    "/RL": "/RunLengthDecode",
    "/DCT": "/DCTDecode",
    "/CCF": "/CCITTFaxDecode",
}
"""Abbreviations, which are meant for inline images and are understood everywhere."""
GENERAL_FILTERS = frozenset({"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"})
"""Those that pack any data; the others hold pictures."""
_IMAGE_CODECS = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_TYPES_NOT_BOUND = frozenset({"/XRef", "/ObjStm", "/EmbeddedFile", "/Metadata"})
_ZLIB_HEADER = 2
_EMPTY_BLOCK = b"\x00\x00\xff\xff"
"""How data end that were flushed (``Z_SYNC_FLUSH``)."""
_CHUNK = 1 << 20
_PLAIN_KEYS = ("/Filter", "/DecodeParms", "/F", "/DP")


def normalise_filters(pdf: pikepdf.Pdf) -> bool:
    """Rewrite the streams that have several filters, or one that PDF/A forbids; whether there were any.

    A stream that cannot be decoded stays as it is: the checks of pages and images say so.
    """
    streams: list[Any] = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
    return sum([_normalise(pdf, stream) for stream in streams if _is_odd(stream)]) > 0


def filter_names(stream: Any) -> list[str]:  # noqa: ANN401 (a PDF object)
    """Return the names of a stream's filters in full, in the order in which they are undone."""
    filters = stream.get("/Filter")
    listed = list(filters) if isinstance(filters, pikepdf.Array) else [] if filters is None else [filters]
    return [_FULL_NAMES.get(str(name), str(name)) for name in listed]


def decode_stream(stream: Any) -> bytes:  # noqa: ANN401 (a PDF object)
    """Return a stream's data with all general filters undone.

    Raises:
        pikepdf.PdfError: the data are damaged, or a filter is not general.
    """
    return bytes(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))


def page_content(page: Any) -> bytes:  # noqa: ANN401 (a PDF object)
    """Return a page's content streams, one after another; what is no stream is left out.

    Raises:
        pikepdf.PdfError: the data of one are damaged.
    """
    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"".join(decode_stream(stream) + b"\n" for stream in streams if isinstance(stream, pikepdf.Stream))


def is_cut_short(stream: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether compressed data end too early; pikepdf gives what there is of them without an error.

    The checksum after the data may be missing, as some tools leave it out; so may the mark of the last block, where the
    data end with an empty block, as those of a program do that flushes them and goes away.
    """
    if filter_names(stream) != ["/FlateDecode"]:
        return False
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    data = stream.read_raw_bytes()
    pending = data[_ZLIB_HEADER:]
    with contextlib.suppress(zlib.error):  # pikepdf reports it
        while pending and not decoder.eof:
            decoder.decompress(pending, _CHUNK)
            pending = decoder.unconsumed_tail
        return bool(data) and not decoder.eof and not data.rstrip(b"\r\n").endswith(_EMPTY_BLOCK)
    return False


def _is_odd(stream: Any) -> bool:  # noqa: ANN401 (a PDF object)
    filters = stream.get("/Filter")
    if filters is None or str(stream.get("/Type")) in _TYPES_NOT_BOUND:
        return False
    return isinstance(filters, pikepdf.Array) or str(filters) not in {"/FlateDecode", *_IMAGE_CODECS}


def _normalise(pdf: pikepdf.Pdf, stream: Any) -> bool:  # noqa: ANN401 (a PDF object)
    names = filter_names(stream)
    general = _count_general(names)
    rest = names[general:]
    if len(rest) > 1 or (rest and rest[0] not in _IMAGE_CODECS):
        return False
    parameters = stream.get("/DecodeParms", stream.get("/DP"))
    settings = list(parameters) if isinstance(parameters, pikepdf.Array) else [parameters]
    settings += [None] * (len(names) - len(settings))
    if general:
        try:
            data = _decode(pdf, stream.read_raw_bytes(), names[:general], settings[:general])
        except (pikepdf.PdfError, ValueError, RuntimeError):
            return False
    else:
        data = stream.read_raw_bytes()
    own = settings[general] if rest else None
    for key in _PLAIN_KEYS:
        if key in stream:
            del stream[key]
    if rest:
        has_settings = isinstance(own, pikepdf.Dictionary)
        stream.write(data, filter=pikepdf.Name(rest[0]), decode_parms=cast("Any", own) if has_settings else None)
    else:
        stream.write(zlib.compress(data), filter=pikepdf.Name.FlateDecode)
    return True


def _count_general(names: list[str]) -> int:
    """Count the general filters before the first other one."""
    for index, name in enumerate(names):
        if name not in GENERAL_FILTERS:
            return index
    return len(names)


def _decode(pdf: pikepdf.Pdf, data: bytes, names: list[str], settings: list[Any]) -> bytes:
    wrapped = pikepdf.Stream(pdf, data)
    wrapped.Filter = pikepdf.Array([pikepdf.Name(name) for name in names])
    wrapped.DecodeParms = pikepdf.Array([one if isinstance(one, pikepdf.Dictionary) else None for one in settings])
    return decode_stream(wrapped)
