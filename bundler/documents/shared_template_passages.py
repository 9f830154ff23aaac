"""Building blocks (构件): passages that several Word templates share, kept in one Word file, ``building_blocks.docx``.

A template names a block where it stands, ``{% insert received %}``, and the tag is replaced by the block's text before the
template is filled. So a block is checked in each template as if it were written there, and takes the format of its place.
In the file, a line such as 【received】收到信访材料 names a block, and the next paragraph is its text; what stands before the
first such line is for the keeper of the templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2.exceptions import TemplateRuntimeError
from lxml import etree

from bundler.file_reading import read_bounded
from bundler.word.docx_package import parse_part, read_parts

BLOCKS_FILE = "building_blocks.docx"
KEYWORD = "insert"
"""The first word of the tag that a block replaces."""
_MAX_BYTES = 8 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_HEADING = re.compile(r"\s*【\s*(\w+)\s*】\s*(.*)")
_TAG = re.compile(r"\{%\s*" + KEYWORD + r"\b(.*?)%\}", re.DOTALL)
_XML_TAG = re.compile(rb"<[^>]*>")


@dataclass(frozen=True, slots=True)
class BuildingBlock:
    """A passage.

    Attributes:
        name: the name that templates write.
        title: the Chinese title.
        text: the text with its tags, as a template would have it.
        paragraph: the number of its paragraph in the file, from 1.
    """

    name: str
    title: str
    text: str
    paragraph: int


def load_blocks(templates: Path) -> dict[str, BuildingBlock]:
    """Return the blocks of a folder of templates by name; none where it has no such file.

    Raises:
        OSError: the file cannot be read.
        PackageError: it cannot be opened.
    """
    data = read_blocks_bytes(templates)
    return dict(read_blocks_file(data)) if data else {}


def read_blocks_bytes(templates: Path) -> bytes:
    """Return the file of the blocks of a folder of templates; nothing where it has none.

    Raises:
        OSError: the file cannot be read.
    """
    path = templates / BLOCKS_FILE
    return read_bounded(path, _MAX_BYTES, follow=True) if path.is_file() else b""


@lru_cache(maxsize=8)
def read_blocks_file(data: bytes) -> tuple[tuple[str, BuildingBlock], ...]:
    """Return the blocks of a file with their names, in its order; of two blocks with one name, both.

    Raises:
        PackageError: it cannot be opened.
    """
    root = parse_part(read_parts(data)[_BODY])
    found: list[tuple[str, BuildingBlock]] = []
    name = title = ""
    for number, paragraph in enumerate(root.iter(f"{_W}p"), start=1):
        text = _paragraph_text(paragraph)
        heading = _HEADING.fullmatch(text)
        if heading:
            name, title = heading[1], heading[2]
        elif name and text.strip():
            found.append((name, BuildingBlock(name, title, text, number)))
            name = title = ""
    return tuple(found)


def _paragraph_text(paragraph: etree._Element) -> str:
    return "".join(node.text or "" for node in paragraph.iter(f"{_W}t"))


def inserted_name(tag: str) -> str:
    """Return the name of the block that a tag inserts; empty where the tag names none."""
    found = _TAG.fullmatch(tag)
    return found[1].strip() if found else ""


def insert_blocks(xml: str, templates: Path) -> str:
    """Replace the tags that insert a block by its text, in XML whose tags stand in one piece.

    Raises:
        TemplateRuntimeError: there is no such block.
    """
    if not _TAG.search(xml):
        return xml
    blocks = load_blocks(templates)

    def replacement(match: re.Match[str]) -> str:
        block = blocks.get(match[1].strip())
        if block is None:
            raise TemplateRuntimeError(f"没有“{match[1].strip()}”这个构件")
        return _escape_outside_tags(block.text)

    return _TAG.sub(replacement, xml)


_ANY_TAG = re.compile(r"(\{[{%#].*?[}%#]\})", re.DOTALL)
_QUOTES = str.maketrans("“”‘’", "\"\"''")


def _escape_outside_tags(text: str) -> str:
    """Return a passage as docxtpl has it: XML escapes in the text, straight quotes in the tags."""
    pieces = _ANY_TAG.split(text)
    escaped = [one.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for one in pieces[::2]]
    tags = [one.translate(_QUOTES) for one in pieces[1::2]]
    return "".join(part for pair in zip(escaped, [*tags, ""], strict=True) for part in pair)


def uses_blocks(template: bytes) -> bool:
    """Whether a Word template inserts a block.

    Raises:
        PackageError: it cannot be opened.
    """
    parts = read_parts(template)
    return any(
        _TAG.search(_XML_TAG.sub(b"", data).decode("utf-8", "replace"))
        for name, data in parts.items()
        if name.startswith("word/") and name.endswith(".xml") and KEYWORD.encode() in data
    )


def unknown_block(name: str, blocks: Mapping[str, BuildingBlock]) -> str:
    """Say in Chinese that there is no such block, and which there are."""
    known = "、".join(blocks) or f"没有 {BLOCKS_FILE}，或者里面没有构件"
    return f"没有“{name}”这个构件（{known}）"
