"""Every page of every paper of all samples and variants: how long a paper is, and how its lines end."""

from __future__ import annotations

import io
import re
import statistics
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import pypdfium2
import pytest
from pypdfium2 import raw

from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import Blocks, Paragraph, Row, Run, Table
from bundler.word.docx_reader import read_blocks
from tests.support.documents import (
    PAPERS,
    draft_paper,
    draft_text,
    draft_tree,
    missing_paths,
    typeset_all,
    typeset_together,
)
from tests.support.typeset_variants import typeset_variants, variant_blocks
from tests.support.variants import VARIANTS, in_year, refusal

ONE_PAGE = ("transfer_slip", "commitment", "service_receipt", "explanation_notice")
FORMS = ("registration_form", "approval_form", "write_off_request", "measures_exhausted", "relief_referral")
RECORDS = ("interview_record", "investigation_record", "coordination_record", "hearing_record", "collective_record")
MOST_BLANK = 0.3
"""Of a page that is not the last of its paper."""


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

    assert [len(pages) for key, pages in found.items() if key.startswith(("2024+", "incomplete+", "long-names+"))] == [
        1
    ] * 3
    assert sum(len(pages) == 1 for pages in found.values()) >= 10
    assert "查明的事实" in found["write-off-complete+approval_form"][0]


def is_counted(page: str, number: int, count: int) -> bool:
    """Whether a page says which of how many it is."""
    return f"第{number}页共{count}页" in "".join(page.split())


@pytest.mark.parametrize("document", FORMS)
def test_a_form_counts_its_pages_from_the_first_if_it_has_several(document: str) -> None:
    """第1页　共2页 stands on the first page as on the second, and 第1页　共1页 nowhere."""
    for pages in pages_of(document).values():
        counted = [is_counted(page, number, len(pages)) for number, page in enumerate(pages, 1)]

        assert counted == [len(pages) > 1] * len(pages)


def test_the_pages_after_the_first_have_the_registration_number() -> None:
    """Of each form and record of several pages: a page that lies alone says to which matter it belongs."""
    found = {key: pages for key, pages in page_texts().items() if key.split("+")[1] in (*FORMS, *RECORDS)}
    several = [(key, page) for key, pages in found.items() for page in pages[1:]]

    assert len(several) > 100
    assert [key for key, page in several if not re.search(r"登记号：\S+\s+第\d+页", page)] == []


def test_the_summary_and_the_opinion_have_the_room_that_the_page_has() -> None:
    """45 and 32 mm where a page has it, and less where that keeps the form on one page; the opinion stands at the top."""
    tree = in_year(2022)
    tree["enforcement_cases"] = tree["enforcement_cases"][:1]
    blocks = read_blocks(draft_tree(tree, "registration_form"))
    rows = [row for block in blocks.body if isinstance(block, Table) for row in block.rows]
    (summary,) = (row for row in rows if _texts(row)[:2] == ["来访（件）", "内容摘要"])
    place = next(index for index, row in enumerate(rows) if _texts(row)[:1] == ["拟办意见"])
    opinion, signature = rows[place : place + 2]

    assert summary.height > 90
    assert opinion.height + signature.height > 68
    assert (opinion.cells[-1].bottom, signature.cells[-1].bottom) == (False, True)
    assert _texts(signature) == ["签名：　　　　　　　　年　　月　　日"]
    assert opinion.keep_next


def _texts(row: Row) -> list[str]:
    return [block.text for cell in row.cells for block in cell.blocks if isinstance(block, Paragraph)]


def test_a_request_for_relief_is_on_one_page() -> None:
    """As far as its words allow; so is the table of measures, or else its opinions stand together below the explanation."""
    found = {**pages_of("relief_referral"), **pages_of("measures_exhausted")}
    longer = {key: pages for key, pages in found.items() if len(pages) > 1}

    assert set(longer) == {"write-off-complete+measures_exhausted"}
    for *_, last in longer.values():
        assert last.count("签名：") == 3
        assert "答复意见书已于" in last


def test_a_form_that_grows_is_counted_once_it_has_a_second_page() -> None:
    """Whatever its facts: figures, Latin letters, several paragraphs; near the edge one page may be counted, never two not."""
    papers = {}
    for length in range(12, 420, 24):
        tree = in_year(2022)
        tree["claims"][0]["facts"] = ("查" * 7 + "2021年9月24日" + "WQ" * 3 + "，")[: length % 23] + "查明" * length
        papers[f"{length}"] = read_blocks(draft_tree(tree, "approval_form"))
    data, ranges = typeset_together(papers)
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        counted = {
            key: (last - first + 1, is_counted(pdf[first].get_textpage().get_text_range(), 1, last - first + 1))
            for key, (first, last) in ranges.items()
        }

    assert {pages for pages, _ in counted.values()} == {1, 2}
    assert [key for key, (pages, told) in counted.items() if pages > 1 and not told] == []
    assert len([key for key, (pages, told) in counted.items() if pages == 1 and told]) <= 1


def test_the_registration_of_one_petitioner_is_on_one_page() -> None:
    """Also with an agent, and with eight requests; long names and several petitioners go on."""
    several = ("long-names", "one-agent-for-two-of-three", "group-with-outsider", "in-progress", "told")
    found = {
        key: len(pages) for key, pages in pages_of("registration_form").items() if key.split("+")[0] not in several
    }

    assert len(found) >= 30
    assert [key for key, count in found.items() if count > 1] == []


_MARGIN_AND_LINE = (37 + 12) * 72 / 25.4
"""The top margin of a record, and a little more than a line."""


def test_the_blank_lines_for_an_answer_stay_below_what_they_belong_to() -> None:
    """No page of a record begins with them, nor does one end with a question whose answer is on the next."""
    late = []
    for data, ranges in (typeset_all(), typeset_variants()):
        with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
            for key, (first, last) in ranges.items():
                if key.split("+")[1] in RECORDS:
                    late += [
                        (key, number - first) for number in range(first + 1, last + 1) if _begins_late(pdf[number])
                    ]

    assert late == []


def test_the_signatures_of_a_meeting_stay_with_the_words_that_they_confirm() -> None:
    """The table of names, the chair and the recorder, on one page."""
    words = ("以上记录经参加人员核对", "主持人（签名）", "记录人（签名）")
    found = pages_of("coordination_record")

    assert len(found) >= 10
    assert [key for key, pages in found.items() if not any(all(word in page for word in words) for page in pages)] == []


def test_no_page_of_a_meeting_has_signatures_alone() -> None:
    """The last section's heading and blank lines, or the last task, stand before the words that are signed."""
    found = pages_of("coordination_record")
    signed = {key: page for key, pages in found.items() for page in pages if "以上记录经参加人员核对" in page}
    assert {key for key, page in signed.items() if "四、后续工作" not in page and "完成。" not in page} == set()

    drafts = {}
    for count in range(1, 13):
        tree = deepcopy(VARIANTS["without-property"])
        tree["coordination"]["tasks"] = [{"text": f"办理第{number}项工作"} for number in range(count)]
        drafts[str(count)] = read_blocks(draft_tree(tree, "coordination_record"))
    data, ranges = typeset_together(drafts)
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        for key, (first, last) in ranges.items():
            pages = [pdf[number].get_textpage().get_text_range() for number in range(first, last + 1)]
            (page,) = (one for one in pages if "以上记录经参加人员核对" in one)
            assert f"办理第{int(key) - 1}项工作" in page, key


def _begins_late(page: pypdfium2.PdfPage) -> bool:
    """Whether a page begins with a blank line, or with an answer."""
    words = page.get_textpage()
    highest = float(max(words.get_rect(number)[3] for number in range(words.count_rects())))
    text = str(words.get_text_range())
    return float(page.get_height()) - highest > _MARGIN_AND_LINE or text.lstrip().startswith("答：")


def test_a_reply_that_almost_fits_is_set_on_one_page() -> None:
    """One suggestion, answered in a few lines: a second page for the signature alone would leave a third of the first empty."""
    assert [len(pages) for key, pages in pages_of("reply_opinion").items() if key.startswith("suggestion+")] == [1]


def test_a_request_for_write_off_takes_two_pages_with_eight_claims() -> None:
    """In smaller type; the opinions stay together on the second."""
    found = {key: len(pages) for key, pages in pages_of("write_off_request").items()}

    assert set(found.values()) == {2}


def test_no_form_leaves_a_third_of_a_page_empty() -> None:
    """Before its last page."""
    found = []
    for data, ranges in (typeset_all(), typeset_variants()):
        with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
            for key, (first, last) in ranges.items():
                if key.split("+")[1] in FORMS:
                    found += [(key, number) for number in range(first, last) if _blank_part(pdf[number]) > MOST_BLANK]

    assert found == []


def _blank_part(page: pypdfium2.PdfPage) -> float:
    """The part of a form's page below its last text, without the footer; its margins are 32 and 22 mm."""
    words, points = page.get_textpage(), 72 / 25.4
    foot, top = 22 * points, page.get_height() - 32 * points
    places = (words.get_rect(number)[1] for number in range(words.count_rects()))
    lowest = min((place for place in places if place > foot - 2), default=top)
    return float((lowest - foot) / (top - foot))


def test_no_heading_of_a_form_breaks_within_its_words() -> None:
    """Each paragraph of a heading cell is a line of the form; a longer heading is two paragraphs, divided between words."""
    samples = {f"{name}+{document}": read_blocks(draft_paper(name, document)) for name, document in PAPERS}
    assert find_broken_headings({**samples, **variant_blocks()}) == set()


def find_broken_headings(papers: dict[str, Blocks]) -> set[tuple[str, str]]:
    """The document, by ``case+document``, and the text of each heading of a table that is longer than its line."""
    return {
        (key.split("+")[1], paragraph.text)
        for key, blocks in papers.items()
        for part in (blocks, *blocks.following)
        for table in part.body
        if isinstance(table, Table)
        for row in table.rows
        for cell, width in zip(row.cells, _widths(row, table), strict=True)
        for paragraph in cell.blocks
        if isinstance(paragraph, Paragraph)
        and paragraph.style.startswith("表栏目")
        and sum(run.size * (0.5 if one.isascii() else 1) for run in paragraph.runs for one in run.text) > width - 1
    }


def _widths(row: Row, table: Table) -> Iterator[float]:
    """What the cells of a row have for their text."""
    column = 0
    for cell in row.cells:
        yield sum(table.widths[column : column + cell.columns]) - sum(cell.padding or (3.5, 3.5))
        column += cell.columns


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
RIGHT_MARGIN = (210 - 26) / 25.4 * 72
"""Where the lines of a letter or record end, in points (GB/T 9704)."""
SMALLEST_OF_TEXT = 13.5
"""Points of the characters of letters and records; tables have smaller ones."""
MOST_SHORT = 7
"""Characters that a case number has after its year, as in 鲁0117执9001号."""


@dataclass
class Line:
    """A line as it is printed: its text, and the space after each character in the width of a character.

    Attributes:
        text: the text without blanks.
        spaces: the space after each character, in the width of a Chinese character.
        size: that width, in points.
        short: how far the line ends before the right margin of the page, in the same width.
    """

    text: str = ""
    spaces: list[float] = field(default_factory=list)
    size: float = 0.0
    short: float = 0.0


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
            yield _in_ems(line, width, right)
            line, width = Line(), 0.0
        elif line.text and character.strip():
            line.spaces.append(left - right)
        line.text += character.strip()
        width = max(width, end - left)
        right, base = end, bottom
    if line.text:
        yield _in_ems(line, width, right)


def _in_ems(line: Line, width: float, right: float) -> Line:
    """The line with its spaces in the width of a Chinese character, the widest that it has."""
    return Line(line.text, [space / width for space in line.spaces], width, (RIGHT_MARGIN - right) / width)


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


_NUMBERS = re.compile(
    "(（[0-9]{4}）)([一-鿿]{1,4}[0-9]{1,4})?[一-鿿]{1,8}[0-9]+号|((?<![一-鿿])[一-鿿]{0,8})〔[0-9]{4}〕[0-9]+号"
)
"""Case numbers and document numbers; a line may end after each group."""


def find_parted_numbers(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Where a line ends within a case number but after its year or court, or in a document number but before its 〔."""
    return [
        (a.text, b.text)
        for a, b in pairwise(lines)
        for number in _NUMBERS.finditer(a.text + b.text)
        if number.start() < len(a.text) < number.end()
        and len(a.text) not in {number.end(group) for group in (1, 2, 3) if number[group]}
    ]


def test_no_line_ends_within_a_case_number_or_a_document_number() -> None:
    """A case number breaks after its year or the code of its court, a document number before its 〔; in cells too."""
    lines = all_lines()

    assert find_parted_numbers(lines) == []
    assert (
        len([a for a, b in pairwise(lines) if re.search("（[0-9]{4}）$", a.text) and re.match("鲁[0-9]", b.text)]) > 3
    )


def test_a_case_number_that_moves_leaves_no_hole_wider_than_itself() -> None:
    """A line of a letter or record that ends before a number, or after its year, is short by less than what moved."""
    starts = re.compile("（[0-9]{4}）[一-鿿]|[一-鿿]{1,4}[0-9]{0,4}[一-鿿]{1,3}[0-9]+号")
    text = [line for line in all_lines() if line.size > SMALLEST_OF_TEXT]
    before = [a for a, b in pairwise(text) if starts.match(b.text) and a.text[-1] not in "。：；" and a.short > 0]

    assert len(before) > 10
    assert [(line.text, line.short) for line in before if line.short > MOST_SHORT] == []


def test_a_number_is_not_parted_wherever_it_stands() -> None:
    """At each place of a line."""
    numbers = ("（2020）鲁0117执异9001号", "（2019）最高法民终9002号", "（2021）鲁01破9003号", "济执信交〔2021〕9018号")
    texts = ["国" * before + f"，{number}，" + "国" * 40 for number in numbers for before in range(12, 29)]
    lines = list(read_lines(typeset_body(*texts)))

    assert "".join(line.text for line in lines) == "".join(texts)
    assert find_parted_numbers(lines) == []


def typeset_body(*texts: str) -> bytes:
    """The PDF of a letter with these paragraphs."""
    runs = [Run(text, "仿宋_GB2312", 16, bold=False, spacing=-0.25) for text in texts]
    body = tuple(Paragraph("正文", (run,), align="both", line=28.95, first_line=31.5) for run in runs)
    typesetter = Typesetter()
    typesetter.typeset_papers([("p", Blocks(body))])
    return typesetter.write(["p"], "题", b"0" * 16, None)[0]


def test_a_case_number_that_fits_on_a_line_stays_there() -> None:
    """What follows it begins the next line."""
    lines = list(read_lines(typeset_body("你于2021年9月16日到本院反映（2020）鲁0117执9001号执行案件有关问题。")))

    assert [line.text[-5:] for line in lines] == ["9001号", "有关问题。"]


def test_a_line_that_cannot_be_filled_stays_short() -> None:
    """Before a document number that has no room, a line that an eighth would not fill has its usual spaces; others end flush."""
    text = "国" * 22 + "（法发〔2021〕24号）" + "国" * 40
    run = Run(text, "仿宋_GB2312", 16, bold=False, spacing=-0.25)
    typesetter = Typesetter()
    typesetter.typeset_papers([("p", Blocks((Paragraph("正文", (run,), align="both", line=28.95),)))])
    lines = list(read_lines(typesetter.write(["p"], "题", b"0" * 16, None)[0]))

    assert lines[0].text == "国" * 22 + "（法发"
    assert lines[1].text.startswith("〔2021〕24号）国")
    assert abs(statistics.median(lines[0].spaces)) < 0.01
    assert statistics.median(lines[1].spaces) < MOST_STRETCH / 2
