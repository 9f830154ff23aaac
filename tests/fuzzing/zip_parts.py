"""The parts of a zip as plain bytes, so that a fuzzer can change their text instead of compressed data."""

from __future__ import annotations

import io
import zipfile

_SEPARATOR = b"\0"
"""No XML has this byte."""
_ZIP = b"PK\x03\x04"


def flatten_zip(data: bytes) -> bytes:
    """Return the names and contents of a zip's parts, each followed by NUL."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return flatten_parts({name: archive.read(name) for name in archive.namelist()})


def flatten_parts(parts: dict[str, bytes]) -> bytes:
    """Return names and contents of parts, each followed by NUL."""
    return b"".join(name.encode() + _SEPARATOR + content + _SEPARATOR for name, content in parts.items())


def split_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of flattened bytes by name; whatever the bytes are, there is an answer."""
    pieces = data.split(_SEPARATOR)
    names = (name.decode("utf-8", "replace") for name in pieces[::2])
    return dict(zip(names, pieces[1::2], strict=False))


def zip_of(data: bytes) -> bytes:
    """Return the zip of flattened bytes; a zip comes back as it is."""
    if data.startswith(_ZIP):
        return data
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in split_parts(data).items():
            archive.writestr(zipfile.ZipInfo(name or "_"), content)
    return target.getvalue()
