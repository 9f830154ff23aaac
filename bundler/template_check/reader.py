"""The parts of a Word template in which marks may stand, and those in which they may not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from bundler.template_check.part import Part
from bundler.template_check.styles import undefined_styles
from bundler.template_check.tokens import Level, Location, PartProblem, Token, cut
from bundler.word.package import PackageError, parse_part, read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _ROW, _CELL = f"{W}p", f"{W}tr", f"{W}tc"
_TEXT = frozenset({f"{W}t", f"{W}tab", f"{W}br", f"{W}cr"})
_BODY = "word/document.xml"
_PROPERTIES = "docProps/core.xml"
_FILLED_PROPERTIES = {"title", "subject", "creator", "description", "identifier", "language"}
"""Those that are filled; marks in any other would be printed as they stand."""
_NAMES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}


def word_parts(data: bytes) -> tuple[Part, ...]:
    """Every part of a Word template that holds words or marks.

    Raises:
        PackageError: it cannot be taken apart.
    """
    parts = read_parts(data)
    styles = parts.get("word/styles.xml")
    known = parse_part(styles) if styles else None
    if _BODY not in parts:
        raise PackageError("FILE-DAMAGED", "没有正文。", "请用 Word 打开后另存。")
    found = [_text_part(name, parse_part(parts[name]), known) for name in sorted(parts, key=_order) if _has_text(name)]
    if _PROPERTIES in parts:
        found.append(_properties(parse_part(parts[_PROPERTIES])))
    return (*found, *_never_filled(parts))


def _order(name: str) -> tuple[bool, str]:
    return name != _BODY, name


def _has_text(name: str) -> bool:
    return name == _BODY or (
        name.startswith(("word/header", "word/footer", "word/footnotes")) and name.endswith(".xml")
    )


def part_name(name: str) -> str:
    """What people call a part: 正文, 页眉（header1.xml）."""
    if name == _BODY:
        return "正文"
    file = name.rpartition("/")[2]
    called = next((chinese for stem, chinese in _NAMES.items() if file.startswith(stem)), "其他部分")
    return f"{called}（{file}）"


@dataclass
class _Holders:
    """Numbers for what paragraphs stand in."""

    numbers: dict[etree._Element, int]

    def of(self, node: etree._Element | None) -> int:
        """The number of an element; 0 for none."""
        return 0 if node is None else self.numbers.setdefault(node, len(self.numbers) + 1)


def _text_part(name: str, root: etree._Element, styles: etree._Element | None) -> Part:
    holders = _Holders({})
    pieces: list[Token] = []
    flaws: list[PartProblem] = []
    rows: dict[int, list[Token]] = {}
    for number, paragraph in enumerate(root.iter(_PARAGRAPH), start=1):
        place = Location(number, own_text(paragraph), _holders(paragraph, number, holders))
        found, wrong = cut(place, is_word=True)
        pieces += found
        flaws += [*wrong, *_hidden(paragraph, place), *undefined_styles(paragraph, place, styles)]
        rows.setdefault(holders.of(_above(paragraph, _ROW)), []).extend(found)
    gone = list(_vanishing(pieces, rows))
    return Part(
        part_name(name), tuple(piece for piece in pieces if not _among(piece, gone)), (*flaws, *map(_lost, gone))
    )


def own_text(paragraph: etree._Element) -> str:
    """A paragraph's words, without those of a text box that hangs on it."""
    own = paragraph.iter(*_TEXT)
    if paragraph.find(f".//{_PARAGRAPH}") is not None:
        own = (node for node in own if _above(node, _PARAGRAPH) is paragraph)
    return "".join((node.text or "") if node.tag == f"{W}t" else " " for node in own)


def _above(node: etree._Element, tag: str) -> etree._Element | None:
    return next(node.iterancestors(tag), None)


def _holders(paragraph: etree._Element, number: int, holders: _Holders) -> dict[Level, int]:
    row, cell = _above(paragraph, _ROW), _above(paragraph, _CELL)
    return {
        Level.TEXT: -number,
        Level.PARAGRAPH: holders.of(paragraph.getparent()),
        Level.ROW: holders.of(None if row is None else row.getparent()),
        Level.CELL: holders.of(None if cell is None else cell.getparent()),
    }


def _vanishing(pieces: list[Token], rows: Mapping[int, list[Token]]) -> Iterator[Token]:
    """Words and marks that vanish with the paragraph or row of a mark beside them."""
    by_paragraph: dict[int, list[Token]] = {}
    for piece in pieces:
        by_paragraph.setdefault(piece.place.number, []).append(piece)
    for level, groups in ((Level.PARAGRAPH, by_paragraph.values()), (Level.ROW, rows.values())):
        for group in groups:
            taking = [piece for piece in group if piece.is_mark and piece.level is level]
            if taking and (level is Level.PARAGRAPH or taking[0].holder):
                yield from (
                    piece for piece in group if piece is not taking[0] and (piece.is_mark or piece.text.strip())
                )


def _among(piece: Token, pieces: list[Token]) -> bool:
    return any(piece is one for one in pieces)


def _lost(piece: Token) -> PartProblem:
    what = "标记" if piece.is_mark else "文字"
    return PartProblem(piece.place, piece.text, f"这里的{what}会随同段（同行）的标记一起消失", "移到另一段（另一行）")


def _hidden(paragraph: etree._Element, place: Location) -> Iterator[PartProblem]:
    """Marks where nobody sees them: in a picture's description, a link, the code of a field."""
    for node in paragraph.iter():
        text = node.text if node.tag != f"{W}t" else None
        for value in (text, *map(str, node.attrib.values())):
            if value and ("{{" in value or "{%" in value):
                yield PartProblem(
                    place, value[:40], "标记写在看不见的地方（图片说明、链接或者域代码）", "删去，写到正文里"
                )


def _properties(root: etree._Element) -> Part:
    """The document's properties: title, author and others, each a place of its own."""
    pieces: list[Token] = []
    flaws: list[PartProblem] = []
    for number, node in enumerate(root, start=1):
        name = etree.QName(node).localname
        place = Location(number, node.text or "", dict.fromkeys(Level, -number))
        found, wrong = cut(place, is_word=True)
        if name in _FILLED_PROPERTIES:
            pieces, flaws = pieces + found, flaws + wrong
        elif any(piece.is_mark for piece in found):
            flaws.append(PartProblem(place, place.text, f"文档属性“{name}”不会被填写", "把标记写到正文里"))
    return Part("文档属性", tuple(pieces), tuple(flaws))


def _never_filled(parts: Mapping[str, bytes]) -> Iterator[Part]:
    """Parts that are never filled, in which a mark would be printed as it stands."""
    for name in sorted(parts):
        if _has_text(name) or name == _PROPERTIES or not (b"{{" in parts[name] or b"{%" in parts[name]):
            continue
        place = Location(1, "")
        yield Part(
            part_name(name),
            (),
            (PartProblem(place, "{{", "这一部分不会被填写，里面的标记会原样印出", "把标记写到正文里"),),
        )
