"""Rewrite zip files (.docx, .xlsx) with a fixed time, so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_FIXED_ATTRIBUTES = 0o644 << 16


def reproducible_zip(
    data: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part, *, packed: bool = True
) -> bytes:
    """Rewrite a zip with a fixed time and fixed attributes of its entries.

    Args:
        data: a zip that this tool wrote.
        change: returns the new content of an entry, given its name and content.
        packed: whether to compress the entries.
    """
    return write_zip(((name, change(name, part)) for name, part in read_zip(data)), packed=packed)


def read_zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each entry of a zip that this tool wrote, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        for entry in source.infolist():
            yield entry.filename, source.read(entry)


def write_zip(entries: Iterable[tuple[str, bytes]], *, packed: bool = True) -> bytes:
    """Write a zip with a fixed time and fixed attributes of its entries, given in order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            info.external_attr = _FIXED_ATTRIBUTES
            archive.writestr(info, content)
    return target.getvalue()


def is_zip_of_another_program(path: Path) -> bool:
    """Whether a file is a zip that another program has written: its entries have other times or attributes than ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {(entry.date_time, entry.external_attr) for entry in archive.infolist()}
    except (OSError, zipfile.BadZipFile):
        return False
    return entries != {(_FIXED_TIME, _FIXED_ATTRIBUTES)}
