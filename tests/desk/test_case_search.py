"""The search of the case list: by everything that a clerk may have in hand, in any width, by pinyin; hits are marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bundler import cache
from bundler.desk.case_list.word_and_pinyin_search import readings_of
from tests.support.desk_client import TestClient, app_of, desk, visible_text, wait_for_page

PHONE = "13800000000"
CASES: dict[str, dict[str, Any]] = {
    "甲-1": {
        "registration": {"no": "甲-1", "received_on": "2021-12-29", "summary": "反映拍卖款发放过慢，要求尽快发放。"},
        "petitioners": [{"name": "单某张", "phone": PHONE}],
        "enforcement_cases": [
            {
                "no": "（2020）鲁0117执9001号",
                "cause": "民间借贷纠纷",
                "parties": {"applicants": ["单某张"], "respondents": ["济南长清建材有限公司"]},
            }
        ],
        "people": {"handler": {"name": "孙某"}, "clerk": {"name": "书记员"}},
    },
    "甲-2": {
        "registration": {"no": "甲-2", "summary": "反映查封错误。"},
        "petitioners": [{"name": "吕某", "phone": "0531-86000000"}],
        "interview": {"held_on": "2021-12-30"},
    },
    "甲-3": {
        "registration": {"no": "甲-3", "received_on": "2021-12-30"},
        "hearing": {"held_on": "2021-12-31", "recorder": {"name": "书记员"}},
    },
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A desk over the cases."""
    cases = tmp_path / "案件"
    for name, tree in CASES.items():
        (cases / name).mkdir(parents=True)
        (cases / name / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    with desk(cases) as client:
        yield client


def listed(client: TestClient, query: str) -> tuple[list[str], str]:
    """The numbers that a query lists, and the page."""
    text = wait_for_page(client, f"/?{query}", lambda text: "正在读取" not in text)
    links = re.findall(r'<a id="case-[^>]*>(.*?)</a>', text)
    return [re.sub("<[^>]*>", "", link) for link in links], text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("甲-1", ["甲-1"]),
        ("９００１", ["甲-1"]),
        ("(2020)鲁0117执9001号", ["甲-1"]),
        ("〔2020〕鲁0117", ["甲-1"]),
        ("长清建材", ["甲-1"]),
        (PHONE, ["甲-1"]),
        ("0000", ["甲-2", "甲-1"]),
        ("053186000000", ["甲-2"]),
        ("拍卖款", ["甲-1"]),
        ("反映", ["甲-2", "甲-1"]),
        ("反映　查封", ["甲-2"]),
        ("反映 shan", ["甲-1"]),
        ("smz", ["甲-1"]),
        ("danmouzhang", ["甲-1"]),
        ("ShanMZ", ["甲-1"]),
        ("jncqjc", ["甲-1"]),
        ("lvmou", ["甲-2"]),
        ("反映 孙", ["甲-1"]),
        ("反映 没有", []),
    ],
)
def test_a_case_is_found_by_what_the_clerk_has_in_hand(client: TestClient, words: str, found: list[str]) -> None:
    """A case without a date of receipt is listed first and not last, for nobody is told when it is due."""
    assert listed(client, f"q={words}")[0] == found


def test_hits_are_marked_and_explained_without_showing_a_phone(client: TestClient) -> None:
    """In the row where it shows the text, otherwise below the name; the phone stays covered."""
    assert "<mark>单某张</mark>" in listed(client, "q=smz")[1]
    assert "执行案件：（2020）鲁0117执<mark>9001</mark>号" in listed(client, "q=9001")[1]
    text = listed(client, f"q={PHONE}")[1]
    assert "联系电话：138****0000" in visible_text(text)
    assert PHONE not in text.replace(f'value="{PHONE}"', "").replace(f"q={PHONE}", "")


def test_my_cases_are_those_in_which_i_have_any_part(client: TestClient) -> None:
    """A clerk who only records finds them too."""
    assert listed(client, "mine=1")[0] == ["甲-1", "甲-3"]


def test_missing_dates_are_told_and_can_be_listed(client: TestClient) -> None:
    """They hide no case."""
    numbers, text = listed(client, "stand=undated")
    assert numbers == ["甲-2"]
    assert "缺日期，算不出期限" in text


def test_the_cache_of_the_list_keeps_no_phone_and_the_search_works_after_a_restart(
    client: TestClient, tmp_path: Path
) -> None:
    """The texts are read again."""
    assert listed(client, "q=长清")[0] == ["甲-1"]
    app_of(client).state.services.case_index.close()
    stored = [path.read_text(encoding="utf-8") for path in cache.cache_folder().glob("desk-*")]
    assert any(json.dumps("甲-1") in text for text in stored)
    assert all(PHONE not in text for text in stored)
    with desk(tmp_path / "案件") as again:
        assert listed(again, f"q={PHONE}")[0] == ["甲-1"]


def test_every_reading_of_a_character_is_known() -> None:
    """ü is written as v and as u."""
    assert set(readings_of("单")) == {"dan", "shan", "chan"}
    assert set(readings_of("吕")) == {"lv", "lu"}
    assert readings_of("A") == ()
