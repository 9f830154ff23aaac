"""Walk one part of a Word file, and find every construct in it that the typesetter does not support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree

from bundler.word.borders import is_plain_diagonal
from bundler.word.detect_page_number_boxes import (
    has_frame,
    holds_picture,
    is_outermost_shape,
    is_page_number_box,
    is_page_number_frame,
    may_be_shape,
)
from bundler.word.docx_package import MC, W
from bundler.word.header_pictures import PictureSource, read_pictures
from bundler.word.numbering import Numbering
from bundler.word.read_fields import PAGE_FIELDS, WORD_FIELDS, FieldReader, is_unknown_symbol, shown_text
from bundler.word.styles import Styles, digest_of, is_on, is_toggled, merge_properties
from bundler.word.supported_sections import is_plain_section
from bundler.word.symbol_font_characters import replace_symbols
from bundler.word.unsupported_construct_names import REVIEW_MARKS, Finding

_UNSUPPORTED = {
    "object": "嵌入对象",
    "altChunk": "嵌入的其他文档",
    "footnoteReference": "脚注",
    "endnoteReference": "尾注",
    "oMath": "公式",
    "subDoc": "子文档",
    "ruby": "拼音指南",
}
_TOGGLES = {"vanish": "隐藏文字", "specVanish": "隐藏文字", "strike": "删除线", "dstrike": "删除线"}
_RUN_CONTENT = frozenset(
    f"{W}{name}"
    for name in (
        "rPr", "t", "tab", "ptab", "br", "cr", "noBreakHyphen", "softHyphen", "lastRenderedPageBreak", "fldChar",
        "instrText", "delText", "delInstrText", "sym", "pgNum", "annotationRef", "drawing", "pict", "separator",
        "continuationSeparator", "footnoteRef", "endnoteRef", *_UNSUPPORTED, *REVIEW_MARKS,
    )
)  # fmt: skip
"""What a run may hold: read, found by its name, or without a mark on paper."""
_INLINE = frozenset({"p", "hyperlink", "fldSimple", "ins", "dir", "bdo", "sdt", "sdtContent", "customXml", "smartTag"})
_BLOCKS = frozenset({"body", "hdr", "ftr", "tc", "sdt", "sdtContent", "customXml", "smartTag"})
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag"})
_REVIEWED = frozenset({"del", "moveFrom", "moveTo", "rt", "rubyBase", "txbxContent", "footnote", "endnote", "comment"})
"""Parents whose content is not read, and which are found by their own names."""
_PARENTS = {
    "r": _INLINE | _REVIEWED,
    "p": _BLOCKS | _REVIEWED,
    "tbl": _BLOCKS | _REVIEWED,
    "tr": _WRAPPERS | {"tbl"},
    "tc": _WRAPPERS | {"tr"},
}
"""Where each element is read; anywhere else its text would be left out."""
_CHECKED = frozenset({*_PARENTS, "sectPr", "hyperlink"})
_HORIZONTAL = frozenset({"lrTb", "lr", "lrTbV", "tb"})
_DOWNWARDS = frozenset({"tbRl", "tbRlV", "rl", "rlV"})
PAGE_BOX, LINKS, FORMAT_REVISIONS, MANY_DIAGONALS, BULLETS = (
    "页眉页脚里文本框、图文框中的页码没有装订，卷内另有页号",
    "链接只留文字",
    "格式修订按改后的格式",
    "单元格里几条斜线的没有画出",
    "有的项目符号换成了相近的",
)


@dataclass
class PartCheck:
    """The check of one part; `notes` is filled as the findings are yielded.

    Attributes:
        where: the part in Chinese.
        pictures: where its pictures are; None in the body, where none are carried.
        notes: what is carried otherwise than Word shows it.
    """

    root: Any
    where: str
    styles: Styles
    numbering: Numbering
    pictures: PictureSource | None = None
    notes: list[str] = field(default_factory=list)

    @cached_property
    def _paragraphs(self) -> dict[Any, int]:
        """The number of each paragraph; the table keeps the elements alive, so that each stays the same object."""
        return {node: number for number, node in enumerate(self.root.iter(f"{W}p"), start=1)}

    @property
    def _is_edge(self) -> bool:
        return self.root.tag in {f"{W}hdr", f"{W}ftr"}

    def find(self) -> Iterator[Finding]:
        """Yield each construct, in the order of the part."""
        walk = etree.iterwalk(self.root, events=("start",))
        for _, node in walk:
            tag = node.tag
            if not isinstance(tag, str) or _is_plain(tag):
                continue
            name = tag.rpartition("}")[2]
            if tag.startswith(W) and name.endswith("Change"):
                self.notes.append(FORMAT_REVISIONS)
                walk.skip_subtree()
            elif is_outermost_shape(node):
                yield from self._at(node, self._check_shape(node))
                walk.skip_subtree()
            else:
                yield from self._at(node, self._check_node(node, name))

    def _at(self, node: Any, constructs: Iterator[str]) -> Iterator[Finding]:  # noqa: ANN401 (an lxml element)
        for construct in dict.fromkeys(constructs):
            paragraph = next(node.iterancestors(f"{W}p"), node) if node.tag != f"{W}p" else node
            if node.tag == f"{W}sectPr" and paragraph.tag != f"{W}p":
                paragraph = next(node.itersiblings(f"{W}p", preceding=True), None)
            elif paragraph.tag != f"{W}p":
                holders = [node, *node.iterancestors(f"{W}tc", f"{W}tr", f"{W}tbl")]
                paragraph = next((p for holder in holders for p in holder.iter(f"{W}p")), None)
            number = self._paragraphs.get(paragraph, 0)
            words = "" if paragraph is None else shown_text(paragraph).strip()[:12]
            location = f"{self.where}第{number}段" if number else self.where
            yield Finding(construct, self.where, number, location + (f"（“{words}”）" if words else ""))

    def _check_node(self, node: Any, name: str) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        if not _is_where_it_is_read(node, name):
            yield "位置不对的段落、表格或者文字"
        if node.tag == f"{W}p":
            yield from self._check_paragraph(node)
        elif node.tag == f"{W}r":
            yield from self._check_run(node)
        elif node.tag == f"{W}tc":
            yield from self._check_cell(node)
        elif node.tag == f"{W}sectPr":
            yield from _check_section(node)
        elif node.tag.startswith(W) and name in REVIEW_MARKS:
            yield REVIEW_MARKS[name]
        elif name in _UNSUPPORTED:
            yield _UNSUPPORTED[name]
        elif node.tag == f"{W}hyperlink":
            self.notes.append(LINKS)

    def _check_shape(self, node: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        if node.getparent().tag == f"{W}tcPr":
            if not is_plain_diagonal(node):
                self.notes.append(MANY_DIAGONALS)
            return
        if any(
            child.tag.startswith(W) and child.tag.rpartition("}")[2] in REVIEW_MARKS for child in node.iter(f"{W}*")
        ):
            yield "修订（文本框里）"
        if self._is_edge and is_page_number_box(node):
            self.notes.append(PAGE_BOX)
        elif self._is_edge and self._is_carried_picture(node):
            return
        elif next(node.iter(f"{W}txbxContent"), None) is not None:
            yield "文本框"
        elif holds_picture(node):
            yield "图片"
        elif node.tag == f"{W}object":
            yield "嵌入对象"
        elif node.tag == f"{MC}AlternateContent" and next(node.iter(f"{W}drawing", f"{W}pict"), None) is None:
            yield "新旧版本各写一份的内容"
        else:
            yield "图形"

    def _is_carried_picture(self, node: Any) -> bool:  # noqa: ANN401 (an lxml element)
        """Whether it is an inline picture that is read, such as the QR code in the header of a drafted paper."""
        inline = [etree.QName(child).localname for child in node] == ["inline"]
        return inline and self.pictures is not None and any(True for _ in read_pictures(node, self.pictures))

    def _check_paragraph(self, node: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        own = node.find(f"{W}pPr")
        named = None if own is None else own.find(f"{W}pStyle")
        style = self.styles.default_style("paragraph") if named is None else named.get(f"{W}val", "")
        if named is not None and style not in self.styles.by_id:
            yield "文件里没有定义的样式"
        if is_page_number_frame(node, self.styles):
            self.notes.append(PAGE_BOX)
        elif has_frame(node, self.styles):
            yield "图文框"
        if own is not None and is_on(own.find(f"{W}rPr/{W}vanish")):
            yield "隐藏文字"
        yield from self._check_number(own, self.styles.inheritance(style))
        reader = FieldReader()
        for _ in reader.runs(node):
            pass
        allowed = WORD_FIELDS | ({"PAGE", "NUMPAGES"} if self._is_edge else frozenset())
        others = [name for name in reader.names if name not in allowed]
        if reader.is_open or (others and not (set(others) <= PAGE_FIELDS and _is_in_box(node))):
            yield "域（会自己变的内容）"

    def _check_number(self, own: Any, inherited: list[Any]) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        """Find what the automatic number of a paragraph asks for, given its own properties and its styles."""
        place = self.numbering.place_of(own, inherited)
        level = None if place is None else self.numbering.level(place.number_id, place.level)
        if level is None or level.node is None:
            return
        if not level.is_written_out():
            yield f"自动编号的格式（{level.format}）"
        elif level.changes_bullet():
            self.notes.append(BULLETS)
        mark = None if own is None else own.find(f"{W}rPr")
        if any(_is_struck(level.node, inherited, mark, name) for name in ("strike", "dstrike")):
            yield "删除线"

    def _check_run(self, node: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        own = node.find(f"{W}rPr")
        inherited = self._run_styles(node, own)
        text = "".join(child.text or "" for child in node.iter(f"{W}t"))
        if text or node.find(f"{W}sym") is not None:
            key = ("constructs", *map(id, inherited), digest_of(own))
            yield from self.styles.remember(key, lambda: tuple(self._check_formats(inherited, own)))
            fonts = self.styles.run_fonts(inherited, own)
            unknown = replace_symbols(text, fonts.get("ascii"), fonts.get("hAnsi"))[1]
            if unknown or any(is_unknown_symbol(symbol) for symbol in node.iter(f"{W}sym")):
                yield "符号字体的符号"
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _RUN_CONTENT and not child.tag.startswith(MC):
                yield f"少见的内容（{child.tag.rpartition('}')[2]}）"

    def _check_formats(self, inherited: list[Any], own: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        """Find what a run's properties ask for, whatever its text is."""
        for name, label in _TOGGLES.items():
            if is_toggled(inherited, own, name):
                yield label
        raised = merge_properties(self.styles.run_nodes(inherited, own), ("vertAlign",)).get("vertAlign")
        if raised is not None and raised.get(f"{W}val", "baseline") != "baseline":
            yield "上标或者下标"

    def _run_styles(self, node: Any, own: Any) -> list[Any]:  # noqa: ANN401 (lxml elements)
        paragraph = next(node.iterancestors(f"{W}p"), None)
        named = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        style = self.styles.default_style("paragraph") if named is None else named.get(f"{W}val")
        character = None if own is None else own.find(f"{W}rStyle")
        return [
            *self.styles.inheritance(style),
            *self.styles.inheritance(None if character is None else character.get(f"{W}val")),
        ]

    def _check_cell(self, cell: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        """Find text that Word hides, because its cell is merged into the one above, and text that runs upwards."""
        found = merge_properties([cell.find(f"{W}tcPr")], ("vMerge", "textDirection"))
        merged, direction = found.get("vMerge"), found.get("textDirection")
        is_hidden = merged is not None and merged.get(f"{W}val", "continue") == "continue"
        if is_hidden and any(shown_text(paragraph).strip() for paragraph in cell.iter(f"{W}p")):
            yield "已被合并的单元格里还留着的文字"
        if direction is not None and direction.get(f"{W}val", "lrTb") not in _HORIZONTAL | _DOWNWARDS:
            yield "竖排文字（由下往上）"
        if cell.find(f"{W}tcPr/{W}hMerge") is not None:
            yield "旧式合并的单元格"


def _is_struck(level: Any, styles: list[Any], mark: Any, name: str) -> bool:  # noqa: ANN401 (lxml elements)
    """Whether the number of a paragraph is struck, by its level or by the paragraph's mark."""
    own = level.find(f"{W}rPr/{W}{name}")
    return is_on(own) if own is not None else is_toggled(styles, mark, name)


def _is_where_it_is_read(node: Any, name: str) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether the reader comes to an element: it stands in one of the elements whose content is read."""
    parent = node.getparent()
    if not node.tag.startswith(W) or name not in _PARENTS or parent is None:
        return True
    return parent.tag.startswith(W) and parent.tag.rpartition("}")[2] in _PARENTS[name]


def _is_in_box(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    return any(ancestor.tag == f"{W}txbxContent" for ancestor in node.iterancestors())


@lru_cache(maxsize=1024)
def _is_plain(tag: str) -> bool:
    """Whether no element of this tag, in itself, is a construct to report."""
    name = tag.rpartition("}")[2]
    is_reported = name in _UNSUPPORTED or may_be_shape(tag)
    if tag.startswith(W):
        is_reported |= name in _CHECKED or name in REVIEW_MARKS or name.endswith("Change")
    return not is_reported


def _check_section(node: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
    columns, direction = node.find(f"{W}cols"), node.find(f"{W}textDirection")
    if columns is not None and columns.get(f"{W}num", "1") != "1":
        yield "分栏"
    if direction is not None and direction.get(f"{W}val", "lrTb") not in _HORIZONTAL:
        yield "竖排文字"
    if not is_plain_section(node):
        yield "分节"
