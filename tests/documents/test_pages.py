"""Every page of every paper of all samples and variants: how long a paper is, and how its lines end."""

from __future__ import annotations

import io
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import pypdfium2
import pytest
from pypdfium2 import raw

from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import Blocks, Paragraph, Run
from bundler.word.docx_reader import read_blocks
from tests.support.documents import draft_text, draft_tree, missing_paths, typeset_all, typeset_together
from tests.support.typeset_variants import typeset_variants
from tests.support.variants import refusal

ONE_PAGE = ("transfer_slip", "commitment", "service_receipt", "explanation_notice")
FORMS = ("registration_form", "approval_form", "write_off_request")


@cache
def page_texts() -> dict[str, list[str]]:
    """The text of each page of every paper of all samples and variants."""
    found = {}
    for data, ranges in (typeset_all(), typeset_variants()):
        with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
            for key, (first, last) in ranges.items():
                found[key] = [pdf[number].get_textpage().get_text_range() for number in range(first, last + 1)]
    return found


def pages_of(document: str) -> dict[str, list[str]]:
    """The pages of one document in all cases, by the case; a paper for each petitioner has a number too."""
    return {key: pages for key, pages in page_texts().items() if key.split("+")[1] == document}


@pytest.mark.parametrize("document", ONE_PAGE)
def test_what_fits_on_one_page_is_on_one(document: str) -> None:
    """Each ground of refusal in each form; slips, receipts and commitments, of six petitioners and with long names too."""
    found = pages_of(document)

    assert len(found) >= 10
    assert [key for key, pages in found.items() if len(pages) > 1] == []


def test_a_simple_approval_form_is_on_one_page() -> None:
    """With one claim and short facts; long facts go on on the next page, and the form fills the first one."""
    found = pages_of("approval_form")

    assert [len(pages) for key, pages in found.items() if key.startswith(("2024+", "incomplete+"))] == [1, 1]
    assert sum(len(pages) == 1 for pages in found.values()) >= 10
    assert "查明的事实" in found["write-off-complete+approval_form"][0]


@pytest.mark.parametrize("document", FORMS)
def test_a_form_counts_its_pages_from_the_first(document: str) -> None:
    """第1页　共2页 stands on the first page as on the second."""
    for pages in pages_of(document).values():
        assert [
            number
            for number, page in enumerate(pages, 1)
            if f"第{number}页　共{len(pages)}页" not in page.replace(" ", "")
        ] == []


@pytest.mark.parametrize(("count", "style"), [(1, "正文段密"), (70, "正文段密"), (110, "正文段更密"), (240, "正文段")])
def test_a_refusal_is_set_closer_only_where_that_brings_it_on_one_page(count: int, style: str) -> None:
    """Closer where all is on one page then; and 22 lines to a page where it takes two in any case."""
    tree = refusal("6-unknown")
    tree["registration"]["brief"] = "查" * count + "问题"
    blocks = read_blocks(draft_tree(tree, "explanation_notice"))
    _, ranges = typeset_together({"a": blocks})

    told = [block for block in blocks.body if isinstance(block, Paragraph) and "到本院反映" in block.text]
    assert [block.style for block in told] == [style]
    assert ranges["a"][1] == (1 if count > 200 else 0)


def test_a_refusal_knows_nothing_after_its_own_day() -> None:
    """A contact attempt after the notice is left out; if there is none before it, or no transfer yet, nothing is drafted."""
    tree = refusal("1-two-attempts")
    tree["declined"]["contact_attempts"][1]["on"] = "2021-10-20"
    notice = draft_text(tree, "explanation_notice")

    assert "本院于2021年10月8日通过电话与你联系，未能取得联系，" in notice
    assert "10月20日" not in notice
    tree["declined"]["contact_attempts"][0]["on"] = "2021-10-19"
    assert missing_paths(tree, "explanation_notice") == ["/declined/contact_attempts/0/on"]
    moved = refusal("4-bankruptcy-other")
    moved["declined"]["transferred_to"]["on"] = "2021-10-30"
    assert missing_paths(moved, "explanation_notice") == ["/declined/transferred_to/on"]
    talked = refusal("1-talked")
    talked["declined"]["talked_on"] = "2021-10-30"
    assert missing_paths(talked, "explanation_notice") == ["/declined/talked_on"]


MOST_STRETCH = 0.125
SHORTEST = 8
"""Characters of a line that is measured; in a shorter one the space between two cells counts too much."""
UNITS = "年月日元号时分个件项条页"


@dataclass
class Line:
    """A line as it is printed: its text, and the space after each character in the width of a character."""

    text: str = ""
    spaces: list[float] = field(default_factory=list)


def read_lines(data: bytes) -> Iterator[Line]:
    """The lines of a PDF, in the order in which they were written."""
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        for page in pdf:
            yield from _page_lines(page.get_textpage())


def _page_lines(words: pypdfium2.PdfTextPage) -> Iterator[Line]:
    """The lines of a page; blanks count as printed, so that a place for a signature is no wide space."""
    line, right, base, width = Line(), 0.0, 0.0, 0.0
    for place in range(words.count_chars()):
        if raw.FPDFText_IsGenerated(words.raw, place):
            continue
        character = words.get_text_range(place, 1)
        left, bottom, end, _ = words.get_charbox(place, loose=True)
        if line.text and (abs(bottom - base) > width / 3 or left < right - width):
            yield _in_ems(line, width)
            line, width = Line(), 0.0
        elif line.text and character.strip():
            line.spaces.append(left - right)
        line.text += character.strip()
        width = max(width, end - left)
        right, base = end, bottom
    if line.text:
        yield _in_ems(line, width)


def _in_ems(line: Line, width: float) -> Line:
    """The line with its spaces in the width of a Chinese character, the widest that it has."""
    return Line(line.text, [space / width for space in line.spaces])


@cache
def all_lines() -> tuple[Line, ...]:
    """The lines of every paper of every sample and variant."""
    return (*read_lines(typeset_all()[0]), *read_lines(typeset_variants()[0]))


def test_no_line_is_stretched_by_more_than_an_eighth() -> None:
    """The usual space after a character grows by at most an eighth of the character's width, on every page."""
    measured = [line for line in all_lines() if len(line.text) >= SHORTEST]

    assert len(measured) > 3000
    assert [line.text for line in measured if statistics.median(line.spaces) > MOST_STRETCH + 0.01] == []


def test_a_date_breaks_only_after_its_year_and_month() -> None:
    """No line begins with the unit of the number before it; a date breaks, and a document number does not."""
    lines = all_lines()
    pairs = list(pairwise(lines))

    assert [(a.text, b.text) for a, b in pairs if a.text[-1].isdigit() and b.text[0] in UNITS] == []
    assert [a.text for a, b in pairs if a.text.endswith("〕") and b.text[0].isdigit()] == []
    assert [(a.text, b.text) for a, b in pairs if a.text[-1] == "·" or b.text[0] == "·"] == []
    assert [a.text for a, b in pairs if a.text[-1] in "年月" and b.text[0].isdigit()]


def test_a_line_that_cannot_be_filled_stays_short() -> None:
    """Before a document number that has no room, a line is spaced by an eighth and no more; the others end flush right."""
    text = "国" * 22 + "（法发〔2021〕24号）" + "国" * 40
    run = Run(text, "仿宋_GB2312", 16, bold=False, spacing=-0.25)
    typesetter = Typesetter()
    typesetter.typeset_papers([("p", Blocks((Paragraph("正文", (run,), align="both", line=28.95),)))])
    lines = list(read_lines(typesetter.write(["p"], "题", b"0" * 16, None)[0]))

    assert lines[0].text == "国" * 22 + "（法发"
    assert lines[1].text.startswith("〔2021〕24号）国")
    assert abs(statistics.median(lines[0].spaces) - MOST_STRETCH) < 0.01
    assert statistics.median(lines[1].spaces) < MOST_STRETCH / 2
