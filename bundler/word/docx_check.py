"""Reading a .docx: its words paragraph by paragraph, and every construct that the typesetter does not carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from bundler.file_record import FileProblem
from bundler.word.package import PackageError, W, parse_part_cached, read_parts

_UNREVIEWED = {
    "ins": "修订（插入）",
    "del": "修订（删除）",
    "moveFrom": "修订（移动）",
    "moveTo": "修订（移动）",
    "commentReference": "批注",
    "commentRangeStart": "批注",
}
_UNCARRIED = {
    "txbxContent": "文本框",
    "object": "嵌入对象",
    "altChunk": "嵌入的其他文档",
    "footnoteReference": "脚注",
    "endnoteReference": "尾注",
    "oMath": "公式",
    "subDoc": "子文档",
    "pict": "图形",
    "drawing": "图片",
    "sym": "符号字体的符号",
    "ruby": "拼音指南",
    "numPr": "自动编号",
    "sectPr": "分节",
    "vanish": "隐藏文字",
    "strike": "删除线",
    "dstrike": "删除线",
    "highlight": "突出显示",
    "vertAlign": "上标或者下标",
    "framePr": "图文框",
    "AlternateContent": "新旧版本各写一份的内容",
}
_FIELDS_ALLOWED = frozenset({"PAGE", "NUMPAGES"})


@dataclass(frozen=True, slots=True)
class WordDocument:
    """What was read of a Word file.

    Attributes:
        paragraphs: the body's, tables' cells included, in reading order.
        edges: those of headers and footers.
        problems: what is wrong with it.
    """

    paragraphs: tuple[str, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    edges: tuple[str, ...] = ()

    def text(self) -> str:
        """All text, a paragraph a line; headers and footers last."""
        return "\n".join((*self.paragraphs, *self.edges))


def read_docx(data: bytes) -> WordDocument:
    """Read a Word file; what is wrong with it comes back as problems, nothing is raised."""
    try:
        parts = read_parts(data)
        body = parse_part_cached(parts["word/document.xml"]) if "word/document.xml" in parts else None
        others = {name: parse_part_cached(part) for name, part in parts.items() if _is_text_part(name)}
    except PackageError as error:
        return WordDocument(problems=(FileProblem(error.rule, error.message, error.fix),))
    if body is None:
        return WordDocument(problems=(FileProblem("FILE-DAMAGED", "没有正文。", "请用 Word 打开后另存。"),))
    problems = [problem for _, _, problem in _located(body, others, parts)]
    edges = [_text(paragraph) for name, part in others.items() if _is_edge(name) for paragraph in part.iter(f"{W}p")]
    paragraphs = tuple(_text(paragraph) for paragraph in body.iter(f"{W}p"))
    if not any(paragraph.strip() for paragraph in paragraphs) and not problems:
        problems.append(FileProblem("FILE-EMPTY", "没有文字。", "请核对文件。"))
    return WordDocument(paragraphs, tuple(dict.fromkeys(problems)), tuple(edges))


LocatedProblem = tuple[str, int, FileProblem]
"""A problem with its part and the number of its paragraph, 0 for the whole part."""


def locate_problems(data: bytes) -> tuple[LocatedProblem, ...]:
    """What is wrong with a Word file that can be taken apart, each with its part and paragraph.

    Raises:
        PackageError: it cannot be taken apart.
    """
    parts = read_parts(data)
    others = {name: parse_part_cached(part) for name, part in parts.items() if _is_text_part(name)}
    return tuple(dict.fromkeys(_located(parse_part_cached(parts["word/document.xml"]), others, parts)))


def _located(
    body: etree._Element, others: dict[str, etree._Element], parts: dict[str, bytes]
) -> Iterator[LocatedProblem]:
    styles = _read_styles(parts)
    yield from (("正文", number, problem) for number, problem in _problems(body, "正文", styles))
    yield from (("文件", 0, problem) for problem in _external(parts))
    for name, part in others.items():
        where = "页眉页脚" if _is_edge(name) else "附属部分"
        yield from ((where, number, problem) for number, problem in _problems(part, where, styles))


def _is_edge(name: str) -> bool:
    return "header" in name or "footer" in name


@dataclass(frozen=True, slots=True)
class _Styles:
    """The styles that the file defines, and those that number their paragraphs by themselves."""

    known: frozenset[str] = frozenset()
    numbering: frozenset[str] = frozenset()


def _read_styles(parts: dict[str, bytes]) -> _Styles:
    part = parts.get("word/styles.xml")
    return _Styles() if part is None else _styles_of(part)


@lru_cache(maxsize=8)
def _styles_of(part: bytes) -> _Styles:
    """Read once for all papers of one template: filling changes no style."""
    nodes = {node.get(f"{W}styleId", ""): node for node in parse_part_cached(part).iter(f"{W}style")}
    return _Styles(frozenset(nodes), frozenset(name for name in nodes if _numbers(nodes, name)))


def _numbers(nodes: dict[str, etree._Element], name: str) -> bool:
    """Whether a style, or one that it is based on, numbers its paragraphs."""
    for _ in range(20):  # a circle ends somewhere
        node = nodes.get(name)
        if node is None:
            return False
        number = node.find(f"{W}pPr/{W}numPr")
        if number is not None:
            return _counts(number, "numPr")
        base = node.find(f"{W}basedOn")
        name = "" if base is None else base.get(f"{W}val", "")
    return False


def _is_text_part(name: str) -> bool:
    stem = name.removeprefix("word/")
    return (
        name.startswith("word/")
        and stem.startswith(("header", "footer", "footnotes", "endnotes", "comments"))
        and name.endswith(".xml")
    )


def _text(paragraph: etree._Element) -> str:
    return "".join(
        (node.text or "") if node.tag == f"{W}t" else "\t" if node.tag == f"{W}tab" else "\n"
        for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
    )


def _problems(root: etree._Element, where: str, styles: _Styles) -> Iterator[tuple[int, FileProblem]]:
    """Each problem with the number of its paragraph, 0 for the whole part."""
    if etree.QName(root).localname == "comments" and len(root):
        yield 0, _unreviewed("批注", where)
    for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
        words = _text(paragraph)[:12]
        place = f"{where}第{number}段" + (f"（“{words}”）" if words else "")
        yield from ((number, found) for found in _in_paragraph(paragraph, place, etree.QName(root).localname))
        yield from ((number, found) for found in _of_style(paragraph, place, styles))
        held = _of_cell(paragraph.getparent(), place, has_words=bool(words.strip()))
        yield from ((number, found) for found in held)
    for chunk in root.iter(f"{W}altChunk"):
        del chunk
        yield 0, _uncarried("嵌入的其他文档", where)
    for columns in root.iterfind(f"{W}body//{W}sectPr/{W}cols"):
        if columns.get(f"{W}num", "1") != "1":
            yield 0, _uncarried("分栏", where)


def _of_cell(cell: etree._Element | None, place: str, *, has_words: bool) -> Iterator[FileProblem]:
    """Words that Word itself no longer shows, since their cell went up in the one above; words that run downwards."""
    if cell is None or cell.tag != f"{W}tc":
        return
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    if has_words and merged is not None and merged.get(f"{W}val", "continue") == "continue":
        yield _uncarried("已被合并的单元格里还留着的文字", place)
    direction = cell.find(f"{W}tcPr/{W}textDirection")
    if direction is not None and direction.get(f"{W}val", "lrTb") not in {"lrTb", "lr", "lrTbV"}:
        yield _uncarried("竖排文字", place)


def _of_style(paragraph: etree._Element, place: str, styles: _Styles) -> Iterator[FileProblem]:
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = None if named is None else named.get(f"{W}val", "")
    if style is not None and style not in styles.known:
        yield _uncarried("文件里没有定义的样式", place)
    elif style in styles.numbering and paragraph.find(f"{W}pPr/{W}numPr") is None:
        yield _uncarried("自动编号", place)


def _in_paragraph(paragraph: etree._Element, place: str, part: str) -> Iterator[FileProblem]:
    for node in paragraph.iter():
        name = str(node.tag).rpartition("}")[2]
        if name == "sectPr" and _is_plain_section(node):
            continue
        if name in _UNREVIEWED:
            yield _unreviewed(_UNREVIEWED[name], place)
        elif name in _UNCARRIED and _counts(node, name) and not (part == "hdr" and _is_plain_picture(node)):
            yield _uncarried(_UNCARRIED[name], place)
        elif name in {"instrText", "fldSimple"}:
            code = ((node.text or "") if name == "instrText" else node.get(f"{W}instr", "")).split()
            if code and (part not in {"hdr", "ftr"} or code[0].upper() not in _FIELDS_ALLOWED):
                yield _uncarried("域", place)


def _is_plain_section(node: etree._Element) -> bool:
    """The end of a section after which a new page begins, whose number follows on, as before an annexed list."""
    above = [ancestor for _, ancestor in zip(range(3), node.iterancestors(), strict=False)]
    body = above[-1]
    if body.tag != f"{W}body":
        return False
    sections = list(body.iter(f"{W}sectPr"))
    after = sections[sections.index(node) + 1 :]
    begins = after[0].find(f"{W}type") if after else None
    new_page = begins is None or begins.get(f"{W}val") == "nextPage"
    return bool(after) and new_page and after[0].find(f"{W}pgNumType") is None


def _counts(node: etree._Element, name: str) -> bool:
    """Whether a property is switched on: Word writes some down only to switch them off."""
    if name == "numPr":
        number = node.find(f"{W}numId")
        return number is not None and number.get(f"{W}val") != "0"
    return node.get(f"{W}val", "1") not in {"0", "false", "off", "none", "baseline"}


def _is_plain_picture(node: etree._Element) -> bool:
    """A picture that stands in the line, as the QR code in the header of a drafted paper does."""
    return [etree.QName(child).localname for child in node] == ["inline"]


def _external(parts: dict[str, bytes]) -> Iterator[FileProblem]:
    for name, part in parts.items():
        if name.endswith(".rels") and b'TargetMode="External"' in part:
            yield _uncarried("指向文件以外的链接或者图片", "文件")


def _unreviewed(what: str, place: str) -> FileProblem:
    return FileProblem(
        "FILE-UNREVIEWED", f"{place}有没处理完的{what}。", "请在 Word 里接受或者拒绝全部修订、删去批注，再保存。"
    )


def _uncarried(what: str, place: str) -> FileProblem:
    return FileProblem(
        "DOCX-UNSUPPORTED", f"{place}有排版不支持的内容：{what}。", "请改成普通文字，或者打印后扫描成 PDF。"
    )
