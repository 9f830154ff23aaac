"""The geometry of bound pages: how a page is placed on an A4 sheet, and the corner that is reserved for the 页号."""

from __future__ import annotations

from dataclasses import dataclass

A4 = (595.28, 841.89)
"""Width and height in points."""
MM = 72 / 25.4
FOLIO_RIGHT = 12 * MM
"""Distance from the sheet's right edge to the end of the 页号, in points."""
FOLIO_TOP = 14 * MM
"""Distance from the sheet's upper edge to the baseline of the 页号, in points."""
FOLIO_BAND = 16 * MM
"""Height kept free above a page whose corner may not be empty, in points."""

_CORNER_LEFT, _CORNER_RIGHT, _CORNER_TOP, _CORNER_BOTTOM = 30 * MM, 10 * MM, 7 * MM, 16 * MM


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """The placement of a page on a sheet.

    Attributes:
        sheet: width and height of the sheet, in points.
        x, y: the page's lower left corner on the sheet, in points.
        scale: the factor by which the page is reduced, at most 1.
    """

    sheet: tuple[float, float]
    x: float
    y: float
    scale: float


def fit_on_sheet(width: float, height: float, *, band: bool) -> PlacedPage:
    """Place an upright page on a sheet, portrait or landscape as the page is: never enlarged, never cropped.

    Args:
        width: width of the page, in points.
        height: height of the page, in points.
        band: whether `FOLIO_BAND` is kept free at the upper edge.
    """
    sheet = A4 if height >= width else A4[::-1]
    available = sheet[1] - (FOLIO_BAND if band else 0)
    scale = min(sheet[0] / width, available / height, 1.0)
    return PlacedPage(sheet, (sheet[0] - width * scale) / 2, (available - height * scale) / 2, scale)


def folio_corner(width: float, height: float) -> tuple[float, float, float, float]:
    """The area of the 页号 on a page that is placed without a band: left, top, right, bottom as fractions of the page.

    Values outside the page are clipped to it; where the whole corner is outside, right is not greater than left.
    """
    placed = fit_on_sheet(width, height, band=False)
    wide, high = width * placed.scale, height * placed.scale
    left = (placed.sheet[0] - _CORNER_LEFT - placed.x) / wide
    right = (placed.sheet[0] - _CORNER_RIGHT - placed.x) / wide
    above = placed.sheet[1] - placed.y - high
    return (_clip(left), _clip((_CORNER_TOP - above) / high), _clip(right), _clip((_CORNER_BOTTOM - above) / high))


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)
