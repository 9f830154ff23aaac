"""docs/articles.md names every rule that has an article, every document, and commands and articles that exist."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from bundler.commands import _COMMANDS
from bundler.documents.definitions import DOCUMENTS
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from tests.support.paths import ROOT
from tests.support.regulations import RULES

ARTICLES = list(dict.fromkeys(rule.article for rule in RULES.values() if rule.article))
"""The articles that have a rule, in the order of the regulation."""
TEXT = (ROOT / "docs" / "articles.md").read_text("utf-8")
WITHOUT_A_RULE = {"第九条", "第十七条"}
"""Articles with a duty that no rule of the gate can judge."""


def table() -> list[Mapping[str, str]]:
    """The rows of the table by the titles of its columns."""
    lines = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("|") and "---" not in line]
    header, *rows = ([cell.strip() for cell in line] for line in lines)
    return [dict(zip(header, row, strict=True)) for row in rows]


def codes(cell: str) -> list[str]:
    """The codes in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def test_every_article_with_a_rule_has_its_row_in_the_order_of_the_regulation() -> None:
    """And no row for an article without a duty."""
    named = [row["条"] for row in table()]
    assert [article for article in named if article not in WITHOUT_A_RULE] == ARTICLES
    assert set(named) - set(ARTICLES) == WITHOUT_A_RULE


@pytest.mark.parametrize("row", table(), ids=lambda row: row["条"])
def test_the_rules_of_a_row_are_those_of_its_article(row: Mapping[str, str]) -> None:
    """Each of them, and none of another article."""
    assert sorted(codes(row["规则"])) == sorted(rule.id for rule in RULES.values() if rule.article == row["条"])


def test_every_document_has_an_article_that_asks_for_it() -> None:
    """And no row names a document or a command that is gone; each row says how its duty is done."""
    named = {code for row in table() for code in codes(row["文书"])}
    assert named == {*DOCUMENTS, *BATCH_DOCUMENTS}
    assert {code for row in table() for code in codes(row["命令"])} <= set(_COMMANDS)
    assert not [row["条"] for row in table() if not codes(row["命令"]) or not row["本工具做什么"] or row["页面"] == "—"]
