"""Read the parts of a template from its file: a Word file (.docx) or an HTML page of the bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from lxml import etree

from bundler.documents.shared_template_passages import BuildingBlock
from bundler.template_check.expand_shared_passages import insert_block_tokens
from bundler.template_check.name_hints import closest_name
from bundler.template_check.tokens import Location, Part, PartProblem, TagLevel, Token, tokenize
from bundler.word.docx_package import PackageError, parse_part, read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _ROW, _CELL = f"{W}p", f"{W}tr", f"{W}tc"
_TEXT = frozenset({f"{W}t", f"{W}tab", f"{W}br", f"{W}cr"})
_STYLE_REFERENCES = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
_BODY = "word/document.xml"
BODY_PART = "正文"
"""The Chinese name of the body."""
_PROPERTIES = "docProps/core.xml"
_FILLED_PROPERTIES = {"title", "subject", "creator", "description", "identifier", "language"}
"""The properties that docxtpl fills; a tag in any other would appear as it is."""
_PART_NAMES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ACTIVE_CONTENT = re.compile(
    r"<\s*script|<[^>]*\son\w+\s*=|javascript:|<\s*(?:iframe|object|embed|link)\b", re.IGNORECASE
)
_EXTERNAL_RESOURCE = re.compile(r"""(?:src|href)\s*=\s*["']?\s*(?!urn:folio:|data:|#|["'])[^\s"'>]""", re.IGNORECASE)


def template_parts(name: str, data: bytes, blocks: Mapping[str, BuildingBlock]) -> tuple[Part, ...]:
    """Return the parts of a template's file, with the text of the building blocks that it inserts.

    Raises:
        PackageError: a Word file that cannot be opened.
        UnicodeDecodeError: a page that is not UTF-8.
    """
    return _parts_once(name.endswith(".docx"), data, tuple(sorted(blocks.items())))


@lru_cache(maxsize=128)
def _parts_once(is_word: bool, data: bytes, blocks: tuple[tuple[str, BuildingBlock], ...]) -> tuple[Part, ...]:  # noqa: FBT001 (not called by others)
    """Read each file once: the static check, the trial and the checks of meaning ask for the same parts."""
    return word_parts(data, dict(blocks)) if is_word else (page_part(data.decode("utf-8")),)


def page_part(text: str) -> Part:
    """Return an HTML page as a part; a tag that runs over several lines belongs to its first line."""
    joined = _TAG.sub(lambda tag: tag[0].replace("\n", "\x00"), text.replace("\r\n", "\n"))
    tokens: list[Token] = []
    problems: list[PartProblem] = []
    number = 1
    for line in joined.split("\n"):
        location = Location(number, line.replace("\x00", " "))
        line_tokens, line_problems = tokenize(location, is_word=False)
        tokens += line_tokens
        problems += [*line_problems, *_find_active_content(location)]
        number += 1 + line.count("\x00")
    return Part("页面", tuple(tokens), tuple(problems), by_lines=True)


def _find_active_content(location: Location) -> list[PartProblem]:
    """Report scripts and resources from outside, which a page of a bundle may not have."""
    without_tags = _TAG.sub("", location.text)
    return [
        PartProblem(location, found[0], "卷页里不能有脚本，也不能取外面的文件", "删去")
        for pattern in (_ACTIVE_CONTENT, _EXTERNAL_RESOURCE)
        if (found := pattern.search(without_tags)) is not None
    ]


def word_parts(data: bytes, blocks: Mapping[str, BuildingBlock] = MappingProxyType({})) -> tuple[Part, ...]:
    """Return every part of a Word template that contains text or tags.

    Args:
        data: the file.
        blocks: the building blocks that it may insert, by name.

    Raises:
        PackageError: it cannot be opened.
    """
    files = read_parts(data)
    styles = files.get("word/styles.xml", b"")
    if _BODY not in files:
        raise PackageError("FILE-DAMAGED", "没有正文。", "请用 Word 打开后另存。")
    names = sorted(files, key=lambda name: (name != _BODY, name))
    texts = [_text_part(name, files[name], styles) for name in names if _is_text_part(name)]
    parts = [insert_block_tokens(part, blocks) for part in texts]
    if _PROPERTIES in files:
        parts.append(_properties_part(parse_part(files[_PROPERTIES])))
    return (*parts, *_unfilled_parts(files))


def _is_text_part(name: str) -> bool:
    return name == _BODY or (
        name.startswith(("word/header", "word/footer", "word/footnotes")) and name.endswith(".xml")
    )


def part_name(name: str) -> str:
    """Return the Chinese name of a part: 正文, 页眉（header1.xml）."""
    if name == _BODY:
        return BODY_PART
    file = name.rpartition("/")[2]
    chinese = next((chinese for stem, chinese in _PART_NAMES.items() if file.startswith(stem)), "其他部分")
    return f"{chinese}（{file}）"


@dataclass
class _ElementNumbers:
    """Numbers elements, so that two tags can be compared by the element in which they stand."""

    numbers: dict[etree._Element, int]

    def number_of(self, element: etree._Element | None) -> int:
        """Return the number of an element; 0 for None."""
        return 0 if element is None else self.numbers.setdefault(element, len(self.numbers) + 1)


@lru_cache(maxsize=256)
def _text_part(name: str, data: bytes, styles_data: bytes) -> Part:
    """Read a part; it is asked for by the proof, the trial and the check of meaning."""
    root, defined = parse_part(data), _style_names(styles_data)
    elements = _ElementNumbers({})
    tokens: list[Token] = []
    problems: list[PartProblem] = []
    rows: dict[int, list[Token]] = {}
    for number, paragraph in enumerate(root.iter(_PARAGRAPH), start=1):
        reference = paragraph.find(f"{W}pPr/{W}pStyle")
        style = "" if reference is None else reference.get(f"{W}val", "")
        containers = _find_containers(paragraph, number, elements)
        location = Location(number, paragraph_text(paragraph), containers, style=style)
        paragraph_tokens, paragraph_problems = tokenize(location, is_word=True)
        tokens += paragraph_tokens
        problems += [
            *paragraph_problems,
            *_find_hidden_tags(paragraph, location),
            *_find_undefined_styles(paragraph, location, defined),
        ]
        rows.setdefault(elements.number_of(_ancestor(paragraph, _ROW)), []).extend(paragraph_tokens)
    return Part(part_name(name), tuple(tokens), (*problems, *_find_lost_tokens(tokens, rows)))


def paragraph_text(paragraph: etree._Element) -> str:
    """Return the text of a paragraph without the text boxes that are anchored in it."""
    own = paragraph.iter(*_TEXT)
    if paragraph.find(f".//{_PARAGRAPH}") is not None:
        own = (node for node in own if _ancestor(node, _PARAGRAPH) is paragraph)
    return "".join((node.text or "") if node.tag == f"{W}t" else " " for node in own)


def _ancestor(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _find_containers(paragraph: etree._Element, number: int, elements: _ElementNumbers) -> dict[TagLevel, int]:
    row, cell = _ancestor(paragraph, _ROW), _ancestor(paragraph, _CELL)
    return {
        TagLevel.TEXT: -number,
        TagLevel.PARAGRAPH: elements.number_of(paragraph.getparent()),
        TagLevel.ROW: elements.number_of(None if row is None else row.getparent()),
        TagLevel.CELL: elements.number_of(None if cell is None else cell.getparent()),
    }


def _find_lost_tokens(tokens: list[Token], rows: Mapping[int, list[Token]]) -> Iterator[PartProblem]:
    """Report each paragraph and row with a tag that docxtpl removes together with the text and the tags beside it."""
    paragraphs: dict[int, list[Token]] = {}
    for token in tokens:
        paragraphs.setdefault(token.location.number, []).append(token)
    for level, groups in ((TagLevel.PARAGRAPH, paragraphs.values()), (TagLevel.ROW, rows.values())):
        for group in groups:
            removing = [token for token in group if token.is_tag and token.level is level]
            if removing and (level is TagLevel.PARAGRAPH or removing[0].container):
                lost = [token for token in group if token is not removing[0] and (token.is_tag or token.text.strip())]
                if lost:
                    yield _lost_problem(removing[0], lost)


def _lost_problem(removing: Token, lost: list[Token]) -> PartProblem:
    """One problem for all that a tag takes away: the tag has to stand alone."""
    first, count = lost[0].text.strip()[:20], f"等 {len(lost)} 处" if len(lost) > 1 else ""
    if removing.level is TagLevel.ROW:
        message = f"这个标记所在的表格行里还有“{first}”{count}，生成时会随标记一起消失"
        suggestion = "在这一行上面插入一行，把这个标记移到新行里；结尾的标记在下面另占一行"
    else:
        message = f"这个标记所在的段里还有“{first}”{count}，生成时会随标记一起消失"
        suggestion = "让这个标记单独占一段；要和文字写在一起的，去掉 % 后面的 p"
    return PartProblem(removing.location, removing.text, message, suggestion)


def _find_hidden_tags(paragraph: etree._Element, location: Location) -> Iterator[PartProblem]:
    """Report tags that Word does not show: in the description of a picture, in a link, in the code of a field."""
    for node in paragraph.iter():
        text = node.text if node.tag != f"{W}t" else None
        for value in (text, *map(str, node.attrib.values())):
            if value and ("{{" in value or "{%" in value):
                message = "标记写在看不见的地方（图片说明、链接或者域代码）"
                yield PartProblem(location, value[:40], message, "删去，写到正文里")


def _find_undefined_styles(
    paragraph: etree._Element, location: Location, defined: Mapping[str, str]
) -> Iterator[PartProblem]:
    """Report styles that a paragraph, its text or its table uses and the file does not define."""
    table = _ancestor(paragraph, f"{W}tbl")
    used = [*paragraph.iter(*_STYLE_REFERENCES), *([] if table is None else table.iterfind(f"{W}tblPr/{W}tblStyle"))]
    for style in dict.fromkeys(node.get(f"{W}val", "") for node in used):
        if style not in defined:
            suggestion = defined.get(closest_name(style, defined)) or "在 Word 的样式里选一个已有的"
            yield PartProblem(location, style, f"没有定义“{style}”这个样式", suggestion)


@lru_cache(maxsize=4)
def _style_names(styles: bytes) -> Mapping[str, str]:
    """The names of the styles of a file, read once for all its parts: they take 370 KB in many a template."""
    return MappingProxyType(read_style_names(parse_part(styles)) if styles else {})


def read_style_names(styles: etree._Element) -> dict[str, str]:
    """Return the visible name of each style of ``word/styles.xml`` by its id."""
    found = ((node.get(f"{W}styleId", ""), node.find(f"{W}name")) for node in styles.iter(f"{W}style"))
    return {key: key if name is None else name.get(f"{W}val", key) for key, name in found}


def _properties_part(root: etree._Element) -> Part:
    """Return the document's properties as a part; each property is a location."""
    tokens: list[Token] = []
    problems: list[PartProblem] = []
    for number, node in enumerate(root, start=1):
        name = etree.QName(node).localname
        location = Location(number, node.text or "", dict.fromkeys(TagLevel, -number))
        property_tokens, property_problems = tokenize(location, is_word=True)
        if name in _FILLED_PROPERTIES:
            tokens, problems = tokens + property_tokens, problems + property_problems
        elif any(token.is_tag for token in property_tokens):
            problems.append(PartProblem(location, location.text, f"文档属性“{name}”不会被填写", "把标记写到正文里"))
    return Part("文档属性", tuple(tokens), tuple(problems))


def _unfilled_parts(files: Mapping[str, bytes]) -> Iterator[Part]:
    """Yield the parts with tags that docxtpl does not fill, so that the tags would be printed as they are."""
    for name in sorted(files):
        if _is_text_part(name) or name == _PROPERTIES or not (b"{{" in files[name] or b"{%" in files[name]):
            continue
        message = "这一部分不会被填写，里面的标记会原样印出"
        yield Part(part_name(name), (), (PartProblem(Location(1, ""), "{{", message, "把标记写到正文里"),))
