"""Zip files (.docx, .xlsx) written again without the time of writing, so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

_STAMP = (1980, 1, 1, 0, 0, 0)


def reproducible_zip(
    data: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part, *, packed: bool = True
) -> bytes:
    """The same zip without the time of writing.

    Args:
        data: a zip that this tool wrote.
        change: what is to become of each entry, by its name.
        packed: compressed.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as plain:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            plain.writestr(info, change(entry.filename, source.read(entry)))
    return target.getvalue()
