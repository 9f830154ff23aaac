"""Check JPEG 2000 images by the rules of PDF/A, and put a bare codestream into the JP2 file that PDF/A requires."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_CODESTREAM = b"\xff\x4f\xff\x51"
_CHANNELS = frozenset({1, 3, 4})
_MAX_DEPTH = 38
_COLOURS = {1: 17, 3: 16, 4: 12}
"""Enumerated colour spaces of JP2, by the number of channels: grey, sRGB, CMYK."""
_METHODS = frozenset({1, 2, 3})
_CIE_JAB = 19
_VARIABLE_DEPTH = 255
_SIZ_FIELDS = 38
"""Bytes of the SIZ segment before the components, its length included."""


@dataclass(frozen=True, slots=True)
class _Header:
    """What the header of a JP2 file says.

    Attributes:
        channels: components of the image.
        depth: as it is coded, one less than the bits of a sample; 255 where the components differ.
        colours: method, approximation and enumerated space of each colour specification.
        has_depths: there is a box with the depth of each component, which PDF/A forbids.
    """

    channels: int
    depth: int
    colours: tuple[tuple[int, int, int], ...]
    has_depths: bool


def is_bare_codestream(data: bytes) -> bool:
    """Whether the data are a codestream without the boxes of a JP2 file."""
    return data.startswith(_CODESTREAM)


def wrap_codestream(data: bytes) -> bytes | None:
    """Return a JP2 file with the codestream as it is; None if PDF/A does not allow its channels."""
    if len(data) < _SIZ_FIELDS + 4:
        return None
    right, bottom, left, top = struct.unpack_from(">4I", data, 8)
    channels = int.from_bytes(data[40:42])
    depths = {data[42 + 3 * number] for number in range(channels) if 42 + 3 * number < len(data)}
    if channels not in _CHANNELS or len(depths) != 1:
        return None
    header = struct.pack(">IIHBBBB", bottom - top, right - left, channels, depths.pop(), 7, 0, 0)
    colour = struct.pack(">BBBI", 1, 0, 0, _COLOURS[channels])
    inner = _box(b"ihdr", header) + _box(b"colr", colour)
    kind = _box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return _SIGNATURE + kind + _box(b"jp2h", inner) + _box(b"jp2c", data)


def is_allowed_jp2(data: bytes, *, has_space: bool) -> bool:
    """Whether PDF/A allows a JPEG 2000 image.

    Args:
        data: the image.
        has_space: the PDF states the image's colour space, so that those in the image do not count.
    """
    try:
        header = _read_header(data) if data.startswith(_SIGNATURE) else None
    except (struct.error, IndexError):
        return False
    if header is None or header.channels not in _CHANNELS or header.has_depths:
        return False
    if header.depth == _VARIABLE_DEPTH or (header.depth & 0x7F) + 1 > _MAX_DEPTH:
        return False
    if has_space:
        return True
    best = [colour for colour in header.colours if colour[1] == 1]
    chosen = header.colours if len(header.colours) == 1 else best
    return len(chosen) == 1 and chosen[0][0] in _METHODS and chosen[0][2] != _CIE_JAB


def _read_header(data: bytes) -> _Header | None:
    inner = next((body for kind, body in _boxes(data) if kind == b"jp2h"), None)
    if inner is None:
        return None
    channels, depth, has_depths = 0, _VARIABLE_DEPTH, False
    colours = []
    for kind, body in _boxes(inner):
        if kind == b"ihdr":
            channels, depth = struct.unpack_from(">HB", body, 8)
        elif kind == b"bpcc":
            has_depths = True
        elif kind == b"colr":
            method, approximation = body[0], body[2]
            colours.append((method, approximation, int.from_bytes(body[3:7]) if method == 1 else 0))
    return _Header(channels, depth, tuple(colours), has_depths)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of each box."""
    start = 0
    while start + 8 <= len(data):
        length, kind, body = int.from_bytes(data[start : start + 4]), data[start + 4 : start + 8], start + 8
        if length == 1:
            length, body = int.from_bytes(data[start + 8 : start + 16]), start + 16
        end = start + length if length else len(data)
        if end <= start + 7:
            return
        yield kind, data[body:end]
        start = end


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body
