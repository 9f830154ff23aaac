"""Draw what is not printed: handwriting, seals, thumbprints, punched holes, staples."""

from __future__ import annotations

import math
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from making.fonts import PX_PER_MM, PX_PER_PT, font_for

Point = tuple[float, float]
TONER = (46, 44, 46)
_INK = (30, 36, 92)
_SEAL_RED = (208, 40, 44)
_THUMB_RED = (206, 62, 58)
_SEAL_MM = 41
_RING = "样本专用·非真实文书"


def write_character(page: Image.Image, character: str, at: Point, points: float, rng: Random) -> None:
    """Write one character by hand.

    Args:
        page: the page, changed in place.
        character: the character.
        at: where its baseline begins, in pixels.
        points: its size.
        rng: varies size, slant and position.
    """
    size = points * rng.uniform(1.1, 1.24)
    em = round(size * PX_PER_PT)
    glyph = Image.new("L", (em * 2, em * 2), 0)
    ImageDraw.Draw(glyph).text((em / 2, em * 1.4), character, 255, font_for("kai", size, character), anchor="ls")
    slant = rng.uniform(0.02, 0.14)
    glyph = glyph.transform(
        glyph.size,
        Image.Transform.AFFINE,
        (1, slant, -slant * em, rng.uniform(-0.06, 0.02), 1, 0),
        Image.Resampling.BICUBIC,
    ).rotate(rng.uniform(-4, 4), Image.Resampling.BICUBIC)
    x, y = at[0] - em / 2 + rng.uniform(-2, 2), at[1] - em * 1.4 + rng.uniform(-4, 5)
    page.paste(
        Image.new("RGB", glyph.size, _INK),
        (round(x), round(y)),
        glyph.point([min(255, v * 5 // 4) for v in range(256)]),
    )


def seeded_random(words: str, salt: str) -> Random:
    """A random generator that depends only on the words and on the salt, the place of the words."""
    return Random(f"{words}|{salt}")  # noqa: S311 (a drawing, no secret)


def stamp_seal(page: Image.Image, at: Point, rng: Random) -> None:
    """Stamp the round sample seal, with its centre at a point."""
    shape = _seal_shape().rotate(rng.uniform(-9, 9), Image.Resampling.BICUBIC)
    wear = _noise(shape.size, (9, 9), (165, 255), rng)
    _stamp(page, ImageChops.multiply(shape, wear), at, _SEAL_RED)


def stamp_thumbprint(page: Image.Image, at: Point, rng: Random) -> None:
    """Stamp a thumbprint."""
    wide, high = round(11 * PX_PER_MM), round(15 * PX_PER_MM)
    shape = Image.new("L", (wide, high), 0)
    draw = ImageDraw.Draw(shape)
    draw.ellipse((2, 2, wide - 3, high - 3), fill=150)
    for step in range(5, wide // 2, 7):
        draw.ellipse((step, step * high / wide, wide - step, high - step * high / wide), outline=40, width=3)
    wear = _noise(shape.size, (6, 8), (90, 255), rng)
    shape = ImageChops.multiply(shape, wear).filter(ImageFilter.GaussianBlur(1.2))
    _stamp(page, shape.rotate(rng.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True), at, _THUMB_RED)


def draw_punch_holes(page: Image.Image, rng: Random) -> None:
    """Draw two punched holes at the left edge."""
    draw = ImageDraw.Draw(page)
    middle, x = page.height / 2 + rng.uniform(-20, 20), 11 * PX_PER_MM + rng.uniform(-8, 8)
    for y in (middle - 40 * PX_PER_MM, middle + 40 * PX_PER_MM):
        radius = 2.6 * PX_PER_MM
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=(112, 108, 104), outline=(150, 146, 140), width=3
        )


def draw_staple_holes(page: Image.Image, rng: Random) -> None:
    """Draw the two holes of a staple, top left."""
    draw = ImageDraw.Draw(page)
    x, y = 9 * PX_PER_MM + rng.uniform(-6, 6), 10 * PX_PER_MM + rng.uniform(-6, 6)
    for step in (0.0, 9 * PX_PER_MM):
        draw.ellipse((x + step, y - step * 0.6, x + step + 7, y - step * 0.6 + 6), fill=(90, 86, 84))


def _stamp(page: Image.Image, shape: Image.Image, at: Point, colour: tuple[int, int, int]) -> None:
    """Multiply a colour into the page where the shape is; print under it stays dark."""
    box = (round(at[0] - shape.width / 2), round(at[1] - shape.height / 2))
    inked = Image.new("RGB", shape.size, "white")
    inked.paste(colour, (0, 0, *shape.size), shape)
    here = page.crop((*box, box[0] + shape.width, box[1] + shape.height))
    page.paste(ImageChops.multiply(here, inked), box)


def _noise(size: tuple[int, int], grid: tuple[int, int], span: tuple[int, int], rng: Random) -> Image.Image:
    small = Image.frombytes("L", grid, bytes(rng.randint(*span) for _ in range(grid[0] * grid[1])))
    return small.resize(size, Image.Resampling.BICUBIC)


@cache
def _seal_shape() -> Image.Image:
    """Draw ring, ring text, star and the word in the centre, at twice the size."""
    side = round(_SEAL_MM * PX_PER_MM) * 2
    middle = side / 2
    shape = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(shape)
    draw.ellipse((6, 6, side - 7, side - 7), outline=255, width=20)
    draw.polygon(_star(middle, middle - side * 0.09, side * 0.12), fill=255)
    draw.text((middle, middle + side * 0.2), "样本", 255, font_for("bold", 36, "样"), anchor="mm")
    for place, character in enumerate(_RING):
        _ring_character(shape, character, -126 + 252 * place / (len(_RING) - 1))
    return shape.resize((side // 2, side // 2), Image.Resampling.LANCZOS)


def _ring_character(shape: Image.Image, character: str, degrees: float) -> None:
    box = 140
    glyph = Image.new("L", (box, box), 0)
    ImageDraw.Draw(glyph).text((box / 2, box / 2), character, 255, font_for("song", 31, character), anchor="mm")
    turned = glyph.rotate(-degrees, Image.Resampling.BICUBIC)
    radius, angle = shape.width * 0.385, math.radians(degrees)
    x, y = shape.width / 2 + radius * math.sin(angle), shape.width / 2 - radius * math.cos(angle)
    shape.paste(turned, (round(x - box / 2), round(y - box / 2)), turned)


def _star(x: float, y: float, radius: float) -> list[Point]:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi * corner / 5
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points
