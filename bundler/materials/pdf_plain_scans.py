"""Recognise the pages of a PDF that draw one JPEG and have nothing else, as scanners and img2pdf write them.

Most attached pages are such. They have no font, no colour space of their own, no annotation and no key that PDF/A
forbids, so that of all checks and fixes only those of the image, the boxes and the content's compression concern them.
They are recognised by how they are written out: whatever is written in any other way is inspected in full.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream
from bundler.materials.pdf_objects import LIBRARY_ERRORS

Matrix = tuple[float, ...]
"""The six numbers of a matrix."""

_NUMBER = rb"-?\d{1,6}(?:\.\d{1,6})?"
_REFERENCE = rb"\d{1,9} 0 R"
_BOX = rb"\[ (?:" + _NUMBER + rb" ){4}\]"
_NAME = rb"/[A-Za-z0-9_.-]{1,100}"
_PAGE = re.compile(
    rb"<< /Contents "
    + _REFERENCE
    + rb" (?:/CropBox "
    + _BOX
    + rb" )?/MediaBox "
    + _BOX
    + rb" /Parent "
    + _REFERENCE
    + rb" /Resources << (?:/ProcSet \[ (?:/(?:PDF|Text|ImageB|ImageC|ImageI) )*\] )?/XObject << ("
    + _NAME
    + rb") "
    + _REFERENCE
    + rb" >> >> (?:/Rotate -?\d{1,4} )?/Type /Page >>"
)
_CONTENT_STREAM = re.compile(rb"<< (?:/Filter /FlateDecode )?/Length (?:\d{1,9}|" + _REFERENCE + rb") >>")
_IMAGE = re.compile(
    rb"<< /BitsPerComponent 8 /ColorSpace /Device(?:Gray|RGB) /Filter /DCTDecode /Height \d{1,6} /Length (?:\d{1,9}|"
    + _REFERENCE
    + rb") (?:/Name "
    + _NAME
    + rb" )?/Subtype /Image /Type /XObject /Width \d{1,6} >>"
)
_CONTENT = re.compile(rb"\s*q\s+((?:" + _NUMBER + rb"\s+){6})cm\s*(" + _NAME + rb")\s+Do\s+Q\s*")
_MAX_CONTENT = 1000
"""Bytes of the compressed content of such a page."""


def find_plain_scans(pdf: pikepdf.Pdf) -> Mapping[int, Matrix]:
    """The pages, from 1, that draw one JPEG and have nothing else, each with the matrix with which the image is drawn."""
    found = {}
    for number, page in enumerate(pdf.pages, start=1):
        matrix = _matrix_of_plain_scan(page.obj)
        if matrix is not None:
            found[number] = matrix
    return found


def _matrix_of_plain_scan(page: Any) -> Matrix | None:  # noqa: ANN401 (a PDF object)
    with contextlib.suppress(*LIBRARY_ERRORS):
        written = _PAGE.fullmatch(page.unparse(resolved=True))
        if written and _is_stream_like(_IMAGE, page.Resources.XObject[written[1].decode()]):
            drawn = _read_content(page.Contents)
            if drawn and drawn[2] == written[1]:
                return tuple(map(float, drawn[1].split()))
    return None


def _read_content(content: Any) -> re.Match[bytes] | None:  # noqa: ANN401 (a PDF object)
    if not _is_stream_like(_CONTENT_STREAM, content) or len(content.read_raw_bytes()) > _MAX_CONTENT:
        return None
    return _CONTENT.fullmatch(decode_stream(content))


def _is_stream_like(pattern: re.Pattern[bytes], stream: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether it is a stream whose dictionary is written so."""
    return isinstance(stream, pikepdf.Stream) and bool(pattern.fullmatch(stream.stream_dict.unparse(resolved=True)))
