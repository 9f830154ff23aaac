"""Attached Word files: every character is typeset, or the unsupported construct is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_reader import read_blocks
from bundler.word.unsupported_constructs import check_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
Change = Callable[[Any], object]


def make_word_file(change: Change) -> bytes:
    """Make a Word file with a sentence and a change."""
    document = Document()
    document.add_paragraph("信访人反映执行进度问题。")
    change(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def typeset_page_texts(data: bytes) -> list[str]:
    """Typeset a Word file, and return the text of each page without spaces."""
    typesetter = Typesetter()
    typesetter.typeset_papers([("p", read_blocks(data))])
    pdf_bytes, _ = typesetter.write(["p"], "题", b"0" * 16, None)
    with pypdfium2.PdfDocument(io.BytesIO(pdf_bytes)) as pdf:
        return ["".join(page.get_textpage().get_text_range().split()) for page in pdf]


def merged_cells(document: Any) -> None:  # noqa: ANN401 (python-docx)
    """Add a table with cells that span rows and columns."""
    table = document.add_table(4, 4)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格{number}"
    table.cell(0, 0).merge(table.cell(2, 0))
    table.cell(0, 1).merge(table.cell(0, 3))
    table.cell(2, 2).merge(table.cell(3, 3))


def nested_table(document: Any) -> None:  # noqa: ANN401 (python-docx)
    """Add a table inside a cell."""
    document.add_table(1, 1).cell(0, 0).add_table(2, 2).cell(1, 1).text = "内格"


def row_in_content_control(document: Any) -> None:  # noqa: ANN401 (python-docx)
    """Add a table whose row is inside a content control."""
    row = (
        "<w:sdt><w:sdtContent><w:tr><w:tc><w:p><w:r><w:t>行控件</w:t></w:r></w:p></w:tc></w:tr></w:sdtContent></w:sdt>"
    )
    grid = '<w:tblGrid><w:gridCol w:w="3000"/></w:tblGrid>'
    document.element.body.insert(0, parse_xml(f"<w:tbl {W}><w:tblPr/>{grid}{row}</w:tbl>"))


def header_and_footer(document: Any) -> None:  # noqa: ANN401 (python-docx)
    """Set a header and a footer."""
    document.sections[0].header.paragraphs[0].text = "页眉文字"
    document.sections[0].footer.paragraphs[0].text = "页脚文字"


@pytest.mark.parametrize(
    "change",
    [
        merged_cells,
        nested_table,
        row_in_content_control,
        header_and_footer,
        lambda d: d.add_paragraph("前\t后").add_run("加粗").__setattr__("bold", True),
        lambda d: d.add_paragraph("ABC 123　１２３，“引号”——破折号……"),
        lambda d: [d.add_paragraph(f"第{number}段的文字。") for number in range(80)],
    ],
)
def test_every_character_is_set(change: Change) -> None:
    """This includes tables, headers, footers and content controls."""
    data = make_word_file(change)
    document = check_docx(data)

    assert document.problems == ()
    assert sorted("".join(typeset_page_texts(data))) == sorted("".join(document.text().split()))


def test_a_page_break_breaks_the_page() -> None:
    """The text after it is on the next page."""
    data = make_word_file(lambda d: (d.add_page_break(), d.add_paragraph("下一页")))

    assert [text[-3:] for text in typeset_page_texts(data)] == ["问题。", "下一页"]


def test_what_word_last_computed_for_a_field_is_not_set_beside_it() -> None:
    """A footer that Word saved with an old page number shows the right one, once."""

    def add_stale_field(document: Any) -> None:  # noqa: ANN401 (python-docx)
        paragraph = document.sections[0].footer.paragraphs[0]
        for kind, text in (("begin", ""), ("", "PAGE \\* MERGEFORMAT"), ("separate", ""), ("shown", "9"), ("end", "")):
            run = paragraph.add_run("9" if kind == "shown" else "")
            if kind in {"begin", "separate", "end"}:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
                run._r.append(mark)
            elif not kind:
                code = OxmlElement("w:instrText")
                code.text = text
                run._r.append(code)
        document.add_page_break()
        document.add_paragraph("第二页")

    data = make_word_file(add_stale_field)

    assert check_docx(data).problems == ()
    assert [text[-1] for text in typeset_page_texts(data)] == ["1", "2"]


def append_xml(xml: str) -> Change:
    """Return a change that appends XML to the last paragraph."""
    return lambda document: document.paragraphs[-1]._p.append(parse_xml(xml.replace("<w:r>", f"<w:r {W}>", 1)))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda d: d.add_section(WD_SECTION.CONTINUOUS).__setattr__("left_margin", 0), "分节"),
        (lambda d: d.add_paragraph("见").add_run("隐").font.__setattr__("hidden", True), "隐藏文字"),
        (lambda d: d.add_paragraph("x").add_run("2").font.__setattr__("superscript", True), "上标或者下标"),
        (lambda d: d.add_paragraph("x").add_run("删").font.__setattr__("strike", True), "删除线"),
        (append_xml('<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'), "符号字体的符号"),
        (append_xml("<w:r><w:instrText>DATE</w:instrText></w:r>"), "域"),
        (append_xml("<w:r><w:instrText>PAGE</w:instrText></w:r>"), "域"),
        (append_xml("<w:r><w:pict/></w:r>"), "图形"),
        (append_xml("<w:r><w:footnoteReference/></w:r>"), "脚注"),
    ],
)
def test_what_cannot_be_set_is_named_with_its_paragraph(change: Change, named: str) -> None:
    """Nothing is lost silently."""
    problems = check_docx(make_word_file(change)).problems

    assert [problem.rule for problem in problems] == ["DOCX-UNSUPPORTED"]
    assert named in problems[0].message
    assert "段" in problems[0].message
