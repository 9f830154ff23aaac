"""Rules about the attached files; each finding is repeated for every item that the file serves."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

from bundler.case.model import Case, Material
from bundler.case.pages_of_material import list_pages, page_span
from bundler.file_inspection_record import FileRecord
from bundler.gate.duplicate_page_rules import check_duplicates
from bundler.printable_text import LINE_SEPARATORS
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import Item, Paper


def missing_glyphs_finding(
    where: str, missing: Sequence[str], alternative: str = "", *, item: Item | None = None, path: str
) -> Finding:
    """FONT-GLYPH for characters that no installed font can print, the first eight named.

    Args:
        where: the file or the place in case.json, as the message begins.
        missing: the characters.
        alternative: what else the clerk may do than install a font.
        item: the paper concerned.
        path: the JSON Pointer of the place.
    """
    named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing[:8])
    return finding(
        "FONT-GLYPH",
        message=f"{where}里有字体印不出的字：{named}。",
        fix=f"请安装含有这些字的字体{alternative}。",
        item=item,
        path=path,
    )


def check_materials(
    case: Case,
    records: Mapping[str, FileRecord],
    papers: Mapping[Item, Paper],
    missing_glyphs: Callable[[str], list[str]],
) -> Iterator[Finding]:
    """All findings about the files of a case, each paper named as the regulation names it."""
    for index, material in enumerate(case.materials):
        record = records[material.file]
        path = f"/materials/{index}"
        for item in dict.fromkeys(material.items):
            yield from _file_problems(material, record, papers[item], path)
            yield from _check_signed_scan(material, record, papers[item], path)
            yield from _check_page_range(material, record, item, path)
            yield from _check_glyphs(record, item, path, missing_glyphs)
    yield from check_duplicates(case.materials, records, papers)


_ACTION_LENGTH = 16
"""Characters of a measure by which a message names it."""
_PROOF_RULES = frozenset(
    {"FILE-OUTSIDE", "FILE-MISSING", "FILE-TYPE", "FILE-ENCRYPTED", "FILE-DAMAGED", "FILE-EMPTY", "FILE-TOO-LARGE"}
)
"""What a file must not have that proves a measure and is not bound: it can be found and opened, and shows something."""


def check_proof_files(
    case: Case, records: Mapping[str, FileRecord], number_of: Callable[[str], int]
) -> Iterator[Finding]:
    """The findings about the files that prove measures; one that is a material too has that material's findings.

    Args:
        case: the case.
        records: the record of each file.
        number_of: the number, from 1, that an entry of a list has in case.json.
    """
    bound = {unicodedata.normalize("NFC", material.file) for material in case.materials}
    for index, measure in enumerate(case.measures):
        record = records.get(measure.proof_file or "")
        if record is None or unicodedata.normalize("NFC", record.file) in bound:
            continue
        action = f"“{_shorten(measure.action)}”" if measure.action else ""
        for problem in record.problems:
            if problem.rule in _PROOF_RULES:
                yield finding(
                    problem.rule,
                    message=f"第{number_of(f'/measures/{index}')}项工作措施{action}的佐证文件“{record.file}”{problem.message}",
                    fix=problem.fix,
                    item=Item.MEASURES,
                    path=f"/measures/{index}/proof_file",
                )


def _file_problems(material: Material, record: FileRecord, paper: Paper, path: str) -> Iterator[Finding]:
    """The problems in the file's record; a problem of a page only where the material uses that page."""
    first, last = page_span(material, len(record.pages))
    for problem in record.problems:
        pages = tuple(page for page in problem.pages if first <= page <= last)
        if problem.pages and not pages:
            continue
        where = f"第{list_pages(pages)}页" if pages else ""
        if problem.rule == "FILE-MISSING":
            yield _missing_file(material, paper, path)
            continue
        if problem.rule == "SCAN-BLANK" and len(pages) == last - first + 1:
            yield _only_blank_pages(material, paper, f"第{list_pages(pages)}页", path)
            continue
        yield finding(
            problem.rule,
            message=f"“{material.file}”{where}{problem.message}",
            fix=problem.fix,
            item=paper.item,
            path=f"{path}/file",
        )


def _shorten(action: str) -> str:
    return action if len(action) <= _ACTION_LENGTH else f"{action[:_ACTION_LENGTH]}……"


def _only_blank_pages(material: Material, paper: Paper, where: str, path: str) -> Finding:
    """FILE-EMPTY for a page range in which nothing is to be seen, though the file has other pages."""
    return finding(
        "FILE-EMPTY",
        message=f"“{material.file}”{where}是空白页，取用的页全是空白。",
        fix="请核对页码范围；范围没有写错的，请核对原件后重新扫描。",
        item=paper.item,
        path=f"{path}/pages",
    )


def _missing_file(material: Material, paper: Paper, path: str) -> Finding:
    """FILE-MISSING, by the paper's title, which is what the clerk has to look for."""
    in_folder = "" if "/" in material.file else f"，放在材料文件夹里的写成“materials/{material.file}”"
    return finding(
        "FILE-MISSING",
        message=f"缺少{material.title or paper.label}：写明的文件“{material.file}”不在案件文件夹里。",
        fix=f"请补送；文件名写错的请改正{in_folder}。",
        item=paper.item,
        path=f"{path}/file",
    )


def _check_signed_scan(material: Material, record: FileRecord, paper: Paper, path: str) -> Iterator[Finding]:
    """FILE-UNSIGNED: a paper that must be signed is a scan, not a Word file."""
    if record.is_word and not paper.word_accepted:
        yield finding(
            "FILE-UNSIGNED",
            message=f"“{material.file}”是 Word 文件，{paper.label}须有签名，不能用 Word 文件。",
            fix="请打印、签名后扫描成 PDF 或者图片，替换这个文件。",
            item=paper.item,
            path=f"{path}/file",
        )


def _check_page_range(material: Material, record: FileRecord, item: Item, path: str) -> Iterator[Finding]:
    """DATA-CONFLICT: the page range is within the file; a Word file takes none."""
    if material.pages is None or not record.media_type:
        return
    first, last = page_span(material, len(record.pages))
    if record.is_word:
        message = f"“{material.file}”是 Word 文件，不能只取其中几页。"
    elif first > last:
        message = f"“{material.file}”的页码范围 {material.pages} 起页大于止页。"
    elif record.pages and last > len(record.pages):
        message = f"“{material.file}”只有 {len(record.pages)} 页，没有第 {material.pages} 页。"
    else:
        return
    yield finding("DATA-CONFLICT", message=message, fix="请改正页码范围，或者删去它。", item=item, path=f"{path}/pages")


def _check_glyphs(
    record: FileRecord, item: Item, path: str, missing_glyphs: Callable[[str], list[str]]
) -> Iterator[Finding]:
    """FONT-GLYPH: an installed font can print every character of a Word file; DATA-CHARACTER: none breaks a line unseen."""
    separators = [character for character in record.characters or "" if character in LINE_SEPARATORS]
    if separators:
        named = "、".join(f"U+{ord(character):04X}" for character in separators)
        codes = "、".join(f"^u{ord(character)}" for character in separators)
        yield finding(
            "DATA-CHARACTER",
            message=f"“{record.file}”里有看不见的行、段分隔符：{named}。",
            fix=f"请在 Word 里查找 {codes}，换成换行或者删去，再保存。",
            item=item,
            path=f"{path}/file",
        )
    missing = missing_glyphs(record.characters) if record.characters else []
    if missing:
        yield missing_glyphs_finding(f"“{record.file}”", missing, "，或者改成扫描件", item=item, path=f"{path}/file")
