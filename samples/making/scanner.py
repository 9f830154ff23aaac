"""Simulate a flatbed scanner: the sheet slightly rotated, warm uneven paper, a shadow at an edge, soft letters."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageFilter

from making import handwriting_and_stamps as stamps

_SKEW = 0.6
_THRESHOLD = 168
_DARKEN = [round(255 * (value / 255) ** 1.55) for value in range(256)]
"""Darkens thin strokes, which the blur makes paler."""
_GRID = (7, 10)
_PAPER_TINT = (1.0, 0.984, 0.948)


def scan(page: Image.Image, seed: str, *, colour: bool) -> Image.Image:
    """Scan a page in colour or in grey."""
    rng = stamps.seeded_random("scanner", seed)
    _draw_holes(page, seed, rng)
    rotated = _rotate_and_blur(page, rng)
    paper = _draw_paper(page.size, rng)
    scanned = ImageChops.multiply(
        rotated, Image.merge("RGB", [paper.point(_scale_levels(factor)) for factor in _PAPER_TINT])
    )
    return scanned if colour else scanned.convert("L")


def scan_bilevel(page: Image.Image, seed: str) -> Image.Image:
    """Scan a page in black and white."""
    rng = stamps.seeded_random("scanner", seed)
    _draw_holes(page, seed, rng)
    return (
        _rotate_and_blur(page, rng)
        .convert("L")
        .point([255 if value > _THRESHOLD else 0 for value in range(256)])
        .convert("1")
    )


def scan_whitened(page: Image.Image, seed: str) -> Image.Image:
    """Scan a page in eight greys with the paper whitened."""
    rng = stamps.seeded_random("scanner", seed)
    _draw_holes(page, seed, rng)
    return _rotate_and_blur(page, rng).convert("L").point([min(255, (value + 18) // 36 * 36) for value in range(256)])


def _draw_holes(page: Image.Image, seed: str, rng: Random) -> None:
    """Draw the holes of a punch or of a staple, the same kind on all pages of a file."""
    file = seed.partition("#")[0]
    mark = stamps.seeded_random("filed", file).choice((stamps.draw_punch_holes, stamps.draw_staple_holes))
    mark(page, rng)


def _rotate_and_blur(page: Image.Image, rng: Random) -> Image.Image:
    rotated = page.rotate(rng.uniform(-_SKEW, _SKEW), Image.Resampling.BICUBIC, fillcolor="white")
    return rotated.filter(ImageFilter.GaussianBlur(0.9)).point(_DARKEN * 3)


def _scale_levels(factor: float) -> list[int]:
    return [round(value * factor) for value in range(256)]


def _draw_paper(size: tuple[int, int], rng: Random) -> Image.Image:
    """Draw the uneven paper, and the lid's shadow along one edge."""
    small = Image.frombytes("L", _GRID, bytes(rng.randint(243, 250) for _ in range(_GRID[0] * _GRID[1])))
    paper = small.resize(size, Image.Resampling.BICUBIC)
    depth = rng.randint(26, 60)
    ramp = Image.frombytes("L", (depth, 1), bytes(255 - 70 * (depth - x) // depth for x in range(depth)))
    shadow = Image.new("L", size, 255)
    if rng.random() < 0.5:  # noqa: PLR2004 (one edge or the other)
        shadow.paste(ramp.resize((depth, size[1])), (0, 0))
    else:
        shadow.paste(ramp.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((depth, size[1])), (size[0] - depth, 0))
    return ImageChops.multiply(paper, shadow)
