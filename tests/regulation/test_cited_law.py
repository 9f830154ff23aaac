"""The law that papers cite: the article in force on the paper's date, at the borders, and no other law than in the table."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bundler.regulation.cited_law import CITED_LAW, CIVIL_PROCEDURE, Provision, find_law
from bundler.word.unsupported_constructs import check_docx
from tests.support.documents import TEMPLATES, draft_text
from tests.support.variants import VARIANTS, refusal

_LAW = re.compile("《(中华人民共和国[^》]*)》")


@pytest.mark.parametrize(
    ("day", "articles"),
    [
        ("2012-12-31", (None, None, None)),
        ("2013-01-01", ("二百二十五", "二百二十六", "二百二十七")),
        ("2021-12-31", ("二百二十五", "二百二十六", "二百二十七")),
        ("2022-01-01", ("二百三十二", "二百三十三", "二百三十四")),
        ("2023-12-31", ("二百三十二", "二百三十三", "二百三十四")),
        ("2024-01-01", ("二百三十六", "二百三十七", "二百三十八")),
        (None, (None, None, None)),
    ],
)
def test_the_article_is_that_in_force_on_the_day(day: str | None, articles: tuple[str | None, ...]) -> None:
    """On the last day of each text and on the first of the next; none before the first text, or without a date."""
    when = date.fromisoformat(day) if day else None
    found = [find_law(one, when) for one in (Provision.CONDUCT, Provision.DELAY, Provision.OUTSIDER)]

    assert tuple(one.article if one else None for one in found) == articles


@pytest.mark.parametrize("provision", Provision)
def test_the_texts_of_a_provision_follow_each_other(provision: Provision) -> None:
    """Without a gap and without two on one day; each names where it was read."""
    rows = sorted((one for one in CITED_LAW if one.provision is provision), key=lambda one: one.since)

    assert rows
    assert all(one.sources and all(one.sources) for one in rows)
    assert [one.until for one in rows][-1] is None
    assert [one.until and one.until + timedelta(days=1) for one in rows[:-1]] == [one.since for one in rows[1:]]


@pytest.mark.parametrize(
    ("replied", "cited"),
    [("2021-12-31", "第二百二十五条"), ("2022-01-01", "第二百三十二条"), ("2024-01-01", "第二百三十六条")],
)
def test_the_reply_cites_the_article_of_its_own_date(replied: str, cited: str) -> None:
    """A case of one year that is answered in the next."""
    tree = {**VARIANTS["2022"], "reply": {**VARIANTS["2022"]["reply"], "replied_on": replied}}

    assert f"《{CIVIL_PROCEDURE}》{cited}的规定" in draft_text(tree, "reply_opinion")


def test_what_is_not_known_for_the_day_is_not_printed() -> None:
    """Resumption without a limit of time, and claims that need no declaration, are told only where their rules are known."""
    tree = {**VARIANTS["2022"], "reply": {**VARIANTS["2022"]["reply"], "remedies": ["R4"]}}
    assert "不受申请执行时效期间的限制" in draft_text(tree, "reply_opinion")
    tree["reply"] = {**tree["reply"], "replied_on": "2020-12-09"}
    assert "不受申请执行时效期间的限制" not in draft_text(tree, "reply_opinion")

    worker = refusal("4-bankruptcy-employee")
    assert "调查后列出清单并公示" in draft_text(worker, "explanation_notice")
    worker["registration"]["received_on"] = worker["declined"]["notice_on"] = "2007-05-31"
    worker["declined"]["transferred_to"]["on"] = "2007-05-31"
    assert "你可以向管理人样某律师事务所了解债权的登记和申报情况。" in draft_text(worker, "explanation_notice")


def test_templates_cite_no_other_law() -> None:
    """A law that a template names is in the table, and its articles come from there."""
    texts = {path.name: check_docx(path.read_bytes()).text() for path in sorted(TEMPLATES.glob("*.docx"))}

    named = {law for text in texts.values() for law in _LAW.findall(text)}
    assert named == {CIVIL_PROCEDURE}
    assert [
        name for name, text in texts.items() if re.search(f"《{CIVIL_PROCEDURE}》第[一二三四五六七八九十百]", text)
    ] == []
