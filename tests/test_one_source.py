"""The PDF of a paper says what its Word file says, character for character, and the Word file says it in named styles."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document as WordDocument

from bundler.case.faults import fit
from bundler.case.model import Case
from bundler.documents.catalogue import DOCUMENTS
from bundler.documents.copies import copies_of
from bundler.documents.needs.table import missing_fields
from bundler.documents.render import draft, templates_folder
from bundler.profile import load_profile
from bundler.typeset.layout import Typesetter
from bundler.word.blocks import Blocks, read_blocks
from bundler.word.reader import read_docx

SAMPLES = Path(__file__).parents[1] / "samples"


def case_of(name: str) -> Case:
    """A sample's case."""
    tree: dict[str, Any] = json.loads((SAMPLES / name / "case.json").read_text(encoding="utf-8"))
    case = fit(tree).case
    assert case is not None
    return case


CASES = {name: case_of(name) for name in ("write-off-complete", "archive-complete", "declined")}
PAPERS = [
    (name, document) for name, case in CASES.items() for document in DOCUMENTS if not missing_fields(document, case)
]


def set_words(blocks: Blocks) -> tuple[str, list[str]]:
    """What stands on the set pages: between the margins, and at their edges, page by page."""
    setter = Typesetter()
    setter.set_papers([("p", blocks)])
    data, _ = setter.write(["p"], "题", b"0" * 16)
    top, _, bottom, _ = blocks.margins
    body, edges = "", []
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        for page in pdf:
            width, height = page.get_size()
            words = page.get_textpage()
            body += words.get_text_bounded(left=0, bottom=bottom - 6, right=width, top=height - top + 2)
            above = words.get_text_bounded(left=0, bottom=height - top + 2, right=width, top=height)
            below = words.get_text_bounded(left=0, bottom=0, right=width, top=bottom - 6)
            edges.append(plain(above + below))
    return plain(body), edges


def plain(text: str) -> str:
    """Text without any space or line break."""
    return "".join(text.split())


@pytest.mark.parametrize(("name", "document"), PAPERS)
def test_the_pdf_says_what_the_word_file_says(name: str, document: str) -> None:
    """Paragraphs and cells, in reading order."""
    data = draft(CASES[name], DOCUMENTS[document], load_profile(), templates_folder(None))
    body, _ = set_words(read_blocks(data))

    assert body == plain("".join(read_docx(data).paragraphs))


@pytest.mark.parametrize(("name", "document"), PAPERS)
def test_the_word_file_is_made_of_named_styles(name: str, document: str) -> None:
    """No paragraph has a look of its own that a clerk could not change in one place."""
    data = draft(CASES[name], DOCUMENTS[document], load_profile(), templates_folder(None))
    word = WordDocument(io.BytesIO(data))
    paragraphs = [
        *word.paragraphs,
        *(p for t in word.tables for row in t.rows for c in row.cells for p in c.paragraphs),
    ]

    assert {p.style.name for p in paragraphs if p.style} & {"Normal"} == set()
    assert not [run for p in paragraphs for run in p.runs if run.font.size or run.font.name or run.bold]


def test_a_record_counts_its_pages_and_has_room_for_a_signature_on_each() -> None:
    """第1页　共3页, and the line to sign on, at each page's foot."""
    data = draft(CASES["write-off-complete"], DOCUMENTS["interview_record"], load_profile(), templates_folder(None))
    _, edges = set_words(read_blocks(data))

    assert len(edges) > 1
    for number, words in enumerate(edges, start=1):
        assert f"第{number}页共{len(edges)}页" in words
        assert "被约谈人（签名捺印）：" in words


def test_a_form_of_two_pages_counts_them_on_the_second_only() -> None:
    """One page of a form bears no number."""
    data = draft(CASES["write-off-complete"], DOCUMENTS["registration_form"], load_profile(), templates_folder(None))
    _, edges = set_words(read_blocks(data))

    assert edges == ["", "第2页共2页"]


def test_a_letter_numbers_its_pages_from_one() -> None:
    """Whatever stands before it in the bundle."""
    data = draft(CASES["write-off-complete"], DOCUMENTS["reply_opinion"], load_profile(), templates_folder(None))
    blocks = read_blocks(data)
    _, edges = set_words(blocks)

    assert edges == [f"—{number}—" for number in range(1, len(edges) + 1)]


def test_a_signature_never_stands_without_two_lines_of_the_text() -> None:
    """Wherever the text happens to end on its page: twenty-four lengths, a line longer each."""
    tree = json.loads((SAMPLES / "write-off-complete" / "case.json").read_text(encoding="utf-8"))
    blocks = {}
    for lines in range(24):
        tree["reply"]["case_facts"] = "国" * (28 * lines + 5)
        case = fit(tree).case
        assert case is not None
        data = draft(case, DOCUMENTS["reply_opinion"], load_profile(), templates_folder(None))
        blocks[f"p{lines}"] = read_blocks(data)
    setter = Typesetter()
    setter.set_papers(list(blocks.items()))
    made, places = setter.write(list(blocks), "题", b"0" * 16)
    with pypdfium2.PdfDocument(io.BytesIO(made)) as pdf:
        last_pages = [pdf[last].get_textpage().get_text_range().splitlines() for _, last in places.values()]
    before = [[line for line in page if line.strip()].index(load_profile().court_name) for page in last_pages]

    assert len(set(before)) > 3  # the text does end at different places
    assert min(before) >= 2


@pytest.mark.parametrize(("name", "document"), PAPERS)
def test_a_paper_that_comes_back_signed_can_be_told_by_its_code(tmp_path: Path, name: str, document: str) -> None:
    """登记号|item on the first page, read from the set page as a scanner would; no other paper has one."""
    case = CASES[name]
    data = draft(case, DOCUMENTS[document], load_profile(), templates_folder(None))
    setter = Typesetter()
    setter.set_papers([("p", read_blocks(data))])
    made, _ = setter.write(["p"], "题", b"0" * 16)
    with pypdfium2.PdfDocument(io.BytesIO(made)) as pdf:
        for number, page in enumerate(pdf):
            page.render(scale=300 / 72).to_pil().crop((200, 80, 600, 400)).save(tmp_path / f"{number}.png")
    pictures = [str(path) for path in sorted(tmp_path.glob("*.png"))]
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", *pictures],
        capture_output=True,
        check=False,
    )

    code = f"{case.registration.no}|{copies_of(DOCUMENTS[document], case)[0].item}"
    assert done.stdout.decode().split() == ([code] if DOCUMENTS[document].returns_signed else [])
