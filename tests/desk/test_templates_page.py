"""The keeper of the templates at the desk: what the court's own change, each paper in each situation, newer files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from bundler.documents.definitions import find_templates_folder
from tests.support.desk_client import TestClient, desk, visible_text


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """Return a copy of the shipped templates in which two sentences were changed."""
    folder = Path(shutil.copytree(find_templates_folder(None), tmp_path / "模板"))
    replace_words(folder / "relief_referral.docx", "司法救助", "执行救助")
    replace_words(folder / "explanation_notice.docx", "提出国家赔偿请求", "要求国家赔偿")
    return folder


@pytest.fixture
def client(tmp_path: Path, own_templates: Path) -> Iterator[TestClient]:
    """A desk with these templates and no cases."""
    (tmp_path / "案件").mkdir()
    with desk(tmp_path / "案件", templates=own_templates) as client:
        yield client


def replace_words(path: Path, right: str, wrong: str) -> None:
    """Replace words in the body of a Word file."""
    word = Document(str(path))
    for node in word.element.body.iter("{*}t"):
        node.text = (node.text or "").replace(right, wrong)
    word.save(str(path))


def test_the_keeper_sees_what_the_courts_own_templates_change(client: TestClient) -> None:
    """The sentences with their situations; then the paper before and after, with a style sheet of its own, and as PDF."""
    overview = client.get("/templates").text
    assert "你要求国家赔偿。" in re.sub("</?ins>", "", overview)
    assert "1 种：不予受理第四项：应当通过国家赔偿" in visible_text(overview)
    assert visible_text(overview).count("与自带的不同") == 2

    page = client.get("/templates/explanation_notice")
    assert page.text.count("有 1 句不同") == 1
    assert visible_text(page.text).index("应当通过国家赔偿") < visible_text(page.text).index("案件不明")
    assert "<style" not in page.text
    (sheet,) = re.findall(r'href="(/templates/explanation_notice/looks\.css[^"]*)"', page.text)
    looks = client.get(sheet)
    assert looks.headers["content-type"].startswith("text/css")
    used = set(re.findall(r"\blook\d+\b", page.text))
    assert used <= set(re.findall(r"\.(look\d+)", looks.text))

    pdf = client.get("/templates/relief_referral/pdf")
    with pypdfium2.PdfDocument(pdf.content) as document:
        text = "".join("".join(one.get_textpage().get_text_bounded() for one in document).split())
    assert "司法救助报请表" in text
    assert "执行救助报请表" in text
    assert client.get("/templates/unknown").status_code == 404


def test_a_page_is_loaded_again_once_word_has_saved(client: TestClient, own_templates: Path) -> None:
    """Not before; a template that cannot be filled is told, and the other papers stay."""
    (poll,) = re.findall(r'hx-get="([^"]*)"', client.get("/templates").text)
    assert client.get(poll).status_code == 204

    replace_words(own_templates / "relief_referral.docx", "{{ reg_no }}", "{{ reg_nr }}")
    assert client.get(poll).headers["hx-refresh"] == "true"
    overview = visible_text(client.get("/templates").text)
    assert "没有“reg_nr”这个名称" in overview
    assert "你要求国家赔偿。" in overview.replace(" ", "")
