"""Draw invented papers on A4 pages at 200 dpi: print, handwriting, tables, red seals and thumbprints.

This maker shares nothing with the one of the samples: other fonts, other layouts, other seals, so that what is measured on
its pages was not fitted to it. In a text, ``~…~`` is written by hand; ``@`` is the middle of a seal, ``^`` a thumbprint.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from fontTools.ttLib import TTCollection, TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

DPI = 200
A4 = (1654, 2339)
_LEFT, _RIGHT, _TOP, _BOTTOM = 200, 1480, 210, 2130
_INKS = ((20, 24, 40), (24, 30, 96), (16, 16, 18))


@cache
def _characters(path: Path) -> frozenset[int]:
    if path.suffix == ".ttc":
        with TTCollection(path, lazy=True) as fonts:
            return frozenset(fonts.fonts[0].getBestCmap())
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _font(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels)


@dataclass(frozen=True)
class Face:
    """A typeface: its file, or the slices of a web font, tried in order."""

    files: tuple[Path, ...]

    def font(self, pixels: int, character: str) -> ImageFont.FreeTypeFont:
        """The font that has a character; the first one where none has it."""
        path = next((one for one in self.files if ord(character) in _characters(one)), self.files[0])
        return _font(path, pixels)


@dataclass(frozen=True)
class Hand:
    """Who drew a page: the faces of print and handwriting, the ink, and the chance."""

    title: Face
    body: Face
    written: Face
    rng: Random = field(compare=False)

    @property
    def ink(self) -> tuple[int, int, int]:
        """A colour of ink."""
        return self.rng.choice(_INKS)


Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Paper:
    """The words of a paper.

    Attributes:
        title: its lines in large print.
        blocks: paragraphs, and tables as rows of cells: label, value, label, value.
        foot: printed at the foot of every page; ``{n}`` and ``{m}`` are replaced.
        all_by_hand: every word is handwritten.
    """

    title: tuple[str, ...]
    blocks: tuple[str | Rows, ...]
    foot: str = ""
    all_by_hand: bool = False


def draw(paper: Paper, hand: Hand) -> list[Image.Image]:
    """Draw the pages of a paper, straight and clean."""
    pen = _Pen(hand, paper.all_by_hand)
    pen.new_page()
    for line in paper.title:
        pen.title(line)
    pen.y += 30
    for block in paper.blocks:
        if isinstance(block, str):
            pen.paragraph(block)
        else:
            pen.table(block)
    if paper.foot:
        for number, page in enumerate(pen.pages, start=1):
            pen.foot(page, paper.foot.replace("{n}", str(number)).replace("{m}", str(len(pen.pages))))
    for page, x, y in pen.seals:
        stamp_seal(page, (x, y), hand)
    for page, x, y in pen.thumbs:
        stamp_thumb(page, (x, y), hand.rng)
    return pen.pages


class _Pen:
    """Writes from top to bottom, and takes a new page where the last is full."""

    def __init__(self, hand: Hand, by_hand: bool) -> None:  # noqa: FBT001 (a private class)
        self.hand, self.by_hand = hand, by_hand
        self.pages: list[Image.Image] = []
        self.seals: list[tuple[Image.Image, int, int]] = []
        self.thumbs: list[tuple[Image.Image, int, int]] = []
        self.y = _TOP
        self.size = hand.rng.choice((40, 42, 44))
        self.leading = round(self.size * hand.rng.uniform(1.45, 1.8))

    def new_page(self) -> None:
        self.pages.append(Image.new("RGB", A4, "white"))
        self.y = _TOP

    def title(self, text: str) -> None:
        size = 58 if len(text) < 16 else 50
        width = self._width(text, size)
        self._line(text, (round((A4[0] - width) / 2), self.y), size, self.hand.title)
        self.y += round(size * 1.6)

    def paragraph(self, text: str) -> None:
        if text.startswith(">"):
            shown = text[1:]
            left = _RIGHT - 60 - round(self._width(shown, self.size))
            self._room(self.leading)
            self._line(shown, (max(left, _LEFT), self.y), self.size, self.hand.body)
            self.y += self.leading
            return
        indent = 0 if text.startswith("<") else 2 * self.size
        for place, line in enumerate(self._wrap(text.lstrip("<"), _RIGHT - _LEFT, self.size, indent)):
            self._room(self.leading)
            self._line(line, (_LEFT + (indent if place == 0 else 0), self.y), self.size, self.hand.body)
            self.y += self.leading

    def table(self, rows: Rows) -> None:
        size, pad = 34, 12
        for row in rows:
            widths = self._column_widths(len(row))
            cells = [self._wrap(cell, width - 2 * pad, size, 0) for cell, width in zip(row, widths, strict=True)]
            height = max(len(lines) for lines in cells) * round(size * 1.5) + 2 * pad + self.hand.rng.randint(0, 24)
            self._room(height)
            x = _LEFT
            for lines, width in zip(cells, widths, strict=True):
                ImageDraw.Draw(self.pages[-1]).rectangle(
                    (x, self.y, x + width, self.y + height), outline=(40, 40, 40), width=2
                )
                top = self.y + (height - len(lines) * round(size * 1.5)) // 2
                for line in lines:
                    self._line(line, (x + pad, top), size, self.hand.body)
                    top += round(size * 1.5)
                x += width
            self.y += height
        self.y += 20

    def foot(self, page: Image.Image, text: str) -> None:
        width = self._width(text, 30)
        left = self.hand.rng.choice((round((A4[0] - width) / 2), round(_RIGHT - width)))
        self._line(text, (left, 2190), 30, self.hand.body, page)

    @staticmethod
    def _column_widths(count: int) -> list[int]:
        whole = _RIGHT - _LEFT
        if count == 1:
            return [whole]
        label = 260
        values = count // 2
        value = (whole - label * (count - values)) // values
        return [label if place % 2 == 0 else value for place in range(count)]

    def _room(self, height: int) -> None:
        if self.y + height > _BOTTOM:
            self.new_page()

    def _wrap(self, text: str, width: float, size: int, indent: int) -> list[str]:
        lines, line, used, written = [], "", float(indent), False
        for character in text:
            if character == "\n":
                lines.append(line + ("~" if written else ""))
                line, used = "~" if written else "", 0.0
                continue
            if character == "~":
                written = not written
                line += character
                continue
            wide = 0.0 if character in "@^" else self._advance(character, size)
            if used + wide > width and character not in "，。；：、）”》？":
                lines.append(line + ("~" if written else ""))
                line, used = "~" if written else "", 0.0
            line += character
            used += wide
        return [*lines, line]

    def _advance(self, character: str, size: int) -> float:
        return size * (0.5 if character.isascii() else 1.0)

    def _width(self, text: str, size: int) -> float:
        return sum(self._advance(character, size) for character in text if character not in "~@^")

    def _line(self, text: str, at: tuple[float, int], size: int, face: Face, page: Image.Image | None = None) -> None:
        page = page or self.pages[-1]
        (x, y) = at
        written, ink = self.by_hand, self.hand.ink
        for character in text:
            if character == "~":
                written = not written
            elif character == "@":
                self.seals.append((page, round(x), y + size // 2))
            elif character == "^":
                self.thumbs.append((page, round(x), y + size // 2))
            else:
                if written:
                    self._write(page, character, (x, y), size, ink)
                else:
                    ImageDraw.Draw(page).text((x, y), character, (34, 32, 34), face.font(size, character))
                x += self._advance(character, size)

    def _write(
        self, page: Image.Image, character: str, at: tuple[float, int], size: int, ink: tuple[int, int, int]
    ) -> None:
        rng = self.hand.rng
        large = round(size * rng.uniform(1.1, 1.3))
        place = (at[0] + rng.uniform(-2, 2), at[1] + rng.uniform(-5, 3) - (large - size) / 2)
        ImageDraw.Draw(page).text(place, character, ink, self.hand.written.font(large, character))


def stamp_seal(page: Image.Image, at: tuple[int, int], hand: Hand) -> None:
    """Stamp a round seal with its middle at a place; print below it stays visible."""
    rng = hand.rng
    side = rng.randint(300, 340)
    shape = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(shape)
    pen.ellipse((4, 4, side - 5, side - 5), outline=255, width=rng.randint(7, 11))
    middle, radius = side / 2, side * 0.13
    points = []
    for corner in range(10):
        reach, angle = (radius if corner % 2 == 0 else radius * 0.4), math.pi * corner / 5
        points.append((middle + reach * math.sin(angle), middle - reach * math.cos(angle)))
    pen.polygon(points, fill=255)
    words = "试验用章不是真实文书"
    for place, character in enumerate(words):
        degrees = -120 + 240 * place / (len(words) - 1)
        glyph = Image.new("L", (60, 60), 0)
        ImageDraw.Draw(glyph).text((30, 30), character, 255, hand.title.font(38, character), anchor="mm")
        turned = glyph.rotate(-degrees, Image.Resampling.BICUBIC)
        x, y = (
            middle + side * 0.38 * math.sin(math.radians(degrees)),
            middle - side * 0.38 * math.cos(math.radians(degrees)),
        )
        shape.paste(turned, (round(x - 30), round(y - 30)), turned)
    shape = shape.rotate(rng.uniform(-20, 20), Image.Resampling.BICUBIC)
    _press(page, shape, at, _Ink(rng.choice(((205, 30, 38), (222, 52, 48), (190, 40, 60))), 120), rng)


def stamp_thumb(page: Image.Image, at: tuple[int, int], rng: Random) -> None:
    """Stamp a thumbprint."""
    wide, high = rng.randint(78, 92), rng.randint(100, 124)
    shape = Image.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(shape)
    pen.ellipse((1, 1, wide - 2, high - 2), fill=190)
    for step in range(6, high // 2, 8):
        pen.arc((step - 20, step, wide - step + 20, high - step), 180, 360, fill=70, width=3)
    shape = shape.rotate(rng.uniform(-30, 30), Image.Resampling.BICUBIC, expand=True).filter(
        ImageFilter.GaussianBlur(1)
    )
    _press(page, shape, at, _Ink((212, 58, 60), 60), rng)


@dataclass(frozen=True)
class _Ink:
    """The colour of a stamp, and how faint it may be, of 255."""

    colour: tuple[int, int, int]
    faintest: int


def _press(page: Image.Image, shape: Image.Image, at: tuple[int, int], ink: _Ink, rng: Random) -> None:
    worn = Image.frombytes("L", (7, 7), bytes(rng.randint(ink.faintest, 255) for _ in range(49)))
    shape = ImageChops.multiply(shape, worn.resize(shape.size, Image.Resampling.BICUBIC))
    box = (round(at[0] - shape.width / 2), round(at[1] - shape.height / 2))
    inked = Image.new("RGB", shape.size, "white")
    inked.paste(ink.colour, (0, 0, *shape.size), shape)
    here = page.crop((*box, box[0] + shape.width, box[1] + shape.height))
    page.paste(ImageChops.multiply(here, inked), box)
