"""A drafted paper that a clerk went on editing in Word: the PDF still has every character, in its place."""

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

from bundler.word.docx_check import read_docx
from bundler.word.docx_reader import read_blocks
from tests.support.documents import draft_paper, typeset_together

WORDS = st.text("院审你我甲𬭎㛃０１２３0123456789ａｂab，。：（）—“”·□☑", min_size=1, max_size=40)
Edit = Callable[[Word, int, str], None]


def body(word: Word, place: int) -> Paragraph:
    """One of the paragraphs that hold words."""
    found = [one for one in word.paragraphs if one.text.strip()]
    return found[place % len(found)]


def add_paragraph(word: Word, place: int, text: str) -> None:
    """A paragraph more, in the look of the one before it."""
    old = body(word, place)
    new = copy.deepcopy(old._p)
    old._p.addnext(new)
    Paragraph(new, old._parent).runs[0].text = text


def add_look(word: Word, place: int, text: str) -> None:
    """Words in bold, underlined, italic, of another size."""
    run = body(word, place).add_run(text)
    run.bold, run.underline, run.italic, run.font.size = place % 2 == 0, place % 3 == 0, place % 5 == 0, Pt(18)


def align(word: Word, place: int, text: str) -> None:
    """Words at the end of a paragraph that is now centred."""
    paragraph = body(word, place)
    paragraph.add_run(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def break_page(word: Word, place: int, text: str) -> None:
    """A new page in the middle of a paragraph."""
    paragraph = body(word, place)
    paragraph.add_run().add_break(WD_BREAK.PAGE)
    paragraph.add_run(text)


def break_line(word: Word, place: int, text: str) -> None:
    """A new line in the same paragraph."""
    paragraph = body(word, place)
    paragraph.add_run().add_break()
    paragraph.add_run(text)


def tab(word: Word, place: int, text: str) -> None:
    """A tab, and words after it."""
    body(word, place).add_run(f"\t{text}")


def split_run(word: Word, place: int, text: str) -> None:
    """Word cuts a run in two for reasons of its own, and marks where a page ended when it last looked."""
    run = body(word, place).runs[0]
    other = copy.deepcopy(run._r)
    run._r.addnext(other)
    run.text = run.text[: place % (len(run.text) + 1)] + text
    other.addprevious(parse_xml(f"<w:proofErr {nsdecls('w')} w:type='spellStart'/>"))
    other.insert(0, parse_xml(f"<w:lastRenderedPageBreak {nsdecls('w')}/>"))


def add_row(word: Word, place: int, text: str) -> None:
    """A row more in a table; a table where there was none."""
    if not word.tables:
        word.add_table(1, 2, style="文书表").cell(0, place % 2).text = text
        return
    rows = word.tables[place % len(word.tables)].rows
    row = copy.deepcopy(rows[place % len(rows)]._tr)
    rows[place % len(rows)]._tr.addnext(row)
    cell = next(one for one in row.iter(qn("w:tc")) if one.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is None)
    next(cell.iter(qn("w:p"))).append(parse_xml(f"<w:r {nsdecls('w')}><w:t>{text}</w:t></w:r>"))


def merge_cells(word: Word, place: int, text: str) -> None:
    """Two cells of a new table, one above the other, made one."""
    table = word.add_table(2, 2, style="文书表")
    table.cell(0, place % 2).merge(table.cell(1, place % 2)).paragraphs[0].add_run(text)


EDITS: list[Edit] = [
    add_paragraph,
    add_look,
    align,
    break_page,
    break_line,
    tab,
    split_run,
    add_row,
    merge_cells,
]


def spoken(word: bytes) -> str:
    """Every character of a Word file's body, read without our reader."""
    nodes = Document(io.BytesIO(word)).element.body.iter(qn("w:t"))
    return "".join("".join(node.text or "" for node in nodes).split())


def shown(word: bytes) -> str:
    """Every character between the margins of the set pages."""
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
    """Nothing is lost, doubled or moved, whatever a clerk ordinarily does to a paper."""
    word = Document(io.BytesIO(draft_paper("archive-complete", document)))
    for edit, place, text in edits:
        edit(word, place, text)
    target = io.BytesIO()
    word.save(target)

    assert read_docx(target.getvalue()).problems == ()
    assert shown(target.getvalue()) == spoken(target.getvalue())


def test_words_that_word_hides_or_turns_are_refused_by_name() -> None:
    """Left behind in a cell that went up in another, or written downwards: the paragraph and the construct are named."""
    for mark, named in (("<w:vMerge {}/>", "已被合并的单元格"), ('<w:textDirection {} w:val="tbRlV"/>', "竖排文字")):
        word = Document(io.BytesIO(draft_paper("archive-complete", "registration_form")))
        cell = word.tables[-1].rows[-1].cells[0]
        cell.paragraphs[0].add_run("甲某某")
        cell._tc.get_or_add_tcPr().append(parse_xml(mark.format(nsdecls("w"))))
        target = io.BytesIO()
        word.save(target)
        problem = read_docx(target.getvalue()).problems[0]

        assert problem.rule == "DOCX-UNSUPPORTED"
        assert named in problem.message
        assert "段（“" in problem.message
