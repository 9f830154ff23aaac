"""Read the paragraphs of a Word file: their properties, their numbers and their runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bundler.word.block_model import Number, Paragraph, Run, TabStop
from bundler.word.borders import PARAGRAPH_SIDES, read_border
from bundler.word.docx_package import W
from bundler.word.header_pictures import PictureSource, read_pictures
from bundler.word.numbering import Level, ListPlace, Numbering
from bundler.word.read_fields import PAGE_BREAK, FieldReader
from bundler.word.shading_and_text_colour import fill_of
from bundler.word.styles import (
    TWIPS,
    Styles,
    digest_of,
    is_on,
    merge_attributes,
    merge_properties,
    resolve_run,
    to_points,
)
from bundler.word.symbol_font_characters import bullet_of, is_symbol_font, replace_symbols

_PARAGRAPH_PROPERTIES = (
    "jc", "keepNext", "keepLines", "pageBreakBefore", "snapToGrid", "shd", "pBdr", "contextualSpacing",
)  # fmt: skip
_SINGLE_LINE = 240
"""Word's value of single line spacing; also hundredths of a line are of 12 pt where there is no line grid."""
_AUTOMATIC_SPACE = 14.0
"""Before and after paragraphs that come from web pages, in points."""
_MAX_LINES = 50
"""WPS writes numbers without a meaning for spaces that are not set in lines; Word passes them over."""
_LEADERS = {"dot": ".", "middleDot": "·", "hyphen": "-", "underscore": "_", "heavy": "_"}


@dataclass(frozen=True, slots=True)
class _Look:
    """A paragraph without its text and number, and where it stands in a list."""

    empty: Paragraph
    place: ListPlace | None
    level: Level | None


@dataclass(frozen=True)
class ParagraphReader:
    """Reads paragraphs in their order, since a number depends on those before it.

    Attributes:
        default_tab: the distance of tab stops that no paragraph sets.
        grid: the pitch of the section's line grid; 0 if it has none.
        letter_spacing: what the section's grid adds to each character.
        grid_in_cells: the lines in table cells stand on the grid too.
        pictures: where the pictures of this part are; None where none are read.
    """

    styles: Styles
    numbering: Numbering
    default_tab: float = 21
    grid: float = 0
    letter_spacing: float = 0
    grid_in_cells: bool = False
    pictures: PictureSource | None = None

    def read(self, node: Any) -> Paragraph:  # noqa: ANN401 (an lxml element)
        """Read a ``w:p`` element; a page break in it is a form feed in the text of a run."""
        own = node.find(f"{W}pPr")
        named = None if own is None else own.find(f"{W}pStyle")
        style_id = self.styles.default_style("paragraph") if named is None else named.get(f"{W}val")
        inherited = self.styles.inheritance(style_id)
        runs = tuple(self._read_runs(node, inherited))
        first_size = next((r.size for r in runs if r.text), None)
        look = self.styles.remember(
            ("paragraph", self.grid, self.default_tab, first_size, style_id, digest_of(own)),
            lambda: self._read_look(own, style_id, inherited, first_size),
        )
        number = None
        if look.place is not None and look.level is not None:
            number = self._read_number(look.place, look.level, own, inherited)
        return replace(look.empty, runs=runs, number=number)

    def _read_look(
        self,
        own: Any,  # noqa: ANN401 (an lxml element)
        style_id: str | None,
        inherited: list[Any],
        first_size: float | None,
    ) -> _Look:
        """Read the properties of a paragraph, whose first text has a size."""
        place = self.numbering.place_of(own, inherited)
        level = None if place is None else self.numbering.level(place.number_id, place.level)
        nodes = self._property_nodes(own, inherited, place, level)
        found = merge_properties(nodes, _PARAGRAPH_PROPERTIES)
        size = resolve_run(self.styles, inherited, None if own is None else own.find(f"{W}rPr")).size
        indent = _read_indent(merge_attributes(nodes, "ind"), size if first_size is None else first_size)
        spacing = merge_attributes(nodes, "spacing")
        rule = spacing.get("lineRule", "auto")
        is_fixed = rule in {"exact", "atLeast"}
        on_grid = self.grid and not ("snapToGrid" in found and not is_on(found["snapToGrid"]))
        borders = found.get("pBdr")
        empty = Paragraph(
            style=self.styles.style_name(style_id),
            runs=(),
            align=found["jc"].get(f"{W}val", "left") if "jc" in found else "left",
            first_line=indent["first"],
            left=indent["left"],
            right=indent["right"],
            before=self._space(spacing, "before"),
            after=self._space(spacing, "after"),
            line=to_points(spacing, "line") if is_fixed else None,
            exact=rule == "exact",
            line_factor=1 if is_fixed else to_points(spacing, "line") * TWIPS / _SINGLE_LINE or 1,
            grid=self.grid if on_grid and rule != "exact" else 0,
            keep_next=is_on(found.get("keepNext")),
            keep_lines=is_on(found.get("keepLines")),
            new_page=is_on(found.get("pageBreakBefore")),
            size=size,
            tabs=_read_tabs(nodes),
            default_tab=self.default_tab,
            borders=(
                tuple(read_border(borders.find(f"{W}{side}")) for side in PARAGRAPH_SIDES)  # type: ignore[arg-type]
                if borders is not None
                else (None, None, None, None)
            ),
            fill=fill_of(found.get("shd")),
        )
        return _Look(empty, place, level)

    def _property_nodes(
        self,
        own: Any,  # noqa: ANN401 (an lxml element)
        inherited: list[Any],
        place: ListPlace | None,
        level: Level | None,
    ) -> list[Any]:
        """Return the ``w:pPr`` elements that apply, from general to particular.

        A list's indents replace those of the styles; where a style names the list, the style's own indents count more.
        """
        nodes = [self.styles.default_properties("pPr")]
        listed = None if level is None or level.node is None else level.node.find(f"{W}pPr")
        for style in inherited:
            if place is not None and place.style is style:
                nodes.append(listed)
            nodes.append(style.find(f"{W}pPr"))
        if place is not None and place.style is None:
            nodes.append(listed)
        return [*nodes, own]

    def _space(self, spacing: Mapping[str, str], side: str) -> float:
        """Return the space before or after a paragraph."""
        if spacing.get(f"{side}Autospacing") in {"1", "true", "on"}:
            return _AUTOMATIC_SPACE
        lines = to_points(spacing, f"{side}Lines") * TWIPS / 100
        if 0 < lines <= _MAX_LINES:
            return lines * (self.grid or 12)
        return max(to_points(spacing, side), 0.0)

    def _read_number(
        self,
        place: ListPlace,
        level: Level,
        own: Any,  # noqa: ANN401 (an lxml element)
        inherited: list[Any],
    ) -> Number | None:
        text = self.numbering.next_number(place)
        if level.node is None or is_on(level.node.find(f"{W}rPr/{W}vanish")):
            return None
        mark = None if own is None else own.find(f"{W}rPr")
        run = resolve_run(self.styles, inherited, mark)
        fonts = self.styles.fonts([level.node.find(f"{W}rPr")])
        if level.format == "bullet":
            font = next((name for name in fonts.values() if is_symbol_font(name)), fonts.get("ascii"))
            text, _ = bullet_of(text, font)
        numbered = _with_properties(run, level.node.find(f"{W}rPr"), self.styles)
        follower = level.follower if text else ""
        return Number(replace(numbered, text=text + follower, underline=False, fill="", raised=0), follower == "\t")

    def _read_runs(self, node: Any, inherited: list[Any]) -> Iterator[Run]:  # noqa: ANN401 (an lxml element)
        for run, text in FieldReader().runs(node):
            own = run.find(f"{W}rPr")
            character = None if own is None else own.find(f"{W}rStyle")
            named = None if character is None else character.get(f"{W}val")
            applied = [*inherited, *self.styles.inheritance(named)]
            resolved = self._spaced_run(applied, own)
            for picture in () if self.pictures is None else read_pictures(run, self.pictures):
                yield replace(resolved, picture=picture)
            if text:
                fonts = self.styles.run_fonts(applied, own)
                shown, _ = replace_symbols(text, fonts.get("ascii"), fonts.get("hAnsi"))
                yield replace(resolved, text=shown.upper() if self._is_in_capitals(applied, own) else shown)

    def _spaced_run(self, applied: list[Any], own: Any) -> Run:  # noqa: ANN401 (an lxml element)
        """Return an empty run with its properties, spaced as the section's grid asks."""
        run = resolve_run(self.styles, applied, own)
        return replace(run, spacing=run.spacing + self.letter_spacing) if self.letter_spacing else run

    def _is_in_capitals(self, applied: list[Any], own: Any) -> bool:  # noqa: ANN401 (an lxml element)
        """Whether Word shows a run's text in capitals."""
        key = ("capitals", *map(id, applied), digest_of(own))
        return self.styles.remember(key, lambda: _has_capitals([*(s.find(f"{W}rPr") for s in applied), own]))


def split_at_page_breaks(paragraph: Paragraph) -> tuple[list[Paragraph], bool]:
    """Split a paragraph into one for each page; those after a break begin a page and have no indent.

    Returns:
        The paragraphs, and whether the paragraph ends with a page break, so that what follows it begins a page.
    """
    if PAGE_BREAK not in paragraph.text:
        return [paragraph], False
    pieces: list[list[Run]] = [[]]
    for run in paragraph.runs:
        first, *others = run.text.split(PAGE_BREAK)
        pieces[-1].append(replace(run, text=first))
        pieces += [[replace(run, text=text, picture=None)] for text in others]
    ends_page = not any(run.text or run.picture for run in pieces[-1])
    if ends_page:
        pieces.pop()
    split = []
    for number, runs in enumerate(pieces):
        with_text = tuple(run for run in runs if run.text or run.picture)
        if with_text or number or paragraph.number:
            new_page = paragraph.new_page if number == 0 else True
            indent = paragraph.first_line if number == 0 else 0
            counted = paragraph.number if number == 0 else None
            split.append(replace(paragraph, runs=with_text, new_page=new_page, first_line=indent, number=counted))
    return split, ends_page


def _with_properties(run: Run, own: Any, styles: Styles) -> Run:  # noqa: ANN401 (an lxml element)
    """Return a run with the properties that a level gives its numbers."""
    found = merge_properties([own], ("sz", "b", "i", "color"))
    alone = resolve_run(styles, (), own)
    fonts = {group: name for group, name in styles.fonts([own]).items() if not is_symbol_font(name)}
    return replace(
        run,
        face=fonts.get("eastAsia") or fonts.get("ascii") or run.face,
        size=alone.size if "sz" in found else run.size,
        bold=alone.bold if "b" in found else run.bold,
        italic=alone.italic if "i" in found else run.italic,
        colour=alone.colour if "color" in found else run.colour,
    )


def _has_capitals(nodes: list[Any]) -> bool:
    return any(is_on(node) for node in merge_properties(nodes, ("caps", "smallCaps")).values())


def _read_indent(found: Mapping[str, str], size: float) -> dict[str, float]:
    """Return the indents; those in characters count more than those in points."""

    def length(*names: str) -> float:
        characters = next((to_points(found, f"{n}Chars") * TWIPS / 100 for n in names if f"{n}Chars" in found), 0)
        return characters * size or next((to_points(found, name) for name in names if name in found), 0)

    first = length("firstLine") - length("hanging")
    return {"first": first, "left": length("left", "start"), "right": length("right", "end")}


def _read_tabs(nodes: list[Any]) -> tuple[TabStop, ...]:
    """Return the tab stops from left to right; a particular node adds to the general ones, and clears some."""
    stops: dict[float, TabStop] = {}
    for tabs in (None if node is None else node.find(f"{W}tabs") for node in nodes):
        for tab in () if tabs is None else tabs:
            position, kind = to_points({"pos": tab.get(f"{W}pos", "0")}, "pos"), tab.get(f"{W}val", "left")
            if kind == "clear":
                stops.pop(position, None)
            elif kind != "bar":
                align = {"right": "right", "end": "right", "center": "center"}.get(kind, "left")
                stops[position] = TabStop(position, align, _LEADERS.get(tab.get(f"{W}leader", ""), ""))
    return tuple(stops[position] for position in sorted(stops))
