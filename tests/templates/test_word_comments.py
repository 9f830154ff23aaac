"""``bundler templates check --comments``: each fault is a comment in a copy of the Word file, at its place, in Chinese."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree

from bundler.commands import run
from bundler.documents.definitions import find_templates_folder
from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.template_check.check import check_folder_statically
from tests.support.libreoffice import convert
from tests.templates.conftest import checked_once

SHIPPED = find_templates_folder(None)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """Return a copy of the shipped templates."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "模板"))


@pytest.fixture(autouse=True)
def _quick_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the trial and the warnings, which other tests are about and which take most of the time."""
    monkeypatch.setattr("bundler.template_check.check.check_folder", lambda folder, _: check_folder_statically(folder))
    monkeypatch.setattr("bundler.template_check.meaning.check_meaning.check_meaning", lambda *_: [])


def replace_words(path: Path, right: str, wrong: str) -> None:
    """Replace words where a Word file has them first."""
    word = Document(str(path))
    node = next(node for node in word.element.body.iter(f"{W}t") if right in (node.text or ""))
    node.text = node.text.replace(right, wrong, 1)
    word.save(str(path))


def read_xml(path: Path, part: str) -> Any:  # noqa: ANN401 (an lxml element)
    """Read a part of a package."""
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(part))


def anchored_words(path: Path) -> list[tuple[str, str]]:
    """Read the comments back: the words that each is about, and its text."""
    body, comments = (read_xml(path, f"word/{name}.xml") for name in ("document", "comments"))
    texts = {one.get(f"{W}id"): "\n".join("".join(p.itertext(f"{W}t")) for p in one.iter(f"{W}p")) for one in comments}
    found = []
    for start in body.iter(f"{W}commentRangeStart"):
        words, node = "", start.getnext()
        while node.tag != f"{W}commentRangeEnd" or node.get(f"{W}id") != start.get(f"{W}id"):
            words += "".join(node.itertext(f"{W}t"))
            node = node.getnext()
        found.append((words, texts[start.get(f"{W}id")]))
    return found


def text_of(path: Path) -> str:
    """Return the text of the body."""
    return "".join(Document(str(path)).element.body.itertext(f"{W}t"))


def test_each_fault_is_a_comment_at_its_own_words(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In each file that has one, the file of building blocks too; the words of the file stay as they are."""
    notice = own_templates / "acceptance_notice.docx"
    replace_words(notice, "{{ reg_no }}", "{{ reg_nr }}")
    replace_words(notice, "interview_due|day }}", "interview_due }}")
    replace_words(own_templates / BLOCKS_FILE, "{{ opener }}于", "{{ openr }}于")
    out = tmp_path / "批注"

    assert run(["templates", "check", "--templates", str(own_templates), "--comments", str(out)]) == 4
    assert f"批注写在：{out / notice.name}" in capsys.readouterr().err
    assert sorted(path.name for path in out.iterdir()) == ["acceptance_notice.docx", BLOCKS_FILE]
    found = dict(anchored_words(out / notice.name))
    assert list(found) == ["{{ reg_nr }}", "{{ interview_due }}"]
    assert found["{{ reg_nr }}"] == "没有“reg_nr”这个名称\n改法：reg_no"
    assert "|day" in found["{{ interview_due }}"]
    assert anchored_words(out / BLOCKS_FILE) == [("{{ openr }}", "没有“openr”这个名称\n改法：opener")]
    assert text_of(out / notice.name) == text_of(notice)


def test_libreoffice_opens_the_copy_and_shows_the_comments(own_templates: Path, tmp_path: Path) -> None:
    """A fault in a footer, where Word has no comments, is told at the first paragraph with its place."""
    receipt = own_templates / "reply_opinion.docx"
    replace_words(receipt, "relief.case_no }}", "relief.case_on }}")
    word = Document(str(receipt))
    word.sections[0].footer.paragraphs[0].add_run("{{ reg_nr }}")
    word.save(str(receipt))
    copy = tmp_path / "批注.docx"
    assert run(["templates", "check", "--templates", str(own_templates), "--comments", str(copy)]) == 4

    content = read_xml(convert(copy, "odt", tmp_path), "content.xml")
    shown = ["".join(one.itertext()) for one in content.iter("{*}annotation")]
    assert len(shown) == 2
    assert "页脚" in shown[0]
    assert "没有“reg_nr”这个名称" in shown[0]
    assert "“relief”没有“case_on”这一项" in shown[1]


def test_no_template_is_overwritten(own_templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither by a folder nor by a file; one file cannot hold the comments of two."""
    for name in ("acceptance_notice", "reply_opinion"):
        replace_words(own_templates / f"{name}.docx", "{{ reg_no }}", "{{ reg_nr }}")
    before = {path: path.read_bytes() for path in own_templates.glob("*.docx")}
    command = ["templates", "check", "--templates", str(own_templates), "--comments"]

    with checked_once():
        assert run([*command, str(own_templates)]) == 2
        assert "模板文件夹" in capsys.readouterr().err
        assert run([*command, str(own_templates.parent / "a.docx")]) == 2
        assert "请写一个文件夹" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in own_templates.glob("*.docx")} == before
