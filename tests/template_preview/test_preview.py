"""``bundler templates preview``: a change of one sentence is shown in every situation that it touches, and nowhere else."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from docx import Document

from bundler.commands import run
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_templates_folder
from bundler.profile import load_profile
from bundler.template_preview.draft_bundle_pages import BUNDLE_PAGES
from bundler.template_preview.situations import all_situations
from tests.support.documents import FORBIDDEN_WORDS
from tests.support.paths import SAMPLES

SHIPPED = find_templates_folder(None)
NOTICE = "acceptance_notice"


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """Return a copy of the shipped templates."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "模板"))


def replace_words(path: Path, right: str, wrong: str) -> None:
    """Replace words in the body of a Word file."""
    word = Document(str(path))
    found = [node for node in word.element.body.iter("{*}t") if right in (node.text or "")]
    assert found
    for node in found:
        node.text = node.text.replace(right, wrong)
    word.save(str(path))


def preview(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run the command with ``--json``; return its exit status and its report."""
    capsys.readouterr()
    status = run(["templates", "preview", "--json", *arguments])
    return status, json.loads(capsys.readouterr().out)


def text_of(pdf: Path) -> list[str]:
    """Return the text of each page without white space."""
    with pypdfium2.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_changed_words_that_no_situation_prints_are_listed(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such words stand in a branch that no invented case reaches; the comparison of the papers says nothing of them."""
    blocks = own_templates / "building_blocks.docx"
    replace_words(blocks, "，信访材料由", "，有关材料由")
    out, given = tmp_path / "预览.html", ("--templates", str(own_templates), "--doc", NOTICE)
    _, report = preview(capsys, *given, "-o", str(out))
    (word,) = report["unprinted"]
    assert report["changes"] == []
    assert (word["template"], word["before"], word["after"]) == (blocks.name, "，信访材料由", "，有关材料由")
    assert word["place"].startswith("构件第")
    assert "改动了、各种情形里都没有印出来的话" in out.read_text("utf-8")

    assert run(["templates", "preview", *given, "-o", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "各种情形里印出来的话没有变化。" in printed
    assert "没有印出来的话：1 处" in printed

    replace_words(own_templates / f"{NOTICE}.docx", "不停止执行", "不中止执行")
    _, report = preview(capsys, *given)
    assert (len(report["changes"]), report["unprinted"]) == (1, [word])


def test_a_changed_sentence_is_seen_wherever_it_is_printed(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the report, on the page and in the PDF, before and after side by side."""
    replace_words(own_templates / f"{NOTICE}.docx", "不停止执行", "不中止执行")
    out = tmp_path / "预览"
    status, report = preview(capsys, "--templates", str(own_templates), "--doc", NOTICE, "-o", str(out))

    assert status == 0
    (change,) = report["changes"]
    accepted = [one.title for one in all_situations(load_profile()) if not find_missing_fields(NOTICE, one.case)]
    assert (change["template"], change["situations"]) == (f"{NOTICE}.docx", accepted)
    assert change["before"].replace("停止", "中止") == change["after"]
    page = (out / "preview.html").read_text("utf-8")
    assert page.count("有 1 句不同") == len(accepted)
    assert "<del>停</del>" in page
    assert "<script" not in page
    pages = text_of(out / "preview.pdf")
    assert "不停止执行" in pages[0]
    assert "不中止执行" in pages[0]
    pairs = [one for one in pages[1:] if "不停止执行" in one and "不中止执行" in one]
    assert len(pairs) == len(accepted)
    with pikepdf.open(out / "preview.pdf") as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root[1].children] == accepted


def test_a_branch_is_seen_in_its_own_situations_alone(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A value that differs from case to case makes no second change; an earlier folder is what ``--against`` names."""
    replace_words(own_templates / "explanation_notice.docx", "提出国家赔偿请求", "要求国家赔偿")
    arguments = ("--templates", str(SHIPPED), "--against", str(own_templates), "--doc", "释明告知书")
    status, report = preview(capsys, *arguments, "-o", str(tmp_path / "a.html"))

    assert status == 0
    assert [(one["before"], one["after"], one["situations"]) for one in report["changes"]] == [
        ("经核查，你要求国家赔偿。", "经核查，你提出国家赔偿请求。", ["不予受理第四项：应当通过国家赔偿"])
    ]
    assert not (tmp_path / "preview.pdf").exists()


def test_a_broken_template_is_told_and_the_others_are_shown(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit status 4."""
    replace_words(own_templates / "follow_up_record.docx", "{{ reg_no }}", "{{ reg_nr }}")
    documents = ("--doc", "回访记录", "--doc", "司法救助报请表")
    target = tmp_path / "a.html"
    status, report = preview(capsys, "--templates", str(own_templates), *documents, "-o", str(target))

    assert status == 4
    assert [(one["template"], "reg_nr" in one["message"]) for one in report["problems"]] == [
        ("follow_up_record.docx", True)
    ]
    assert "没有“reg_nr”这个名称" in target.read_text("utf-8")
    assert "申请人患病住院治疗" in target.read_text("utf-8")


def test_watching_builds_again_when_word_saves_and_ends_with_an_interrupt(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page names the version that it shows, and the script beside it the newest one."""
    pauses = 0

    def save_and_interrupt(_: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 1:
            replace_words(own_templates / "relief_referral.docx", "司法救助", "执行救助")
        if pauses == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", save_and_interrupt)
    arguments = ("--templates", str(own_templates), "--against", str(SHIPPED), "--doc", "relief_referral", "--watch")
    status, report = preview(capsys, *arguments, "-o", str(tmp_path / "预览"))

    assert status == 0
    assert {"执行救助" in one["after"] for one in report["changes"]} == {True}
    page, script = ((tmp_path / "预览" / name).read_text("utf-8") for name in ("preview.html", "preview-version.js"))
    assert script.partition('"')[2].partition('"')[0] in page
    assert "<del>司法</del>" in page


def test_nothing_is_written_among_the_templates(own_templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor for a paper that does not exist; both are told before anything is drafted."""
    before = sorted(own_templates.rglob("*"))

    assert run(["templates", "preview", "--templates", str(own_templates), "-o", str(own_templates / "预览")]) == 2
    assert "模板文件夹" in capsys.readouterr().err
    assert run(["templates", "preview", "--doc", "受理告知单", "-o", str(own_templates.parent / "x")]) == 2
    assert "是不是“acceptance_notice”（执行申诉信访事项受理告知书）" in capsys.readouterr().err
    assert sorted(own_templates.rglob("*")) == before


def test_the_situations_fill_every_paper_and_name_no_forbidden_word() -> None:
    """Each with a title of its own; every ground of refusal is among them."""
    situations = all_situations(load_profile())
    filled = {document for one in situations for document in DOCUMENTS if not find_missing_fields(document, one.case)}

    assert filled == set(DOCUMENTS)
    assert len({one.title for one in situations}) == len(situations) >= 12
    assert {one.case.declined.ground for one in situations if one.case.declined} == set(range(1, 8))
    assert [word for word in FORBIDDEN_WORDS for one in situations if word in one.case.model_dump_json()] == []


def test_the_situations_are_those_of_the_court() -> None:
    """Its refusals with its numbers and its own one, its grounds, its names; a reply within its limit."""
    profile = load_profile(SAMPLES / "other-regulation" / "profile.toml")
    situations = {one.title: one.case for one in all_situations(profile)}
    shipped = [one.title for one in all_situations(load_profile())]

    refused = [(title, one.declined.ground) for title, one in situations.items() if one.declined]
    assert refused[0] == ("不予受理第一项：不是本院案件", 6)
    assert refused[-1] == ("不予受理第七项：同一事项已经答复，没有新的事实、", 8)
    assert not any(ground == 1 for _, ground in refused)
    assert [title for title in situations if not title.startswith("不予受理")] == [
        title for title in shipped if not title.startswith("不予受理")
    ]
    usual = situations["一名信访人，交办，已报请核销"]
    assert usual.enforcement_cases[0].no == "（2020）样0723执9001号"
    assert usual.assignment is not None
    assert usual.assignment.body == "样某市中级人民法院"
    assert usual.reply is not None
    assert str(usual.reply.replied_on) == "2021-11-03"
    assert not any(word in one.model_dump_json() for one in situations.values() for word in ("钢城", "济南", "鲁01"))
    filled = {
        document
        for one in situations.values()
        for document in DOCUMENTS
        if not find_missing_fields(document, one, profile.regulation)
    }
    assert filled == set(DOCUMENTS)


def test_a_change_of_a_bundle_page_is_seen_in_every_situation(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cover, index, list, notes: their words before and after, as of the papers; one whose tags are broken is told."""
    page = own_templates / "pages" / "cover.html"
    page.write_text(page.read_text("utf-8").replace("执行申诉信访案件卷宗", "执行信访案件卷宗"), "utf-8")
    pages = [one for code in BUNDLE_PAGES for one in ("--doc", code)]
    out = tmp_path / "预览.html"
    status, report = preview(capsys, "--templates", str(own_templates), *pages, "-o", str(out))

    assert status == 0
    (change,) = report["changes"]
    assert change["situations"] == [one.title for one in all_situations(load_profile())]
    assert (change["template"], change["after"]) == ("pages/cover.html", "执行信访案件卷宗")
    shown = out.read_text("utf-8")
    assert all(f'<h2 id="{code}">{title}</h2>' in shown for code, title in BUNDLE_PAGES.items())
    assert "本案确无此件。原因：信访人没有提交证据" in shown

    page.write_text("<h1>{{ curt }}</h1>", "utf-8")
    status, report = preview(capsys, "--templates", str(own_templates), "--doc", "卷宗封面", "-o", str(out))
    assert status == 4
    assert [one["template"] for one in report["problems"]] == ["pages/cover.html"]
