"""What a page of a repaired file draws and the file no longer has: a reader shows nothing there, and says nothing."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")


def was_repaired(pdf: pikepdf.Pdf) -> bool:
    """Whether the library had to search the file for its objects, so that some may be gone; to be asked once.

    The library forgets its warnings when it has told them.
    """
    told = " ".join(map(str, pdf.get_warnings()))
    return any(word in told for word in ("reconstruct", "repair", "xref"))


def has_missing_objects(page: pikepdf.Page, content: bytes) -> bool:
    """Whether a page of such a file has no content, or draws a picture that is not there.

    A sound file may have a page without content; a reference to an object that is gone looks the same to the library.
    """
    if "/Contents" not in page.obj:
        return True
    resources: Any = page.obj.get("/Resources") or page.resources
    drawn: Any = resources.get("/XObject", {}) if isinstance(resources, pikepdf.Dictionary) else {}
    return any(f"/{name.decode('latin-1')}" not in drawn for name in _DRAWN.findall(content))
