"""A clerk who prints a paper from Word gets the same pages: every paper set by us and by LibreOffice, side by side."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from bundler.typeset import chinese_lines
from bundler.word.blocks import Blocks, Paragraph
from bundler.word.docx_reader import read_blocks
from tests.support.documents import PAPERS, draft_paper, typeset_all, typeset_together
from tests.support.libreoffice import printed

Pages = list[Counter[str]]


def letters(pdf: pypdfium2.PdfDocument, first: int, last: int) -> Pages:
    """How often each character stands on each page; in which order a page tells them is the program's own business."""
    return [Counter("".join(pdf[number].get_textpage().get_text_range().split())) for number in range(first, last + 1)]


def of_theirs(path: Path) -> Pages:
    """The pages of a file of their own."""
    with pypdfium2.PdfDocument(path) as pdf:
        return letters(pdf, 0, len(pdf) - 1)


def of_ours(data: bytes, places: dict[str, tuple[int, int]]) -> dict[str, Pages]:
    """The pages of papers that were set together."""
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        return {stem: letters(pdf, first, last) for stem, (first, last) in places.items()}


def as_libreoffice_keeps(blocks: Blocks) -> Blocks:
    """With every paragraph that is kept with the next one also kept whole.

    Of such a paragraph the standard wants a part only beside the next (ISO/IEC 29500-1, 17.3.1.15), which is what we set;
    LibreOffice moves it whole, so a last paragraph of many lines goes to the page of the signature with all of them.
    """
    body = tuple(
        replace(block, keep_lines=block.keep_lines or block.keep_next) if isinstance(block, Paragraph) else block
        for block in blocks.body
    )
    return replace(blocks, body=body)


@pytest.mark.slow
def test_libreoffice_prints_the_same_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many pages, with the same words; and page for page the same, once two habits are set alike.

    A date, an amount and a case number stay on one line in our pages, as a court wants them; Word and LibreOffice break
    them, and a .docx has no way to forbid it. Where dates may break and kept paragraphs move whole, nothing else is left
    that differs: the lines end at the same characters, the rows are as high.
    """
    files = {f"{name}+{document}": tmp_path / f"{name}+{document}.docx" for name, document in PAPERS}
    for (name, document), path in zip(PAPERS, files.values(), strict=True):
        path.write_bytes(draft_paper(name, document))
    theirs = {stem: of_theirs(path) for stem, path in printed(list(files.values()), tmp_path).items()}
    ours = of_ours(*typeset_all())

    assert {stem: len(pages) for stem, pages in ours.items()} == {stem: len(pages) for stem, pages in theirs.items()}
    assert [stem for stem in files if sum(ours[stem], Counter()) != sum(theirs[stem], Counter())] == []

    monkeypatch.setattr(chinese_lines, "_UNBREAKABLE", re.compile("(?!)"))
    other = [stem for stem in files if ours[stem] != theirs[stem]]
    kept = {stem: as_libreoffice_keeps(read_blocks(files[stem].read_bytes())) for stem in other}
    alike = of_ours(*typeset_together(kept))
    assert [stem for stem in other if alike[stem] != theirs[stem]] == []
