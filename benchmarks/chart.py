"""A bar chart of wall times, as an SVG drawn by hand: no library is worth its weight for a few rectangles."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from works import Result

_WIDTH, _ROW, _LABEL, _BAR = 760, 20, 270, 400
_OURS, _THEIRS = "#1f5fa8", "#b9bfc7"


def bars(results: Sequence[Result]) -> str:
    """One group of bars for each work, each group on its own scale."""
    lines = list(_groups(results))
    height = sum(line[0] for line in lines) + 10
    body, y = [], 6
    for step, text in lines:
        body.append(f'<g transform="translate(0 {y})">{text}</g>')
        y += step
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>{"".join(body)}</svg>\n'
    )


def _groups(results: Sequence[Result]) -> Iterator[tuple[int, str]]:
    for result in results:
        yield _ROW + 6, f'<text x="8" y="16" font-weight="bold">{html.escape(result.title)}, seconds</text>'
        longest = max(found.wall for found in result.measured.values())
        for name, found in result.measured.items():
            width = max(found.wall / longest * _BAR, 1)
            colour = _OURS if name.startswith("bundler") else _THEIRS
            shapes = (
                f'<text x="{_LABEL - 6}" y="14" text-anchor="end">{html.escape(name)}</text>',
                f'<rect x="{_LABEL}" y="3" width="{width:.1f}" height="14" fill="{colour}"/>',
                f'<text x="{_LABEL + width + 5:.1f}" y="14">{found.wall:.2f}</text>',
            )
            yield _ROW, "".join(shapes)
        yield 10, ""
