"""Images of few pixels that a viewer smooths, because the file says ``/Interpolate``; PDF/A forbids that (ISO 19005-3, 6.2.8.1).

Without it such an image shows squares where it had a gradient. A scan has more pixels than a screen, and looks the same.
"""

from __future__ import annotations

from typing import Any

import pikepdf
from PIL import Image

from bundler.materials.pdf_objects import walk_objects

SMOOTHED = "上有像素很少的图像，原件由阅读器平滑显示（Interpolate），归档格式不允许，装订后会显出方格"
_FEW_PIXELS = 512
"""Of the longer side; an image of more is not enlarged where it is looked at."""
_SQUARE = 8
"""Points of the side of the squares whose mean brightness is compared."""
_MAX_DIFFERENCE = 12
"""Of 255: between the means of a square."""
_MAX_SHARE = 0.001


def smoothed_images(page: pikepdf.Page) -> list[Any]:
    """The images of few pixels on a page that the file asks to smooth.

    Raises:
        MemoryError: there are more objects than any real file has.
    """
    return [
        part
        for part in walk_objects([page.obj.get("/Resources", pikepdf.Dictionary())])
        if isinstance(part, pikepdf.Stream)
        and part.get("/Subtype") == "/Image"
        and part.get("/Interpolate", False) is True
        and 1 < max(int(part.get("/Width", 0)), int(part.get("/Height", 0))) <= _FEW_PIXELS
    ]


def looks_different(before: Image.Image, after: Image.Image) -> bool:
    """Whether two grey images of a page, of the same size, differ where they are looked at from some distance."""
    from PIL import ImageChops

    size = (max(before.width // _SQUARE, 1), max(before.height // _SQUARE, 1))
    squares = ImageChops.difference(
        before.resize(size, Image.Resampling.BOX), after.resize(size, Image.Resampling.BOX)
    ).tobytes()
    return sum(value > _MAX_DIFFERENCE for value in squares) > _MAX_SHARE * len(squares)
