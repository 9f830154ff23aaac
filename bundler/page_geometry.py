"""The sheet on which every page is bound: A4, how a page lies on it, and the corner that is kept for the 页号."""

from __future__ import annotations

from dataclasses import dataclass

A4 = (595.28, 841.89)
"""Width and height in points."""
MM = 72 / 25.4
FOLIO_RIGHT = 12 * MM
"""From the sheet's right edge to the end of the number."""
FOLIO_TOP = 14 * MM
"""From the sheet's upper edge to the number's base line."""
FOLIO_BAND = 16 * MM
"""Kept free above a page on whose corner something may be written."""

_CORNER_LEFT, _CORNER_RIGHT, _CORNER_TOP, _CORNER_BOTTOM = 30 * MM, 10 * MM, 7 * MM, 16 * MM


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """How a page lies: the sheet, the place of the page's lower left corner on it in points, and its scale."""

    sheet: tuple[float, float]
    x: float
    y: float
    scale: float


def fit_on_sheet(width: float, height: float, *, band: bool) -> PlacedPage:
    """Lay an upright page on a sheet, portrait or landscape as it is: never enlarged, never cropped.

    Args:
        width: of the page, in points.
        height: likewise.
        band: whether the upper edge of the sheet is kept free.
    """
    sheet = A4 if height >= width else A4[::-1]
    room = sheet[1] - (FOLIO_BAND if band else 0)
    scale = min(sheet[0] / width, room / height, 1.0)
    return PlacedPage(sheet, (sheet[0] - width * scale) / 2, (room - height * scale) / 2, scale)


def folio_corner(width: float, height: float) -> tuple[float, float, float, float]:
    """Where the 页号 falls on a page laid without a band: left, top, right, bottom as shares of the page.

    Parts that lie outside the page are cut off; right is not beyond left where all of it does.
    """
    laid = fit_on_sheet(width, height, band=False)
    wide, high = width * laid.scale, height * laid.scale
    left = (laid.sheet[0] - _CORNER_LEFT - laid.x) / wide
    right = (laid.sheet[0] - _CORNER_RIGHT - laid.x) / wide
    above = laid.sheet[1] - laid.y - high
    return (_share(left), _share((_CORNER_TOP - above) / high), _share(right), _share((_CORNER_BOTTOM - above) / high))


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
