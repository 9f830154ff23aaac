"""Read the text of a .docx by paragraphs, and find every construct in it that the typesetter does not support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from bundler.file_record import FileProblem
from bundler.word.package import PackageError, W, parse_part_cached, read_parts

_REVIEW_MARKS = {
    "ins": "修订（插入）",
    "del": "修订（删除）",
    "moveFrom": "修订（移动）",
    "moveTo": "修订（移动）",
    "commentReference": "批注",
    "commentRangeStart": "批注",
}
_UNSUPPORTED = {
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
_SUPPORTED_FIELDS = frozenset({"PAGE", "NUMPAGES"})


@dataclass(frozen=True, slots=True)
class WordDocument:
    """The text of a Word file, and its problems.

    Attributes:
        paragraphs: the text of the body's paragraphs, those in table cells included, in reading order.
        problems: what is wrong with it.
        headers_footers: the text of the paragraphs in headers and footers.
    """

    paragraphs: tuple[str, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    headers_footers: tuple[str, ...] = ()

    def text(self) -> str:
        """Return all text, one paragraph per line; headers and footers last."""
        return "\n".join((*self.paragraphs, *self.headers_footers))


def read_docx(data: bytes) -> WordDocument:
    """Read a Word file; whatever is wrong with it becomes a problem, and nothing is raised."""
    try:
        parts = read_parts(data)
        body = parse_part_cached(parts["word/document.xml"]) if "word/document.xml" in parts else None
        others = {name: parse_part_cached(part) for name, part in parts.items() if _is_text_part(name)}
    except PackageError as error:
        return WordDocument(problems=(FileProblem(error.rule, error.message, error.fix),))
    if body is None:
        return WordDocument(problems=(FileProblem("FILE-DAMAGED", "没有正文。", "请用 Word 打开后另存。"),))
    problems = [problem for _, _, problem in _find_problems(body, others, parts)]
    headers_footers = [
        _paragraph_text(paragraph)
        for name, part in others.items()
        if _is_header_or_footer(name)
        for paragraph in part.iter(f"{W}p")
    ]
    paragraphs = tuple(_paragraph_text(paragraph) for paragraph in body.iter(f"{W}p"))
    if not any(paragraph.strip() for paragraph in paragraphs) and not problems:
        problems.append(FileProblem("FILE-EMPTY", "没有文字。", "请核对文件。"))
    return WordDocument(paragraphs, tuple(dict.fromkeys(problems)), tuple(headers_footers))


LocatedProblem = tuple[str, int, FileProblem]
"""The part in Chinese, the number of the paragraph (0: the whole part), and the problem."""


def locate_problems(data: bytes) -> tuple[LocatedProblem, ...]:
    """Return the problems of a Word file, each with its part and paragraph.

    Raises:
        PackageError: the package cannot be read.
    """
    parts = read_parts(data)
    others = {name: parse_part_cached(part) for name, part in parts.items() if _is_text_part(name)}
    return tuple(dict.fromkeys(_find_problems(parse_part_cached(parts["word/document.xml"]), others, parts)))


def _find_problems(
    body: etree._Element, others: dict[str, etree._Element], parts: dict[str, bytes]
) -> Iterator[LocatedProblem]:
    styles = _read_styles(parts)
    yield from (("正文", number, problem) for number, problem in _check_part(body, "正文", styles))
    yield from (("文件", 0, problem) for problem in _check_external_targets(parts))
    for name, part in others.items():
        where = "页眉页脚" if _is_header_or_footer(name) else "附属部分"
        yield from ((where, number, problem) for number, problem in _check_part(part, where, styles))


def _is_header_or_footer(name: str) -> bool:
    return "header" in name or "footer" in name


@dataclass(frozen=True, slots=True)
class _Styles:
    """The ids of the styles that the file defines, and of those that number their paragraphs."""

    known: frozenset[str] = frozenset()
    numbering: frozenset[str] = frozenset()


def _read_styles(parts: dict[str, bytes]) -> _Styles:
    part = parts.get("word/styles.xml")
    return _Styles() if part is None else _parse_styles(part)


@lru_cache(maxsize=8)
def _parse_styles(part: bytes) -> _Styles:
    """Read the styles of a part; the papers of one template have equal parts, so the result is cached."""
    nodes = {node.get(f"{W}styleId", ""): node for node in parse_part_cached(part).iter(f"{W}style")}
    return _Styles(frozenset(nodes), frozenset(name for name in nodes if _is_numbering(nodes, name)))


def _is_numbering(nodes: dict[str, etree._Element], name: str) -> bool:
    """Whether a style, or one it is based on, numbers its paragraphs."""
    for _ in range(20):  # a circle ends somewhere
        node = nodes.get(name)
        if node is None:
            return False
        number = node.find(f"{W}pPr/{W}numPr")
        if number is not None:
            return _is_on(number, "numPr")
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


def _paragraph_text(paragraph: etree._Element) -> str:
    return "".join(
        (node.text or "") if node.tag == f"{W}t" else "\t" if node.tag == f"{W}tab" else "\n"
        for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
    )


def _check_part(root: etree._Element, where: str, styles: _Styles) -> Iterator[tuple[int, FileProblem]]:
    """Yield each problem with the number of its paragraph, 0 for the whole part."""
    if etree.QName(root).localname == "comments" and len(root):
        yield 0, _unreviewed_problem("批注", where)
    for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
        beginning = _paragraph_text(paragraph)[:12]
        location = f"{where}第{number}段" + (f"（“{beginning}”）" if beginning else "")
        yield from ((number, found) for found in _check_paragraph(paragraph, location, etree.QName(root).localname))
        yield from ((number, found) for found in _check_style(paragraph, location, styles))
        in_cell = _check_cell(paragraph.getparent(), location, has_text=bool(beginning.strip()))
        yield from ((number, found) for found in in_cell)
    for chunk in root.iter(f"{W}altChunk"):
        del chunk
        yield 0, _unsupported_problem("嵌入的其他文档", where)
    for columns in root.iterfind(f"{W}body//{W}sectPr/{W}cols"):
        if columns.get(f"{W}num", "1") != "1":
            yield 0, _unsupported_problem("分栏", where)


def _check_cell(cell: etree._Element | None, location: str, *, has_text: bool) -> Iterator[FileProblem]:
    """Find text that Word hides, because its cell is merged into the one above, and vertical text."""
    if cell is None or cell.tag != f"{W}tc":
        return
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    if has_text and merged is not None and merged.get(f"{W}val", "continue") == "continue":
        yield _unsupported_problem("已被合并的单元格里还留着的文字", location)
    direction = cell.find(f"{W}tcPr/{W}textDirection")
    if direction is not None and direction.get(f"{W}val", "lrTb") not in {"lrTb", "lr", "lrTbV"}:
        yield _unsupported_problem("竖排文字", location)


def _check_style(paragraph: etree._Element, location: str, styles: _Styles) -> Iterator[FileProblem]:
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = None if named is None else named.get(f"{W}val", "")
    if style is not None and style not in styles.known:
        yield _unsupported_problem("文件里没有定义的样式", location)
    elif style in styles.numbering and paragraph.find(f"{W}pPr/{W}numPr") is None:
        yield _unsupported_problem("自动编号", location)


def _check_paragraph(paragraph: etree._Element, location: str, part: str) -> Iterator[FileProblem]:
    for node in paragraph.iter():
        name = str(node.tag).rpartition("}")[2]
        if name == "sectPr" and _is_plain_section(node):
            continue
        if name in _REVIEW_MARKS:
            yield _unreviewed_problem(_REVIEW_MARKS[name], location)
        elif name in _UNSUPPORTED and _is_on(node, name) and not (part == "hdr" and _is_inline_picture(node)):
            yield _unsupported_problem(_UNSUPPORTED[name], location)
        elif name in {"instrText", "fldSimple"}:
            code = ((node.text or "") if name == "instrText" else node.get(f"{W}instr", "")).split()
            if code and (part not in {"hdr", "ftr"} or code[0].upper() not in _SUPPORTED_FIELDS):
                yield _unsupported_problem("域", location)


def _is_plain_section(node: etree._Element) -> bool:
    """Whether it ends a section after which a page begins and numbering continues, as before an annexed list."""
    ancestors = [ancestor for _, ancestor in zip(range(3), node.iterancestors(), strict=False)]
    body = ancestors[-1]
    if body.tag != f"{W}body":
        return False
    sections = list(body.iter(f"{W}sectPr"))
    after = sections[sections.index(node) + 1 :]
    start = after[0].find(f"{W}type") if after else None
    new_page = start is None or start.get(f"{W}val") == "nextPage"
    return bool(after) and new_page and after[0].find(f"{W}pgNumType") is None


def _is_on(node: etree._Element, name: str) -> bool:
    """Whether a property is on: Word writes some properties only to turn them off."""
    if name == "numPr":
        number = node.find(f"{W}numId")
        return number is not None and number.get(f"{W}val") != "0"
    return node.get(f"{W}val", "1") not in {"0", "false", "off", "none", "baseline"}


def _is_inline_picture(node: etree._Element) -> bool:
    """Whether it is an inline picture, such as the QR code in the header of a drafted paper."""
    return [etree.QName(child).localname for child in node] == ["inline"]


def _check_external_targets(parts: dict[str, bytes]) -> Iterator[FileProblem]:
    for name, part in parts.items():
        if name.endswith(".rels") and b'TargetMode="External"' in part:
            yield _unsupported_problem("指向文件以外的链接或者图片", "文件")


def _unreviewed_problem(mark: str, location: str) -> FileProblem:
    return FileProblem(
        "FILE-UNREVIEWED", f"{location}有没处理完的{mark}。", "请在 Word 里接受或者拒绝全部修订、删去批注，再保存。"
    )


def _unsupported_problem(construct: str, location: str) -> FileProblem:
    return FileProblem(
        "DOCX-UNSUPPORTED", f"{location}有排版不支持的内容：{construct}。", "请改成普通文字，或者打印后扫描成 PDF。"
    )
