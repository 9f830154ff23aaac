"""What WeasyPrint sets: a tree of elements, parsed as HTML, or as the well-formed XML that Word blocks become."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
from weasyprint import CSS, HTML

_MARKS = frozenset({"marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})
_MARKED = ("<li", "<summary", "list-item", "footnote", "::marker")
"""What brings a list or a footnote about, in a page or in its style sheet."""


def parse_html(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """A document of HTML as people write it, in templates."""
    words = (css + body).lower()
    kind = HTML if any(word in words for word in _MARKED) else _Plain
    return kind(string=f'<!doctype html><meta charset="utf-8"><body><style>{css}</style>{body}', url_fetcher=fetch)


def parse_xml(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """A document of well-formed elements; parsing it as XML takes a twentieth of the time."""
    root = ET.fromstring(f"<html><head></head><body>{body}</body></html>")  # noqa: S314 (written by this tool)
    style = ET.Element("style")
    style.text = css
    root[1].insert(0, style)
    return _Tree(root, fetch)


class _Plain(HTML):  # type: ignore[misc] # WeasyPrint has no types
    """A document without lists and footnotes.

    WeasyPrint's own style sheet would have it work out six marks of them for each element, a seventh of a bundle's time.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: FBT001, FBT002 (WeasyPrint's)
        return [_without_marks(sheet) for sheet in super()._ua_stylesheets(forms)]


@cache
def _without_marks(sheet: CSS) -> CSS:
    plain = copy.copy(sheet)
    plain.matcher = copy.copy(sheet.matcher)
    plain.matcher.other_selectors = [one for one in sheet.matcher.other_selectors if one[3] not in _MARKS]
    return plain


class _Tree(_Plain):
    """WeasyPrint's document, of a tree that is there already."""

    def __init__(self, root: ET.Element, fetch: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
        self.base_url = None
        self.url_fetcher = fetch
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root
