"""Give each page of a PDF the boxes and the rotation that all viewers take: an extent, and nothing shown beyond it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pikepdf

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

_DEFAULT: Box = (0.0, 0.0, 612.0, 792.0)
"""What viewers take for a page whose own box has no extent."""
_CORNERS = 4


def mend_boxes(pdf: pikepdf.Pdf) -> bool:
    """Set the boxes of pages as viewers take them, where they are written otherwise; whether there was any."""
    mended = [_mend_page(page.obj) for page in pdf.pages]
    return any(mended)


def _mend_page(page: Any) -> bool:  # noqa: ANN401 (a PDF object)
    media = _read(page.get("/MediaBox"))
    whole = media or _DEFAULT
    crop = _read(page.get("/CropBox"))
    shown = _intersection(crop, whole) if crop else whole
    found = False
    if media is None:
        page.MediaBox = pikepdf.Array([round(Decimal(value), 4) for value in whole])
        found = True
    if "/CropBox" in page and shown != crop:
        page.CropBox = pikepdf.Array([round(Decimal(value), 4) for value in shown])
        found = True
    turned = page.get("/Rotate")
    if isinstance(turned, Decimal):  # some viewers pass over a number with a fraction, others turn the page
        page.Rotate = round(turned)
        found = True
    return found


def _read(box: Any) -> Box | None:  # noqa: ANN401 (a PDF object)
    """Return a box with its corners in order; None if it is not one or has no extent."""
    if not isinstance(box, pikepdf.Array) or len(box) != _CORNERS:
        return None
    if not all(isinstance(value, (int, Decimal)) for value in box):
        return None
    a, b, c, d = (float(value) for value in box)
    ordered = min(a, c), min(b, d), max(a, c), max(b, d)
    return ordered if ordered[0] < ordered[2] and ordered[1] < ordered[3] else None


def _intersection(box: Box, whole: Box) -> Box:
    """Return the part of a box within another; the other where they do not meet."""
    left, bottom, right, top = (
        *(max(box[0], whole[0]), max(box[1], whole[1])),
        *(min(box[2], whole[2]), min(box[3], whole[3])),
    )
    return (left, bottom, right, top) if left < right and bottom < top else whole
