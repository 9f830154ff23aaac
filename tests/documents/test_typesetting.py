"""Typeset pages: 22 lines of 28 characters, flush right edge, no line that begins with a closing mark."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bundler.errors import FontGlyphError
from bundler.typeset.chinese_justification import NOT_FIRST, NOT_LAST
from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import Blocks, Paragraph, Run
from tests.support.documents import TEMPLATES
from tests.support.paths import SAMPLES

WORDS = (
    "本院于2021年9月16日收到济南市中级人民法院转来的你反映（2020）鲁0117执9001号申请执行人甲某某与被执行人乙某某、"
    "钢城区样某建材有限公司民间借贷纠纷执行一案未及时查控财产、终结本次执行程序不当、发放执行款不及时等问题的信访材料。"
)


def body(text: str) -> Paragraph:
    """A paragraph of a letter."""
    return Paragraph("正文", (Run(text, "仿宋_GB2312", 16, bold=False, spacing=-0.25),), align="both", line=28.95)


def lines(text: str) -> list[list[tuple[str, float]]]:
    """The lines of a typeset text on all pages: each character with its right edge."""
    setter = Typesetter()
    setter.typeset_papers([("p", Blocks((body(text),)))])
    data, _ = setter.write(["p"], "题", b"0" * 16, None)
    found: list[list[tuple[str, float]]] = []
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        for number in range(len(pdf)):
            found.append([])
            words = pdf[number].get_textpage()
            before = -1.0
            for place in range(words.count_chars()):
                left, _, right, _ = words.get_charbox(place, loose=True)
                character = words.get_text_range(place, 1)
                if not character.strip():
                    continue
                if left < before:
                    found.append([])
                found[-1].append((character, right))
                before = left
    return [line for line in found if line]


def test_a_page_holds_22_lines_of_28_characters() -> None:
    """The text area of GB/T 9704."""
    setter = Typesetter()
    assert setter.typeset_papers(
        [("a", Blocks((body("国" * 28 * 22),))), ("b", Blocks((body("国" * (28 * 24)),)))]
    ) == {
        "a": 1,
        "b": 2,
    }
    assert [len(line) for line in lines("国" * 28 * 3)] == [28, 28, 28]


def test_every_line_but_the_last_ends_at_the_right_edge() -> None:
    """Lines with digits or hanging punctuation too: 184 mm from the left, within a third of a millimetre."""
    set_lines = lines(WORDS * 4)
    ends = [line[-1][1] for line in set_lines[:-1] if line[-1][0] not in "，。、）"]

    assert len(ends) > 5
    assert all(abs(end - 521.6) < 1.0 for end in ends)


@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(
        st.sampled_from(["执行", "，", "。", "（2020）", "甲某某", "2021年", "、", "；"]), min_size=60, max_size=160
    )
)
@example(["国"] * 27 + ["。", "国"])
def test_no_line_begins_with_a_closing_mark(parts: list[str]) -> None:
    """For any text."""
    text = "国" + "国".join(parts)

    assert not [line[0][0] for line in lines(text) if line[0][0] in "，。、；）"]


def test_a_rare_character_is_printed_and_a_missing_one_stops() -> None:
    """A missing glyph raises an error instead of printing a box."""
    setter = Typesetter()
    assert setter.typeset_papers([("p", Blocks((body("赵㛃某、䶮某某、𬭎、𠅤"),)))]) == {"p": 1}

    with pytest.raises(FontGlyphError, match=r"U\+0626"):
        setter.typeset_papers([("q", Blocks((body("ئ"),)))])


def test_a_courts_own_page_may_have_lists_and_footnotes() -> None:
    """Their counters are computed only on pages that have them; elsewhere they would take a seventh of the time."""
    setter = Typesetter()
    setter.typeset_pages({"a": "<ul><li>甲</li></ul>"}, "li { list-style-type: '※' }")
    setter.typeset_pages({"b": "<p>乙<span class='note'>丙</span></p>"}, ".note { float: footnote }")
    data, _ = setter.write(["a", "b"], "题", b"0" * 16, None)
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        first, second = (pdf[number].get_textpage().get_text_range() for number in range(2))
    assert "※" in first
    assert "1. 丙" in second.replace("\r\n", " ")


def test_every_template_tells_word_which_characters_begin_and_end_no_line() -> None:
    """The typesetter's, in the shipped templates and in another court's: Word ends its lines where a bundle does."""
    templates = [*TEMPLATES.glob("*.docx"), *SAMPLES.glob("*/templates/*.docx")]
    rules = (f'{NOT_LAST}"/>', f'{NOT_FIRST}"/>')

    assert len(templates) > 20
    for path in templates:
        with zipfile.ZipFile(path) as template:
            settings_part = template.read("word/settings.xml").decode()
        assert [rule for rule in rules if rule not in settings_part] == [], path
