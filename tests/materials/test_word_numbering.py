"""Automatic numbers are set as Word shows them: reckoned from the lists of the file, and compared with LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from bundler.word.number_formats import format_number
from tests.support.libreoffice import printed
from tests.support.word_files import (
    cell,
    errors_of,
    page_texts,
    paragraph,
    positions,
    problems_of,
    save,
    table,
    word_file,
)


def level(depth: int, text: str, style: str = "decimal", more: str = "") -> str:
    """A level of a list whose numbers stand directly before the text."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*levels: str, more: str = "") -> str:
    """A definition with these levels, and the list 1 that has it."""
    definition = f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
    return f'{definition}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'


def item(depth: int, text: str = "项", number_id: int = 1) -> str:
    """A paragraph on a level of a list."""
    place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number_id}"/></w:numPr>'
    return paragraph(text, place)


COURT = lists(
    level(0, "%1、", "chineseCounting"),
    level(1, "（%2）", "chineseCounting"),
    level(2, "%3.", "decimal"),
    level(3, "%4", "decimalEnclosedCircleChinese"),
    level(4, "%3.%5"),
)


def numbers(body: str, numbering: str, styles: str = "") -> list[str]:
    """The numbers of the paragraphs, whose text is 项."""
    data = word_file(body, numbering=numbering, styles=styles)
    assert errors_of(data) == []
    return "".join(page_texts(data)[0].split()).split("项")[:-1]


def test_a_court_s_levels_count_and_begin_again() -> None:
    """一、 （一） 1. ①: a higher number begins the deeper ones again."""
    depths = [0, 1, 1, 2, 2, 3, 3, 1, 2, 0, 1, 2, 4, 4]
    expected = ["一、", "（一）", "（二）", "1.", "2.", "①", "②", "（三）", "1.", "二、", "（一）", "1.", "1.1", "1.2"]
    assert numbers("".join(map(item, depths)), COURT) == expected


def test_a_level_that_never_begins_again_goes_on() -> None:
    """``lvlRestart`` 0: articles of a contract are counted through its chapters."""
    articles = lists(
        level(0, "第%1章", "chineseCounting"), level(1, "第%2条", "chineseCounting", '<w:lvlRestart w:val="0"/>')
    )
    assert numbers("".join(map(item, [0, 1, 1, 0, 1])), articles) == ["第一章", "第一条", "第二条", "第二章", "第三条"]


def test_a_list_that_begins_anew_does_and_one_that_shares_goes_on() -> None:
    """Two lists of one definition share its counter; a ``startOverride`` begins it again, once."""
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = item(0) + item(0, number_id=2) + item(0, number_id=3) + item(0, number_id=3) + item(0)
    assert numbers(body, lists(level(0, "%1."), more=more)) == ["1.", "2.", "5.", "6.", "7."]


def test_files_that_differ_in_their_lists_only_have_their_own_numbers() -> None:
    """What is remembered of one file's paragraphs is not taken for another's with the same styles."""
    found = [numbers(item(0) + item(0), lists(level(0, text))) for text in ("%1.", "%1）", "%1.")]
    assert found == [["1.", "2."], ["1）", "2）"], ["1.", "2."]]


def test_a_number_by_a_style_and_one_that_is_taken_away() -> None:
    """A style names the list and is linked to a level; number 0 takes it away."""
    style = (
        '<w:style w:type="paragraph" w:styleId="S"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:basedOn w:val="S"/></w:style>'
    )
    linked = lists(level(0, "%1、", "chineseCounting"), level(1, "%2）", more='<w:pStyle w:val="S"/>'))
    body = (
        paragraph("项", '<w:pStyle w:val="S"/>')
        + paragraph("项", '<w:pStyle w:val="T"/>')
        + paragraph("项", '<w:pStyle w:val="S"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert numbers(body, linked, style) == ["1）", "2）", ""]


def test_numbers_in_cells_count_on() -> None:
    """序号 of a table that Word fills by itself."""
    rows = [cell(item(0)) for _ in range(3)]
    assert numbers(table(rows, columns=[3000]), lists(level(0, "%1"))) == ["1", "2", "3"]


def test_the_text_after_a_number_hangs_at_its_indent() -> None:
    """A tab follows the number; the text begins where the list says."""
    hanging = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
        '<w:pPr><w:ind w:left="840" w:hanging="420"/></w:pPr></w:lvl>'
    )
    data = word_file(item(0), numbering=lists(hanging))
    assert positions(data, "1.")[0] == pytest.approx(90 + 21, abs=1.5)
    assert positions(data, "项")[0] == pytest.approx(90 + 42, abs=1.5)


def test_a_bullet_of_a_symbol_font_is_a_sign() -> None:
    """Word's bullet, and WPS's arrow, for which a like sign is put and told."""
    font = '<w:rPr><w:rFonts w:ascii="{0}" w:hAnsi="{0}"/></w:rPr></w:lvl>'
    dot = level(0, "\uf0b7", "bullet").replace("</w:lvl>", font.format("Symbol"))
    arrow = level(0, "\uf0d8", "bullet").replace("</w:lvl>", font.format("Wingdings"))

    assert numbers(item(0), lists(dot)) == ["•"]
    assert numbers(item(0), lists(arrow)) == ["▶"]
    assert "项目符号" in problems_of(word_file(item(0), numbering=lists(arrow)))[0][1]


def test_a_number_that_is_hidden_is_not_shown_and_counts() -> None:
    """As in headings whose number only other places show."""
    numbering = lists(level(0, "%1."), level(1, "%1.%2")).replace("</w:lvl>", "<w:rPr><w:vanish/></w:rPr></w:lvl>", 1)
    assert numbers(item(0) + item(0) + item(1), numbering) == ["", "", "2.1"]


def test_a_number_that_is_struck_is_refused_as_text_is() -> None:
    """By its level, or by the paragraph's mark."""
    struck = lists(level(0, "%1.")).replace("</w:lvl>", "<w:rPr><w:strike/></w:rPr></w:lvl>")
    by_mark = item(0).replace("</w:pPr>", "<w:rPr><w:strike/></w:rPr></w:pPr>")
    for data in (word_file(item(0), numbering=struck), word_file(by_mark, numbering=lists(level(0, "%1.")))):
        assert errors_of(data) == ["DOCX-UNSUPPORTED"]


def test_a_format_that_is_not_known_is_refused() -> None:
    """No number is guessed."""
    found = problems_of(word_file(item(0), numbering=lists(level(0, "%1", "hebrew1"))))
    assert [rule for rule, _ in found] == ["DOCX-UNSUPPORTED"]
    assert "自动编号的格式（hebrew1）" in found[0][1]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 105: "一○五"}),
        (
            "chineseCountingThousand",
            {10: "十", 15: "十五", 100: "一百", 105: "一百零五", 110: "一百一十", 1000: "一千"},
        ),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 105: "壹佰零伍"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("ideographTraditional", {1: "甲", 10: "癸"}),
        ("ideographDigital", {10: "一〇"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa"}),
        ("upperRoman", {4: "IV", 1999: "MCMXCIX"}),
        ("decimalZero", {1: "01", 10: "10"}),
        ("decimalFullWidth", {12: "１２"}),
        ("numberInDash", {3: "- 3 -"}),
    ],
)
def test_numbers_are_written_as_word_writes_them(style: str, expected: dict[int, str]) -> None:
    """In figures, Chinese numerals, signs and letters."""
    assert {number: format_number(number, style) for number in expected} == expected


@pytest.mark.slow
def test_libreoffice_counts_the_same(tmp_path: Path) -> None:
    """On the levels of a court's list, and in eight formats."""
    bodies = {
        "levels": ("".join(map(item, [0, 1, 1, 2, 2, 3, 3, 1, 2, 0, 1, 2, 4, 4, 0, 2, 1])), COURT),
        **{
            style: ("".join(item(0) for _ in range(10 if style == "decimalEnclosedCircle" else 12)), lists(level(0, "第%1项", style)))
            for style in (
                "decimal", "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "lowerLetter",
                "decimalEnclosedCircle", "upperRoman", "lowerRoman",
            )
        },
    }  # fmt: skip
    made = {name: word_file(body, numbering=numbering) for name, (body, numbering) in bodies.items()}
    folder = tmp_path / "lo"
    folder.mkdir()
    theirs = printed([save(data, tmp_path / f"{name}.docx") for name, data in made.items()], folder)
    for name, data in made.items():
        with pypdfium2.PdfDocument(theirs[name]) as pdf:
            expected = "".join(pdf[0].get_textpage().get_text_range().split())
        assert "".join(page_texts(data)[0].split()) == expected, name
