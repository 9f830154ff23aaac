"""Page numbers that Word and WPS put into headers and footers in a text box or a frame.

They are left out of the bundle, which has its own 页号.
"""

from __future__ import annotations

import re
from typing import Any

from bundler.word.block_model import PAGE_FIELD, PAGES_FIELD
from bundler.word.docx_package import MC, W
from bundler.word.header_pictures import R
from bundler.word.read_fields import PAGE_FIELDS, FieldReader
from bundler.word.styles import Styles

_AROUND = re.compile(r"[第页共总张/／\-—–－_~·.．|\s（）()]*")
"""What stands around page numbers, such as 第1页 共3页."""
_BOXES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_HOLDERS = (f"{MC}AlternateContent", *_BOXES)


def is_page_number_box(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a drawing is a text box with a page number and nothing else."""
    contents = list(node.iter(f"{W}txbxContent"))
    return bool(contents) and not holds_picture(node) and all(map(_is_page_number, contents))


def holds_picture(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a drawing refers to a picture or an embedded object."""
    return any(
        str(child.tag).endswith(("}blip", "}imagedata", "}OLEObject")) and any(k.startswith(R) for k in child.attrib)
        for child in node.iter()
    )


def is_page_number_frame(paragraph: Any, styles: Styles) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a paragraph of a header or footer is a frame with a page number and nothing else."""
    root = next(paragraph.iterancestors(f"{W}hdr", f"{W}ftr"), None)
    return root is not None and has_frame(paragraph, styles) and _is_page_number(paragraph)


def has_frame(paragraph: Any, styles: Styles) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a paragraph stands in a frame, by itself or by its style."""
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    inherited = styles.inheritance(None if named is None else named.get(f"{W}val"))
    return any(n.find(f"{W}pPr/{W}framePr") is not None for n in (*inherited, paragraph))


def _is_page_number(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    paragraphs = [node] if node.tag == f"{W}p" else list(node.iter(f"{W}p"))
    names: list[str] = []
    for paragraph in paragraphs:
        reader = FieldReader()
        text = "".join(shown for _, shown in reader.runs(paragraph))
        if not _AROUND.fullmatch(text.replace(PAGE_FIELD, "").replace(PAGES_FIELD, "")):
            return False
        if node.tag == f"{W}p" and any(True for _ in paragraph.iter(*_BOXES)):
            return False
        names += reader.names + (["PAGE"] if next(paragraph.iter(f"{W}pgNum"), None) is not None else [])
    return bool(names) and set(names) <= PAGE_FIELDS


def may_be_shape(tag: str) -> bool:
    """Whether elements of this tag are drawings, or contents written in two ways."""
    return tag in _HOLDERS


def is_outermost_shape(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether a drawing, or a content written in two ways, is inside no other."""
    return node.tag in _HOLDERS and not any(a.tag in _HOLDERS for a in node.iterancestors())
