"""A clerk who prints a paper from Word gets the same pages: every paper set by us and by LibreOffice, side by side."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from bundler.typeset import lines
from bundler.typeset.layout import Typesetter
from bundler.word.blocks import Blocks, Paragraph, read_blocks
from tests.office import printed
from tests.papers import CASES, PAPERS, word_file


def pages_of(source: bytes | Path) -> list[Counter[str]]:
    """How often each character stands on each page; in which order a page tells them is the program's own business."""
    with pypdfium2.PdfDocument(io.BytesIO(source) if isinstance(source, bytes) else source) as pdf:
        return [Counter("".join(page.get_textpage().get_text_range().split())) for page in pdf]


def set_by_us(blocks: Blocks) -> list[Counter[str]]:
    """The same of our pages."""
    setter = Typesetter()
    setter.set_papers([("p", blocks)])
    return pages_of(setter.write(["p"], "题", b"0" * 16)[0])


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
    files = {}
    for name, document in PAPERS:
        path = tmp_path / f"{name}+{document}.docx"
        path.write_bytes(word_file(document, CASES[name]))
        files[path.stem] = path
    theirs = {stem: pages_of(path) for stem, path in printed(list(files.values()), tmp_path).items()}
    blocks = {stem: read_blocks(path.read_bytes()) for stem, path in files.items()}
    ours = {stem: set_by_us(one) for stem, one in blocks.items()}

    assert {stem: len(pages) for stem, pages in ours.items()} == {stem: len(pages) for stem, pages in theirs.items()}
    assert [stem for stem in files if sum(ours[stem], Counter()) != sum(theirs[stem], Counter())] == []

    monkeypatch.setattr(lines, "_WHOLE", re.compile("(?!)"))
    assert [stem for stem, one in blocks.items() if set_by_us(as_libreoffice_keeps(one)) != theirs[stem]] == []
