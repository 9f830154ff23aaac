"""A drafted document edited in Word: the PDF has every character in its position."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bundler.word.docx_reader import read_blocks
from bundler.word.unsupported_constructs import check_docx
from tests.support.documents import draft_paper, typeset_together

WORDS = st.text("院审你我甲𬭎㛃０１２３0123456789ａｂab，。：（）—“”·□☑", min_size=1, max_size=40)
Edit = Callable[[Word, int, str], None]


def find_paragraph(word: Word, position: int) -> Paragraph:
    """One of the paragraphs that are not blank."""
    found = [one for one in word.paragraphs if one.text.strip()]
    return found[position % len(found)]


def add_paragraph(word: Word, position: int, text: str) -> None:
    """Insert a paragraph with the format of the one before it."""
    old = find_paragraph(word, position)
    new = copy.deepcopy(old._p)
    old._p.addnext(new)
    Paragraph(new, old._parent).runs[0].text = text


def add_formatted_text(word: Word, position: int, text: str) -> None:
    """Add bold, underlined, italic text of another size."""
    run = find_paragraph(word, position).add_run(text)
    run.bold, run.underline, run.italic, run.font.size = position % 2 == 0, position % 3 == 0, position % 5 == 0, Pt(18)


def align(word: Word, position: int, text: str) -> None:
    """Add text to a paragraph and centre it."""
    paragraph = find_paragraph(word, position)
    paragraph.add_run(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def break_page(word: Word, position: int, text: str) -> None:
    """Break the page within a paragraph."""
    paragraph = find_paragraph(word, position)
    paragraph.add_run().add_break(WD_BREAK.PAGE)
    paragraph.add_run(text)


def break_line(word: Word, position: int, text: str) -> None:
    """Break the line within a paragraph."""
    paragraph = find_paragraph(word, position)
    paragraph.add_run().add_break()
    paragraph.add_run(text)


def add_tab(word: Word, position: int, text: str) -> None:
    """Add a tab and text."""
    find_paragraph(word, position).add_run(f"\t{text}")


def split_run(word: Word, position: int, text: str) -> None:
    """Split a run and mark the last rendered page break, as Word does."""
    run = find_paragraph(word, position).runs[0]
    other = copy.deepcopy(run._r)
    run._r.addnext(other)
    run.text = run.text[: position % (len(run.text) + 1)] + text
    other.addprevious(parse_xml(f"<w:proofErr {nsdecls('w')} w:type='spellStart'/>"))
    other.insert(0, parse_xml(f"<w:lastRenderedPageBreak {nsdecls('w')}/>"))


def add_row(word: Word, position: int, text: str) -> None:
    """Add a row to a table, or a table where there is none."""
    if not word.tables:
        word.add_table(1, 2, style="文书表").cell(0, position % 2).text = text
        return
    rows = word.tables[position % len(word.tables)].rows
    row = copy.deepcopy(rows[position % len(rows)]._tr)
    rows[position % len(rows)]._tr.addnext(row)
    cell = next(one for one in row.iter(qn("w:tc")) if one.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is None)
    next(cell.iter(qn("w:p"))).append(parse_xml(f"<w:r {nsdecls('w')}><w:t>{text}</w:t></w:r>"))


def merge_cells(word: Word, position: int, text: str) -> None:
    """Merge two cells of a new table vertically."""
    table = word.add_table(2, 2, style="文书表")
    table.cell(0, position % 2).merge(table.cell(1, position % 2)).paragraphs[0].add_run(text)


EDITS: list[Edit] = [
    add_paragraph,
    add_formatted_text,
    align,
    break_page,
    break_line,
    add_tab,
    split_run,
    add_row,
    merge_cells,
]


def read_body(word: bytes) -> str:
    """Every character of a Word file's body, read by python-docx."""
    nodes = Document(io.BytesIO(word)).element.body.iter(qn("w:t"))
    return "".join("".join(node.text or "" for node in nodes).split())


def read_pages(word: bytes) -> str:
    """Every character within the margins of the typeset pages."""
    blocks = read_blocks(word)
    data, _ = typeset_together({"p": blocks})
    top, _, bottom, _ = blocks.margins
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        pages = [
            page.get_textpage().get_text_bounded(
                left=0, bottom=bottom - 6, right=page.get_width(), top=page.get_height() - top + 2
            )
            for page in pdf
        ]
    return "".join("".join(pages).split())


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["acceptance_notice", "registration_form", "investigation_record"]),
    st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 60), WORDS), min_size=1, max_size=5),
)
def test_every_character_of_an_edited_paper_is_on_its_pages(document: str, edits: list[tuple[Edit, int, str]]) -> None:
    """No character is lost, doubled or moved by ordinary edits."""
    word = Document(io.BytesIO(draft_paper("archive-complete", document)))
    for edit, position, text in edits:
        edit(word, position, text)
    target = io.BytesIO()
    word.save(target)

    assert check_docx(target.getvalue()).problems == ()
    assert read_pages(target.getvalue()) == read_body(target.getvalue())


def test_words_that_word_hides_or_turns_are_refused_by_name() -> None:
    """Text left in a merged cell, or text that runs upwards: the error names the paragraph and the construct."""
    for mark, named in (("<w:vMerge {}/>", "已被合并的单元格"), ('<w:textDirection {} w:val="btLr"/>', "竖排文字")):
        word = Document(io.BytesIO(draft_paper("archive-complete", "registration_form")))
        cell = word.tables[-1].rows[-1].cells[0]
        cell.paragraphs[0].add_run("甲某某")
        cell._tc.get_or_add_tcPr().append(parse_xml(mark.format(nsdecls("w"))))
        target = io.BytesIO()
        word.save(target)
        problem = check_docx(target.getvalue()).problems[0]

        assert problem.rule == "DOCX-UNSUPPORTED"
        assert named in problem.message
        assert "段（“" in problem.message
