"""What the desk says is office Chinese: no code of a rule, no key or path of case.json, no command, and Chinese file names."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from bundler.case.json_pointer import describe_pointer
from bundler.desk.cases.finding_display import fix_beside_field
from tests.support.desk_client import clerk, visible_text
from tests.support.paths import SAMPLES
from tests.support.regulations import RULES

FORBIDDEN = (
    "case.json",
    "materials/",
    "本工具",
    "升级",
    "bundler ",
    "1 至 8",
    "答复的答复",
    "加入材料：材料",
    " true",
    "等相关材料",
)


@pytest.mark.parametrize("sample", ["incomplete", "in-progress", "archive-complete"])
def test_pages_show_no_codes_keys_or_paths(tmp_path: Path, sample: str) -> None:
    """On none of the pages of a case; the codes are in attributes, for those who support the desk."""
    with clerk(tmp_path, sample) as one:
        one.upload(SAMPLES / "archive-complete" / "materials" / "约谈笔录.pdf", "evidence")
        pages = {tab: one.get(tab).text for tab in ("", "/materials", "/papers", "/bundle", "/history")}
    for tab, text in pages.items():
        shown = visible_text(text)
        assert [word for word in (*FORBIDDEN, *RULES) if word in shown] == [], tab
    assert 'data-rule="' in pages["/bundle"]


def test_downloads_have_chinese_names(tmp_path: Path) -> None:
    """By RFC 5987, so that every browser reads them."""
    with clerk(tmp_path, "archive-complete") as one:
        address = re.search(
            r'href="/cases/[0-9a-f]+(/papers/acceptance_notice-1/[^"]*)"[^>]*>\s*Word', one.get("/papers").text
        )
        assert address
        header = one.get(address[1]).headers["content-disposition"]
    name = unquote(header.removeprefix("attachment; filename*=utf-8''"))
    assert re.fullmatch(r"钢信执\d{4}-\d{4}-.*受理告知书.*\.docx", name)


def test_the_name_of_a_field_repeats_nothing() -> None:
    """Neither what it is part of nor, beside the field, what is to be filled in there."""
    assert describe_pointer("/reply/replied_on") == "答复意见书日期"
    assert describe_pointer("/transfer/transferred_on") == "转交日期"
    assert describe_pointer("/claims/0/title") == "第1项反映与请求的标题"
    assert fix_beside_field("请在 case.json 的 /registration/source 填写案件来源。") == ""
    assert fix_beside_field("请照裁判文书上的案号改正。") == "请照裁判文书上的案号改正。"
