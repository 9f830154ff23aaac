"""Every document typeset by the project and by LibreOffice has the same pages, so a clerk may print it from Word."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from bundler.word.block_model import Blocks, Paragraph, Table
from bundler.word.docx_reader import read_blocks
from tests.documents.test_pages import find_parted_numbers, read_lines
from tests.support.documents import PAPERS, draft_paper, typeset_all, typeset_together
from tests.support.libreoffice import printed

Pages = list[Counter[str]]


def count_characters(pdf: pypdfium2.PdfDocument, first: int, last: int) -> Pages:
    """The count of each character on each page; the order of text within a page differs between programs."""
    texts = [pdf[number].get_textpage().get_text_range().replace("\u2060", "") for number in range(first, last + 1)]
    return [Counter("".join(text.split())) for text in texts]


def read_libreoffice_pages(path: Path) -> Pages:
    """The pages of a PDF that LibreOffice made."""
    with pypdfium2.PdfDocument(path) as pdf:
        return count_characters(pdf, 0, len(pdf) - 1)


def read_our_pages(data: bytes, ranges: dict[str, tuple[int, int]]) -> dict[str, Pages]:
    """The pages of documents typeset together."""
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        return {stem: count_characters(pdf, first, last) for stem, (first, last) in ranges.items()}


def keep_like_libreoffice(blocks: Blocks) -> Blocks:
    """Keep the lines of every paragraph together that is kept with the next one.

    The standard requires only a part of such a paragraph on the next one's page (ISO/IEC 29500-1, 17.3.1.15), and the
    typesetter follows it; LibreOffice moves the whole paragraph. A table stays with the paragraph after it in both where
    each paragraph of each of its rows is kept with the next one, as in the templates of meetings.
    """
    kept = (
        replace(block, keep_lines=block.keep_lines or block.keep_next) if isinstance(block, Paragraph) else block
        for block in blocks.body
    )
    return replace(blocks, body=tuple(kept))


def has_row_that_may_split(blocks: Blocks) -> bool:
    """Whether a row may go on on the next page; LibreOffice then leaves a single line of a paragraph, Word and we do not."""
    return any(not row.whole for block in blocks.body if isinstance(block, Table) for row in block.rows)


CELLS_THAT_PART_NUMBERS = {"in-progress+registration_form", "in-progress+transfer_slip"}
"""Forms with cells of several case numbers: LibreOffice ends a line there between 执 or 鲁 and the figures after it,
though the settings of the templates name both among the characters that end no line."""
_EDGES = re.compile(rb'<w:(header|footer)Reference [^>]*w:type="(\w+)"')


@pytest.mark.parametrize("document", ["transfer_slip", "follow_up_record", "measures_exhausted", "reply_opinion"])
def test_libreoffice_breaks_the_pages_of_a_full_form_as_we_do(document: str) -> None:
    """LibreOffice 25.2 shows the other pages' footer on a first page where both are listed before the headers.

    After a table at the end it puts an empty paragraph, which took a page of its own.
    """
    with zipfile.ZipFile(io.BytesIO(draft_paper("told", document))) as paper:
        body = paper.read("word/document.xml")
    listed = [found[1] + found[2] for found in _EDGES.finditer(body)]
    assert listed == [
        edge + kind for kind in sorted({kind for _, kind in _EDGES.findall(body)}) for edge in (b"header", b"footer")
    ]
    assert b"</w:tbl><w:sectPr" not in body


@pytest.mark.slow
def test_libreoffice_prints_the_same_pages(tmp_path: Path) -> None:
    """The number of pages and the text are the same; each page is the same once the known differences are removed.

    Lines end at the same characters, since the .docx says which characters begin no line (年, 月, 日, 元, 号 and other
    units), and the typesetter keeps to the same list. Rows have the same height. Only where a paragraph is kept with the
    next one does a page break at another place.
    """
    files = {f"{name}+{document}": tmp_path / f"{name}+{document}.docx" for name, document in PAPERS}
    for (name, document), path in zip(PAPERS, files.values(), strict=True):
        path.write_bytes(draft_paper(name, document))
    made = printed(list(files.values()), tmp_path)
    theirs = {stem: read_libreoffice_pages(path) for stem, path in made.items()}
    ours = read_our_pages(*typeset_all())
    parted = {stem: find_parted_numbers(list(read_lines(path.read_bytes()))) for stem, path in made.items()}
    assert {stem for stem, found in parted.items() if found} <= CELLS_THAT_PART_NUMBERS

    assert {stem: len(pages) for stem, pages in ours.items()} == {stem: len(pages) for stem, pages in theirs.items()}
    assert [stem for stem in files if sum(ours[stem], Counter()) != sum(theirs[stem], Counter())] == []

    different = {stem: read_blocks(files[stem].read_bytes()) for stem in files if ours[stem] != theirs[stem]}
    other = [stem for stem, blocks in different.items() if not has_row_that_may_split(blocks)]
    kept = {stem: keep_like_libreoffice(different[stem]) for stem in other}
    alike = read_our_pages(*typeset_together(kept))
    assert [stem for stem in other if alike[stem] != theirs[stem]] == []
