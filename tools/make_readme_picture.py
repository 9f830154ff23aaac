"""Draw the picture of the README: some pages of the sample bundle, side by side.

Usage: python tools/make_readme_picture.py BUNDLE.pdf PICTURE.jpg
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter

LABELS = ("封面", "目录-1", "1", "29", "27", "36", "51", "备考表")
"""Page labels, in the order in which the pages are shown."""
WIDTH = 360
GAP = 24
COLUMNS = 4


def main(bundle: Path, picture: Path) -> None:
    """Render the pages and put them on one sheet."""
    with pypdfium2.PdfDocument(bundle) as pdf:
        places = {pdf.get_page_label(place): place for place in range(len(pdf))}
        pages = [_page(pdf[places[label]]) for label in LABELS]
    height = max(page.height for page in pages)
    rows = -(-len(pages) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * (height + GAP) + GAP), "#d9dde2")
    for number, page in enumerate(pages):
        row, column = divmod(number, COLUMNS)
        at = (GAP + column * (WIDTH + GAP), GAP + row * (height + GAP) + (height - page.height) // 2)
        sheet.paste(page, at)
    sheet.save(picture, quality=82, optimize=True)


def _page(page: pypdfium2.PdfPage) -> Image.Image:
    image: Image.Image = page.render(scale=2 * WIDTH / page.get_width()).to_pil()
    image.thumbnail((WIDTH, WIDTH * 2), Image.Resampling.LANCZOS)
    return image.filter(ImageFilter.SHARPEN)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
