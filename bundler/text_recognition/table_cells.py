"""The ruled tables of a page: which cell a line of text stands in, and where a rule cuts a line that was found as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bundler.text_recognition.ocr_engine import Picture, Quad
from bundler.text_recognition.page_turn_and_slant import height_of, length_of

_MIN_RULE = (100, 80)
"""Pixels at 200 dpi that a rule is long at least, across and down; no stroke of a character is as long."""
_GAP = 9
"""Pixels of a gap in a rule that is closed."""
_MIN_PIECE = 16
"""Pixels that a dark spot is long at least to be part of a rule; the grain of a scan, of a copy and of a photograph is shorter."""
_MIN_INK = 0.6
"""Share of a rule that is dark; where gaps between spots were closed, less of it is."""
_PAPER_BLOCK, _PAPER_LESS = 31, 12
"""A pixel is dark where it is so much darker than the mean of the square around it."""
_MAX_CELL_SHARE = 0.7
"""A frame around most of the page is no cell."""
_MIN_CELL = (20, 20)
"""Pixels that a cell is wide and high at least."""
_CUT_SHARE = 0.7
"""Share of a line's height that a rule must cross to cut it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, on the straightened page: left, top, right and bottom in pixels."""

    number: int
    box: tuple[int, int, int, int]


@dataclass(slots=True)
class Tables:
    """The cells of a page, in reading order.

    Attributes:
        cells: from 1; the number of a cell is its place.
    """

    cells: list[Cell] = field(default_factory=list)
    _labels: Any = None
    _down: Any = None
    _matrix: Any = None
    _number_of_label: dict[int, int] = field(default_factory=dict)

    def straight(self, quad: Quad) -> Quad:
        """The corners of a line on the straightened page."""
        import numpy as np

        if self._matrix is None:
            return quad
        return np.asarray(quad @ self._matrix[:, :2].T + self._matrix[:, 2], np.float32)

    def cell_at(self, quad: Quad) -> int | None:
        """The number of the cell in which the centre of a line lies; None outside of tables."""
        if self._labels is None:
            return None
        x, y = self.straight(quad).mean(axis=0)
        high, wide = self._labels.shape
        label = int(self._labels[min(max(int(y), 0), high - 1), min(max(int(x), 0), wide - 1)])
        return self._number_of_label.get(label)

    def cut(self, quad: Quad) -> list[Quad]:
        """Cut a line at the rules that run down through it."""
        import numpy as np

        if self._down is None or length_of(quad) < 2 * height_of(quad):
            return [quad]
        straight = self.straight(quad)
        left, top = straight.min(axis=0)
        right, bottom = straight.max(axis=0)
        high, wide = self._down.shape
        band = self._down[max(int(top), 0) : min(int(bottom), high), max(int(left), 0) : min(int(right), wide)]
        if not band.size:
            return [quad]
        crossed = (band > 0).mean(axis=0) >= _CUT_SHARE
        places = _middles(crossed)
        margin = height_of(quad) * 0.4
        shares = [place / band.shape[1] for place in places if margin < place < band.shape[1] - margin]
        stops = [0.0, *shares, 1.0]
        upper, lower = quad[1] - quad[0], quad[2] - quad[3]
        return [
            np.array([quad[0] + upper * a, quad[0] + upper * b, quad[3] + lower * b, quad[3] + lower * a], np.float32)
            for a, b in pairwise(stops)
        ]


def _middles(flags: Sequence[bool]) -> list[float]:
    """The middle of each run of true values."""
    found, start = [], None
    for place, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = place
        elif not flag and start is not None:
            found.append((start + place) / 2)
            start = None
    return found


def find_tables(grey: Picture, slope: float) -> Tables:
    """Find the cells of an upright page.

    Args:
        grey: the page in shades of grey.
        slope: by how much its lines fall to the right (tangent); the page is straightened by that much.
    """
    import cv2
    import numpy as np

    high, wide = grey.shape
    matrix = None
    if slope:
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), float(np.degrees(np.arctan(slope))), 1.0)
        grey = cv2.warpAffine(grey, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE)
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _PAPER_BLOCK, _PAPER_LESS
    )
    dark = _without_grain(dark)
    across = _rules(dark, (_MIN_RULE[0], 1), (_GAP, 3))
    down = _rules(dark, (1, _MIN_RULE[1]), (3, _GAP))
    if not across.any() or not down.any():
        return Tables()
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(255 - rules, connectivity=4)
    boxes = []
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label][:4])
        touches = left == 0 or top == 0 or left + width == wide or top + height == high
        small = width < _MIN_CELL[0] or height < _MIN_CELL[1]
        if not touches and not small and width * height < _MAX_CELL_SHARE * wide * high:
            boxes.append((label, (left, top, left + width, top + height)))
    ordered = _in_rows(boxes)
    cells = [Cell(number, box) for number, (_, box) in enumerate(ordered, start=1)]
    numbers = {label: number for number, (label, _) in enumerate(ordered, start=1)}
    return Tables(cells, labels, down, matrix, numbers)


def _without_grain(dark: Picture) -> Picture:
    """The dark pixels without spots that are too short for a piece of a rule."""
    import cv2
    import numpy as np

    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    kept = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _MIN_PIECE
    kept[0] = False
    return np.where(kept[labels], np.uint8(255), np.uint8(0))


def _rules(dark: Picture, length: tuple[int, int], gap: tuple[int, int]) -> Picture:
    """The rules of one direction; a small gap is closed, and a slight slant is allowed by thickening first."""
    import cv2
    import numpy as np

    thick = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((gap[1], gap[0]), np.uint8))
    found = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((length[1], length[0]), np.uint8))
    count, labels = cv2.connectedComponents(found, connectivity=8)
    area = np.bincount(labels.ravel(), minlength=count)
    ink = np.bincount(labels.ravel(), weights=(dark > 0).ravel(), minlength=count)
    inked = ink >= _MIN_INK * np.maximum(area, 1)
    inked[0] = False
    return np.where(inked[labels], np.uint8(255), np.uint8(0))


def _in_rows(
    boxes: list[tuple[int, tuple[int, int, int, int]]],
) -> list[tuple[int, tuple[int, int, int, int]]]:
    """Sort cells row by row, from left to right; cells whose upper edges nearly agree stand in one row."""
    rows: list[list[tuple[int, tuple[int, int, int, int]]]] = []
    for one in sorted(boxes, key=lambda found: found[1][1]):
        if rows and one[1][1] - rows[-1][0][1][1] < _MIN_CELL[1] / 2:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda found: found[1][0])]
