"""What happens to a page on its way into the computer: a scanner, a copier, a telephone's camera."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageFilter

KINDS = ("flatbed", "flatbed", "feeder", "photo", "copy", "faint")
"""How a page came in; the plain ways come more often. All but ``copy`` are in colour."""


def damage(page: Image.Image, kind: str, rng: Random) -> Image.Image:
    """The page as it comes in."""
    if kind == "photo":
        return _photograph(page, rng)
    if kind == "copy":
        return _copy(page, rng)
    skew = rng.uniform(-2.5, 2.5) if kind == "feeder" else rng.uniform(-0.7, 0.7)
    turned = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor="white")
    if kind == "faint":
        turned = turned.point([round(140 + value * 115 / 255) for value in range(256)] * 3)
    tint = (rng.randint(244, 255), rng.randint(242, 252), rng.randint(232, 248))
    paper = ImageChops.multiply(turned, Image.new("RGB", page.size, tint))
    return _grain(paper.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 0.9))), rng.uniform(3, 8), rng)


def _grain(page: Image.Image, amount: float, rng: Random) -> Image.Image:
    noise = _noise(page.size, amount * 2, rng)
    layers = [ImageChops.add(band, noise, 1, -128) for band in page.split()]
    return Image.merge(page.mode, layers)


def _noise(size: tuple[int, int], deviation: float, rng: Random) -> Image.Image:
    """Noise around the middle grey; Pillow's own is another in every run."""
    half = deviation * 3**0.5
    levels = [round(128 + (value - 127.5) / 127.5 * half) for value in range(256)]
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).point([min(max(one, 0), 255) for one in levels])


def _copy(page: Image.Image, rng: Random) -> Image.Image:
    """A photocopy, scanned in grey: hard contrast, specks, a skewed sheet."""
    grey = page.convert("L").rotate(rng.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor=255)
    soft = grey.filter(ImageFilter.GaussianBlur(1.1))
    noisy = ImageChops.add(soft, _noise(page.size, 40, rng), 1, -128)
    level = rng.randint(140, 170)
    hard = noisy.point(
        [
            0 if value < level - 40 else 255 if value > level + 40 else (value - level + 40) * 255 // 80
            for value in range(256)
        ]
    )
    return hard.filter(ImageFilter.GaussianBlur(0.6))


def _photograph(page: Image.Image, rng: Random) -> Image.Image:
    """A photograph: the sheet on a dark table, seen at a slant, lit from one side, in strong JPEG."""
    wide, high = page.size
    table = Image.new("RGB", page.size, (rng.randint(60, 110), rng.randint(50, 90), rng.randint(40, 80)))
    margin = [rng.uniform(0.01, 0.05) for _ in range(8)]
    corners = (
        (margin[0] * wide, margin[1] * high),
        (wide - margin[2] * wide, margin[3] * high),
        (wide - margin[4] * wide, high - margin[5] * high),
        (margin[6] * wide, high - margin[7] * high),
    )
    coefficients = _perspective(corners, ((0, 0), (wide, 0), (wide, high), (0, high)))
    seen = page.transform(page.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    mask = Image.new("L", page.size, 255).transform(page.size, Image.Transform.PERSPECTIVE, coefficients)
    table.paste(seen, (0, 0), mask)
    light = Image.frombytes("L", (3, 3), bytes(rng.randint(170, 255) for _ in range(9))).resize(
        page.size, Image.Resampling.BICUBIC
    )
    lit = ImageChops.multiply(table, Image.merge("RGB", (light, light, light)))
    return _grain(lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.7, 1.2))), 6, rng)


def _perspective(corners: tuple[tuple[float, float], ...], of: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """The eight coefficients that map each corner seen to a corner of the page."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, of, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solve(rows)


def _solve(rows: list[list[float]]) -> tuple[float, ...]:
    """Solve linear equations by elimination; the last number of a row is its right side."""
    count = len(rows)
    for place in range(count):
        best = max(range(place, count), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        lead = rows[place][place]
        rows[place] = [value / lead for value in rows[place]]
        for other in range(count):
            if other != place:
                factor = rows[other][place]
                rows[other] = [value - factor * own for value, own in zip(rows[other], rows[place], strict=True)]
    return tuple(row[-1] for row in rows)
