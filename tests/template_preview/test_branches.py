"""``bundler templates branches``: each condition as a Chinese sentence, and the situations in which it holds."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from jinja2 import nodes

from bundler.commands import run
from bundler.documents.definitions import find_templates_folder
from bundler.documents.jinja_environment import create_environment
from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.documents.views.case_view import CaseView
from bundler.profile import load_profile
from bundler.template_preview.conditions_in_chinese import condition_sentence
from bundler.template_preview.draft_papers import ALL_DOCUMENTS, views_in_every_situation
from bundler.template_preview.list_branches import list_branches

SHIPPED = find_templates_folder(None)
PROGRAM_WORDS = re.compile(r"==|!=|<|>|\||\[|\b(?:and|or|not|in|is|none)\b")


def branches_of(paper: str, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    """Run the command with ``--json``."""
    capsys.readouterr()
    assert run(["templates", "branches", paper, "--json", *options]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("assign", "有“交办”"),
        ("not assign", "没有“交办”"),
        ("assign.notice_no is none", "没有“交办·通知文号”"),
        ("handler_left", "“原承办人已不在执行岗位”：是"),
        ("not handler_left", "“原承办人已不在执行岗位”：否"),
        ("nature == 'complaint'", "“信访性质”是“投诉请求”"),
        ("channel != 'visit'", "“信访形式”不是“走访”"),
        ("channel in ('letter', 'phone')", "“信访形式”是“书信”或者“电话”"),
        ("'special' in ledgers", "“台账类别”里有“专项化解”"),
        ("petitioners|length > 5", "“信访人”多于5个"),
        ("not petitioners|length > 5", "“信访人”不超过5个"),
        ("petitioners[0].kind == 'company'", "“第一个信访人·类别”是“公司”"),
        ("assign and (brief or not agents)", "有“交办”，并且（有“短事由”，或者没有“全部受文人的委托代理人”）"),
        ("not (assign and brief)", "没有“交办”，或者没有“短事由”"),
        ("loop.last", "是最后一个"),
        ("received_on < document_on", "“收到（来访）日期”早于“文书日期”"),
    ],
)
def test_a_condition_is_a_sentence(condition: str, sentence: str) -> None:
    """With the titles of its fields and the words for their codes; a condition turned round is the contrary sentence."""
    tree = create_environment().parse(f"{{% if {condition} %}}{{% endif %}}")
    node = next(tree.find_all(nodes.If))

    assert condition_sentence(node.test, CaseView, {}) == sentence


@pytest.mark.parametrize("document", ALL_DOCUMENTS)
def test_every_condition_of_every_template_is_chinese(document: str) -> None:
    """And each situation in which it holds has that paper."""
    profile = load_profile()
    situations = set(views_in_every_situation(document, profile))
    for branch in list_branches(document, profile, SHIPPED):
        assert not PROGRAM_WORDS.search(branch.sentence), branch.sentence
        assert {*branch.holds, *branch.fails} <= situations
        assert not set(branch.holds) & set(branch.fails)


def test_a_branch_is_listed_with_its_words_and_situations(capsys: pytest.CaptureFixture[str]) -> None:
    """By the Chinese title; the building block in it too."""
    found = branches_of("释明告知书", capsys)
    compensation = next(one for one in found if one["prints"].endswith("提出国家赔偿请求。"))
    block = next(one for one in found if one["part"] == "构件" and "来信" in one["prints"])

    assert compensation["condition"] == "否则，如果“不予受理·其他法定程序”是“国家赔偿”"
    assert compensation["holds"] == ["不予受理第四项：应当通过国家赔偿"]
    assert set(compensation["fails"]) == {"不予受理第四项：被执行人破产"}
    assert block["template"] == "explanation_notice.docx"


def test_a_template_is_named_by_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then it is read from there; one that cannot be parsed ends with exit status 4."""
    for name in ("relief_referral.docx", BLOCKS_FILE):
        shutil.copy(SHIPPED / name, tmp_path)
    path = tmp_path / "relief_referral.docx"
    word = Document(str(path))
    word.add_paragraph("{% if relief_request.asked %}甲{% else %}乙{% endif %}")
    word.save(str(path))
    *_, first, last = branches_of(str(path), capsys)
    assert (first["prints"], first["holds"]) == ("甲", ["没有财产可供执行"])
    assert (last["condition"], last["prints"], last["holds"]) == ("以上都不是的", "乙", [])

    assert run(["templates", "branches", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "印：甲\n" in printed
    assert "每种情形里都印" in printed
    assert "没有一种情形里印" in printed
    word.add_paragraph("{% if brief %}甲")
    word.save(str(path))
    assert run(["templates", "branches", str(path)]) == 4
    assert "templates check" in capsys.readouterr().err
