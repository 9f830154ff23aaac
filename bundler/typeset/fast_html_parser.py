"""Parse HTML with the XML parser where it is sure to give the tree that a browser's parser gives.

WeasyPrint parses HTML by the rules of browsers, in Python: a third of the time of a bundle's own pages. Those rules differ
from XML's in tags that may be left out, in elements that end others, in the names of characters, and in what may stand
where. A page that is well-formed but for its void tags, has only elements of the table below, each where it may stand, and
no such name, has one tree by both. Any other page is left to the browser's rules.
`tests/documents/test_fast_html_parser.py` compares the trees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

_VOID_TAG = re.compile(r"<(br|col|hr|img)((?:\s+[a-z]+=\"[^\"<>]*\")*)\s*/?>")
_OTHER_EMPTY_TAG = re.compile(r"<(?!(?:br|col|hr|img)[\s/>])[^<>]*/>")
_FORBIDDEN = ("<!", "<?", "&#", "&apos;", "\r", "\0", "\f", "\x0b")
"""Comments and the like, and what the two read as other characters."""
_BROKEN_ATTRIBUTE = re.compile(r"=\s*(?:'|\"[^\"]*[\n\t][^\"]*\")")
"""In XML a line break in an attribute is a space."""
_INLINE = frozenset({"a", "b", "br", "em", "i", "img", "span", "strong", "sub", "sup"})
_BLOCKS = frozenset({"div", "h1", "h2", "h3", "hr", "p", "section", "table"})
_FLOW = _INLINE | _BLOCKS
_HEADINGS = frozenset({"h1", "h2", "h3"})
_ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_CHILDREN: dict[str, frozenset[str]] = {
    "body": _FLOW,
    "section": _FLOW,
    "div": _FLOW,
    "td": _FLOW,
    "th": _FLOW,
    "p": _INLINE,
    **dict.fromkeys(_HEADINGS, _INLINE),
    **dict.fromkeys(_INLINE - {"br", "img", "a"}, _INLINE),
    "a": _INLINE - {"a"},
    "table": _ROW_GROUPS | {"colgroup", "tr"},
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(_ROW_GROUPS, frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
    **dict.fromkeys(("br", "col", "hr", "img"), frozenset()),
}
"""What may stand in an element of a name; an inline element holds no block, so that none is ever ended by one."""
_WITHOUT_TEXT = frozenset({"table", "colgroup", "tr", *_ROW_GROUPS})
"""Text in these would be moved before the table."""


def parse_plain_html(body: str) -> ET.Element | None:
    """Parse the content of a page.

    Args:
        body: what stands in the ``body`` element.

    Returns:
        The ``body`` element; None where the browser's rules may give another tree.
    """
    if any(one in body for one in _FORBIDDEN) or _BROKEN_ATTRIBUTE.search(body) or _OTHER_EMPTY_TAG.search(body):
        return None
    closed = _VOID_TAG.sub(r"<\1\2/>", body)
    try:
        root = ET.fromstring(f"<body>{closed}</body>")  # noqa: S314 (no declaration, no entity)
    except ET.ParseError:
        return None
    if not all(_is_plain(element) for element in root.iter()) or _has_nested_links(root):
        return None
    for table in list(root.iter("table")):
        table[:] = list(_with_row_groups(table))
    return root


def _is_plain(element: ET.Element) -> bool:
    """Whether an element has only children that may stand there, and text only where it stays."""
    allowed = _CHILDREN.get(element.tag)
    if allowed is None or any(child.tag not in allowed for child in element):
        return False
    if not all(name.isascii() and name.isalpha() and name.islower() for name in element.attrib):
        return False
    texts = (element.text, *(child.tail for child in element)) if element.tag in _WITHOUT_TEXT else ()
    return not any(text and text.strip(" \n\t") for text in texts)


def _has_nested_links(root: ET.Element) -> bool:
    return any(inner is not link for link in root.iter("a") for inner in link.iter("a"))


def _with_row_groups(table: ET.Element) -> Iterator[ET.Element]:
    """The children of a table, rows that stand in no group in one of their own, as the browser's rules want it."""
    group: ET.Element | None = None
    for child in table:
        if child.tag != "tr":
            group = None
            yield child
            continue
        if group is None:
            group = ET.Element("tbody")
            yield group
        group.append(child)
