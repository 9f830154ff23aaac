"""Red seals and fingerprints on a page, told by colour and shape. A scan without colours tells nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bundler.scan_reading.record import Box
from bundler.text_recognition.ocr_engine import Picture

_SIDE = 1170
"""Pixels of the longer side at which the page is looked at: A4 at 100 dpi."""
_PIXELS_PER_MM = _SIDE / 297
_MIN_RED = 40
"""By how much red is brighter than green and blue in a pixel of a stamp."""
_FAINT_REDS = (24, 16, 11)
"""The same for a seal on a faint page, above the tint of its paper; looked for one after the other where there is no other
seal. The picture is smoothed for that, so that the grain of the scan is none; the ring tells a seal from a stain."""
_SMOOTHING_MM = 0.3
_TRACE_OF_RED = 7
"""Where red so weak has the size of a seal and part of a ring, nobody can tell whether there is one."""
_SEAL_MM = (25.0, 60.0)
_PRINT_MM = (7.0, 32.0)
_MAX_RATIO = 1.45
"""Of the sides of a seal; one cut off by the edge of the page is longer."""
_MIN_RING = 0.55
"""Share of the directions from the centre of a seal in which its ring is met."""
_MIN_RING_OF_TRACE = 0.35
_MIN_FILL = 0.35
"""Share of the rectangle around a fingerprint that is red."""
_NEAR_MM = 4.0


@dataclass(frozen=True, slots=True)
class RedMarks:
    """What was found, in pixels of the page.

    Attributes:
        coloured: whether the page has colours that tell whether it has a seal; not where there is a mere trace of one.
    """

    coloured: bool
    seals: tuple[Box, ...] = ()
    thumbprints: tuple[Box, ...] = ()


def find_red_marks(picture: Picture) -> RedMarks:
    """Find seals and fingerprints on a page as a viewer shows it."""
    import cv2
    import numpy as np

    if picture.ndim == 2:  # noqa: PLR2004 (shades of grey)
        return RedMarks(coloured=False)
    high, wide = picture.shape[:2]
    share = min(_SIDE / max(high, wide), 1.0)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA).astype(np.int16)
    excess = small[:, :, 2] - small[:, :, :2].max(axis=2)
    red = (excess > _MIN_RED).astype(np.uint8)
    seals = [box for box in _blobs(red, 3.0) if _is_seal(red, box)]
    coloured = True
    if not seals:
        seals, coloured = _find_faint_seals(excess)
    for left, top, right, bottom in seals:
        near = round(_NEAR_MM * _PIXELS_PER_MM)
        red[max(top - near, 0) : bottom + near, max(left - near, 0) : right + near] = 0
    prints = [box for box in _blobs(red, 1.0) if _is_print(red, box)]
    return RedMarks(
        coloured=coloured,
        seals=tuple(_enlarge(box, share, (wide, high)) for box in sorted(seals, key=lambda box: (box[1], box[0]))),
        thumbprints=tuple(
            _enlarge(box, share, (wide, high)) for box in sorted(prints, key=lambda box: (box[1], box[0]))
        ),
    )


def _find_faint_seals(excess: Picture) -> tuple[list[Box], bool]:
    """The seals of a page that has no clear one, and whether its colours tell that there is none.

    Args:
        excess: by how much red is brighter than green and blue in each pixel.
    """
    import cv2
    import numpy as np

    soft = cv2.GaussianBlur(excess.astype(np.float32), (0, 0), _SMOOTHING_MM * _PIXELS_PER_MM)
    soft -= float(np.median(soft))
    for level in _FAINT_REDS:
        red = (soft > level).astype(np.uint8)
        seals = [box for box in _blobs(red, 3.0) if _is_seal(red, box)]
        if seals:
            return seals, True
    trace = (soft > _TRACE_OF_RED).astype(np.uint8)
    return [], not any(_is_seal(trace, box, _MIN_RING_OF_TRACE) for box in _blobs(trace, 3.0))


def _blobs(red: Picture, gap_mm: float) -> list[Box]:
    """The rectangles around red pixels that are not further apart than a gap."""
    import cv2

    side = max(round(gap_mm * _PIXELS_PER_MM), 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(red, cv2.MORPH_CLOSE, kernel))
    boxes = ((int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:count])
    smallest = _PRINT_MM[0] * _PIXELS_PER_MM
    return [box for box in boxes if min(box[2] - box[0], box[3] - box[1]) >= smallest / 2]


def _is_seal(red: Picture, box: Box, min_ring: float = _MIN_RING) -> bool:
    """Whether a blob has the size of a seal and a ring around it, met in such a share of the directions."""
    width, height = ((box[2] - box[0]) / _PIXELS_PER_MM, (box[3] - box[1]) / _PIXELS_PER_MM)
    if not (_SEAL_MM[0] <= max(width, height) <= _SEAL_MM[1] and max(width, height) <= _MAX_RATIO * min(width, height)):
        return False
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    met = 0
    steps = 72
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        for part in range(80, 104, 2):
            column = round(x + math.cos(angle) * (box[2] - box[0]) / 2 * part / 100)
            row = round(y + math.sin(angle) * (box[3] - box[1]) / 2 * part / 100)
            if 0 <= row < red.shape[0] and 0 <= column < red.shape[1] and red[row, column]:
                met += 1
                break
    return met >= min_ring * steps


def _is_print(red: Picture, box: Box) -> bool:
    """Whether a blob has the size of a fingertip, and is filled as its ridges fill it."""
    width, height = ((box[2] - box[0]) / _PIXELS_PER_MM, (box[3] - box[1]) / _PIXELS_PER_MM)
    if not (_PRINT_MM[0] <= min(width, height) and max(width, height) <= _PRINT_MM[1]):
        return False
    return bool(red[box[1] : box[3], box[0] : box[2]].mean() >= _MIN_FILL)


def _enlarge(box: Box, share: float, size: tuple[int, int]) -> Box:
    left, top, right, bottom = (value / share for value in box)
    return (int(left), int(top), min(math.ceil(right), size[0]), min(math.ceil(bottom), size[1]))
