"""No number of a limit and no name of an article stands in code or templates: they come from the regulation's file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.paths import ROOT

_LITERAL = re.compile(
    r"第[一二三四五六七八九十]+条|[0-9]+ ?个?工作日|[0-9]+ ?日内|[四五六七八九十]项(?:登记|受理|材料)|[四九十]件材料|四类材料|实施意见"
)
_TOLD = {
    "bundler/regulation/cited_law.py": "statutes that the papers cite, each with the days on which it is in force",
    "bundler/documents/views/case_view.py": "examples in the titles of fields, which a keeper of templates reads",
    "bundler/regulation/file_sections.py": "examples of what a limit prints",
}
"""Modules whose texts may have such words, and why."""


def texts_of(path: Path) -> Iterator[str]:
    """The string literals of a module, docstrings too: that of a command is its help."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_module_has_a_number_or_an_article_of_the_regulation() -> None:
    """Messages, reports, ledgers and commands take them from the profile's regulation."""
    found = {
        (name, match.group())
        for path in sorted((ROOT / "bundler").rglob("*.py"))
        if (name := path.relative_to(ROOT).as_posix()) not in _TOLD
        for text in texts_of(path)
        for match in _LITERAL.finditer(text)
    }
    assert sorted(found) == []


@pytest.mark.parametrize("folder", ["bundler/desk/templates", "templates/pages"])
def test_no_page_has_one(folder: str) -> None:
    """The desk's pages and those of a bundle."""
    pages = {path.name: path.read_text("utf-8") for path in sorted((ROOT / folder).glob("*.html"))}
    assert {(name, match.group()) for name, text in pages.items() for match in _LITERAL.finditer(text)} == set()


def test_no_word_template_has_one() -> None:
    """In the text of its document, headers and footers, whatever runs it is divided into."""
    found = set()
    for path in sorted((ROOT / "templates").glob("*.docx")):
        with ZipFile(path) as package:
            for name in package.namelist():
                if name.endswith(".xml"):
                    xml = package.read(name).decode("utf-8")
                    for paragraph in re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL):
                        text = re.sub(r"<[^>]+>", "", paragraph)
                        found |= {(path.name, match.group()) for match in _LITERAL.finditer(text)}
    assert found == set()
