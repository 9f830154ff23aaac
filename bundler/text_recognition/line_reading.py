"""Read a line: twice where its figures tell something, since one figure more or less makes another day or number of it.

The record says what the engine was not sure of, because no warning may rest on it: where the two looks have other figures,
where it was not certain of a figure, and where a date has room for a figure that was not read.
"""

from __future__ import annotations

import re
from collections import deque

from bundler.scan_reading.page_text_lines import fold
from bundler.scan_reading.record import Doubt
from bundler.text_recognition.ocr_engine import MIN_SCORE, Engine, Picture, Recognised, stretch

_FIGURE = "[0-9〇零○一二三四五六七八九十]"
_TELLING = re.compile(rf"{_FIGURE}[年月日号页./-]|[年月第共./-]{_FIGURE}|号[:：]|字第")
"""In a line that may hold a day, a page number, or the number of a case."""
_YEAR_BEFORE_MARK = re.compile("[0-9]{2,4}(?=年)")
_STRETCH = 1.35
"""How much wider such a line is made for a second look: the engine gives a narrow figure no place of its own."""
_SURE_FIGURE, _SURE_LINE = 0.75, 0.85
"""How certain the engine is at least where it is sure: of each figure, and of a line of words on the whole."""
_DATE = re.compile(r"([0-9]{4})([年./-])([0-9]{1,2})([月./-])([0-9]{1,2})([日号]?)")
_ROOM = 0.65
"""Between two marks of a date there is room for one more figure if so many figures' widths are left over."""
_YEAR = 4
"""The figures of a year."""


def read_line(engine: Engine, line: Picture) -> tuple[Recognised, tuple[Doubt, ...]]:
    """Read a line, and once more stretched where its figures tell something; say what the engine was not sure of.

    It misses a narrow figure more often than it adds one. So where the second text is the first with more figures, the
    second is kept.

    Args:
        engine: the engine.
        line: cut out of its page, and upright.
    """
    first = engine.read_line(line)
    doubts: set[Doubt] = {"words"} if first.score < _SURE_LINE else set()
    if first.score < MIN_SCORE or not _TELLING.search(fold(first.text)):
        return first, tuple(doubts)
    second = engine.read_line(stretch(line, _STRETCH))
    doubts |= _doubts_of_figures(first)
    if _figures(first.text) == _figures(second.text):
        doubts |= {"room"} if _has_room_for_a_figure(second) else set()
        return first, tuple(sorted(doubts))
    one, other = (_figures(_YEAR_BEFORE_MARK.sub("", fold(read.text))) for read in (first, second))
    doubts.add("year" if one == other else "figures")
    kept = second if second.score >= MIN_SCORE and _has_more_figures(second.text, first.text) else first
    return kept, tuple(sorted(doubts))


def _doubts_of_figures(read: Recognised) -> set[Doubt]:
    """What is not sure of the figures by how certain the engine was of each."""
    text = _text_of(read)
    years = {place for found in _DATE.finditer(text) for place in range(*found.span(1))}
    return {
        "year" if place in years else "figures"
        for place, one in enumerate(read.characters)
        if one.certainty < _SURE_FIGURE and re.match(_FIGURE, text[place])
    }


def _text_of(read: Recognised) -> str:
    """The text with one character for each that was read."""
    return "".join(fold(one.text)[:1] or " " for one in read.characters)


def _figures(text: str) -> str:
    return "".join(re.findall(_FIGURE, fold(text)))


def _has_more_figures(text: str, than: str) -> bool:
    """Whether a text is another one with figures put in, and nothing else."""
    rest = deque(fold(than))
    for character in fold(text):
        if rest and rest[0] == character:
            rest.popleft()
        elif not re.match(_FIGURE, character):
            return False
    return not rest


def _has_room_for_a_figure(read: Recognised) -> bool:
    """Whether month or day of a date are one figure that stands where two would: one may have been lost beside it.

    The year's figures tell how wide a figure is. In 年月日 the room of month and day is compared, without their figures.
    Between points or strokes as much room is left as a figure takes, or less.
    """
    for found in _DATE.finditer(_text_of(read)):
        at = [read.characters[place].column for place in range(*found.span())]
        width = (at[_YEAR - 1] - at[0]) / (_YEAR - 1)
        marks = [found.start(group) - found.start() for group in (2, 4, 6)]
        month = at[marks[1]] - at[marks[0]] - width * len(found[3])
        if found[2] != "年":
            beyond = {3: month - width}
        elif found[6]:
            day = at[marks[2]] - at[marks[1]] - width * len(found[5])
            beyond = {3: month - day, 5: day - month}
        else:
            continue
        if any(len(found[group]) == 1 and left > _ROOM * width for group, left in beyond.items()):
            return True
    return False
