"""Where the tabs of a paragraph end: each tab's width, from the stops of the paragraph and the widths of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bundler.typeset.text_widths import run_width
from bundler.word.block_model import Paragraph, Run, TabStop

_LEAST = 0.5
"""A stop nearer than this, in points, is passed over."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab as it is set: its width in points, and the character that fills it."""

    width: float
    leader: str


def place_tabs(paragraph: Paragraph, runs: Sequence[Run], line_width: float) -> list[Tab]:
    """Return the tabs of a paragraph in order.

    Args:
        paragraph: the paragraph.
        runs: its runs, the automatic number included.
        line_width: the width of the text area or of the cell.
    """
    end = line_width - paragraph.right
    stops = [stop for stop in paragraph.tabs if stop.position > 0]
    if paragraph.first_line < 0 and paragraph.left > 0:
        stops.append(TabStop(paragraph.left))
    stops.sort(key=lambda stop: stop.position)
    pieces = _pieces(runs)
    position, tabs = paragraph.left + paragraph.first_line, []
    for number, (mark, width) in enumerate(pieces):
        if mark == "\n":
            position = paragraph.left
        elif mark == "\t":
            following = _width_until_tab(pieces[number + 1 :])
            stop = _next_stop(stops, position, paragraph.default_tab, end)
            share = {"right": 1.0, "center": 0.5}.get(stop.align, 0.0)
            gap = max(stop.position - position - share * following, 0.0)
            gap = min(gap, max(end - position - following, 0.0)) if share else gap
            tabs.append(Tab(gap, stop.leader))
            position += gap
        else:
            position += width
            if position > end > paragraph.left + _LEAST:
                position = paragraph.left + (position - paragraph.left) % (end - paragraph.left)
    return tabs


def _pieces(runs: Sequence[Run]) -> list[tuple[str, float]]:
    """Return tabs, line breaks, and the widths of the text between them."""
    pieces: list[tuple[str, float]] = []
    for run in runs:
        text = ""
        for character in run.text:
            if character in "\t\n":
                pieces += [("", run_width(run, text)), (character, 0.0)]
                text = ""
            else:
                text += character
        pieces.append(("", run_width(run, text) + (run.picture.width if run.picture else 0)))
    return pieces


def _width_until_tab(pieces: Sequence[tuple[str, float]]) -> float:
    total = 0.0
    for mark, width in pieces:
        if mark:
            break
        total += width
    return total


def _next_stop(stops: Sequence[TabStop], position: float, default: float, end: float) -> TabStop:
    """Return the first stop after a position: one of the paragraph's, else one of those that stand everywhere."""
    for stop in stops:
        if stop.position > position + _LEAST:
            return TabStop(min(stop.position, end), stop.align, stop.leader) if stop.position > end else stop
    step = default if default > 1 else 21.0
    return TabStop((int((position + _LEAST) / step) + 1) * step)
