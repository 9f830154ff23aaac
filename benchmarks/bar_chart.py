"""Draw a bar chart of wall times as SVG; a few rectangles need no plotting library."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from comparisons import Comparison

_WIDTH, _ROW_HEIGHT, _LABEL_WIDTH, _BAR_WIDTH = 760, 20, 270, 400
_OURS, _THEIRS = "#1f5fa8", "#b9bfc7"


def draw_bars(results: Sequence[Comparison]) -> str:
    """Return an SVG with a group of bars for each comparison, each group on its own scale."""
    lines = list(_draw_groups(results))
    height = sum(line[0] for line in lines) + 10
    body, y = [], 6
    for step, text in lines:
        body.append(f'<g transform="translate(0 {y})">{text}</g>')
        y += step
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>{"".join(body)}</svg>\n'
    )


def _draw_groups(results: Sequence[Comparison]) -> Iterator[tuple[int, str]]:
    for result in results:
        yield _ROW_HEIGHT + 6, f'<text x="8" y="16" font-weight="bold">{html.escape(result.title)}, seconds</text>'
        longest = max(timing.wall for timing in result.timings.values())
        for name, timing in result.timings.items():
            width = max(timing.wall / longest * _BAR_WIDTH, 1)
            colour = _OURS if name.startswith("bundler") else _THEIRS
            shapes = (
                f'<text x="{_LABEL_WIDTH - 6}" y="14" text-anchor="end">{html.escape(name)}</text>',
                f'<rect x="{_LABEL_WIDTH}" y="3" width="{width:.1f}" height="14" fill="{colour}"/>',
                f'<text x="{_LABEL_WIDTH + width + 5:.1f}" y="14">{timing.wall:.2f}</text>',
            )
            yield _ROW_HEIGHT, "".join(shapes)
        yield 10, ""
