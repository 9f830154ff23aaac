"""Automatic numbering: the number of each paragraph, computed from numbering.xml as Word does.

A paragraph names a list (``w:num``) and a level. Lists that share a definition (``w:abstractNum``) share its counters; a
number on a level begins the deeper levels again, unless they say otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bundler.word.docx_package import W, to_integer
from bundler.word.number_formats import format_number, is_known_format
from bundler.word.styles import Styles, is_on
from bundler.word.symbol_font_characters import bullet_of, is_symbol_font

_LEVELS = 9
_PLACEHOLDER = re.compile("%([1-9])")
_MAX_LINKS = 5
"""Lists that are defined by a style which refers to another list; a circle ends here."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list.

    Attributes:
        node: its ``w:lvl`` element; None if the list has no such level.
        start: its first number.
    """

    node: Any
    start: int

    @property
    def format(self) -> str:
        """The format of its numbers."""
        return _value(self.node, "numFmt", "decimal")

    @property
    def text(self) -> str:
        """The text of its numbers, in which %1 stands for the number of the first level."""
        return _value(self.node, "lvlText", "")

    @property
    def follower(self) -> str:
        """What stands between a number and the text."""
        return {"tab": "\t", "space": " ", "nothing": ""}.get(_value(self.node, "suff", "tab"), "\t")

    def is_written_out(self) -> bool:
        """Whether its numbers can be written as Word writes them."""
        return is_known_format(self.format)

    def changes_bullet(self) -> bool:
        """Whether another sign of about the same look is set for its bullet."""
        if self.format != "bullet":
            return False
        if self.node.find(f"{W}lvlPicBulletId") is not None:
            return True
        fonts = self.node.find(f"{W}rPr/{W}rFonts")
        names = [] if fonts is None else [fonts.get(f"{W}{group}") for group in ("ascii", "hAnsi")]
        return not bullet_of(self.text, next((name for name in names if is_symbol_font(name)), None))[1]


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a paragraph stands in a list: the list, the level from 0, and the style that says so (None: itself)."""

    number_id: str
    level: int
    style: Any = None


@dataclass
class Numbering:
    """The lists of a file and the counters of its paragraphs, which are to be read in their order.

    Attributes:
        root: the root of numbering.xml; None if the file has none.
    """

    root: Any
    styles: Styles
    _abstract: dict[str, Any] = field(default_factory=dict)
    _lists: dict[str, Any] = field(default_factory=dict)
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.root is not None:
            self._abstract = {n.get(f"{W}abstractNumId"): n for n in self.root.findall(f"{W}abstractNum")}
            self._lists = {name: n for n in self.root.findall(f"{W}num") if (name := n.get(f"{W}numId")) is not None}

    def place_of(self, own: Any, inherited: list[Any]) -> ListPlace | None:  # noqa: ANN401 (lxml elements)
        """Return where a paragraph stands in a list; None if it has no number.

        Args:
            own: the paragraph's ``w:pPr``; None if it has none.
            inherited: its styles, the most general first.
        """
        number_id = level = source = None
        for style in (*inherited, None):
            node = (own if style is None else style.find(f"{W}pPr")) if style is not None or own is not None else None
            numbers = None if node is None else node.find(f"{W}numPr")
            if numbers is None:
                continue
            named, depth = numbers.find(f"{W}numId"), numbers.find(f"{W}ilvl")
            if named is not None:
                number_id, source, level = named.get(f"{W}val"), style, None
            if depth is not None:
                level = to_integer(depth.get(f"{W}val", "0"))
        if number_id not in self._lists:
            return None
        if level is None:
            level = self._linked_level(str(number_id), source)
        return ListPlace(str(number_id), min(max(level, 0), _LEVELS - 1), source)

    def _linked_level(self, number_id: str, style: Any) -> int:  # noqa: ANN401 (an lxml element)
        """Return the level that is linked to a style."""
        name = None if style is None else style.get(f"{W}styleId")
        definition = self._definition(number_id)
        for node in () if definition is None or name is None else definition.findall(f"{W}lvl"):
            linked = node.find(f"{W}pStyle")
            if linked is not None and linked.get(f"{W}val") == name:
                return to_integer(node.get(f"{W}ilvl", "0"))
        return 0

    def _definition(self, number_id: str) -> Any:  # noqa: ANN401 (an lxml element)
        """Return the ``w:abstractNum`` of a list; where it refers to a style, that of the style's list."""
        for _ in range(_MAX_LINKS):
            node = self._lists.get(number_id)
            named = None if node is None else node.find(f"{W}abstractNumId")
            definition = None if named is None else self._abstract.get(named.get(f"{W}val"))
            link = None if definition is None else definition.find(f"{W}numStyleLink")
            style = None if link is None else self.styles.by_id.get(link.get(f"{W}val"))
            numbers = None if style is None else style.find(f"{W}pPr/{W}numPr/{W}numId")
            if numbers is None or numbers.get(f"{W}val") == number_id:
                return definition
            number_id = numbers.get(f"{W}val")
        return None

    def level(self, number_id: str, depth: int) -> Level:
        """Return a level of a list, as the list's own overrides change it."""
        definition = self._definition(number_id)
        node = _level_node(definition, depth)
        override = next(
            (o for o in self._lists[number_id].findall(f"{W}lvlOverride") if o.get(f"{W}ilvl") == str(depth)), None
        )
        if override is not None and override.find(f"{W}lvl") is not None:
            node = override.find(f"{W}lvl")
        start = to_integer(_value(node, "start", "0"))
        if override is not None and override.find(f"{W}startOverride") is not None:
            start = to_integer(_value(override, "startOverride", "0"))
        return Level(node, start)

    def next_number(self, place: ListPlace) -> str:
        """Count a paragraph, and return its number without what follows it; a bullet is its level's text."""
        definition = self._definition(place.number_id)
        key = place.number_id if definition is None else definition.get(f"{W}abstractNumId", "")
        counters = self._counters.setdefault(key, [None] * _LEVELS)
        self._begin_overridden(place, counters)
        levels = [self.level(place.number_id, depth) for depth in range(place.level + 1)]
        for depth, level in enumerate(levels[:-1]):
            if counters[depth] is None:
                counters[depth] = level.start
        before = counters[place.level]
        counters[place.level] = levels[-1].start if before is None else before + 1
        for deeper in range(place.level + 1, _LEVELS):
            if _begins_again(_level_node(definition, deeper), deeper, place.level):
                counters[deeper] = None
        level = levels[-1]
        if level.node is None:
            return ""
        if level.format == "bullet":
            return level.text
        is_legal = is_on(level.node.find(f"{W}isLgl"))

        def write(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            if depth > place.level:
                return ""
            style = "decimal" if is_legal and levels[depth].format != "none" else levels[depth].format
            return format_number(counters[depth] or 0, style)

        return _PLACEHOLDER.sub(write, level.text)

    def _begin_overridden(self, place: ListPlace, counters: list[int | None]) -> None:
        """Begin a level again where a list says so, the first time that the list is used on that level."""
        for depth in range(place.level + 1):
            if (place.number_id, depth) in self._begun:
                continue
            self._begun.add((place.number_id, depth))
            overrides = self._lists[place.number_id].findall(f"{W}lvlOverride")
            if any(o.get(f"{W}ilvl") == str(depth) and o.find(f"{W}startOverride") is not None for o in overrides):
                counters[depth] = None


def _level_node(definition: Any, depth: int) -> Any:  # noqa: ANN401 (lxml elements)
    nodes = () if definition is None else definition.findall(f"{W}lvl")
    return next((node for node in nodes if node.get(f"{W}ilvl") == str(depth)), None)


def _begins_again(node: Any, depth: int, counted: int) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a level begins again after a number of a higher level."""
    restart = None if node is None else node.find(f"{W}lvlRestart")
    if restart is None:
        return True
    after = to_integer(restart.get(f"{W}val", "0"))
    return after != 0 and counted < min(after, depth)


def _value(node: Any, name: str, default: str) -> str:  # noqa: ANN401 (an lxml element)
    child = None if node is None else node.find(f"{W}{name}")
    return default if child is None else str(child.get(f"{W}val", default))
