"""Building blocks: one passage in one place prints in every paper that inserts it, and the proof reads it there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from bundler.documents.definitions import DOCUMENTS, find_templates_folder
from bundler.documents.drafting import draft_document
from bundler.documents.shared_template_passages import BLOCKS_FILE, load_blocks
from bundler.template_check.check import check_folder, check_folder_statically
from bundler.word.unsupported_constructs import check_docx
from tests.support.documents import PROFILE, build_case
from tests.support.variants import VARIANTS, refusal

SHIPPED = find_templates_folder(None)
USERS = ("acceptance_notice", "explanation_notice", "reply_opinion")
MOST_COPIED = 450
"""The longest passage, in characters, that two templates may have in common."""
CASES = {
    "acceptance_notice": build_case(VARIANTS["one-agent-for-two-of-three"]),
    "explanation_notice": build_case(refusal("6-known")),
    "reply_opinion": build_case(VARIANTS["suggestion"]),
}


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """Return a copy of the shipped templates."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "模板"))


def replace_words(path: Path, right: str, wrong: str) -> None:
    """Replace words everywhere in the body of a Word file."""
    word = Document(str(path))
    for paragraph in word.paragraphs:
        for run_ in paragraph.runs:
            run_.text = run_.text.replace(right, wrong)
    word.save(str(path))


def draft(document: str, folder: Path) -> tuple[str, ...]:
    """Return the paragraphs of a paper drafted with the templates of a folder."""
    return check_docx(draft_document(CASES[document], DOCUMENTS[document], PROFILE, folder)).paragraphs


@pytest.mark.parametrize("document", USERS)
def test_a_block_prints_as_if_it_were_written_there(document: str, own_templates: Path) -> None:
    """And a change of the block alone is seen in the paper."""
    before = draft(document, own_templates)
    replace_words(own_templates / f"{document}.docx", "{% insert received %}", load_blocks(SHIPPED)["received"].text)
    assert draft(document, own_templates) == before

    shutil.copy(SHIPPED / f"{document}.docx", own_templates)
    replace_words(own_templates / BLOCKS_FILE, "收到", "接到")
    replace_words(own_templates / BLOCKS_FILE, "到本院反映", "来院反映")
    assert draft(document, own_templates) != before


def test_a_fault_in_a_block_is_told_once_where_it_is(own_templates: Path) -> None:
    """Although three papers print it; a block that is not there is told at each tag that names it."""
    replace_words(own_templates / BLOCKS_FILE, "{{ opener }}于", "{{ openr }}于")
    (found,) = check_folder(own_templates, PROFILE)
    assert (found.template, found.part, found.expression) == (BLOCKS_FILE, "构件", "{{ openr }}")
    assert found.paragraph == load_blocks(SHIPPED)["received"].paragraph
    assert found.suggestion == "opener"

    replace_words(own_templates / BLOCKS_FILE, "【received】", "【recieved】")
    others = check_folder_statically(own_templates)
    told = [problem for problem in others if problem.template != BLOCKS_FILE]
    assert {problem.template for problem in told} == {f"{document}.docx" for document in USERS}
    assert len(told) == len(USERS)  # what the block sets and uses is not told as well
    assert all("没有“received”这个构件" in problem.message for problem in told)
    assert {problem.suggestion for problem in told} == {"{% insert recieved %}"}

    replace_words(own_templates / BLOCKS_FILE, "【recieved】", "【letters】")
    assert [problem.suggestion for problem in check_folder_statically(own_templates)] == [
        f"构件写在 {BLOCKS_FILE} 里"
    ] * 3


def test_no_long_passage_is_copied() -> None:
    """What several papers say is one block: a passage found in two templates is short."""
    papers: dict[str, set[str]] = {}
    for document in [*DOCUMENTS, Path(BLOCKS_FILE).stem]:
        for node in Document(str(SHIPPED / f"{document}.docx")).element.body.iter(qn("w:p")):
            text = "".join(one.text or "" for one in node.iter(qn("w:t")))
            for start in range(len(text) - MOST_COPIED):
                papers.setdefault(text[start : start + MOST_COPIED], set()).add(document)
    assert {passage: names for passage, names in papers.items() if len(names) > 1} == {}


def test_how_a_case_is_called_is_changed_in_one_place(own_templates: Path) -> None:
    """Seven papers call the enforcement case by the same block."""
    before = draft("acceptance_notice", own_templates)
    replace_words(own_templates / BLOCKS_FILE, "执行案件", "执行事项")
    changed = [line for line in draft("acceptance_notice", own_templates) if line not in before]
    assert len(changed) == 1
    assert "执行事项" in changed[0]
    users = [one for one in DOCUMENTS if "insert case_phrase" in _body(SHIPPED / f"{one}.docx")]
    assert len(users) == 7


def _body(path: Path) -> str:
    return "".join(node.text or "" for node in Document(str(path)).element.body.iter(qn("w:t")))
