"""A flatbed scanner: the sheet a little askew, warm and uneven paper, a shadow at an edge, soft letters."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageFilter

from making import ink

_SKEW = 0.6
_THRESHOLD = 168
_DARKER = [round(255 * (value / 255) ** 1.55) for value in range(256)]
"""What softness takes from thin strokes, toner gives back."""
_GRID = (7, 10)
_WARM = (1.0, 0.984, 0.948)


def scan(page: Image.Image, seed: str, *, colour: bool) -> Image.Image:
    """What the scanner sees of a page, in colour or in grey."""
    chance = ink.seeded("scanner", seed)
    _fasten(page, seed, chance)
    turned = _turn(page, chance)
    paper = _paper(page.size, chance)
    seen = ImageChops.multiply(turned, Image.merge("RGB", [paper.point(_scale(factor)) for factor in _WARM]))
    return seen if colour else seen.convert("L")


def bilevel(page: Image.Image, seed: str) -> Image.Image:
    """What the scanner sees when it is set to black and white."""
    chance = ink.seeded("scanner", seed)
    _fasten(page, seed, chance)
    return (
        _turn(page, chance).convert("L").point([255 if value > _THRESHOLD else 0 for value in range(256)]).convert("1")
    )


def cleaned(page: Image.Image, seed: str) -> Image.Image:
    """What the scanner sees when it whitens the paper, in eight greys."""
    chance = ink.seeded("scanner", seed)
    _fasten(page, seed, chance)
    return _turn(page, chance).convert("L").point([min(255, (value + 18) // 36 * 36) for value in range(256)])


def _fasten(page: Image.Image, seed: str, chance: Random) -> None:
    """The marks of a punch or of a staple, the same on all pages of a file."""
    file = seed.partition("#")[0]
    mark = ink.seeded("filed", file).choice((ink.punch, ink.staple))
    mark(page, chance)


def _turn(page: Image.Image, chance: Random) -> Image.Image:
    turned = page.rotate(chance.uniform(-_SKEW, _SKEW), Image.Resampling.BICUBIC, fillcolor="white")
    return turned.filter(ImageFilter.GaussianBlur(0.9)).point(_DARKER * 3)


def _scale(factor: float) -> list[int]:
    return [round(value * factor) for value in range(256)]


def _paper(size: tuple[int, int], chance: Random) -> Image.Image:
    """Smooth unevenness, and the shadow that the lid leaves along an edge."""
    small = Image.frombytes("L", _GRID, bytes(chance.randint(243, 250) for _ in range(_GRID[0] * _GRID[1])))
    paper = small.resize(size, Image.Resampling.BICUBIC)
    depth = chance.randint(26, 60)
    ramp = Image.frombytes("L", (depth, 1), bytes(255 - 70 * (depth - x) // depth for x in range(depth)))
    shadow = Image.new("L", size, 255)
    if chance.random() < 0.5:  # noqa: PLR2004 (one edge or the other)
        shadow.paste(ramp.resize((depth, size[1])), (0, 0))
    else:
        shadow.paste(ramp.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((depth, size[1])), (size[0] - depth, 0))
    return ImageChops.multiply(paper, shadow)
