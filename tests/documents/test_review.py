"""The proof-reader's view: every paper in one PDF, each value with the name of its field, and set as it always is."""

from __future__ import annotations

import io
from collections import defaultdict
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image

from bundler.bundle.proofreading_pdf import review_pdf
from bundler.commands.render import command
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, list_copies
from bundler.documents.drafting import draft_document
from bundler.documents.trace_printed_values import ValueSources
from bundler.documents.views.case_view import CaseView
from bundler.word.docx_reader import read_blocks
from bundler.word.value_source_marks import without_marks
from tests.support.documents import PROFILE, TEMPLATES, build_case, draft_case, load_sample, typeset_together
from tests.support.paper_pictures import draw_case
from tests.support.paths import SAMPLES
from tests.support.variants import refusal


def test_every_value_has_the_chinese_name_of_its_field() -> None:
    """In the margin, numbered as in the text: 登记号, 信访人·姓名, 交办·交办机关; and the outline names each paper."""
    data = review_pdf(build_case(refusal("4-bankruptcy-employee")), PROFILE, TEMPLATES)
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    with pikepdf.open(io.BytesIO(data)) as file, file.open_outline() as outline:
        titles = [str(entry.title) for entry in outline.root]

    notice = next(page for page in pages if "不予受理释明告知书" in page and "特此告知" in page)
    told = "".join(notice.split())
    assert [
        one
        for one in ("本院·法院名称", "登记号", "不予受理·管理人", "不予受理·破产案号", "规定·规定文号")
        if one not in told
    ] == []
    assert "执行申诉信访事项不予受理释明告知书" in titles
    assert len(titles) == len(list(dict.fromkeys(titles)))


@pytest.mark.parametrize("document", ["reply_opinion", "registration_form", "explanation_notice", "supervision_report"])
def test_marks_change_no_word_and_no_choice_of_the_template(document: str) -> None:
    """Without them, the paper is the one that is printed: an empty value is not taken for one, nor a line counted longer."""
    case = build_case(refusal("3")) if document == "explanation_notice" else load_sample("write-off-complete")
    copy = list_copies(DOCUMENTS[document], case)[0]
    marked = read_blocks(draft_document(case, DOCUMENTS[document], PROFILE, TEMPLATES, copy, sourced=True))
    plain = read_blocks(draft_case(case, document))

    assert str(marked) != str(plain)
    assert [without_marks(block.text) for block in marked.body if hasattr(block, "text")] == [
        block.text for block in plain.body if hasattr(block, "text")
    ]


def test_a_value_is_followed_through_loops_and_names() -> None:
    """A name that the template sets stands for the fields in it; a condition shows nothing."""
    sources = ValueSources(CaseView)
    numbered = sources.number(
        "{% set who = petitioner_names|names if petitioners else '信访人' %}{{ who }}"
        "{% for one in claims %}{{ loop.index }}{{ one.facts or '' }}{% endfor %}"
        "{{ assign.notice_no if assign else reg_no }}{{ (channel == 'visit')|box }}"
        "{% set told %}本院{% if brief %}已告知{{ brief }}{% endif %}{% endset %}{{ told }}"
    )
    from bundler.documents.jinja_environment import create_environment

    environment = create_environment()
    environment.filters["value_source"] = sources.mark
    sources.read(environment.parse(numbered))

    assert list(sources.labels.values()) == [
        "信访人姓名",
        "",
        "反映与请求·查明的事实",
        "交办·通知文号、登记号",
        "信访形式",
        "短事由",
        "",
    ]


def test_the_pictures_of_the_tests_show_each_page_as_it_is_printed(tmp_path: Path) -> None:
    """With colour where a value stands; every character where it is without the notes, also in the forms and the receipt."""
    case = load_sample("declined")
    pictures = draw_case("declined", case, tmp_path)
    copies = [
        (definition, copy)
        for name, definition in DOCUMENTS.items()
        if not find_missing_fields(name, case)
        for copy in list_copies(definition, case)
    ]
    drafts = (draft_document(case, definition, PROFILE, TEMPLATES, copy) for definition, copy in copies)
    plain, _ = typeset_together({f"p{number}": read_blocks(data) for number, data in enumerate(drafts)})
    with pypdfium2.PdfDocument(plain) as printed, pypdfium2.PdfDocument(tmp_path / "declined.pdf") as marked:
        assert len(pictures) == len(printed) == len(marked)
        for before, after in zip(printed, marked, strict=True):
            found = _places(after)
            assert [
                (text, place)
                for text, places in _places(before).items()
                for place in places
                if not _is_near(place, found[text])
            ] == []
    for picture in pictures:
        assert Image.open(picture).convert("HSV").split()[1].getextrema() != (0, 0)


def _places(page: pypdfium2.PdfPage) -> defaultdict[str, list[tuple[float, float]]]:
    """Where each character is printed, in points from the left and from below."""
    words, found = page.get_textpage(), defaultdict(list)
    for one in range(words.count_chars()):
        left, bottom, _, _ = words.get_charbox(one, loose=True)
        found[words.get_text_range(one, 1).strip()].append((left, bottom))
    found.pop("", None)
    return found


def _is_near(place: tuple[float, float], others: list[tuple[float, float]]) -> bool:
    return any(abs(place[0] - left) < 1 and abs(place[1] - bottom) < 1 for left, bottom in others)


def test_the_command_writes_one_pdf_and_nothing_else(tmp_path: Path) -> None:
    """Only together with --all, because it is about all papers."""
    target = tmp_path / "校对稿.pdf"
    done = CliRunner().invoke(command, [str(SAMPLES / "declined"), "--all", "--review", str(target)])

    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["校对稿.pdf"]
    assert done.output.strip() == str(target)
    assert (
        CliRunner()
        .invoke(command, [str(SAMPLES / "declined"), "--doc", "reply_opinion", "--review", "x.pdf"])
        .exception
    )
