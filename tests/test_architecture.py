"""docs/architecture.md agrees with the code: its tables and its glossary; no document names a file that is gone."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest

from bundler.case import labels
from bundler.regulation.papers import BundleKind, Item
from tests.support.paths import ROOT
from tests.test_rooms import PACKAGE, rooms

TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_every_room_has_its_purpose_in_the_table() -> None:
    """In the order of CONTRIBUTING.md, and no row for a room that is gone."""
    table = re.search(r"\| room \| purpose \|\n\|---\|---\|\n(.*?)\n\n", TEXT, re.DOTALL)
    assert table
    assert [name for line in table[1].splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1])] == rooms()


@pytest.mark.parametrize(("path", "function"), re.findall(r"\| `(bundler/[\w/]+\.py)`: `(\w+)` \|", TEXT))
def test_every_step_of_a_build_is_a_function(path: str, function: str) -> None:
    """The function is defined in the module that the table names."""
    assert re.search(rf"^def {function}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def glossary_codes() -> dict[str, list[str]]:
    """The identifiers of each row of the glossary, by its Chinese."""
    section = TEXT.split("## Glossary of the law")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ") and "---" not in line]
    return {row[0].strip(): re.findall(r"`([^`]+)`", row[1]) for row in rows}


def test_every_identifier_of_the_glossary_exists() -> None:
    """A renamed term would leave a reader searching in vain."""
    words = set(re.findall(r"[\w-]+", "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))))
    words |= {path.stem for path in PACKAGE.rglob("*.py")}
    unknown = [
        (chinese, code)
        for chinese, codes in glossary_codes().items()
        for code in codes
        if not words.issuperset(code.split("."))
    ]
    assert unknown == []


def code_tables() -> dict[str, dict[str, str]]:
    """The codes of case.json with their Chinese labels, except the grounds, which are numbers."""
    tables = {name: value for name, value in vars(labels).items() if name.isupper() and not name.startswith("_")}
    return {name: value for name, value in tables.items() if not name.endswith("_GROUND")}


@pytest.mark.parametrize("values", [Item, BundleKind], ids=lambda values: values.__name__)
def test_every_paper_and_kind_of_bundle_is_in_the_glossary(values: type[StrEnum]) -> None:
    """They are the vocabulary of the regulation."""
    written = {code for codes in glossary_codes().values() for code in codes}

    assert [value.value for value in values if value.value not in written] == []


@pytest.mark.parametrize("table", code_tables())
def test_every_code_of_the_case_is_in_the_glossary(table: str) -> None:
    """A reader of case.json finds there what each code means."""
    written = {code for codes in glossary_codes().values() for code in codes}

    assert [code for code in code_tables()[table] if code not in written] == []


@pytest.mark.parametrize(
    "document", ["SECURITY.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_documents_name_tests_and_modules_that_exist(document: str) -> None:
    """A reader who looks for the proof of a claim finds it."""
    text = (ROOT / document).read_text("utf-8")
    tests = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    functions = set(re.findall(r"^def (test_\w+)", "\n".join(tests.values()), re.MULTILINE))

    named = set(re.findall(r"`(test_\w+(?:\.py)?)`", text))
    paths = set(re.findall(r"`((?:bundler|tests|templates|schemas|samples|benchmarks|tools)/[\w./-]+)`", text))
    assert [name for name in sorted(named) if name not in tests and name not in functions] == []
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
