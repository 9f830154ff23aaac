"""What WeasyPrint sets: a tree of elements, parsed as HTML, or as the well-formed XML that Word blocks become."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
from weasyprint import HTML


def parsed(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """A document of HTML as people write it, in templates."""
    return HTML(string=f'<!doctype html><meta charset="utf-8"><body><style>{css}</style>{body}', url_fetcher=fetch)


def well_formed(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """A document of well-formed elements; parsing it as XML takes a twentieth of the time."""
    root = ET.fromstring(f"<html><head></head><body>{body}</body></html>")  # noqa: S314 (written by this tool)
    style = ET.Element("style")
    style.text = css
    root[1].insert(0, style)
    return _Tree(root, fetch)


class _Tree(HTML):  # type: ignore[misc] # WeasyPrint has no types
    """WeasyPrint's document, of a tree that is there already."""

    def __init__(self, root: ET.Element, fetch: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
        self.base_url = None
        self.url_fetcher = fetch
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root
