"""Rewrite zip files (.docx, .xlsx) with a fixed time, so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def reproducible_zip(
    data: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part, *, packed: bool = True
) -> bytes:
    """Rewrite a zip with a fixed time and fixed attributes of its entries.

    Args:
        data: a zip that this tool wrote.
        change: returns the new content of an entry, given its name and content.
        packed: whether to compress the entries.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as rewritten:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            rewritten.writestr(info, change(entry.filename, source.read(entry)))
    return target.getvalue()
