"""Parse a style sheet, and the declarations of a style class, once in a process, by WeasyPrint's own functions.

`bundler.typeset.style_classes` gives each look a class, and the papers of a case have many looks in common. The bundle's
own pages have one style sheet. As text, WeasyPrint would parse all of it anew for each paper, a tenth of its layout.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import cssselect2
import tinycss2
from weasyprint import CSS, css
from weasyprint.css.validation import preprocess_declarations
from weasyprint.logger import LOGGER

_MOST_KEPT = 4096
_LOOKS, _SHEET = "looks", "kept_sheet"
"""The attributes of a document's root under which classes and a style sheet are left."""
_find_stylesheets = css.find_stylesheets
_declarations: dict[str, list[Any]] = {}
_sheets: dict[str, Any] = {}
_FAR_REACHING = re.compile(r"@(?!page\b|(?:top|bottom|left|right)-)|url\(", re.IGNORECASE)
"""Rules such as ``@import`` and ``@counter-style``, and what is fetched."""
Value = TypeVar("Value")


class _Counter(logging.Handler):
    """Counts warnings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count a warning."""
        del record
        self.count += 1


def _parse_once(parsed: dict[str, Value], text: str, parse: Callable[[str], Value]) -> Value:
    """Parse a text, or give what it was parsed to; one of which WeasyPrint warns is parsed each time, so that it warns each time."""
    if text in parsed:
        return parsed[text]
    counter = _Counter()
    LOGGER.addHandler(counter)
    try:
        found = parse(text)
    finally:
        LOGGER.removeHandler(counter)
    if not counter.count:
        if len(parsed) >= _MOST_KEPT:
            parsed.clear()
        parsed[text] = found
    return found


def parse_declarations(declarations: str) -> list[Any]:
    """Parse the declarations of a style class."""
    return _parse_once(
        _declarations,
        declarations,
        lambda text: list(preprocess_declarations(None, tinycss2.parse_blocks_contents(text))),
    )


def parse_style_sheet(text: str) -> Any | None:  # noqa: ANN401 (WeasyPrint has no types)
    """Parse a style sheet; None for one with rules that act on more than itself."""
    return None if _FAR_REACHING.search(text) else _parse_once(_sheets, text, lambda css: CSS(string=css))


@lru_cache(maxsize=_MOST_KEPT)
def _class_selector(name: str) -> Any:  # noqa: ANN401 (cssselect2 has no types)
    return cssselect2.compile_selector_list(f".{name}")[0]


def set_looks(document: Any, looks: Mapping[str, str]) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Give a document style classes, after the rules of its first style sheet.

    Args:
        document: WeasyPrint's; it has a ``style`` element.
        looks: the name of each class by its declarations.
    """
    setattr(document.wrapper_element, _LOOKS, looks)


def set_style_sheet(document: Any, sheet: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Give a document a parsed style sheet, in the place of the same one as text in its only ``style`` element."""
    setattr(document.wrapper_element, _SHEET, sheet)


def _find_kept(wrapper: Any, *arguments: Any) -> Iterator[Any]:  # noqa: ANN401 (WeasyPrint has no types)
    """Yield the style sheets of a document; its classes are in the first."""
    sheet = getattr(wrapper, _SHEET, None)
    if sheet is not None:
        yield sheet
        return
    looks: Mapping[str, str] = getattr(wrapper, _LOOKS, {})
    for found in _find_stylesheets(wrapper, *arguments):
        for text, name in looks.items():
            declarations = parse_declarations(text)
            if declarations:
                found.matcher.add_selector(_class_selector(name), (declarations, None))
        looks = {}
        yield found


def keep_parsed_styles() -> None:
    """Let WeasyPrint find what `set_looks` and `set_style_sheet` give it; a second call does nothing more."""
    css.find_stylesheets = _find_kept
