"""The hot spots of WeasyPrint's computing of styles, each replaced by code that does the same in less time.

As in `bundler.typeset.weasyprint_speedups`, the functions are those of release 70, and what a short cut does not cover is
left to the original; `tests/documents/test_weasyprint_speedups.py` compares the files that both write.
"""

from __future__ import annotations

from functools import cache
from math import inf
from typing import Any

from weasyprint import css, document
from weasyprint.css import AnonymousStyle, ComputedStyle, StyleFor, computed_values
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

_SPECIAL = frozenset({"page", "position", "float", "display"})
"""Properties whose computed value depends on others."""
_SIDES = ("top", "right", "bottom", "left")
_ASKED_OF_EACH_BOX = (
    "image_orientation",
    "transform",
    "border_image_source",
    "mask_border_source",
    "background_image",
    "background_color",
    "box_shadow",
    "bookmark_state",
    "bookmark_level",
    "appearance",
    "opacity",
    "outline_style",
    "outline_offset",
    "outline_color",
    "box_decoration_break",
    "continue",
    "max_lines",
    "counter_reset",
    "counter_set",
    "counter_increment",
    "box_sizing",
    "width",
    "min_width",
    "max_width",
    "height",
    "min_height",
    "max_height",
    "vertical_align",
    "overflow",
    "anchor",
    "string_set",
    "content",
    *(f"border_{down}_{side}_radius" for down in ("top", "bottom") for side in ("left", "right")),
    *(f"{name}_{side}" for name in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_style" for side in _SIDES),
)
"""What the layout asks of nearly every box."""


def _logical_names(key: str) -> tuple[str, ...]:
    """The logical properties, such as margin-block-start, that may stand for a physical one."""
    find = PHYSICAL_FUNCTIONS.get(key)
    return tuple({find(block="ttb", inline=inline) for inline in ("ltr", "rtl")}) if find else ()


_PLAIN = {
    key: _logical_names(key)
    for key in INITIAL_VALUES
    if key not in _SPECIAL
    and not key.startswith("text_decoration_")
    and (key in INHERITED or key not in INITIAL_NOT_COMPUTED)
}
"""Properties that, where no rule sets them, have the parent's or the initial value as it is; with their logical names."""
_FILLED = {key: INITIAL_VALUES[key] for key in _ASKED_OF_EACH_BOX if key in _PLAIN and key not in INHERITED}
"""Initial values that each style has from the beginning: finding one later takes a call in Python."""
_FILLED_BY_LOGICAL_NAME = {
    logical: [key for key in _FILLED if logical in _PLAIN[key]] for names in _PLAIN.values() for logical in names
}
_compute = ComputedStyle.__missing__
_make_computed, _make_anonymous = ComputedStyle.__init__, AnonymousStyle.__init__


def _make_computed_quickly(style: Any, parent: Any, cascaded: Any, pseudo_type: Any, *arguments: Any) -> None:  # noqa: ANN401
    """Make the style of an element; what no rule sets has its initial value already."""
    _make_computed(style, parent, cascaded, pseudo_type, *arguments)
    if parent is None or pseudo_type is not None:  # WeasyPrint goes through all values of the style of a first line
        return
    style.update(_FILLED)
    for key in cascaded:
        style.pop(key, None)
        for physical in _FILLED_BY_LOGICAL_NAME.get(key, ()):
            style.pop(physical, None)


def _make_anonymous_quickly(style: Any, parent: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Make the style of a box that stands for no element; no rule sets any of it."""
    style.update(_FILLED)
    _make_anonymous(style, parent)


def _compute_quickly(style: Any, key: str) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """The value of a property that was not asked for before; most are set by no rule."""
    cascaded, parent = style.cascaded, style.parent_style
    names = _PLAIN.get(key)
    if names is None or parent is None or key in cascaded or any(name in cascaded for name in names):
        return _compute(style, key)
    value = style[key] = parent[key] if key in INHERITED else INITIAL_VALUES[key]
    return value


_parse_color = computed_values.parse_color


@cache
def _parse_color_name(name: str, scheme: str) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    return _parse_color(name, scheme)


def _parse_color_once(value: Any, scheme: Any = None) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """The colour that a value of a style sheet means; few of them are different."""
    if value.__class__ is str and scheme.__class__ is str:
        return _parse_color_name(value, scheme)
    return _parse_color(value, scheme)


def _apply_rules_once(  # noqa: PLR0913, PLR0917 (WeasyPrint's)
    styles: Any,  # noqa: ANN401
    html: Any,  # noqa: ANN401
    sheets: Any,  # noqa: ANN401
    presentational_hints: bool,  # noqa: FBT001
    font_config: Any,  # noqa: ANN401
    target_collector: Any,  # noqa: ANN401
) -> None:
    """Find the style of each element; where it is that of another element, the rules are not gone through again."""
    root, base_url = html.etree_element, html.base_url
    cascaded: dict[Any, Any] = {}
    computed: dict[Any, Any] = {}
    vars(styles).update(_cascaded_styles=cascaded, _computed_styles=computed, _sheets=sheets)
    styles.initial_page_sizes = {"box": None, "area": None}
    styles.font_config = font_config
    attributes: dict[Any, Any] = {}
    for specificity, element, declarations, url in css.find_style_attributes(root, presentational_hints, base_url):
        attributes[element] = tuple(declarations)
        rules = css.preprocess_declarations(url, declarations)
        _cascade(cascaded.setdefault((element, None), {}), rules, "author", inf, specificity)
    shared: dict[Any, Any] = {}
    for wrapper in html.wrapper_element.iter_subtree():
        element, parent = wrapper.etree_element, wrapper.parent.etree_element if wrapper.parent else None
        matched = [(sheet, *rest, rule) for sheet, *rest in sheets for rule in sheet.matcher.match(wrapper)]
        # A rule's declarations are the same object for each of its selectors, and live as long as the style sheet.
        same = [(id(declarations), specificity) for *_, (specificity, _, _, (declarations, _)) in matched]
        key = (None if parent is None else id(computed[parent, None]), attributes.get(element), *same)
        known = shared.get(key)
        for sheet, origin, of_sheet, (specificity, _, pseudo_type, (declarations, layer)) in matched:
            if known is None or pseudo_type:
                order = inf if layer is None else sheet.layers.index(layer)
                style = cascaded.setdefault((element, pseudo_type), {})
                _cascade(style, declarations, origin, order, of_sheet or specificity)
        if known is None:
            styles.set_computed_styles(element, parent, root, None, base_url, target_collector)
            known = shared[key] = computed[element, None]
        computed[element, None] = known
    for element, pseudo_type in cascaded:
        if pseudo_type:
            styles.set_computed_styles(element, element, root, pseudo_type, base_url, target_collector)
    cascaded.clear()


def _cascade(style: dict[str, Any], declarations: Any, origin: str, order: float, specificity: Any) -> None:  # noqa: ANN401
    """Add the declarations of a rule to a style, where they outweigh what it has."""
    for name, values, importance in declarations:
        weight = (css.declaration_precedence(origin, importance), order, specificity)
        before = style.get(name)
        if before is None or before[1] <= weight:
            style[name] = values, weight


_read_metadata = document.get_html_metadata
_METADATA_ELEMENTS = ("title", "meta", "link")


def _read_metadata_quickly(html: Any) -> dict[str, Any]:  # noqa: ANN401 (WeasyPrint has no types)
    """Find the title, the attachments and the like of a document; the pages of a bundle have none."""
    root = html.etree_element
    if any(next(root.iter(name), None) is not None for name in _METADATA_ELEMENTS):
        found: dict[str, Any] = _read_metadata(html)
        return found
    absent = dict.fromkeys(("title", "description", "generator", "created", "modified"))
    return {**absent, "keywords": [], "authors": [], "attachments": [], "lang": root.get("lang"), "custom": {}}


def speed_up_styles() -> None:
    """Replace the hot spots; a second call does nothing more."""
    computed_values.parse_color = _parse_color_once
    ComputedStyle.__missing__ = _compute_quickly
    ComputedStyle.__init__ = _make_computed_quickly
    AnonymousStyle.__init__ = _make_anonymous_quickly
    StyleFor.__init__ = _apply_rules_once
    document.get_html_metadata = _read_metadata_quickly
