"""Numbers in the attributes of a Word file."""

from __future__ import annotations

import math


def to_number(text: str) -> float:
    """Return a number.

    Raises:
        ValueError: it is none, or not finite; then the file is damaged.
    """
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number
