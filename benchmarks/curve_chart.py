"""Draw the time of a bundle over its number of scanned pages as SVG, both on logarithmic scales."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 760, 380, 60, 46, 34, 130
_LABEL_HEIGHT = 14
_COLOURS = ("#1f5fa8", "#7aa6d8", "#8a8f96", "#c07a2c")


def draw_curves(title: str, curves: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """Return an SVG with one line for each name.

    Args:
        title: what is drawn.
        curves: pages and seconds of each measured point, by the line's name.
    """
    points = [point for curve in curves.values() for point in curve]
    pages = sorted({one for one, _ in points})
    low, high = min(seconds for _, seconds in points), max(seconds for _, seconds in points)

    def across(value: float) -> float:
        share = (math.log10(value) - math.log10(pages[0])) / max(math.log10(pages[-1] / pages[0]), 1e-9)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def down(value: float) -> float:
        share = (math.log10(value) - math.log10(low)) / max(math.log10(high / low), 1e-9)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP)

    parts = [f'<text x="8" y="18" font-weight="bold">{title}</text>']
    for number in pages:
        x = across(number)
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_HEIGHT - _BOTTOM}" stroke="#eee"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 26}" text-anchor="middle">{number:,}</text>')
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
        y = down(10.0**power)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    beside = _space_labels({name: down(curve[-1][1]) + 4 for name, curve in curves.items()})
    for (name, curve), colour in zip(curves.items(), _COLOURS, strict=False):
        line = " ".join(f"{across(number):.1f},{down(seconds):.1f}" for number, seconds in curve)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{across(number):.1f}" cy="{down(seconds):.1f}" r="3" fill="{colour}"/>'
            for number, seconds in curve
        ]
        label = f'x="{across(curve[-1][0]) + 8:.1f}" y="{beside[name]:.1f}" fill="{colour}"'
        parts.append(f"<text {label}>{name}</text>")
    parts.append(
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">scanned pages</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
    )


def _space_labels(heights: Mapping[str, float]) -> dict[str, float]:
    """The heights of labels, from above, with room for each below the one before."""
    spaced: dict[str, float] = {}
    lowest = -math.inf
    for name, height in sorted(heights.items(), key=lambda one: one[1]):
        spaced[name] = lowest = max(height, lowest + _LABEL_HEIGHT)
    return spaced
