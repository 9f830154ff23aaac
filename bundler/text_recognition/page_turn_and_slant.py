"""How a page is turned and slanted, told from its lines; and the places of lines on the page as a viewer shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from bundler.scan_reading.record import MAX_SLOPE, Box, Turn
from bundler.text_recognition.ocr_engine import Engine, Picture, Quad, cut_line

_LONG = 2.5
"""A line that is so many times longer than it is high tells the direction of the page."""
_LINES_ASKED = 12
"""The longest lines of a page, of which each is asked whether it stands on its head."""
_MIN_VOTES = 1.5
"""By how much those must prevail that stand on their head; one line alone may be misread."""
_MIN_SKEW = 0.004
"""The slant (tangent) from which on it matters."""


def length_of(quad: Quad) -> float:
    """The length of a line along its upper edge, in pixels."""
    return math.dist(quad[0], quad[1])


def height_of(quad: Quad) -> float:
    """The height of a line, in pixels."""
    return math.dist(quad[0], quad[3])


def is_sideways(quads: Sequence[Quad]) -> bool:
    """Whether the lines of a page, weighted by their length, run up or down it."""
    across = down = 0.0
    for quad in quads:
        width, height = length_of(quad), height_of(quad)
        if width > _LONG * height:
            across += width
        elif height > _LONG * width:
            down += height
    return down > across


def is_upside_down(engine: Engine, picture: Picture, quads: Sequence[Quad]) -> bool:
    """Whether a page, whose lines run across it, stands on its head."""
    asked = sorted((quad for quad in quads if length_of(quad) > _LONG * height_of(quad)), key=length_of)[-_LINES_ASKED:]
    return engine.count_upside_down([cut_line(picture, quad) for quad in asked]) > _MIN_VOTES


def turn_picture(picture: Picture, degrees: int) -> Picture:
    """Turn a picture clockwise by a multiple of 90 degrees."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(picture, -degrees // 90))


def slope_of_page(quads: Sequence[Quad]) -> float:
    """By how much the lines of an upright page fall to the right: the tangent of the angle; 0 where it does not matter."""
    slopes = [_slope(quad) for quad in quads if length_of(quad) > 2 * _LONG * height_of(quad)]
    found = median(slopes) if slopes else 0.0
    return found if abs(found) >= _MIN_SKEW else 0.0


def _slope(quad: Quad) -> float:
    (x, y), (right, end) = ((quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2)
    return float((end - y) / (right - x)) if right > x else 0.0


def slope_of_line(quad: Quad, page: float) -> int:
    """The slope of a line in thousandths; a short line is as slanted as its page."""
    slope = _slope(quad) if length_of(quad) > 2 * _LONG * height_of(quad) else page
    return max(min(round(slope * 1000), MAX_SLOPE), -MAX_SLOPE)


def box_on_page(quad: Quad, turn: Turn, size: tuple[int, int]) -> Box | None:
    """The rectangle around a line on the page as a viewer shows it.

    Args:
        quad: the line on the page turned upright.
        turn: by how much the page was turned clockwise.
        size: width and height of the page as a viewer shows it.

    Returns:
        The rectangle; None where nothing of it lies on the page.
    """
    points = [_turn_back(float(x), float(y), turn, size) for x, y in quad]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, top = max(math.floor(min(xs)), 0), max(math.floor(min(ys)), 0)
    right, bottom = min(math.ceil(max(xs)), size[0]), min(math.ceil(max(ys)), size[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _turn_back(x: float, y: float, turn: Turn, size: tuple[int, int]) -> tuple[float, float]:
    width, height = size
    if turn == 90:  # noqa: PLR2004 (degrees)
        return y, height - x
    if turn == 180:  # noqa: PLR2004 (degrees)
        return width - x, height - y
    if turn == 270:  # noqa: PLR2004 (degrees)
        return width - y, x
    return x, y
