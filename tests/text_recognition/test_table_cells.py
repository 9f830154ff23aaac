"""The cells of a ruled table are found on a grainy scan, and grain makes no cells on a page without a table."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

numpy = pytest.importorskip("numpy")
pytest.importorskip("cv2")

from bundler.text_recognition.table_cells import find_tables  # noqa: E402 (needs the extra `read`)

ROWS, COLUMNS = 6, 4


def page(*, table: bool, grain: float) -> Image.Image:
    """A page with short strokes, as those of characters, a table if asked for, and the grain of a scanner or a camera."""
    image = Image.new("L", (1200, 1600), 240)
    pen = ImageDraw.Draw(image)
    for y in range(120, 1500, 60):
        for x in range(100, 1100, 44):
            pen.line((x, y, x + 30, y), fill=40, width=3)
            pen.line((x + 15, y - 16, x + 15, y + 16), fill=40, width=3)
    if table:
        for row in range(ROWS + 1):
            pen.line((80, 200 + row * 150, 80 + COLUMNS * 260, 200 + row * 150), fill=60, width=2)
        for column in range(COLUMNS + 1):
            pen.line((80 + column * 260, 200, 80 + column * 260, 200 + ROWS * 150), fill=60, width=2)
    soft = image.filter(ImageFilter.GaussianBlur(0.8))
    return ImageChops.add(soft, Image.effect_noise(image.size, grain), 1, -128) if grain else soft


@pytest.mark.parametrize("grain", [0, 8, 20])
def test_cells_are_those_of_the_table_whatever_the_grain(grain: float) -> None:
    """Sensors add noise of three to ten grey values, telephones in a dim room more."""
    assert len(find_tables(numpy.asarray(page(table=True, grain=grain)), 0.0).cells) == ROWS * COLUMNS
    assert find_tables(numpy.asarray(page(table=False, grain=grain)), 0.0).cells == []
