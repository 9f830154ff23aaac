"""What findings say survives on paper: each key that a text names has one meaning, and no word of the tool is left."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bundler.case.json_pointer import find_models, known_keys
from bundler.case.model import Case
from bundler.documents.views.rewording_for_outside_readers import to_plain_language
from tests.support.paths import ROOT
from tests.support.regulations import REGULATION

_KEY = re.compile(r"(?<![A-Za-z_.])[a-z][a-z_]+(?:\.[a-z_]+)*")
_NOTE = re.compile(r"（[^（）“”]*[a-z_]{3,}[^（）“”]*）")
_OTHER_WORDS = {
    "docx",
    "dpi",
    "pdf",
    "case.json",
    "case",
    "json",
    "bundler",
    "doctor",
    "read",
    "schema",
    "make",
    "setup",
}
"""Words that are no keys: kinds of files, and commands, which stand in texts for a screen alone."""
FOLDERS = ("gate", "regulation", "materials", "case", "batch")


def finding_texts() -> Iterator[tuple[str, str]]:
    """Every literal message and fix of a finding, with the module that has it."""
    for folder in FOLDERS:
        for path in sorted((ROOT / "bundler" / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.keyword) and node.arg in {"message", "fix"}:
                    yield path.name, _text(node.value)
    for paper in REGULATION.papers.values():
        yield "regulation", paper.fix


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "某" for part in node.values)
    return ""


def titles() -> dict[str, set[str]]:
    """The titles that each key has in the model."""
    found: dict[str, set[str]] = defaultdict(set)
    seen: set[type[BaseModel]] = set()

    def walk(model: type[BaseModel]) -> None:
        if model in seen:
            return
        seen.add(model)
        for name, field in model.model_fields.items():
            found[name].add(field.title or name)
            for part in find_models(field.annotation):
                walk(part)

    walk(Case)
    return found


def test_a_key_in_a_finding_has_one_title_or_its_path() -> None:
    """A notice replaces the key by its title: `proof` alone became 委托手续, and the code accepted 信访人接受答复.

    A key of the case itself stands for that, whatever its parts call the same.
    """
    known = titles()
    wrong: list[tuple[str, str, object]] = []
    for module, text in finding_texts():
        for key in _KEY.findall(_NOTE.sub("", text)):
            *above, last = key.split(".")
            if key in _OTHER_WORDS or last in _OTHER_WORDS or not known[last]:
                continue
            if above and last not in known_keys(tuple(above)):
                wrong.append((module, key, "no such path"))
            if not above and len(known[last]) > 1 and last not in Case.model_fields:
                wrong.append((module, key, sorted(known[last])))

    assert wrong == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("请填写 registration.no。", "填写登记号。"),
        ("请填写 people.team。", "填写执行信访团队经办人。"),
        ("请填写佐证材料（proof）的名称，并把佐证放进 materials。", "填写佐证材料的名称，并把佐证放进材料。"),
        (
            "请决定是否受理，再填写受理情况（decision）：受理（accepted）或者不予受理（declined）。",
            "决定是否受理，再填写受理情况：受理或者不予受理。",
        ),
        ("“a.pdf”在检查以后被改动了，没有成卷。", "“a.pdf”在检查以后被改动了，没有装订。"),
    ],
)
def test_paths_codes_and_the_tools_own_words_become_office_words(text: str, plain: str) -> None:
    """In notices and reports."""
    assert to_plain_language(text) == plain


def test_no_finding_speaks_of_the_tool() -> None:
    """A notice goes to a handler who never saw it; hints for the screen name commands in fixes about the machine alone."""
    assert [(module, text) for module, text in finding_texts() if "本工具" in text and "升级" not in text] == []


def test_this_test_reads_the_findings() -> None:
    """More than a hundred texts, those of the regulation's papers among them."""
    modules = {module for module, _ in finding_texts()}
    assert len(list(finding_texts())) > 100
    assert {"check.py", "procedure_rules.py", "regulation"} <= modules
    assert Path(ROOT / "bundler").is_dir()
