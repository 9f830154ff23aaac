"""Read the text of a .docx by paragraphs, and find every construct in it that the typesetter does not support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bundler.file_inspection_record import FileProblem
from bundler.word.detect_page_number_boxes import is_page_number_frame
from bundler.word.docx_package import PackageError, W, parse_part_cached, part_targets, read_parts
from bundler.word.docx_reader import open_styles
from bundler.word.header_pictures import PictureSource
from bundler.word.numbering import Numbering
from bundler.word.read_fields import PAGE_BREAK, shown_text
from bundler.word.styles import Styles
from bundler.word.uncarried_formatting import find_uncarried
from bundler.word.unsupported_construct_names import Finding
from bundler.word.unsupported_constructs_in_part import PartCheck

_BODY = "word/document.xml"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_COMMENT, _ATTACHED = "批注", "附属部分"
_HARMLESS_TARGETS = ("/hyperlink", "/attachedTemplate")
"""External targets that are never fetched, and of which nothing is printed: links, and the template of a new file."""


@dataclass(frozen=True, slots=True)
class WordDocument:
    """The text of a Word file, and its problems.

    Attributes:
        paragraphs: the text of the body's paragraphs, those in table cells included, in reading order.
        problems: what is wrong with it, each construct once.
        headers_footers: the text of the paragraphs in headers and footers.
        notes: what is set otherwise than Word shows it, in Chinese.
    """

    paragraphs: tuple[str, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    headers_footers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return all text, one paragraph per line; headers and footers last."""
        return "\n".join((*self.paragraphs, *self.headers_footers))


def check_docx(data: bytes) -> WordDocument:
    """Read a Word file; whatever is wrong with it becomes a problem, and nothing is raised."""
    notes: list[str] = []
    try:
        parts = read_parts(data)
        problems = _find_problems(parts, notes, in_template=False)
        if _BODY not in parts:
            return WordDocument(problems=problems)
        body, others = parse_part_cached(parts[_BODY]), _text_parts(parts)
    except PackageError as error:
        return WordDocument(problems=(FileProblem(error.rule, error.message, error.fix),))
    styles = open_styles(parts)
    headers_footers = [
        _paragraph_text(paragraph)
        for part in others.values()
        if part.tag in {f"{W}hdr", f"{W}ftr"}
        for paragraph in part.iter(f"{W}p")
        if not is_page_number_frame(paragraph, styles)
        and not any(ancestor.tag == f"{W}txbxContent" for ancestor in paragraph.iterancestors())
    ]
    paragraphs = tuple(map(_paragraph_text, body.iter(f"{W}p")))
    return WordDocument(paragraphs, problems, tuple(headers_footers), tuple(dict.fromkeys(notes)))


def check_filled_template(data: bytes) -> tuple[FileProblem, ...]:
    """Return what is wrong with a Word file that was made by filling a template, in which it is to be mended."""
    try:
        return _find_problems(read_parts(data), [], in_template=True)
    except PackageError as error:
        return (FileProblem(error.rule, error.message, error.fix),)


def _find_problems(parts: dict[str, bytes], notes: list[str], *, in_template: bool) -> tuple[FileProblem, ...]:
    """Return the problems of a Word file, each construct once, and add to the notes.

    Raises:
        PackageError: a part cannot be read.
    """
    if _BODY not in parts:
        return (FileProblem("FILE-DAMAGED", "没有正文。", "请用 Word 打开后另存。"),)
    body = parse_part_cached(parts[_BODY])
    problems = _count_problems(_find_all(body, _text_parts(parts), parts, notes), in_template=in_template)
    if not problems and not any(_paragraph_text(paragraph).strip() for paragraph in body.iter(f"{W}p")):
        problems.append(FileProblem("FILE-EMPTY", "没有文字。", "请核对文件。"))
    return tuple(problems)


LocatedProblem = tuple[str, int, FileProblem]
"""The part in Chinese, the number of the paragraph (0: the whole part), and the problem."""


def locate_problems(data: bytes) -> tuple[LocatedProblem, ...]:
    """Return the problems of a template, each with its part and paragraph.

    Raises:
        PackageError: the package cannot be read.
    """
    parts = read_parts(data)
    found = _find_all(parse_part_cached(parts[_BODY]), _text_parts(parts), parts, [])
    return tuple(dict.fromkeys((one.where, one.paragraph, one.problem(in_template=True)) for one in found))


def _text_parts(parts: dict[str, bytes]) -> dict[str, etree._Element]:
    """Return the headers, footers, notes and comments by name: parts named so, and those that the body refers to."""
    named = [
        name
        for name in parts
        if name.startswith("word/")
        and name.endswith(".xml")
        and name.removeprefix("word/").startswith(("header", "footer", "footnotes", "endnotes", "comments"))
    ]
    targets = part_targets(parts, _BODY, "header", "footer", "footnotes", "endnotes", "comments")
    return {
        name: parse_part_cached(parts[name]) for name in dict.fromkeys((*named, *targets.values())) if name in parts
    }


def _find_all(
    body: etree._Element, others: dict[str, etree._Element], parts: dict[str, bytes], notes: list[str]
) -> Iterator[Finding]:
    """Yield what is found in all parts, and add to the notes."""
    styles = open_styles(parts)
    numbers = parts.get("word/numbering.xml")
    numbering = Numbering(parse_part_cached(numbers) if numbers else None, styles)
    found = list(_find_in_part(PartCheck(body, "正文", styles, numbering), styles, notes))
    found += _check_external_targets(parts)
    for name, part in others.items():
        if _holds_comments(name, part):
            continue
        where = "页眉页脚" if part.tag in {f"{W}hdr", f"{W}ftr"} else _ATTACHED
        pictures = PictureSource(parts, part_targets(parts, name))
        found += _find_in_part(PartCheck(part, where, styles, numbering, pictures), styles, notes)
    yield from found
    # Comments get one finding, whatever style their text has. Where no mark in the body shows one, its part of the file does.
    if not any(one.construct == _COMMENT for one in found):
        yield from (
            Finding(_COMMENT, _ATTACHED, 0, _ATTACHED)
            for name, part in others.items()
            if _holds_comments(name, part) and part.find(f"{W}comment") is not None
        )


def _holds_comments(name: str, part: etree._Element) -> bool:
    """Whether a part holds comments, or what an editor notes about them; none of it is printed."""
    return part.tag == f"{W}comments" or name.rpartition("/")[2].startswith("comments")


def _find_in_part(check: PartCheck, styles: Styles, notes: list[str]) -> Iterator[Finding]:
    yield from check.find()
    notes += (*check.notes, *find_uncarried(check.root, styles))


def _count_problems(found: Iterator[Finding], *, in_template: bool) -> list[FileProblem]:
    """Return a problem for each construct: the first place, and in how many places it is."""
    places: dict[str, list[Finding]] = {}
    for one in dict.fromkeys(found):
        places.setdefault(one.construct, []).append(one)
    return [same[0].problem(len(same), in_template=in_template) for same in places.values()]


def _paragraph_text(paragraph: etree._Element) -> str:
    return shown_text(paragraph).replace(PAGE_BREAK, "\n")


def _check_external_targets(parts: dict[str, bytes]) -> Iterator[Finding]:
    for name, part in parts.items():
        if not name.endswith(".rels") or b"External" not in part:
            continue
        for node in parse_part_cached(part).iter(_RELATIONSHIP):
            if node.get("TargetMode") == "External" and not node.get("Type", "").endswith(_HARMLESS_TARGETS):
                yield Finding("指向文件以外的图片或者内容", "文件", 0, "文件")
